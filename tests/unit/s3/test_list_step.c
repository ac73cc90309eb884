/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list_step.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define PAGE(inside) "<ListBucketResult>" inside "</ListBucketResult>"
#define KEY(key) "<Contents><Key>" key "</Key><Size>1</Size></Contents>"
#define MORE "<IsTruncated>true</IsTruncated><NextContinuationToken>T</NextContinuationToken>"

/* Pages are compared in test_list.c too, where the whole listing is looked at. */
static void a_page_goes_on_where_the_last_one_ended(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        {.match = "GET /bucket?list-type=2&encoding-type=url&start-after=a ",
         .status = 200,
         .body = PAGE(KEY("b") KEY("c") MORE)},
        {.match = "GET /bucket?list-type=2&encoding-type=url&start-after=a&continuation-token=T ",
         .status = 200,
         .body = PAGE(KEY("d"))},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_s3_list_step step = {.params = {.start_after = "a"}};
    struct hw_error err = HW_ERROR_INIT;
    static const char *const last[] = {"c", "d"};
    for (size_t i = 0; i < COUNT_OF(last); i++) {
        struct hw_s3_list_page page;
        assert_ok(hw_s3_list_step_start(&step, fixture.client, NULL, &err), err);
        assert_ok(hw_s3_list_step_wait(&step, &page, &err), err);
        assert_string_equal(page.entries[page.entries_count - 1].key, last[i]);
        assert_string_equal((const char *)step.last_key.data, last[i]);
        assert_int_equal(step.token.size > 0, i == 0);
        hw_s3_list_page_release(&page);
    }
    hw_s3_list_step_release(&step);
    s3_fixture_close(&fixture);
}

static void a_guess_that_is_not_heeded_is_no_lie(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        {.match = "GET /bucket?", .times = -1, .status = 200, .body = PAGE(KEY("a"))}};
    static const struct {
        bool guessed;
        enum hw_status want;
        size_t requests;
    } rows[] = {{true, HW_EUNSUPPORTED, 1}, {false, HW_EPROTOCOL, 3}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static const struct hw_store_options options = {.attempts_max = 3, .retry_for_ms = 100};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), &options);
        struct hw_s3_list_step step = {.params = {.start_after = "b"}, .guessed = rows[i].guessed};
        struct hw_s3_list_page page;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_list_step_start(&step, fixture.client, NULL, &err), err);
        assert_int_equal(hw_s3_list_step_wait(&step, &page, &err), rows[i].want);
        assert_int_equal(http_server_count(fixture.server, "GET "), rows[i].requests);
        hw_s3_list_step_release(&step);
        s3_fixture_close(&fixture);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_goes_on_where_the_last_one_ended),
        cmocka_unit_test(a_guess_that_is_not_heeded_is_no_lie),
    };
    return cmocka_run_group_tests_name("s3/list_step", tests, environment_set, NULL);
}
