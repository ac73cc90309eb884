/* SPDX-License-Identifier: Apache-2.0 */
#include "support/http_client.h"

#include "support/rows.h"

struct hw_http *http_client(const struct hw_http_options *options) {
    struct hw_http *http = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_http_new(options, &http, &err), err);
    return http;
}
