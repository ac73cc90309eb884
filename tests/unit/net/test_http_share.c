/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_share.h"

#include "support/rows.h"

static bool never(void *ctx) {
    (void)ctx;
    return false;
}

static int somebody;
static const struct hw_http_options first = {.ca_bundle = "/etc/one.pem"};

static const struct {
    const char *name;
    struct hw_http_options options;
    uint64_t bytes_per_s;
    bool same; /* as that of `first`, without a limit */
} rows[] = {
    {"equal", {.ca_bundle = "/etc/one.pem"}, 0, true},
    {"other certificates", {.ca_bundle = "/etc/two.pem"}, 0, false},
    {"the system's certificates", {0}, 0, false},
    {"other connections", {.ca_bundle = "/etc/one.pem", .connections_max = 3}, 0, false},
    {"other buffers", {.ca_bundle = "/etc/one.pem", .buffer_bytes = 20000}, 0, false},
    {"another timeout", {.ca_bundle = "/etc/one.pem", .timeout_ms = 1000}, 0, false},
    {"a limit of the rate", {.ca_bundle = "/etc/one.pem"}, 1000, false},
    {"another rule of when to stop", {.ca_bundle = "/etc/one.pem", .cancelled = never}, 0, false},
    {"the same rule of somebody else", {.ca_bundle = "/etc/one.pem", .cancelled_ctx = &somebody}, 0, false},
};

static void equal_options_share_a_client(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_http_share *one;
    assert_ok(hw_http_share_get(&first, 0, &one, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_http_share *other;
        assert_ok(hw_http_share_get(&rows[i].options, rows[i].bytes_per_s, &other, &err), err);
        assert_row_int(rows[i].name, other->http == one->http, rows[i].same);
        hw_http_share_put(other);
    }
    hw_http_share_put(one);
    hw_http_share_put(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(equal_options_share_a_client)};
    return cmocka_run_group_tests_name("net/http_share", tests, NULL, NULL);
}
