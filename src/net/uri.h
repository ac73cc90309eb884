/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding, and the URLs of endpoints taken apart. Nothing here looks anything up; a URL
 * that a request goes to is put together from these parts only, never from text that was not
 * checked.
 */
#ifndef HW_NET_URI_H
#define HW_NET_URI_H

#include "core/buf.h"

/*
 * Appends `text` percent-encoded by the rules of SigV4 (RFC 3986 unreserved bytes stay, hex is
 * upper case); `keep_slash` for paths.
 */
HW_NODISCARD enum hw_status hw_uri_encode(hw_view text, bool keep_slash, struct hw_buf *out, struct hw_error *err);

/*
 * Appends `text` with every %XX decoded; '+' stays '+', and the result may hold any byte, NUL too.
 * HW_EPROTOCOL with the offset of an escape that is not two hex digits; `out` then holds what it
 * held before.
 */
HW_NODISCARD enum hw_status hw_uri_decode(hw_view text, struct hw_buf *out, struct hw_error *err);

enum { HW_URL_HOST_BYTES = 256, HW_URL_PATH_BYTES = 1024 };

struct hw_url {
    bool tls;                     /* https */
    bool host_is_address;         /* IPv4, or [IPv6] */
    char host[HW_URL_HOST_BYTES]; /* lower case; an IPv6 address keeps its brackets */
    uint16_t port;                /* the scheme's own (443, 80) when the URL has none */
    /* as written, percent-encoded; begins with '/' when not empty, no '/' at its end */
    char path[HW_URL_PATH_BYTES];
};

/*
 * Takes the URL of an endpoint apart: http or https, a host of DNS labels, an IPv4 or a bracketed
 * IPv6 address, maybe a port and a path. HW_ECONFIG says what is wrong with it: a user, query or
 * fragment, white space, control bytes, dot segments, a number that only some would read as an IPv4
 * address.
 */
HW_NODISCARD enum hw_status hw_url_parse(const char *text, struct hw_url *out_url, struct hw_error *err);

/* One DNS label: 1 to 63 of a-z A-Z 0-9 and '-', which is neither first nor last. */
bool hw_dns_label_valid(hw_view label);

#endif
