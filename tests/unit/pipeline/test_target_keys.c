/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/target_keys.h"

#include "core/buf.h"
#include "store/location.h"
#include "store/store.h"
#include "support/http_server.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* A listing of `count` objects, "out/00000" and on. */
static void listing_write(struct hw_buf *body, unsigned count) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_printf(body, &err, "<ListBucketResult>"), err);
    for (unsigned i = 0; i < count; i++) {
        assert_ok(hw_buf_printf(body, &err, "<Contents><Key>out/%05u</Key><Size>1</Size></Contents>", i), err);
    }
    assert_ok(hw_buf_printf(body, &err, "</ListBucketResult>"), err);
    assert_ok(hw_buf_end_text(body, &err), err);
}

static void keys_are_listed_where_that_serves(void **state) {
    (void)state;
    static const char *const columns[] = {"day"};
    static const struct {
        const char *name;
        struct hw_convert_options options;
        const char *prefix; /* NULL: a single output */
        uint64_t fresh;
        unsigned there;
        int status; /* of the listing */
        size_t requests;
        bool free; /* what was not listed */
    } rows[] = {
        {"nothing is there", {0}, "out/", 32, 0, 200, 1, true},
        {"few outputs", {0}, "out/", 31, 0, 200, 0, false},
        {"as many objects as are worth it", {0}, "out/", 32, 512, 200, 1, true},
        {"one more", {0}, "out/", 32, 513, 200, 1, false},
        {"more outputs are worth more", {0}, "out/", 33, 513, 200, 1, true},
        {"it may not be listed", {0}, "out/", 32, 0, 403, 1, false},
        {"skip", {.overwrite = HW_OVERWRITE_SKIP}, "out/", 32, 0, 200, 0, false},
        {"fail", {.overwrite = HW_OVERWRITE_FAIL}, "out/", 32, 0, 200, 0, false},
        {"replace", {.overwrite = HW_OVERWRITE_REPLACE}, "out/", 32, 0, 200, 0, false},
        {"numbered files", {.max_file_bytes = 1}, "out/", 32, 0, 200, 0, false},
        {"partitions", {.partition_by = columns, .partition_by_count = 1}, "out/", 32, 0, 200, 0, false},
        {"a single output", {0}, NULL, 32, 0, 200, 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) body = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_location location;
        struct hw_target_keys keys = {0};
        listing_write(&body, rows[i].there);
        const struct http_reply script[] = {{.match = "GET /bucket?list-type=2",
                                             .times = -1,
                                             .status = rows[i].status,
                                             .body = (const char *)body.data}};
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options store = {.endpoint_url = http_server_url(server), .attempts_max = 1};
        struct hw_plan plan = {.options = &rows[i].options, .target_prefix = rows[i].prefix};
        assert_ok(hw_location_parse("s3://bucket/out/", &store, &location, &err), err);
        assert_ok(hw_store_open(&location, &store, &plan.target, &err), err);
        hw_target_keys_list(&keys, &plan, rows[i].fresh);
        assert_row_int(rows[i].name, http_server_count(server, ""), rows[i].requests);
        assert_row_int(rows[i].name, hw_target_keys_free(&keys, "out/new"), rows[i].free);
        assert_row_int(rows[i].name, hw_target_keys_free(&keys, "out/00000"), rows[i].free && rows[i].there == 0);
        hw_target_keys_release(&keys);
        assert_row_int(rows[i].name, hw_target_keys_free(&keys, "out/new"), false);
        hw_store_close(plan.target);
        hw_location_release(&location);
        http_server_stop(server);
    }
}

static void files_are_not_listed(void **state) {
    (void)state;
    struct hw_convert_options options = {0};
    /* It has no operation that could be called. */
    struct hw_store files = {.root = "", .files = true};
    const struct hw_plan plan = {.options = &options, .target = &files, .target_prefix = "out/"};
    struct hw_target_keys keys = {0};
    hw_target_keys_list(&keys, &plan, 1000);
    assert_false(hw_target_keys_free(&keys, "out/new"));
    hw_target_keys_release(&keys);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_listed_where_that_serves),
        cmocka_unit_test(files_are_not_listed),
    };
    return cmocka_run_group_tests_name("pipeline/target_keys", tests, environment_set, NULL);
}
