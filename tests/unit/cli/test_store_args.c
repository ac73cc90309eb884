/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/store_args.h"

#include "support/rows.h"

static const char *text(const char *given) {
    return given ? given : "(none)";
}

static void the_source_takes_what_it_does_not_say_itself(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_store_args args;
        const char *profile;
        const char *endpoint;
        bool unsigned_requests;
        enum hw_addressing addressing;
    } rows[] = {
        {"nothing", {.attempts = 0}, "(none)", "(none)", false, HW_ADDRESSING_AUTO},
        {"from both",
         {.both = {.profile = "p", .endpoint_url = "e", .addressing = HW_ADDRESSING_PATH + 1}},
         "p",
         "e",
         false,
         HW_ADDRESSING_PATH},
        {"its own",
         {.both = {.profile = "p", .endpoint_url = "e"}, .source = {.profile = "q", .endpoint_url = "f"}},
         "q",
         "f",
         false,
         HW_ADDRESSING_AUTO},
        {"its own addressing, though it is the default",
         {.both = {.addressing = HW_ADDRESSING_PATH + 1}, .source = {.addressing = HW_ADDRESSING_AUTO + 1}},
         "(none)",
         "(none)",
         false,
         HW_ADDRESSING_AUTO},
        {"anonymous source", {.source = {.no_sign_request = true}}, "(none)", "(none)", true, HW_ADDRESSING_AUTO},
        {"anonymous both", {.both = {.no_sign_request = true}}, "(none)", "(none)", true, HW_ADDRESSING_AUTO},
        {"a profile of its own is for signing",
         {.both = {.no_sign_request = true}, .source.profile = "q"},
         "q",
         "(none)",
         false,
         HW_ADDRESSING_AUTO},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store_options source = hw_store_args_source(&rows[i].args);
        assert_row_text(rows[i].name, text(source.profile), rows[i].profile);
        assert_row_text(rows[i].name, text(source.endpoint_url), rows[i].endpoint);
        assert_row_int(rows[i].name, source.no_sign_request, rows[i].unsigned_requests);
        assert_row_int(rows[i].name, source.addressing, rows[i].addressing);
    }
}

static void the_target_never_takes_from_the_source(void **state) {
    (void)state;
    const struct hw_store_args args = {
        .source = {.profile = "q",
                   .region = "r",
                   .endpoint_url = "f",
                   .no_sign_request = true,
                   .addressing = HW_ADDRESSING_PATH + 1},
        .connections = 7,
        .attempts = 4,
        .retry_for_ms = 3000,
        .timeout_ms = 500,
    };
    struct hw_store_options target = hw_store_args_target(&args);
    assert_null(target.profile);
    assert_null(target.region);
    assert_null(target.endpoint_url);
    assert_false(target.no_sign_request);
    assert_int_equal(target.addressing, HW_ADDRESSING_AUTO);
    assert_int_equal(target.connections_max, 7);
    assert_int_equal(target.attempts_max, 4);
    assert_int_equal(target.retry_for_ms, 3000);
    assert_int_equal(hw_store_args_source(&args).retry_for_ms, 3000);
    assert_int_equal(target.timeout_ms, 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_source_takes_what_it_does_not_say_itself),
        cmocka_unit_test(the_target_never_takes_from_the_source),
    };
    return cmocka_run_group_tests_name("cli/store_args", tests, NULL, NULL);
}
