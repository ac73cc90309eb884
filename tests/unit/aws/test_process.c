/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/process.h"

#include "core/clock.h"
#include "support/faulty_io.h"
#include "support/rows.h"

enum { WORDS_MAX = 4, OUTPUT_MAX = 64 };

static const struct {
    const char *name;
    const char *words[WORDS_MAX];
    int exit_status;
    const char *output;
    const char *told;
} rows[] = {
    {"prints", {"printf", "abc\\n"}, 0, "abc\n", ""},
    {"prints as much as it may",
     {"printf", "%064d", "1"},
     0,
     "0000000000000000000000000000000000000000000000000000000000000001",
     ""},
    {"words are no shell's", {"printf", "%s", "$HOME;`x`"}, 0, "$HOME;`x`", ""},
    {"fails", {"sh", "-c", "echo first >&2; echo 'no \"key\"' >&2; exit 3"}, 3, "", "\"no \\\"key\\\"\""},
    {"is killed", {"sh", "-c", "kill -9 $$"}, 128 + 9, "", ""},
    {"reads nothing", {"sh", "-c", "read line || echo end"}, 0, "end\n", ""},
    {"leaves a program behind that has the pipes", {"sh", "-c", "sleep 5 & echo on"}, 0, "on\n", ""},
    {"closes its pipes early", {"sh", "-c", "exec >&- 2>&-; sleep 0.05; exit 4"}, 4, "", ""},
    {"no signal is blocked", {"sh", "-c", "kill -15 $$; sleep 5"}, 128 + 15, "", ""},
    {"writes much to standard error",
     {"sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done"},
     0,
     "",
     "\"line 2999\""},
};

static enum hw_status run(const char *const *words, int64_t timeout_ms, struct hw_process_outcome *outcome,
                          struct hw_error *err) {
    const struct hw_process_options options = {
        .words = (char *const *)(uintptr_t)words, .timeout_ms = timeout_ms, .output_bytes_max = OUTPUT_MAX};
    return hw_process_run(&options, outcome, err);
}

static void programs_are_run_to_their_end(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_process_outcome outcome = {0};
        struct hw_error err = HW_ERROR_INIT;
        const int files = open_files();
        assert_ok(run(rows[i].words, 4000, &outcome, &err), err);
        assert_row_int(rows[i].name, outcome.exit_status, rows[i].exit_status);
        assert_row_bytes(rows[i].name, outcome.output.text.data, outcome.output.text.size, rows[i].output,
                         strlen(rows[i].output));
        assert_row_text(rows[i].name, outcome.told, rows[i].told);
        hw_process_outcome_release(&outcome);
        assert_row_int(rows[i].name, open_files(), files);
    }
}

static const struct {
    const char *name;
    const char *words[WORDS_MAX];
    int64_t timeout_ms;
    const char *says;
} bad_rows[] = {
    {"is not there", {"/nowhere/at-all"}, 4000, "cannot start \"/nowhere/at-all\": No such file or directory"},
    {"prints too much", {"printf", "%065d", "1"}, 4000, "because it printed more than 64 bytes"},
    {"prints without end", {"yes", "sesame"}, 4000, "because it printed more than 64 bytes"},
    {"takes too long", {"sleep", "5"}, 100, "because it took too long"},
    {"takes too long, and is silent", {"sh", "-c", "exec >&- 2>&-; exec sleep 5"}, 100, "because it took too long"},
};

static void programs_are_stopped(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_process_outcome outcome = {.exit_status = -7};
        struct hw_error err = HW_ERROR_INIT;
        const int files = open_files();
        const int64_t start_us = hw_clock_monotonic_us();
        assert_row_int(bad_rows[i].name, run(bad_rows[i].words, bad_rows[i].timeout_ms, &outcome, &err), HW_EAUTH);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_null(strstr(err.message, "sesame"));
        assert_row_int(bad_rows[i].name, outcome.exit_status, -7);
        assert_row_int(bad_rows[i].name, open_files(), files);
        assert_true(hw_clock_monotonic_us() - start_us < INT64_C(3000000));
    }
}

static bool stop_after_some(void *ctx) {
    return --*(int *)ctx < 0;
}

static void a_stop_kills_the_program(void **state) {
    (void)state;
    static const char *const silent[] = {"sleep", "5", NULL};
    static const char *const closed[] = {"sh", "-c", "exec >&- 2>&-; exec sleep 5", NULL};
    static const char *const *const commands[] = {silent, closed};
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        int left = 3;
        const struct hw_process_options options = {.words = (char *const *)(uintptr_t)commands[i],
                                                   .timeout_ms = 4000,
                                                   .output_bytes_max = OUTPUT_MAX,
                                                   .stop = {stop_after_some, &left}};
        struct hw_process_outcome outcome = {0};
        struct hw_error err = HW_ERROR_INIT;
        const int64_t start_us = hw_clock_monotonic_us();
        assert_int_equal(hw_process_run(&options, &outcome, &err), HW_ECANCELLED);
        assert_true(hw_clock_monotonic_us() - start_us < INT64_C(3000000));
    }
}

static const struct {
    const char *text, *want;
} lines[] = {
    {"", ""},
    {" \n", ""},
    {"one", "\"one\""},
    {"one\r\ntwo\r\n", "\"two\""},
    {"no key for /usr/local/share/some/long/path/of/files", "\"no key for /usr/local/share/some/long/path/of/files\""},
    {"key wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY is bad", "\"key *** is bad\""},
    {"token=wJalrXUtnFEMIK7MDENG,x", "\"***,x\""},
    {"ab9DefghijklmnopqrX", "\"ab9DefghijklmnopqrX\""}, /* 19 */
    {"ab9DefghijklmnopqrXy", "\"***\""},
    {"\033[31m", "\"\\x1b[31m\""},
};

static void secrets_are_taken_out_of_what_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char out[128] = "x";
        hw_process_last_line(hw_view_of(lines[i].text), out, sizeof(out));
        assert_row_text(lines[i].text, out, lines[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_run_to_their_end),
        cmocka_unit_test(programs_are_stopped),
        cmocka_unit_test(a_stop_kills_the_program),
        cmocka_unit_test(secrets_are_taken_out_of_what_is_told),
    };
    return cmocka_run_group_tests_name("aws/process", tests, NULL, NULL);
}
