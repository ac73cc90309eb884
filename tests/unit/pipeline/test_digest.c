/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/digest.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

enum { DIGEST_BYTES = HW_SHA256_HEX_BYTES };

static const struct hw_schema_file no_schema = {0};

/* The digest of options, and of the schema in `json`, which may be NULL. */
static void digest_of(const struct hw_convert_options *options, const char *json, char out[DIGEST_BYTES]) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_schema_file given;
    HW_AUTO(hw_arena) arena = {0};
    if (json) {
        assert_ok(hw_schema_file_read(hw_view_of(json), NULL, &arena, &given, &err), err);
    }
    assert_ok(hw_options_digest(options, json ? &given : &no_schema, out, &err), err);
}

#define SCHEMA(columns) "{\"columns\": [" columns "]}"
#define INT64_A "{\"name\": \"a\", \"type\": \"int64\"}"
#define INT64_B "{\"name\": \"b\", \"type\": \"int64\"}"

/* "n" and "1" begin alike; a list may be cut anywhere, and a text may look like what follows it. */
static const char *const null_n[] = {"n"};
static const char *const null_n_1[] = {"n", "1"};
static const char *const null_like_two[] = {"n\nnull 1 1"};
static const char *const null_like_two_bare[] = {"n\nnull 1"};
static const char *const null_empty[] = {""};
static const char *const by_a[] = {"a"};
static const char *const by_a_b[] = {"a", "b"};
static const char *const by_b_a[] = {"b", "a"};
static const char *const by_like_two[] = {"a\npartition 1 b"};
static const char *const by_like_two_bare[] = {"a\npartition b"};

static const struct hw_column_rename rename_a_b[] = {{"a", "b"}};
static const struct hw_column_rename rename_b_a[] = {{"b", "a"}};

/* Each of these makes other bytes, or other files, than all others. */
static const struct deciding_row {
    const char *name;
    struct hw_convert_options options;
    const char *json;
} deciding[] = {
    {"default", {.formats = HW_FORMAT_PARQUET}, NULL},
    {"delimiter", {.formats = HW_FORMAT_PARQUET, .csv.delimiter = ';'}, NULL},
    {"quote", {.formats = HW_FORMAT_PARQUET, .csv.quote = ';'}, NULL},
    {"no quotes", {.formats = HW_FORMAT_PARQUET, .csv.no_quotes = true}, NULL},
    {"escape", {.formats = HW_FORMAT_PARQUET, .csv.escape = ';'}, NULL},
    {"comment", {.formats = HW_FORMAT_PARQUET, .csv.comment = ';'}, NULL},
    {"delimiter of two bytes", {.formats = HW_FORMAT_PARQUET, .csv.delimiter = ';', .csv.delimiter_tail = ";"}, NULL},
    {"comment of two bytes", {.formats = HW_FORMAT_PARQUET, .csv.comment = ';', .csv.comment_tail = ";"}, NULL},
    {"escapes", {.formats = HW_FORMAT_PARQUET, .csv.escape = ';', .csv.escapes = (enum hw_csv_escapes)1}, NULL},
    {"lenient quotes", {.formats = HW_FORMAT_PARQUET, .csv.quotes_lenient = true}, NULL},
    {"trailing delimiters", {.formats = HW_FORMAT_PARQUET, .csv.trailing_delimiter = true}, NULL},
    {"blanks as delimiters", {.formats = HW_FORMAT_PARQUET, .csv.delimiter_blanks = true}, NULL},
    {"skipped after the header", {.formats = HW_FORMAT_PARQUET, .csv.skip_after_header = 1}, NULL},
    {"quoted nulls", {.formats = HW_FORMAT_PARQUET, .csv.null_quoted = true}, NULL},
    {"skipped lines", {.formats = HW_FORMAT_PARQUET, .csv.skip_lines = 59}, NULL},
    {"skipped lines, more", {.formats = HW_FORMAT_PARQUET, .csv.skip_lines = UINT32_MAX}, NULL},
    {"header", {.formats = HW_FORMAT_PARQUET, .csv.header = (enum hw_csv_header)1}, NULL},
    {"no header", {.formats = HW_FORMAT_PARQUET, .csv.header = (enum hw_csv_header)2}, NULL},
    {"encoding", {.formats = HW_FORMAT_PARQUET, .csv.encoding = "latin1"}, NULL},
    {"record end", {.formats = HW_FORMAT_PARQUET, .csv.record_end = (enum hw_csv_record_end)1}, NULL},
    {"one schema", {.formats = HW_FORMAT_PARQUET, .one_schema = true}, NULL},
    {"types", {.formats = HW_FORMAT_PARQUET, .csv.types = (enum hw_csv_types)1}, NULL},
    {"decimals", {.formats = HW_FORMAT_PARQUET, .csv.decimals = (enum hw_csv_decimals)1}, NULL},
    {"null", {.formats = HW_FORMAT_PARQUET, .csv.null_values = null_n, .csv.null_values_count = 1}, NULL},
    {"empty null", {.formats = HW_FORMAT_PARQUET, .csv.null_values = null_empty, .csv.null_values_count = 1}, NULL},
    {"nulls", {.formats = HW_FORMAT_PARQUET, .csv.null_values = null_n_1, .csv.null_values_count = 2}, NULL},
    {"a null of two lines",
     {.formats = HW_FORMAT_PARQUET, .csv.null_values = null_like_two, .csv.null_values_count = 1},
     NULL},
    {"a null of two lines, without a length",
     {.formats = HW_FORMAT_PARQUET, .csv.null_values = null_like_two_bare, .csv.null_values_count = 1},
     NULL},
    {"true", {.formats = HW_FORMAT_PARQUET, .csv.true_values = null_n, .csv.true_values_count = 1}, NULL},
    {"false", {.formats = HW_FORMAT_PARQUET, .csv.false_values = null_n, .csv.false_values_count = 1}, NULL},
    {"trim", {.formats = HW_FORMAT_PARQUET, .csv.trim = true}, NULL},
    {"decimal comma", {.formats = HW_FORMAT_PARQUET, .csv.decimal_comma = true}, NULL},
    {"thousands", {.formats = HW_FORMAT_PARQUET, .csv.thousands = ','}, NULL},
    {"thousands, another", {.formats = HW_FORMAT_PARQUET, .csv.thousands = '_'}, NULL},
    {"dates", {.formats = HW_FORMAT_PARQUET, .csv.date_format = "%F"}, NULL},
    {"timestamps", {.formats = HW_FORMAT_PARQUET, .csv.timestamp_format = "%F"}, NULL},
    {"rejects", {.formats = HW_FORMAT_PARQUET, .csv.bad_rows_reject = true}, NULL},
    {"padding", {.formats = HW_FORMAT_PARQUET, .csv.bad_rows_pad = true}, NULL},
    {"members", {.formats = HW_FORMAT_PARQUET, .csv.zip_member = "*"}, NULL},
    {"no members", {.formats = HW_FORMAT_PARQUET, .csv.zip_member = ""}, NULL},
    {"members of two lines", {.formats = HW_FORMAT_PARQUET, .csv.zip_member = "*\nnull 1 n"}, NULL},
    {"members and a null",
     {.formats = HW_FORMAT_PARQUET, .csv.zip_member = "*", .csv.null_values = null_n, .csv.null_values_count = 1},
     NULL},
    {"codec", {.formats = HW_FORMAT_PARQUET, .compression = "gzip"}, NULL},
    {"codec, another", {.formats = HW_FORMAT_PARQUET, .compression = "gzip:9"}, NULL},
    {"codec of Avro", {.formats = HW_FORMAT_AVRO, .avro_codec = "gzip"}, NULL},
    {"codec of CSV", {.formats = HW_FORMAT_CSV, .csv_compression = "gzip"}, NULL},
    {"formula guard", {.formats = HW_FORMAT_CSV, .csv_formula_guard = true}, NULL},
    {"encodings", {.formats = HW_FORMAT_PARQUET, .encodings = HW_ENCODINGS_COMPAT}, NULL},
    {"encodings, others", {.formats = HW_FORMAT_PARQUET, .encodings = HW_ENCODINGS_MAX}, NULL},
    {"effort", {.formats = HW_FORMAT_PARQUET, .effort = HW_EFFORT_FAST}, NULL},
    {"effort, another", {.formats = HW_FORMAT_PARQUET, .effort = HW_EFFORT_BEST}, NULL},
    {"bytes of row groups", {.formats = HW_FORMAT_PARQUET, .row_group_bytes = 4096}, NULL},
    {"rows of row groups", {.formats = HW_FORMAT_PARQUET, .row_group_rows = 4096}, NULL},
    {"pages", {.formats = HW_FORMAT_PARQUET, .page_bytes = 4096}, NULL},
    {"large pages", {.formats = HW_FORMAT_PARQUET, .page_bytes = UINT64_C(1) << 32}, NULL},
    {"files", {.formats = HW_FORMAT_PARQUET, .max_file_bytes = 4096}, NULL},
    {"partitions", {.formats = HW_FORMAT_PARQUET, .partition_by = by_a, .partition_by_count = 1}, NULL},
    {"partitions of two", {.formats = HW_FORMAT_PARQUET, .partition_by = by_a_b, .partition_by_count = 2}, NULL},
    {"partitions the other way round",
     {.formats = HW_FORMAT_PARQUET, .partition_by = by_b_a, .partition_by_count = 2},
     NULL},
    {"a partition of two lines",
     {.formats = HW_FORMAT_PARQUET, .partition_by = by_like_two, .partition_by_count = 1},
     NULL},
    {"a partition of two lines, without a length",
     {.formats = HW_FORMAT_PARQUET, .partition_by = by_like_two_bare, .partition_by_count = 1},
     NULL},
    {"merge", {.formats = HW_FORMAT_PARQUET, .merge = true}, NULL},
    {"selected", {.formats = HW_FORMAT_PARQUET, .columns = {.select = by_a_b, .select_count = 2}}, NULL},
    {"selected, in another order",
     {.formats = HW_FORMAT_PARQUET, .columns = {.select = by_b_a, .select_count = 2}},
     NULL},
    {"dropped", {.formats = HW_FORMAT_PARQUET, .columns = {.drop = by_a_b, .drop_count = 2}}, NULL},
    {"renamed", {.formats = HW_FORMAT_PARQUET, .columns = {.renames = rename_a_b, .renames_count = 1}}, NULL},
    {"renamed the other way round",
     {.formats = HW_FORMAT_PARQUET, .columns = {.renames = rename_b_a, .renames_count = 1}},
     NULL},
    {"lower names", {.formats = HW_FORMAT_PARQUET, .columns.names_style = HW_NAMES_LOWER}, NULL},
    {"snake names", {.formats = HW_FORMAT_PARQUET, .columns.names_style = HW_NAMES_SNAKE}, NULL},
    {"added source", {.formats = HW_FORMAT_PARQUET, .columns.add_source = "a"}, NULL},
    {"limit", {.formats = HW_FORMAT_PARQUET, .limit_rows = 1}, NULL},
    {"another limit", {.formats = HW_FORMAT_PARQUET, .limit_rows = 2}, NULL},
    {"a condition", {.formats = HW_FORMAT_PARQUET, .where = "a = 1"}, NULL},
    {"another condition", {.formats = HW_FORMAT_PARQUET, .where = "a = 2"}, NULL},
    {"listed columns", {.formats = HW_FORMAT_PARQUET, .column_list = "a = 1"}, NULL},
    {"listed columns, another order", {.formats = HW_FORMAT_PARQUET, .column_list = "b,a"}, NULL},
    {"old timestamps", {.formats = HW_FORMAT_PARQUET, .int96 = HW_INT96_MICROS}, NULL},
    {"binaries", {.formats = HW_FORMAT_CSV, .binary = HW_BINARY_HEX}, NULL},
    {"binaries, another form", {.formats = HW_FORMAT_CSV, .binary = HW_BINARY_UTF8}, NULL},
    {"nested", {.formats = HW_FORMAT_CSV, .nested = HW_NESTED_FLATTEN}, NULL},
    {"nested and binaries", {.formats = HW_FORMAT_CSV, .nested = HW_NESTED_FLATTEN, .binary = HW_BINARY_HEX}, NULL},
    {"schema", {.formats = HW_FORMAT_PARQUET}, SCHEMA(INT64_A)},
    {"schema, another name", {.formats = HW_FORMAT_PARQUET}, SCHEMA(INT64_B)},
    {"schema of two", {.formats = HW_FORMAT_PARQUET}, SCHEMA(INT64_A ", " INT64_B)},
    {"schema of two, in another order", {.formats = HW_FORMAT_PARQUET}, SCHEMA(INT64_B ", " INT64_A)},
    {"schema, another type", {.formats = HW_FORMAT_PARQUET}, SCHEMA("{\"name\": \"a\", \"type\": \"double\"}")},
    {"schema, digits", {.formats = HW_FORMAT_PARQUET}, SCHEMA("{\"name\": \"a\", \"type\": \"decimal(9,2)\"}")},
    {"schema, other digits", {.formats = HW_FORMAT_PARQUET}, SCHEMA("{\"name\": \"a\", \"type\": \"decimal(9,3)\"}")},
    {"schema, required",
     {.formats = HW_FORMAT_PARQUET},
     SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"required\": true}")},
    {"constraint", {.formats = HW_FORMAT_PARQUET}, SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"min\": 1}")},
    {"constraint, another value",
     {.formats = HW_FORMAT_PARQUET},
     SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"min\": 2}")},
    {"constraint, another kind",
     {.formats = HW_FORMAT_PARQUET},
     SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"max\": 1}")},
    {"constraint, unique",
     {.formats = HW_FORMAT_PARQUET},
     SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"unique\": true}")},
    {"constraint of the second",
     {.formats = HW_FORMAT_PARQUET},
     SCHEMA(INT64_A ", {\"name\": \"b\", \"type\": \"int64\", \"min\": 1}")},
    {"constraint of the first",
     {.formats = HW_FORMAT_PARQUET},
     SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"min\": 1}, " INT64_B)},
};

static void what_decides_bytes_changes_the_digest(void **state) {
    (void)state;
    static char digests[COUNT_OF(deciding)][DIGEST_BYTES];
    for (size_t i = 0; i < COUNT_OF(deciding); i++) {
        char again[DIGEST_BYTES];
        digest_of(&deciding[i].options, deciding[i].json, digests[i]);
        digest_of(&deciding[i].options, deciding[i].json, again);
        assert_row_text(deciding[i].name, again, digests[i]);
        assert_row_int(deciding[i].name, strspn(digests[i], "0123456789abcdef"), 64);
        assert_row_int(deciding[i].name, digests[i][64], '\0');
        for (size_t k = 0; k < i; k++) {
            if (strcmp(digests[k], digests[i]) == 0) {
                fail_msg("%s and %s have the same digest", deciding[k].name, deciding[i].name);
            }
        }
    }
}

static bool never_cancelled(void *ctx) {
    (void)ctx;
    return false;
}

static void what_decides_no_bytes_leaves_the_digest(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_options options;
    } rows[] = {
        {"one more format", {.formats = HW_FORMAT_PARQUET | HW_FORMAT_CSV}},
        {"another format", {.formats = HW_FORMAT_AVRO}},
        {"overwrite", {.formats = HW_FORMAT_PARQUET, .overwrite = HW_OVERWRITE_REPLACE}},
        {"memory", {.formats = HW_FORMAT_PARQUET, .memory_bytes = HW_MIB(64)}},
        {"threads", {.formats = HW_FORMAT_PARQUET, .threads = 3}},
        {"jobs", {.formats = HW_FORMAT_PARQUET, .jobs = 3}},
        {"dry run", {.formats = HW_FORMAT_PARQUET, .dry_run = true}},
        {"report", {.formats = HW_FORMAT_PARQUET, .report_path = "report.json"}},
        {"store of sources", {.formats = HW_FORMAT_PARQUET, .source_store.part_bytes = HW_MIB(9)}},
        {"store of targets", {.formats = HW_FORMAT_PARQUET, .target_store.part_bytes = HW_MIB(9)}},
        {"descriptors", {.formats = HW_FORMAT_PARQUET, .input_fd = 3, .output_fd = 4}},
        {"callbacks", {.formats = HW_FORMAT_PARQUET, .cancelled = never_cancelled, .ctx = (void *)1}},
        {"path of a schema", {.formats = HW_FORMAT_PARQUET, .csv.schema_path = "schema.json"}},
        {"limits of rejects", {.formats = HW_FORMAT_PARQUET, .csv.rejects_max = 3, .csv.rejects_max_ratio = 0.5}},
        {"lists that are empty", {.formats = HW_FORMAT_PARQUET, .csv.null_values = null_n, .partition_by = by_a}},
    };
    char want[DIGEST_BYTES];
    digest_of(&deciding[0].options, NULL, want);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[DIGEST_BYTES];
        digest_of(&rows[i].options, NULL, got);
        assert_row_text(rows[i].name, got, want);
    }
}

/*
 * hawser/convert.h: `compression` is the codec of the first format that is written, Parquet before
 * Avro before CSV; the others have their own or their default.
 */
static void codecs_count_for_the_format_that_they_are_of(void **state) {
    (void)state;
    enum { P = HW_FORMAT_PARQUET, A = HW_FORMAT_AVRO, C = HW_FORMAT_CSV };
    static const struct {
        const char *name;
        struct hw_convert_options options[2];
        bool same;
    } rows[] = {
        {"Avro is snappy only in the second",
         {{.formats = P | A, .compression = "snappy"}, {.formats = A | C, .compression = "snappy"}},
         false},
        {"CSV is packed only in the second",
         {{.formats = P | C, .compression = "gzip"}, {.formats = C, .compression = "gzip"}},
         false},
        {"CSV is packed only in the second, beside Avro",
         {{.formats = A | C, .compression = "zstd"}, {.formats = C, .compression = "zstd"}},
         false},
        {"Parquet is the same",
         {{.formats = P, .compression = "gzip"}, {.formats = P | A, .compression = "gzip"}},
         true},
        {"Avro is the same",
         {{.formats = A, .compression = "snappy"}, {.formats = A | C, .compression = "snappy"}},
         true},
        {"Avro's own is what is said",
         {{.formats = A, .compression = "snappy"}, {.formats = A, .avro_codec = "snappy"}},
         true},
        {"CSV's own is what is said",
         {{.formats = C, .compression = "gzip"}, {.formats = C, .csv_compression = "gzip"}},
         true},
        {"Avro's own goes before",
         {{.formats = A, .compression = "snappy", .avro_codec = "null"}, {.formats = A, .avro_codec = "null"}},
         true},
        {"a codec of one is not that of another",
         {{.formats = A, .avro_codec = "zstd"}, {.formats = C, .csv_compression = "zstd"}},
         false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char digests[2][DIGEST_BYTES];
        digest_of(&rows[i].options[0], NULL, digests[0]);
        digest_of(&rows[i].options[1], NULL, digests[1]);
        assert_row_int(rows[i].name, strcmp(digests[0], digests[1]) == 0, rows[i].same);
    }
}

static void want_of_memory_leaves_the_digest(void **state) {
    (void)state;
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        char out[DIGEST_BYTES] = "before";
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_options_digest(&deciding[0].options, &no_schema, out, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("memory", err.message, fired ? "out of memory" : "");
        assert_int_equal(strcmp(out, "before") == 0, fired);
        faults += fired;
    }
    assert_true(faults >= 1);
}

static void types_have_a_digest_of_their_own(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *a, *b;
        bool want;
    } rows[] = {
        {"the same", "o-t", "o-t", false},
        {"other types", "o-t", "o-u", true},
        {"other options", "o-t", "p-t", false},
        {"both are others", "o-t", "p-u", false},
        {"no types", "o", "p", false},
        {"types beside none", "o-t", "o", false},
        {"none beside types", "o", "o-t", false},
    };
    struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_INT64}};
    const struct hw_schema schema = {&field, 1};
    struct hw_error err = HW_ERROR_INIT;
    char before[HW_SCHEMA_DIGEST_BYTES];
    char after[HW_SCHEMA_DIGEST_BYTES];
    assert_ok(hw_schema_digest("options", &schema, before, &err), err);
    assert_int_equal(strlen(before), strlen("options-") + 32);
    field.type.kind = HW_KIND_DOUBLE;
    assert_ok(hw_schema_digest("options", &schema, after, &err), err);
    assert_true(hw_digests_differ_in_types(before, after));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_digests_differ_in_types(rows[i].a, rows[i].b), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_have_a_digest_of_their_own),
        cmocka_unit_test(what_decides_bytes_changes_the_digest),
        cmocka_unit_test(what_decides_no_bytes_leaves_the_digest),
        cmocka_unit_test(codecs_count_for_the_format_that_they_are_of),
        cmocka_unit_test(want_of_memory_leaves_the_digest),
    };
    return cmocka_run_group_tests_name("pipeline/digest", tests, NULL, NULL);
}
