/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run_args.h"

#include "cli/arguments.h"
#include "cli/commands.h"
#include "support/rows.h"

static void each_bit_is_a_row(void **state) {
    (void)state;
    static const struct {
        enum hw_run_row bit;
        const char *name;
    } rows[] = {
        {HW_RUN_MEMORY, "memory"},   {HW_RUN_THREADS, "threads"},     {HW_RUN_JOBS, "jobs"},
        {HW_RUN_DRY_RUN, "dry-run"}, {HW_RUN_FAIL_FAST, "fail-fast"}, {HW_RUN_MAX_ERRORS, "max-errors"},
        {HW_RUN_REPORT, "report"},   {HW_RUN_PRICES, "prices"},       {HW_RUN_JSON, "json"},
        {HW_RUN_QUIET, "quiet"},     {HW_RUN_VERBOSE, "verbose"},     {HW_RUN_PROGRESS_EVERY, "progress-every"},
        {HW_RUN_LOG, "log"},         {HW_RUN_CONFIG, "config"},
    };
    uint32_t all = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_option_part part = {&hw_run_option_group, 0, rows[i].bit};
        assert_row_int(rows[i].name, hw_option_part_count(&part), 1);
        assert_row_text(rows[i].name, hw_option_part_at(&part, 0)->name, rows[i].name);
        all |= rows[i].bit;
    }
    assert_int_equal(hw_run_option_group.count, COUNT_OF(rows));
    assert_int_equal(all, (1 << COUNT_OF(rows)) - 1);
    const struct hw_option_part whole = {&hw_run_option_group, 0, 0};
    assert_int_equal(hw_option_part_count(&whole), COUNT_OF(rows));
    const struct hw_option_part some = {&hw_run_option_group, 0, HW_RUN_JOBS | HW_RUN_JSON | HW_RUN_CONFIG};
    assert_int_equal(hw_option_part_count(&some), 3);
    assert_string_equal(hw_option_part_at(&some, 0)->name, "jobs");
    assert_string_equal(hw_option_part_at(&some, 2)->name, "config");
}

static void values_are_bounded(void **state) {
    (void)state;
    static const char *const environment[] = {NULL};
    static const struct {
        const char *option;
        const char *value;
        const char *says; /* NULL: it is taken */
    } rows[] = {
        {"--progress-every", "10s", NULL},
        {"--progress-every", "200ms", NULL},
        {"--progress-every", "24h", NULL},
        {"--progress-every", "0", "--progress-every: \"0\" is out of range; 200 to 86400000 ms is allowed"},
        {"--progress-every", "199ms", "--progress-every: \"199ms\" is out of range"},
        {"--progress-every", "25h", "--progress-every: \"25h\" is out of range"},
        {"--progress-every", "often", "--progress-every: \"often\" is not a time"},
        {"--memory", "0", "--memory: \"0\" is out of range; the least is 16MiB"},
        {"--memory", "16777215", "--memory: \"16777215\" is out of range; the least is 16MiB"},
        {"--max-errors", "0", "--max-errors: \"0\" is out of range; the least is 1"},
        {"--threads", "0", "--threads: \"0\" is out of range"},
        {"--threads", "4097", "--threads: \"4097\" is out of range; 1 to 4096 is allowed"},
        {"--jobs", "0", "--jobs: \"0\" is out of range"},
        {"--jobs", "65537", "--jobs: \"65537\" is out of range"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_cli cli = {.environment = environment};
        const char *const words[] = {"a", "b", rows[i].option, rows[i].value};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_cmd_call call = {.cli = &cli, .cmd = &hw_cmd_convert, .commands = &hw_commands_all, .arena = &arena};
        const enum hw_status want = rows[i].says ? HW_EUSAGE : HW_OK;
        assert_row_int(rows[i].value, hw_arguments_parse(&call, words, COUNT_OF(words), &err), want);
        assert_row_says(rows[i].value, err.message, rows[i].says ? rows[i].says : "");
    }
}

/* What a command does not heed is not in its table. */
static void infer_takes_what_it_heeds(void **state) {
    (void)state;
    static const char *const heeded[] = {"config", "log", "memory", "quiet", "threads"};
    for (size_t i = 0; i < hw_run_option_group.count; i++) {
        const char *name = hw_run_option_group.options[i].name;
        const bool found = hw_option_find(hw_cmd_infer.options, hw_view_of(name)).option != NULL;
        bool want = false;
        for (size_t k = 0; k < COUNT_OF(heeded); k++) {
            want |= strcmp(name, heeded[k]) == 0;
        }
        assert_row_int(name, found, want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bit_is_a_row),
        cmocka_unit_test(values_are_bounded),
        cmocka_unit_test(infer_takes_what_it_heeds),
    };
    return cmocka_run_group_tests_name("cli/run_args", tests, NULL, NULL);
}
