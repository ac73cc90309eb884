/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"

#include "cli/arguments.h"
#include "cli/commands.h"
#include "core/limits.h"
#include "support/rows.h"

/* Parses the words behind `hawser cp`. The options borrow from `arena` and `out`. */
static enum hw_status call_parse(const char *const *words, size_t count, struct hw_arena *arena,
                                 struct hw_transfer_call *out, struct hw_error *err) {
    static const char *const environment[] = {NULL};
    const struct hw_cli cli = {.environment = environment};
    struct hw_cmd_call call = {.cli = &cli, .cmd = &hw_cmd_cp, .commands = &hw_commands_all, .arena = arena};
    HW_TRY(hw_arguments_parse(&call, words, count, err));
    return hw_transfer_args_call(call.args, arena, out, err);
}

static void every_option_reaches_the_library(void **state) {
    (void)state;
    static const char *const words[] = {"a",
                                        "b",
                                        "--include",
                                        "*.csv",
                                        "--include",
                                        "*.{x,y}",
                                        "--exclude",
                                        "t,mp/",
                                        "--no-clobber",
                                        "--if-size-differ",
                                        "--if-source-newer",
                                        "--raw",
                                        "--dry-run",
                                        "--part-size",
                                        "16MiB",
                                        "--mode",
                                        "hybrid",
                                        "--memory",
                                        "1GiB",
                                        "--fail-fast",
                                        "--delta",
                                        "--report",
                                        "r.json",
                                        "--prices",
                                        "p.json",
                                        "--profile",
                                        "ours",
                                        "--source-profile",
                                        "theirs",
                                        "--endpoint-url",
                                        "http://127.0.0.1:1",
                                        "--source-endpoint-url",
                                        "http://127.0.0.1:2"};
    struct hw_transfer_call call;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(call_parse(words, COUNT_OF(words), &arena, &call, &err), err);
    const struct hw_transfer_options *got = &call.options;
    assert_int_equal(got->size, sizeof(*got));
    assert_int_equal(got->include_count, 2);
    assert_string_equal(got->include[0], "*.csv");
    assert_string_equal(got->include[1], "*.{x,y}");
    assert_int_equal(got->exclude_count, 1);
    assert_string_equal(got->exclude[0], "t,mp/");
    assert_true(got->no_clobber && got->if_size_differs && got->if_source_newer && got->raw && got->dry_run);
    assert_true(got->fail_fast && got->delta);
    assert_false(got->move);
    assert_int_equal(got->part_bytes, HW_MIB(16));
    assert_int_equal(got->memory_bytes, HW_MIB(1024));
    assert_int_equal(got->mode, HW_TRANSFER_HYBRID);
    assert_string_equal(got->report_path, "r.json");
    assert_string_equal(got->prices_path, "p.json");
    assert_string_equal(got->source_store.profile, "theirs");
    assert_string_equal(got->target_store.profile, "ours");
    assert_string_equal(got->source_store.endpoint_url, "http://127.0.0.1:2");
    assert_string_equal(got->target_store.endpoint_url, "http://127.0.0.1:1");
    hw_transfer_call_release(&call);
}

static void nothing_given_means_the_defaults(void **state) {
    (void)state;
    static const char *const words[] = {"a", "b"};
    struct hw_transfer_call call;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(call_parse(words, COUNT_OF(words), &arena, &call, &err), err);
    const struct hw_transfer_options *got = &call.options;
    assert_false(got->no_clobber || got->if_size_differs || got->if_source_newer || got->raw || got->dry_run);
    assert_false(got->fail_fast || got->move || got->delta);
    assert_int_equal(got->include_count + got->exclude_count, 0);
    assert_int_equal(got->mode, HW_TRANSFER_AUTO);
    assert_null(got->report_path);
    hw_transfer_call_release(&call);
}

/* Letters are those of s5cmd. */
static void letters_stand_for_options(void **state) {
    (void)state;
    static const char *const words[] = {"-n", "-s", "-u", "-p", "6MiB", "a", "b"};
    struct hw_transfer_call call;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(call_parse(words, COUNT_OF(words), &arena, &call, &err), err);
    assert_true(call.options.no_clobber && call.options.if_size_differs && call.options.if_source_newer);
    assert_int_equal(call.options.part_bytes, HW_MIB(6));
    hw_transfer_call_release(&call);
}

static void values_are_bounded(void **state) {
    (void)state;
    static const struct {
        const char *option, *value;
        const char *says; /* NULL: it is taken */
    } rows[] = {
        {"--part-size", "1MiB", NULL},
        {"--part-size", "5GiB", NULL},
        {"--part-size", "1048575", "--part-size: \"1048575\" is out of range"},
        {"--part-size", "6GiB", "--part-size: \"6GiB\" is out of range"},
        {"--part-size", "large", "--part-size: \"large\" is not a size"},
        {"--mode", "direct", NULL},
        {"--mode", "traditional", NULL},
        {"--mode", "quick", "--mode: unknown value \"quick\"; known: auto, direct, traditional, hybrid"},
        {"--metadata", "team", "team"},
        {"--recursive", "x", "unknown option"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *const words[] = {"a", "b", rows[i].option, rows[i].value};
        struct hw_transfer_call call = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        assert_row_int(rows[i].value, call_parse(words, COUNT_OF(words), &arena, &call, &err),
                       rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].value, err.message, rows[i].says ? rows[i].says : "");
        hw_transfer_call_release(&call);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_reaches_the_library),
        cmocka_unit_test(nothing_given_means_the_defaults),
        cmocka_unit_test(letters_stand_for_options),
        cmocka_unit_test(values_are_bounded),
    };
    return cmocka_run_group_tests_name("cli/transfer_args", tests, NULL, NULL);
}
