/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv_args.h"

#include "support/rows.h"

static void contradictions_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_csv_args args;
        const char *says; /* NULL: fine */
    } rows[] = {
        {"nothing", {.bad_rows = 0}, NULL},
        {"delimiter is the default quote", {.delimiter = "\""}, "--delimiter and --quote are both \"\\\"\""},
        {"unless nothing quotes", {.delimiter = "\"", .csv = {.no_quotes = true}}, NULL},
        {"delimiter is the quote", {.delimiter = "'", .csv = {.quote = '\''}}, "--delimiter and --quote are both"},
        {"delimiter is the escape", {.delimiter = "\\", .csv = {.escape = '\\'}}, "--delimiter and --escape are both"},
        {"delimiter is the comment", {.delimiter = "#", .comment = "#"}, "--delimiter and --comment are both"},
        {"comment is the quote", {.comment = "\""}, "--comment and --quote are both"},
        {"comment is the escape", {.comment = "\\", .csv = {.escape = '\\'}}, "--comment and --escape are both"},
        {"the quote may escape itself", {.csv = {.quote = '"', .escape = '"'}}, NULL},
        {"no quotes, but which", {.csv = {.no_quotes = true, .quote = '\''}}, "--no-quotes and --quote contradict"},
        {"no quotes, but lenient ones",
         {.csv = {.no_quotes = true, .quotes_lenient = true}},
         "--quotes lenient contra"},
        {"an escape without quotes", {.csv = {.no_quotes = true, .escape = '\\'}}, NULL},
        {"escapes in a style", {.csv = {.escape = '\\', .escapes = HW_CSV_ESCAPES_MYSQL}}, NULL},
        {"a style of no escape", {.csv = {.escapes = HW_CSV_ESCAPES_MYSQL}}, "--escape-style needs --escape"},
        {"a delimiter that begins with the quote", {.delimiter = "\"|"}, "--delimiter and --quote are both"},
        {"comments and delimiters that begin alike", {.delimiter = "//", .comment = "/*"}, "are both \"/\""},
        {"marks of several bytes", {.delimiter = "::", .comment = "//"}, NULL},
        {"nulls in quotes, but which", {.csv = {.null_quoted = true}}, "--null-quoted needs --null-values"},
        {"nothing after no header",
         {.csv = {.skip_after_header = 1, .header = HW_CSV_HEADER_NO}},
         "--skip-after-header and --header no contradict"},
        {"schema and types", {.csv = {.schema_path = "s", .types = HW_CSV_TYPES_TEXT}}, NULL},
        {"fail and reject",
         {.bad_rows = HW_BAD_ROWS_FAIL | HW_BAD_ROWS_REJECT},
         "--bad-rows fail and --bad-rows reject"},
        {"limit without rejects", {.max_rejects = {.count = 5}}, "--max-rejects needs --bad-rows reject"},
        {"share without rejects", {.bad_rows = HW_BAD_ROWS_PAD, .max_rejects = {.ratio = 0.5}}, "--max-rejects needs"},
        {"pad and fail", {.bad_rows = HW_BAD_ROWS_FAIL | HW_BAD_ROWS_PAD}, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_options options;
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = hw_csv_args_options(&rows[i].args, &options, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
}

/* The word stands for more than a mark of its letters. */
static void blanks_delimit(void **state) {
    (void)state;
    struct hw_csv_options options;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_csv_args_options(&(struct hw_csv_args){.delimiter = "blanks"}, &options, &err), err);
    assert_true(options.delimiter_blanks);
    assert_int_equal(options.delimiter, 0);
    assert_null(options.delimiter_tail);
    assert_ok(hw_csv_args_options(&(struct hw_csv_args){.delimiter = " "}, &options, &err), err);
    assert_false(options.delimiter_blanks);
    assert_int_equal(options.delimiter, ' ');
}

static void parts_come_together(void **state) {
    (void)state;
    static const char *const nulls[] = {"NA", "NULL"};
    const struct hw_csv_args args = {
        .delimiter = ";",
        .comment = "//",
        .csv = {.skip_lines = 3, .header = HW_CSV_HEADER_AUTO},
        .null_values = {nulls, 2},
        .bad_rows = HW_BAD_ROWS_REJECT | HW_BAD_ROWS_PAD,
        .max_rejects = {.ratio = 0.25},
    };
    struct hw_csv_options options;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_csv_args_options(&args, &options, &err), err);
    assert_int_equal(options.delimiter, ';');
    assert_null(options.delimiter_tail);
    assert_int_equal(options.comment, '/');
    assert_string_equal(options.comment_tail, "/");
    assert_int_equal(options.skip_lines, 3);
    assert_int_equal(options.header, HW_CSV_HEADER_AUTO);
    assert_ptr_equal(options.null_values, nulls);
    assert_int_equal(options.null_values_count, 2);
    assert_true(options.bad_rows_reject);
    assert_true(options.bad_rows_pad);
    assert_int_equal(options.rejects_max, 0);
    assert_true(options.rejects_max_ratio == 0.25);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(blanks_delimit),
        cmocka_unit_test(parts_come_together),
    };
    return cmocka_run_group_tests_name("cli/csv_args", tests, NULL, NULL);
}
