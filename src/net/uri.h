/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Percent-encoding, and the parser of the URLs of endpoints. Nothing here looks up a name. The URL
 * of a request is put together from the checked parts only, never from the text itself. Pure
 * functions.
 */
#ifndef HW_NET_URI_H
#define HW_NET_URI_H

#include "core/buf.h"

/*
 * Appends `text` percent-encoded by the rules of SigV4: the unreserved bytes of RFC 3986 stay, hex
 * digits are upper case. With `keep_slash`, which is meant for paths, '/' stays too.
 */
HW_NODISCARD enum hw_status hw_uri_encode(hw_view text, bool keep_slash, struct hw_buf *out, struct hw_error *err);

/*
 * Appends `text` with every %XX decoded. A '+' stays a '+', and the result may hold any byte, also
 * NUL. An escape without two hex digits is HW_EPROTOCOL, and the message names its offset; `out`
 * then holds what it held before.
 */
HW_NODISCARD enum hw_status hw_uri_decode(hw_view text, struct hw_buf *out, struct hw_error *err);

enum { HW_URL_HOST_BYTES = 256, HW_URL_PATH_BYTES = 1024 };

struct hw_url {
    /* True for https, false for http. */
    bool tls;
    /* True if the host is an IPv4 or IPv6 address and not a name. */
    bool host_is_address;
    /* The host in lower case. An IPv6 address keeps its brackets. */
    char host[HW_URL_HOST_BYTES];
    /* The port of the URL, or that of the scheme (443 or 80) if the URL has none. */
    uint16_t port;
    /* The path as it was written, percent-encoded. It is "" or begins with '/'; no '/' ends it. */
    char path[HW_URL_PATH_BYTES];
};

/*
 * Parses the URL of an endpoint: http or https, then a host, which is a DNS name, an IPv4 address
 * or an IPv6 address in brackets, then perhaps a port and a path. HW_ECONFIG says what is wrong
 * with it: a user, a query, a fragment, white space, control bytes, dot segments, or a number that
 * only some programs take for an IPv4 address.
 */
HW_NODISCARD enum hw_status hw_url_parse(const char *text, struct hw_url *out_url, struct hw_error *err);

/*
 * Returns whether `label` is a DNS label: 1 to 63 of the bytes a-z A-Z 0-9 and '-', with '-'
 * neither first nor last.
 */
bool hw_dns_label_valid(hw_view label);

#endif
