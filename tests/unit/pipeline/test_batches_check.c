/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/batches_check.h"

#include <stdio.h>

#include "support/rows.h"

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void options_of_reading_are_refused(void **state) {
    (void)state;
    static const char *const nulls[] = {"NA"};
    static const struct {
        const char *name; /* of the option */
        struct hw_convert_options options;
    } rows[] = {
        {"csv.delimiter", {.csv.delimiter = ';'}},
        {"csv.quote", {.csv.quote = '\''}},
        {"csv.no_quotes", {.csv.no_quotes = true}},
        {"csv.escape", {.csv.escape = '\\'}},
        {"csv.comment", {.csv.comment = '#'}},
        {"csv.delimiter_tail", {.csv.delimiter_tail = ":"}},
        {"csv.comment_tail", {.csv.comment_tail = "/"}},
        {"csv.escapes", {.csv.escapes = HW_CSV_ESCAPES_MYSQL}},
        {"csv.quotes_lenient", {.csv.quotes_lenient = true}},
        {"csv.trailing_delimiter", {.csv.trailing_delimiter = true}},
        {"csv.delimiter_blanks", {.csv.delimiter_blanks = true}},
        {"csv.skip_after_header", {.csv.skip_after_header = 1}},
        {"csv.columns_max", {.csv.columns_max = 1}},
        {"csv.null_quoted", {.csv.null_quoted = true}},
        {"csv.skip_lines", {.csv.skip_lines = 1 << 24}},
        {"csv.header", {.csv.header = HW_CSV_HEADER_NO}},
        {"csv.encoding", {.csv.encoding = "latin1"}},
        {"csv.record_end", {.csv.record_end = HW_CSV_RECORD_END_CR}},
        {"csv.types", {.csv.types = HW_CSV_TYPES_TEXT}},
        {"csv.decimals", {.csv.decimals = HW_CSV_DECIMALS_PREFER}},
        {"csv.null_values", {.csv.null_values = nulls}},
        {"csv.trim", {.csv.trim = true}},
        {"csv.decimal_comma", {.csv.decimal_comma = true}},
        {"csv.thousands", {.csv.thousands = ','}},
        {"csv.true_values", {.csv.true_values = nulls}},
        {"csv.true_values_count", {.csv.true_values_count = 1}},
        {"csv.false_values", {.csv.false_values = nulls}},
        {"csv.false_values_count", {.csv.false_values_count = 1}},
        {"csv.date_format", {.csv.date_format = "%F"}},
        {"csv.timestamp_format", {.csv.timestamp_format = "%F %T"}},
        {"csv.null_values_count", {.csv.null_values_count = 1}},
        {"csv.schema_path", {.csv.schema_path = "schema.json"}},
        {"csv.bad_rows_reject", {.csv.bad_rows_reject = true}},
        {"csv.bad_rows_pad", {.csv.bad_rows_pad = true}},
        {"csv.rejects_max", {.csv.rejects_max = UINT64_C(1) << 60}},
        {"csv.rejects_max_ratio", {.csv.rejects_max_ratio = 0.5}},
        {"csv.zip_member", {.csv.zip_member = "*"}},
        {"columns", {.columns.names_style = HW_NAMES_LOWER}},
        {"limit_rows", {.limit_rows = 1}},
        {"where", {.where = "a = 1"}},
        {"column_list", {.column_list = "a"}},
        {"merge", {.merge = true}},
        {"one_schema", {.one_schema = true}},
        {"input_fd", {.input_fd = 3}},
        {"source_store.profile", {.source_store.profile = "me"}},
        {"source_store.region", {.source_store.region = "there"}},
        {"source_store.endpoint_url", {.source_store.endpoint_url = "http://x"}},
        {"source_store.ca_bundle", {.source_store.ca_bundle = "x.pem"}},
        {"source_store.no_sign_request", {.source_store.no_sign_request = true}},
        {"source_store.addressing", {.source_store.addressing = HW_ADDRESSING_PATH}},
        {"source_store.connections_max", {.source_store.connections_max = 1}},
        {"source_store.attempts_max", {.source_store.attempts_max = 1}},
        {"source_store.retry_for_ms", {.source_store.retry_for_ms = 1}},
        {"source_store.timeout_ms", {.source_store.timeout_ms = 1}},
        {"source_store.part_bytes", {.source_store.part_bytes = 1}},
        {"source_store.parts_held", {.source_store.parts_held = 1}},
        {"source_store.buffer_bytes", {.source_store.buffer_bytes = 1}},
        {"source_store.cancelled", {.source_store.cancelled = always}},
        {"source_store.cancelled_ctx", {.source_store.cancelled_ctx = &always}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char says[64];
        snprintf(says, sizeof(says), "option %s is for sources", rows[i].name);
        assert_row_int(rows[i].name, hw_batches_check_options(&rows[i].options, &err), HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, says);
    }
}

static void options_of_outputs_are_taken(void **state) {
    (void)state;
    static const char *const keys[] = {"a"};
    static const struct hw_convert_options options = {
        .formats = HW_FORMAT_CSV,
        .compression = "gzip",
        .avro_codec = "null",
        .csv_compression = "zstd",
        .csv_formula_guard = true,
        .binary = HW_BINARY_HEX,
        .nested = HW_NESTED_FLATTEN,
        .encodings = HW_ENCODINGS_COMPAT,
        .effort = HW_EFFORT_FAST,
        .row_group_bytes = 1,
        .row_group_rows = 1,
        .page_bytes = 1,
        .max_file_bytes = 1,
        .partition_by = keys,
        .partition_by_count = 1,
        .overwrite = HW_OVERWRITE_FAIL,
        .memory_bytes = 1,
        .threads = 1,
        .jobs = 1,
        .dry_run = true,
        .report_path = "report.json",
        .target_store = {.profile = "me", .part_bytes = 1},
        .output_fd = 1,
        .cancelled = always,
    };
    static const struct hw_convert_options none = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_batches_check_options(&options, &err), err);
    assert_ok(hw_batches_check_options(&none, &err), err);
}

static void names_are_those_of_files(void **state) {
    (void)state;
    static char longest[216], longer[217];
    memset(longest, 'n', sizeof(longest) - 1);
    memset(longer, 'n', sizeof(longer) - 1);
    const struct {
        const char *row, *name, *says; /* NULL: it can be one */
    } rows[] = {
        {"plain", "trades", NULL},
        {"dots", "a.b..c", NULL},
        {"hidden", ".trades", NULL},
        {"blank", "a b", NULL},
        {"not ASCII", "h\xc3\xa4user", NULL},
        {"dash", "-", NULL},
        {"the longest", longest, NULL},
        {"longer", longer, "the name of the outputs is longer than 215 bytes"},
        {"empty", "", "\"\" is no name that outputs can have"},
        {"this folder", ".", "\".\" is no name"},
        {"the folder above", "..", "\"..\" is no name"},
        {"a folder in it", "a/b", "\"a/b\" is no name"},
        {"a backslash", "a\\b", "is no name"},
        {"a line", "a\nb", "\"a\\x0ab\" is no name"},
        {"delete", "a\x7f", "is no name"},
        {"not UTF-8", "a\xff", "is no name"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].row, hw_batches_check_name(rows[i].name, &err), rows[i].says ? HW_EUSAGE : HW_OK);
        if (rows[i].says) {
            assert_row_says(rows[i].row, err.message, rows[i].says);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_of_reading_are_refused),
        cmocka_unit_test(options_of_outputs_are_taken),
        cmocka_unit_test(names_are_those_of_files),
    };
    return cmocka_run_group_tests_name("pipeline/batches_check", tests, NULL, NULL);
}
