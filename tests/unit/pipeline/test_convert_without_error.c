/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that fail, by callers who do not want to know why: the same status, and nothing breaks. */
#include <hawser/convert.h>

#include "conversions.h"

#define SCHEMA(inside) "{\"columns\": [" inside "]}"

/* Names below the folder, unless they hold "://". */
static const struct {
    const char *name;
    const char *source;
    const char *destination;
    const char *schema;
    struct hw_convert_options options;
} rows[] = {
    {"no source", "gone.csv", "out/", NULL, {0}},
    {"a name that no file can have", "LONG", "out/", NULL, {0}},
    {"a folder below a file", "in.csv/", "out/", NULL, {0}},
    {"an empty file", "empty.csv", "out/", NULL, {0}},
    {"a ragged record", "ragged.csv", "out/", NULL, {0}},
    {"a ragged record in a span of its own", "ragged.csv", "out/", NULL, {.row_group_bytes = 4}},
    {"a ragged record of a stream", "ragged.csv", "out/", NULL, {.csv.encoding = "latin1"}},
    {"too many rejects", "ragged.csv", "out/", NULL, {.csv = {.bad_rows_reject = true, .rejects_max = 1}}},
    {"bytes that are no UTF-8", "latin.csv", "out/", NULL, {0}},
    {"a name that is no UTF-8", "names.csv", "out/", NULL, {0}},
    {"a quote that is never closed", "open.csv", "out/", NULL, {0}},
    {"packed data that is cut", "cut.csv.gz", "out/", NULL, {0}},
    {"a ZIP that is none", "bad.zip", "out/", NULL, {0}},
    {"a schema of no JSON", "in.csv", "out/", "no.json", {0}},
    {"a schema that is not there", "in.csv", "out/", "gone.json", {0}},
    {"a schema of another table", "in.csv", "out/", "other.json", {0}},
    {"a pattern that is none", "in.csv", "out/", "pattern.json", {0}},
    {"a value that breaks the schema", "in.csv", "out/", "min.json", {0}},
    {"a codec that is none", "in.csv", "out/", NULL, {.compression = "rar"}},
    {"several formats, one object", "in.csv", "out.x", NULL, {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO}},
    {"a partition that is no column",
     "in.csv",
     "out/",
     NULL,
     {.partition_by = (const char *[]){"z"}, .partition_by_count = 1}},
    {"a destination below a file", "in.csv", "in.csv/x/", NULL, {0}},
    {"the destination is the source", "in.csv", "in.csv", NULL, {.formats = HW_FORMAT_CSV}},
    {"is there already", "in.csv", "there.parquet", NULL, {.overwrite = HW_OVERWRITE_FAIL}},
    {"a destination of no folder", "in.csv", "gone/x.parquet", NULL, {0}},
    {"a store of no URL", "s3://", "out/", NULL, {0}},
    {"merge: a ragged record", "ragged.csv", "out/", NULL, {.merge = true}},
    {"merge: an empty file", "empty.csv", "out/", NULL, {.merge = true}},
};

static const struct {
    const char *name;
    const char *text;
} files[] = {
    {"in.csv", "a,b\n1,2\n3,4\n"},
    {"there.parquet", ""},
    {"empty.csv", ""},
    {"ragged.csv", "a,b\n1,2\n3\n4,5\n6\n7,8\n"},
    {"latin.csv", "a,b\n1,2\n\xe4,3\n"},
    {"names.csv", "a,\xe4\n1,2\n"},
    {"open.csv", "a,b\n1,2\n\"3,4\n"},
    {"cut.csv.gz", "\x1f\x8b\x08"},
    {"bad.zip", "PK\x03\x04 and no more"},
    {"no.json", "{"},
    {"other.json", SCHEMA("{\"name\": \"z\", \"type\": \"text\", \"required\": true}")},
    {"pattern.json",
     SCHEMA("{\"name\": \"a\", \"type\": \"text\", \"pattern\": \"(\"}, {\"name\": \"b\", \"type\": \"text\"}")},
    {"min.json",
     SCHEMA("{\"name\": \"a\", \"type\": \"int64\", \"min\": \"2\"}, {\"name\": \"b\", \"type\": \"int64\"}")},
};

enum { PATH_BYTES = 2048, LONG_BYTES = 399 };

static void path_make(const struct scratch *scratch, const char *name, char path[PATH_BYTES]) {
    bool url = strstr(name, "://");
    int used = snprintf(path, PATH_BYTES, "%s%s", url ? "" : scratch->folder, strcmp(name, "LONG") == 0 ? "" : name);
    if (strcmp(name, "LONG") == 0) {
        memset(path + used, 'x', LONG_BYTES);
        path[used + LONG_BYTES] = '\0';
    }
}

static struct scratch files_make(void) {
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        scratch_write(&scratch, files[i].name, files[i].text, strlen(files[i].text));
    }
    return scratch;
}

static void conversions_fail_alike(void **state) {
    (void)state;
    quick_io();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = files_make();
        char source[PATH_BYTES];
        char destination[PATH_BYTES];
        char schema[PATH_BYTES];
        const char *sources = source;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result = {0};
        struct hw_convert_options options = rows[i].options;
        path_make(&scratch, rows[i].source, source);
        path_make(&scratch, rows[i].destination, destination);
        path_make(&scratch, rows[i].schema ? rows[i].schema : "", schema);
        options.csv.schema_path = rows[i].schema ? schema : NULL;
        enum hw_status status = hw_convert(&sources, 1, destination, &options, &result, &err);
        assert_row_int(rows[i].name, status != HW_OK && err.message[0] != '\0', true);
        assert_row_int(rows[i].name, hw_convert(&sources, 1, destination, &options, &result, NULL), status);
        scratch_remove(&scratch);
    }
    hw_io_set(NULL);
}

static void inferences_fail_alike(void **state) {
    (void)state;
    static const char *const sources[] = {"gone.csv",   "LONG",    "in.csv/", "empty.csv", "names.csv",
                                          "cut.csv.gz", "bad.zip", "s3://",   "gone://x"};
    struct scratch scratch = files_make();
    for (size_t i = 0; i < COUNT_OF(sources); i++) {
        char source[PATH_BYTES];
        char *json = NULL;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_infer_options options = {.every_record = true, .input_fd = -1};
        path_make(&scratch, sources[i], source);
        enum hw_status status = hw_infer(source, &options, &json, &err);
        assert_row_int(sources[i], status != HW_OK && err.message[0] != '\0', true);
        assert_row_int(sources[i], hw_infer(source, &options, &json, NULL), status);
        assert_row_int(sources[i], json == NULL, true);
    }
    scratch_remove(&scratch);
}

/* Reads to the end, or to the first error. */
static enum hw_status reading_run(const char *source, const struct hw_csv_read_options *options, struct hw_error *err) {
    struct hw_batch_stream *stream;
    bool more = true;
    enum hw_status status = hw_csv_read(source, options, &stream, err);
    if (status != HW_OK) {
        return status;
    }
    while (status == HW_OK && more) {
        struct hw_batch batch = {0};
        status = stream->next(stream, &batch, &more, err);
        hw_batch_release(&batch);
    }
    stream->free(stream);
    return status;
}

static void readings_fail_alike(void **state) {
    (void)state;
    static const struct {
        const char *source;
        struct hw_csv_options csv;
    } readings[] = {
        {"gone.csv", {0}},
        {"empty.csv", {0}},
        {"ragged.csv", {0}},
        {"ragged.csv", {.types = HW_CSV_TYPES_TEXT}},
        {"ragged.csv", {.types = HW_CSV_TYPES_TEXT, .encoding = "latin1"}},
        {"ragged.csv", {.types = HW_CSV_TYPES_TEXT, .bad_rows_reject = true, .rejects_max = 1}},
        {"open.csv", {0}},
        {"cut.csv.gz", {0}},
        {"bad.zip", {0}},
        {"late.csv", {0}},
    };
    struct scratch scratch = files_make();
    HW_AUTO(hw_buf) late = {0};
    assert_int_equal(hw_buf_append_text(&late, "n,filler\n", NULL), HW_OK);
    for (unsigned i = 0; i < 200000; i++) {
        assert_int_equal(hw_buf_printf(&late, NULL, "%s,to fill the row\n", i == 74000 ? "word" : "1"), HW_OK);
    }
    scratch_write(&scratch, "late.csv", late.data, late.size);
    for (size_t i = 0; i < COUNT_OF(readings); i++) {
        char source[PATH_BYTES];
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_read_options options = {.csv = readings[i].csv, .sampled = true, .input_fd = -1};
        path_make(&scratch, readings[i].source, source);
        enum hw_status status = reading_run(source, &options, &err);
        assert_row_int(readings[i].source, status != HW_OK && err.message[0] != '\0', true);
        assert_row_int(readings[i].source, reading_run(source, &options, NULL), status);
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_fail_alike),
        cmocka_unit_test(inferences_fail_alike),
        cmocka_unit_test(readings_fail_alike),
    };
    return cmocka_run_group_tests_name("pipeline/convert_without_error", tests, NULL, NULL);
}
