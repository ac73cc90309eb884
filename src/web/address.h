/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses of objects on the web: `https://host/folder/name.csv?query`. The query may hold a
 * signature or a token, so that nothing here tells it. Pure functions.
 */
#ifndef HW_WEB_ADDRESS_H
#define HW_WEB_ADDRESS_H

#include "core/buf.h"

enum { HW_WEB_ADDRESS_BYTES_MAX = 16 * 1024 };

/*
 * Returns whether `address` names one object that can be asked for: http or https, a host without
 * user and password, and a path with a name at its end. HW_EUSAGE says what is wrong with it.
 */
HW_NODISCARD enum hw_status hw_web_address_check(const char *address, struct hw_error *err);

/* Returns the bytes of the address that may be told: all before its query. */
size_t hw_web_address_told_bytes(const char *address);

/*
 * Appends the last name of the path, which a file made of the object can have, and a NUL: it is
 * percent-decoded, unless that is no name of a file.
 */
HW_NODISCARD enum hw_status hw_web_address_name(const char *address, struct hw_buf *out, struct hw_error *err);

/*
 * Appends the address to which a redirect from `address` leads, and a NUL. `target` is its
 * Location, which may be relative. HW_EAUTH means that it is not followed: it leads from https to
 * http, to another scheme, or to an address with a user.
 */
HW_NODISCARD enum hw_status hw_web_address_follow(const char *address, hw_view target, struct hw_buf *out,
                                                  struct hw_error *err);

#endif
