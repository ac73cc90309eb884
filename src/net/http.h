/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 over one network thread. A client keeps its connections alive and reuses them; callers
 * block in hw_http_wait, or start several exchanges first. The network thread alone touches
 * libcurl's handles.
 *
 * Redirects are never followed, only http and https are spoken, certificates are always verified
 * (TLS 1.2 at least), cookies and .netrc are not used, bodies come as they were stored. Proxies are
 * those of the environment, as curl reads it.
 */
#ifndef HW_NET_HTTP_H
#define HW_NET_HTTP_H

#include "core/buf.h"

struct hw_http;
struct hw_http_exchange;

enum { HW_HTTP_CONNECTIONS = 16 };

struct hw_http_options {
    const char *ca_bundle;    /* PEM file; NULL or "": the system's */
    uint32_t connections_max; /* exchanges in flight, the others queue; 0: HW_HTTP_CONNECTIONS */
    /* of a connection, to receive into and to send from, each; 0: 512 KiB */
    uint32_t buffer_bytes;
    /*
     * An exchange fails when no byte moves for so long, connecting included, or when less than 1
     * KiB/s do on average over so long (net/pace.h). 0: 60 s.
     */
    int64_t timeout_ms;
    bool (*cancelled)(void *ctx); /* asked every 100 ms by whoever waits; NULL: never */
    void *cancelled_ctx;
};

struct hw_http_header {
    const char *name;
    const char *value;
};

struct hw_http_request {
    const char *method;
    const char *url; /* sent as it is, dot segments included */
    /* sent beside Accept and User-Agent; no control characters */
    const struct hw_http_header *headers;
    size_t headers_count;
    const void *body; /* borrowed until the exchange has ended */
    size_t body_bytes;
    /* takes the body of a 200 or 206; borrowed until the exchange has ended */
    void *into;
    size_t into_bytes;     /* a longer body is HW_EPROTOCOL */
    unsigned slow_windows; /* so many timeouts together may fall below the 1 KiB/s; 0: one */
    /*
     * counts how often it was sent again on a fresh connection, as a kept one was dead; NULL: not
     */
    unsigned *resends;
    bool (*cancelled)(void *ctx); /* asked in the place of the client's; NULL: that one is */
    void *cancelled_ctx;
};

struct hw_http_response {
    int status;
    struct hw_buf headers; /* the lines as they came, for hw_http_header_find */
    /* what did not go to `into`, at most HW_XML_REPLY_BYTES_MAX, errors HW_HTTP_ERROR_BYTES_MAX */
    struct hw_buf body;
    size_t into_bytes; /* bytes that came into `into` */
};

void hw_http_response_release(struct hw_http_response *response);
/*
 * The value of a header, any case, without white space around it; data is NULL where there is none.
 * Borrowed.
 */
hw_view hw_http_header_find(const struct hw_http_response *response, const char *name);
/* "Sun, 06 Nov 1994 08:49:37 GMT" as microseconds since 1970; false where it is no such date. */
HW_NODISCARD bool hw_http_date_parse(hw_view text, int64_t *out_us);
/* The same for "1994-11-06T08:49:37.000Z", with or without a fraction. */
HW_NODISCARD bool hw_http_timestamp_parse(hw_view text, int64_t *out_us);

/* Texts of `options` are copied. */
HW_NODISCARD enum hw_status hw_http_new(const struct hw_http_options *options, struct hw_http **out_http,
                                        struct hw_error *err);
/* Every exchange must have been ended before. Accepts NULL. */
void hw_http_free(struct hw_http *http);

/* Starts an exchange; texts of `request` are copied, its buffers borrowed. Any thread. */
HW_NODISCARD enum hw_status hw_http_start(struct hw_http *http, const struct hw_http_request *request,
                                          struct hw_http_exchange **out_exchange, struct hw_error *err);
/*
 * Waits for the end and takes the exchange, whatever happens. Any whole reply is HW_OK, also a 500.
 * HW_ENETWORK: no connection, no byte for too long, or a reply shorter than it said; HW_EPROTOCOL:
 * beyond a limit; HW_ECANCELLED; HW_ECONFIG: certificates.
 */
HW_NODISCARD enum hw_status hw_http_wait(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                                         struct hw_error *err);
/* Gives the exchange up: once this returns nothing of it is used any more. Accepts NULL. */
void hw_http_discard(struct hw_http_exchange *exchange);
/* hw_http_start and hw_http_wait. */
HW_NODISCARD enum hw_status hw_http_perform(struct hw_http *http, const struct hw_http_request *request,
                                            struct hw_http_response *out_response, struct hw_error *err);

#endif
