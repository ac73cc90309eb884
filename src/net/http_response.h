/* SPDX-License-Identifier: Apache-2.0 */
/* The reply of an HTTP exchange: its status, its headers and its body. Pure functions. */
#ifndef HW_NET_HTTP_RESPONSE_H
#define HW_NET_HTTP_RESPONSE_H

#include "core/buf.h"

/*
 * The bytes and the time that an exchange took. Times are in microseconds and count from when it
 * was started.
 */
struct hw_http_figures {
    /* The bytes of the bodies. */
    uint64_t sent_bytes;
    uint64_t received_bytes;
    /* The time at which it was its turn, and at which it had a connection. */
    int64_t begun_us;
    int64_t connected_us;
    /* The time at which the first byte of the reply came; 0 where none did. */
    int64_t first_byte_us;
    int64_t ended_us;
    /* True if a new connection was made for it. */
    bool is_new_connection;
    /* The times that the request has left on a connection, so that the service may have seen it. */
    unsigned sends;
};

struct hw_http_response {
    int status;
    /* The header lines as they came, each with its line end, without the line of the status. */
    struct hw_buf headers;
    /*
     * The body, or nothing if it went to the `into` of the request. It has at most
     * HW_XML_REPLY_BYTES_MAX bytes, and HW_HTTP_ERROR_BYTES_MAX when the status is not 2xx.
     */
    struct hw_buf body;
    /* The number of bytes that went to the `into` of the request. */
    size_t into_bytes;
    /* True if the body was not taken to its end, as the `take` of the request has said. */
    bool stopped;
    struct hw_http_figures figures;
};

void hw_http_response_release(struct hw_http_response *response);

/*
 * Returns the value of the first header of this name, in any case, without the white space around
 * it. Its data is NULL if there is no such header. The value points into the response.
 */
hw_view hw_http_header_find(const struct hw_http_response *response, const char *name);

/*
 * Steps through the headers: sets name and value of the one at `*at`, which begins with 0, and
 * moves it on. Returns false at the end. Lines without a colon are left out.
 */
HW_NODISCARD bool hw_http_header_next(const struct hw_http_response *response, size_t *at, hw_view *out_name,
                                      hw_view *out_value);

/* Reads a header that holds a number of bytes. Returns false if it is absent or anything else. */
HW_NODISCARD bool hw_http_bytes_header(const struct hw_http_response *response, const char *name, uint64_t *out_bytes);

/* The range that a reply brings: the offsets of its first and last byte, and the object's size. */
struct hw_http_content_range {
    uint64_t first;
    uint64_t last;
    uint64_t total;
};
/*
 * Reads a Content-Range, "bytes 0-99/1234". Returns false if the header is absent or anything else,
 * or if it contradicts itself.
 */
HW_NODISCARD bool hw_http_content_range_read(const struct hw_http_response *response,
                                             struct hw_http_content_range *out_range);

#endif
