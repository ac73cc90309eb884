/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP client that a test frees with hw_http_free. */
#ifndef HW_TESTS_HTTP_CLIENT_H
#define HW_TESTS_HTTP_CLIENT_H

#include "net/http.h"

/* Fails the test where there is none. */
struct hw_http *http_client(const struct hw_http_options *options);

#endif
