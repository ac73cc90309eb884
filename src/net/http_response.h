/* SPDX-License-Identifier: Apache-2.0 */
/* The reply of an HTTP exchange: its status, its headers and its body. Pure functions. */
#ifndef HW_NET_HTTP_RESPONSE_H
#define HW_NET_HTTP_RESPONSE_H

#include "core/buf.h"

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
};

void hw_http_response_release(struct hw_http_response *response);

/*
 * Returns the value of the first header of this name, in any case, without the white space around
 * it. Its data is NULL if there is no such header. The value points into the response.
 */
hw_view hw_http_header_find(const struct hw_http_response *response, const char *name);

#endif
