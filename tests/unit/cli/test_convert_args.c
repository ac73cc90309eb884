/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/convert_args.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "support/rows.h"

enum { WORDS_MAX = 128 };

/* From the words behind `hawser convert`, divided by single spaces, to the library's options. */
static enum hw_status options_parse(const char *line, struct hw_arena *arena, struct hw_convert_options *out,
                                    struct hw_error *err) {
    static const char *const environment[] = {NULL};
    const struct hw_cli cli = {.environment = environment};
    struct hw_cmd_call call = {.cli = &cli, .cmd = &hw_cmd_convert, .commands = &hw_commands_all, .arena = arena};
    const char *words[WORDS_MAX];
    size_t count = 0;
    char *copy = hw_arena_strdup(arena, line);
    for (char *at = copy; at && count < WORDS_MAX;) {
        words[count++] = at;
        at = strchr(at, ' ');
        if (at) {
            *at++ = '\0';
        }
    }
    HW_TRY(hw_arguments_parse(&call, words, count, err));
    return hw_convert_args_options(call.args, call.operands[call.operands_count - 1], arena, out, err);
}

static void texts_check(const struct hw_convert_options *got) {
    assert_string_equal(got->compression, "zstd:9");
    assert_string_equal(got->avro_codec, "snappy");
    assert_string_equal(got->csv_compression, "gzip:6");
    assert_string_equal(got->report_path, "r.json");
    assert_string_equal(got->csv.null_values[0], "NA");
    assert_string_equal(got->csv.null_values[1], "NULL");
    assert_string_equal(got->csv.true_values[1], "y");
    assert_string_equal(got->csv.date_format, "%D");
    assert_string_equal(got->csv.timestamp_format, "%c");
    assert_string_equal(got->csv.false_values[0], "no");
    assert_string_equal(got->csv.zip_member, "*.csv");
    assert_string_equal(got->include[0], "*.{csv,txt}");
    assert_string_equal(got->include[1], "b");
    assert_string_equal(got->exclude[0], "c,d");
    assert_string_equal(got->files_from, "list");
    assert_string_equal(got->csv.encoding, "latin1");
}

static void every_option_reaches_the_library(void **state) {
    (void)state;
    static const char line[] =
        "in.csv out --to parquet,avro,csv --compression zstd:9 --avro-codec snappy --csv-codec gzip:6 --formula-guard "
        "--encodings compat --effort best "
        "--row-group-bytes 32MiB --row-group-rows 1000 --page-bytes 64KiB --overwrite replace --memory 1GiB "
        "--threads 3 --jobs 5 --dry-run --report r.json --delimiter tab --quote ' --escape \\ --comment # "
        "--skip-lines 2 --header yes --encoding latin1 --record-end cr --types text --decimals prefer --null-values "
        "NA,NULL --trim --true-values yes,y --false-values no --decimal-comma --thousands . --date-format %D "
        "--timestamp-format %c --bad-rows pad,reject --max-rejects 7 --zip-member *.csv "
        "--include *.{csv,txt} --include b --exclude c,d --files-from list --from0 --all-files --keep-extension "
        "--escape-style mysql --quotes lenient --trailing-delimiter --skip-after-header 3 --max-columns 20000 "
        "--null-quoted --one-schema --binary hex --nested flatten";
    struct hw_convert_options got;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(options_parse(line, &arena, &got, &err), err);
    const struct {
        const char *name;
        uint64_t got;
        uint64_t want;
    } numbers[] = {
        {"formats", got.formats, 7},
        {"formula_guard", got.csv_formula_guard, true},
        {"one_schema", got.one_schema, true},
        {"binary", got.binary, HW_BINARY_HEX},
        {"nested", got.nested, HW_NESTED_FLATTEN},
        {"encodings", got.encodings, HW_ENCODINGS_COMPAT},
        {"effort", got.effort, HW_EFFORT_BEST},
        {"row_group_bytes", got.row_group_bytes, 33554432},
        {"row_group_rows", got.row_group_rows, 1000},
        {"page_bytes", got.page_bytes, 65536},
        {"overwrite", got.overwrite, HW_OVERWRITE_REPLACE},
        {"memory", got.memory_bytes, 1073741824},
        {"threads", got.threads, 3},
        {"jobs", got.jobs, 5},
        {"dry_run", got.dry_run, true},
        {"delimiter", (uint64_t)got.csv.delimiter, '\t'},
        {"quote", (uint64_t)got.csv.quote, '\''},
        {"escape", (uint64_t)got.csv.escape, '\\'},
        {"comment", (uint64_t)got.csv.comment, '#'},
        {"skip_lines", got.csv.skip_lines, 2},
        {"escapes", got.csv.escapes, HW_CSV_ESCAPES_MYSQL},
        {"quotes_lenient", got.csv.quotes_lenient, true},
        {"trailing_delimiter", got.csv.trailing_delimiter, true},
        {"skip_after_header", got.csv.skip_after_header, 3},
        {"columns_max", got.csv.columns_max, 20000},
        {"null_quoted", got.csv.null_quoted, true},
        {"header", got.csv.header, HW_CSV_HEADER_YES},
        {"record_end", got.csv.record_end, HW_CSV_RECORD_END_CR},
        {"types", got.csv.types, HW_CSV_TYPES_TEXT},
        {"decimals", got.csv.decimals, HW_CSV_DECIMALS_PREFER},
        {"null_values", got.csv.null_values_count, 2},
        {"trim", got.csv.trim, true},
        {"true_values", got.csv.true_values_count, 2},
        {"false_values", got.csv.false_values_count, 1},
        {"decimal_comma", got.csv.decimal_comma, true},
        {"thousands", (uint64_t)got.csv.thousands, '.'},
        {"reject", got.csv.bad_rows_reject, true},
        {"pad", got.csv.bad_rows_pad, true},
        {"rejects_max", got.csv.rejects_max, 7},
        {"include", got.include_count, 2},
        {"exclude", got.exclude_count, 1},
        {"from0", got.files_from_nul, true},
        {"all_files", got.all_files, true},
        {"keep_extension", got.keep_extension, true},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        assert_row_int(numbers[i].name, numbers[i].got, numbers[i].want);
    }
    texts_check(&got);
}

static void options_of_objects_reach_the_library(void **state) {
    (void)state;
    static const char line[] =
        "a b --metadata k=v,w --metadata l=m --content-type t/t --content-encoding e --content-language l "
        "--content-disposition d --cache-control c --expires 0 --storage-class s --acl a --tagging k=v&l=m "
        "--sse aws:kms:dsse --sse-kms-key-id id --sse-bucket-key --checksum-algorithm SHA256";
    struct hw_convert_options got;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(options_parse(line, &arena, &got, &err), err);
    const struct {
        const char *got;
        const char *want;
    } texts[] = {
        {got.write->content_type, "t/t"},    {got.write->content_encoding, "e"},
        {got.write->content_language, "l"},  {got.write->content_disposition, "d"},
        {got.write->cache_control, "c"},     {got.write->expires, "0"},
        {got.write->storage_class, "s"},     {got.write->acl, "a"},
        {got.write->tagging, "k=v&l=m"},     {got.write->kms_key_id, "id"},
        {got.write->metadata[0].name, "k"},  {got.write->metadata[0].value, "v,w"},
        {got.write->metadata[1].value, "m"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_row_text(texts[i].want, texts[i].got, texts[i].want);
    }
    assert_int_equal(got.size, sizeof(got));
    assert_int_equal(got.write->metadata_count, 2);
    assert_int_equal(got.write->encryption, HW_ENCRYPTION_KMS_DSSE);
    assert_true(got.write->bucket_key);
    assert_int_equal(got.write->checksum, HW_CHECKSUM_SHA256);
    assert_int_equal(options_parse("a b --metadata k", &arena, &got, &err), HW_EUSAGE);
}

static void options_of_columns_reach_the_library(void **state) {
    (void)state;
    static const char line[] = "a b --drop a,b --rename c=d --names-style snake --type d=int64,e=decimal(9,2) "
                               "--add-source from --limit 12";
    struct hw_convert_options got;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(options_parse(line, &arena, &got, &err), err);
    assert_int_equal(got.columns.drop_count, 2);
    assert_int_equal(got.columns.renames_count, 1);
    assert_string_equal(got.columns.renames[0].to, "d");
    assert_int_equal(got.columns.names_style, HW_NAMES_SNAKE);
    assert_int_equal(got.columns.types_count, 2);
    assert_string_equal(got.columns.types[1].type, "decimal(9,2)");
    assert_string_equal(got.columns.add_source, "from");
    assert_int_equal(got.limit_rows, 12);
    assert_ok(options_parse("a b --select a,b", &arena, &got, &err), err);
    assert_int_equal(got.columns.select_count, 2);
    assert_ok(options_parse("a b --columns a,b.c", &arena, &got, &err), err);
    assert_string_equal(got.column_list, "a,b.c");
}

static void stores_and_the_rest_reach_the_library(void **state) {
    (void)state;
    static const char line[] =
        "a b --profile p --region r --endpoint-url http://e --addressing path --source-profile sp --source-region sr "
        "--source-endpoint-url http://se --source-addressing virtual --connections 9 --retries 0 --timeout 2m "
        "--no-quotes --schema s.json --encoding utf-16";
    struct hw_convert_options got;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    assert_ok(options_parse(line, &arena, &got, &err), err);
    assert_string_equal(got.target_store.profile, "p");
    assert_string_equal(got.target_store.region, "r");
    assert_string_equal(got.target_store.endpoint_url, "http://e");
    assert_int_equal(got.target_store.addressing, HW_ADDRESSING_PATH);
    assert_string_equal(got.source_store.profile, "sp");
    assert_string_equal(got.source_store.region, "sr");
    assert_string_equal(got.source_store.endpoint_url, "http://se");
    assert_int_equal(got.source_store.addressing, HW_ADDRESSING_VIRTUAL);
    assert_int_equal(got.source_store.connections_max, 9);
    assert_int_equal(got.target_store.attempts_max, 1); /* no retry is one try, not the default */
    assert_int_equal(got.source_store.timeout_ms, 120000);
    assert_true(got.csv.no_quotes);
    assert_string_equal(got.csv.schema_path, "s.json");
    assert_string_equal(got.csv.encoding, "utf-16");
    assert_int_equal(got.formats, 0);
}

/* What a name says is for the library to fill in: here it only says whose codec is meant. */
static void the_name_of_a_csv_file_says_its_format(void **state) {
    (void)state;
    static const struct {
        const char *line;
        unsigned formats;
        const char *codec; /* NULL: none is told */
        const char *says;  /* NULL: fine */
    } rows[] = {
        {"a b.csv", 0, NULL, NULL},
        {"a b.csv.gz", 0, NULL, NULL},
        {"a b.csv.gz --csv-codec none", 0, "none", NULL},
        {"a b.TSV.gz --formula-guard", 0, NULL, NULL},
        {"a b.csv.gz --compression gzip:9", 0, NULL, NULL},
        {"a b.csv.gz --to parquet", HW_FORMAT_PARQUET, NULL, NULL},
        {"a b.csv.gz/ --to csv", HW_FORMAT_CSV, NULL, NULL},
        {"a b.csv --csv-codec zstd", 0, "zstd", NULL},
        {"a b.csv/ --csv-codec zstd", 0, NULL, "--csv-codec needs --to csv"},
        {"a b/ --to csv --csv-codec zstd:3", HW_FORMAT_CSV, "zstd:3", NULL},
        {"a b --csv-codec gzip", 0, NULL, "--csv-codec needs --to csv"},
        {"a b.csv --csv-codec gzip --compression gzip", 0, NULL, "both name the codec of the CSV file"},
        {"a - --to csv,parquet", 0, NULL, "a destination of - takes one format"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_convert_options got = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        assert_row_int(rows[i].line, options_parse(rows[i].line, &arena, &got, &err), rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].line, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].line, got.formats, rows[i].formats);
        assert_row_text(rows[i].line, got.csv_compression ? got.csv_compression : "",
                        rows[i].codec ? rows[i].codec : "");
    }
}

static void formats_and_codecs_settle(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *line;
        unsigned formats;
        const char *compression;
        const char *avro_codec;
        const char *says; /* NULL: fine */
    } rows[] = {
        {"by the name", "a b.parquet", 0, NULL, NULL, NULL},
        {"Avro's codec by the name", "a b.AVRO --avro-codec snappy", 0, "snappy", NULL, NULL},
        {"told, whatever the name", "a b.avro --to parquet", HW_FORMAT_PARQUET, NULL, NULL, NULL},
        {"repeated", "a b/ --to avro --to parquet", 3, NULL, NULL, NULL},
        {"Avro's codec as the main one", "a b --to avro --avro-codec snappy", HW_FORMAT_AVRO, "snappy", NULL, NULL},
        {"Avro's codec by --compression", "a b --to avro --compression zstd", HW_FORMAT_AVRO, "zstd", NULL, NULL},
        {"both codecs for one file", "a b --to avro --avro-codec snappy --compression zstd", 0, NULL, NULL,
         "both name the codec"},
        {"codec without Avro", "a b --avro-codec snappy", 0, NULL, NULL, "--avro-codec needs --to avro"},
        {"Avro's codec as the main one, CSV too", "a b/ --to avro,csv --avro-codec snappy",
         HW_FORMAT_AVRO | HW_FORMAT_CSV, "snappy", NULL, NULL},
        {"effort without Parquet", "a b.avro --effort fast", 0, NULL, NULL, "--effort needs --to parquet"},
        {"the normal effort changes nothing", "a b.avro --effort normal", 0, NULL, NULL, NULL},
        {"guard without CSV", "a b --to avro --formula-guard", 0, NULL, NULL, "--formula-guard needs --to csv"},
        {"stdout", "a - --to avro", HW_FORMAT_AVRO, NULL, NULL, NULL},
        {"two formats to stdout", "a - --to avro,parquet", 0, NULL, NULL, "a destination of - takes one format"},
        {"JSON and data to stdout", "a - --json", 0, NULL, NULL,
         "--json and a destination of - both want standard output"},
        {"NUL without a list", "a b --from0", 0, NULL, NULL, "--from0 needs --files-from"},
        {"CSV contradictions pass through", "a b --max-rejects 1%", 0, NULL, NULL, "--max-rejects needs"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_convert_options got = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        assert_row_int(rows[i].name, options_parse(rows[i].line, &arena, &got, &err), rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].name, got.formats, rows[i].formats);
        assert_row_text(rows[i].name, got.compression ? got.compression : "",
                        rows[i].compression ? rows[i].compression : "");
        assert_row_text(rows[i].name, got.avro_codec ? got.avro_codec : "",
                        rows[i].avro_codec ? rows[i].avro_codec : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_reaches_the_library),
        cmocka_unit_test(options_of_columns_reach_the_library),
        cmocka_unit_test(options_of_objects_reach_the_library),
        cmocka_unit_test(stores_and_the_rest_reach_the_library),
        cmocka_unit_test(the_name_of_a_csv_file_says_its_format),
        cmocka_unit_test(formats_and_codecs_settle),
    };
    return cmocka_run_group_tests_name("cli/convert_args", tests, NULL, NULL);
}
