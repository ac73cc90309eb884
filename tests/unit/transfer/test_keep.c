/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/transfer.h>

#include "net/http_share.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* Tells who uses the HTTP client that calls of these options have, besides the test. */
static size_t users(void) {
    const struct hw_http_options options = {.connections_max = 64, .buffer_bytes = 128 * 1024, .timeout_ms = 5000};
    struct hw_http_share *share;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_http_share_get(&options, 0, &share, &err), err);
    const size_t others = share->base.users - 1;
    hw_http_share_put(share);
    return others;
}

static void connections_outlive_calls(void **state) {
    (void)state;
    const struct hw_store_options store = {.region = "us-east-1", .timeout_ms = 5000};
    /* Neither a report nor the prices for one are asked for until there is a call. */
    const struct hw_transfer_options options = {.size = sizeof(options),
                                                .source_store = store,
                                                .target_store = store,
                                                .report_path = "/dev/null/report.json",
                                                .prices_path = "/dev/null/prices.json"};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_transfer_kept *kept;
    assert_int_equal(users(), 0);
    assert_ok(hw_transfer_keep(&options, &kept, &err), err);
    assert_int_equal(users(), 2); /* one for each side */
    hw_transfer_kept_free(kept);
    assert_int_equal(users(), 0);
}

static void wrong_settings_keep_nothing(void **state) {
    (void)state;
    static const struct {
        struct hw_transfer_options options;
        enum hw_status want;
    } rows[] = {
        {{.target_store = {.region = "a b"}}, HW_ECONFIG},
        {{.source_store = {.profile = "nobody"}}, HW_ECONFIG},
        {{.sidecar = HW_CHECKSUM_MD5}, HW_EUSAGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_transfer_options options = rows[i].options;
        struct hw_transfer_kept *kept = NULL;
        options.size = sizeof(options);
        assert_row_int("status", hw_transfer_keep(&options, &kept, &err), rows[i].want);
        assert_null(kept);
    }
    hw_transfer_kept_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_outlive_calls),
        cmocka_unit_test(wrong_settings_keep_nothing),
    };
    s3_fixture_environment();
    return cmocka_run_group_tests_name("transfer/keep", tests, NULL, NULL);
}
