/* SPDX-License-Identifier: Apache-2.0 */
/* CSV objects as streams of batches: columns, values, rejects, memory. */
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "conversions.h"
#include "core/alloc.h"
#include "csv_reading.h"

#define TEXT "id,name,price\n1,one,0.5\n2,,2.25\n3,\"th\"\"ree\",\n"
#define TEXT_SCHEMA "id int64, name text, price double"
#define TEXT_ROWS "1|\"one\"|0.5\n2|~|2.25\n3|\"th\"ree\"|~\n"
#define GIVEN "{\"columns\": [{\"name\": \"id\", \"type\": \"text\"}, {\"name\": \"n\", \"type\": \"int64\"}]}"

/* ------ small texts */

static const struct {
    const char *name;
    const char *text;
    enum csv_packing packing;
    struct hw_csv_options csv;
    const char *given; /* a schema file; NULL: none */
    enum hw_status status;
    const char *says;
    int64_t line;
    const char *schema;
    const char *rows;
} texts[] = {
    {"plain", TEXT, .line = -1, .schema = TEXT_SCHEMA, .rows = TEXT_ROWS},
    {"gzip", TEXT, GZIP, .line = -1, .schema = TEXT_SCHEMA, .rows = TEXT_ROWS},
    {"zstd", TEXT, ZSTD, .line = -1, .schema = TEXT_SCHEMA, .rows = TEXT_ROWS},
    {"a descriptor", TEXT, PIPED, .line = -1, .schema = TEXT_SCHEMA, .rows = TEXT_ROWS},
    {"a header only", "a,b\n", .line = -1, .schema = "a null, b null", .rows = ""},
    {"nulls only", "a,b\n,\n,\n", .line = -1, .schema = "a null, b null", .rows = "~|~\n~|~\n"},
    {"no header", "1;x\n2;y\n", .csv = {.header = HW_CSV_HEADER_NO}, .line = -1,
     .schema = "column_1 int64, column_2 text", .rows = "1|\"x\"\n2|\"y\"\n"},
    {"names of nulls", "a\n1\nNA\n", .csv = {.null_values = (const char *[]){"NA"}, .null_values_count = 1}, .line = -1,
     .schema = "a int64", .rows = "1\n~\n"},
    {"latin1", "a\n\xe4\n", .csv = {.encoding = "latin1"}, .line = -1, .schema = "a text", .rows = "\"\xc3\xa4\"\n"},
    {"all is text", "a,b\n1,2\n", .csv = {.types = HW_CSV_TYPES_TEXT}, .line = -1, .schema = "a text, b text",
     .rows = "\"1\"|\"2\"\n"},
    {"a schema", "id,n\n1,2\n", .given = GIVEN, .line = -1, .schema = "id text, n int64", .rows = "\"1\"|2\n"},
    {"a record that is padded", "a,b\n1,2\n3\n", .csv = {.bad_rows_pad = true}, .line = -1,
     .schema = "a int64, b int64", .rows = "1|2\n3|~\n"},
    {"a bad record", "a,b\n1,2\n3\n", .status = HW_EDATA, .says = "found 1 field, expected 2", .line = 3},
    {"a bad record among texts", "a,b\nx,y\nz\n", .status = HW_EDATA, .says = "found 1 field, expected 2", .line = 3,
     .schema = "a text, b text"},
    {"a value that the schema forbids", "id,n\n1,2\n1,x\n", .given = GIVEN, .status = HW_EDATA,
     .says = "found \"x\", expected int64", .line = 3, .schema = "id text, n int64"},
    {"a schema of other columns", "id,m\n1,2\n", .given = GIVEN, .status = HW_EDATA, .says = "", .line = -1},
    {"a schema that is none", "id,n\n1,2\n", .given = "{", .status = HW_ECONFIG, .says = "", .line = -1},
    {"nothing", "", .status = HW_EDATA, .says = "", .line = -1},
    {"a quote that is never closed", "a\n\"1\n", .status = HW_EDATA, .says = "the text ends inside quotes", .line = 2},
};

/* The types, and whether there are any, are those that hw_convert has for the same text. */
static void conversion_check(const char *row, const struct scratch *scratch, const struct hw_csv_options *csv,
                             const struct csv_reading *reading) {
    struct conversion_run run =
        convert_to_rows(scratch, "in.csv", &(struct hw_convert_options){.csv = *csv, .threads = 1});
    assert_row_int(row, run.status, reading->status);
    if (reading->status == HW_OK) {
        assert_row_text(row, reading->schema, run.schema);
        assert_row_int(row, run.result.rows_out, reading->rows_count);
    } else {
        assert_row_text(row, reading->err.message, run.err.message);
        assert_row_int(row, reading->err.line, run.err.line);
        assert_row_int(row, reading->err.offset, run.err.offset);
    }
    conversion_release(&run);
}

/* The columns are those that hw_infer finds when it looks at every record. */
static void inference_check(const char *row, const struct scratch *scratch, const struct hw_csv_options *csv,
                            const struct csv_reading *reading) {
    struct hw_error err = HW_ERROR_INIT;
    char *json;
    const struct hw_infer_options options = {.csv = *csv, .every_record = true, .input_fd = -1};
    assert_ok(hw_infer(scratch_path(scratch, "in.csv"), &options, &json, &err), err);
    assert_row_text(row, (const char *)reading->json.data, json);
    hw_text_free(json);
}

static void texts_become_batches(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        char given[1024];
        struct hw_csv_read_options options = {.csv = texts[i].csv, .input_fd = -1};
        snprintf(given, sizeof(given), "%sgiven.json", scratch.folder);
        csv_file_write(&scratch, "in.csv", texts[i].packing, hw_view_of(texts[i].text));
        if (texts[i].given) {
            scratch_write(&scratch, "given.json", texts[i].given, strlen(texts[i].given));
            options.csv.schema_path = given;
        }
        const char *source = scratch_path(&scratch, "in.csv");
        if (texts[i].packing == PIPED) {
            options.input_fd = open(source, O_RDONLY | O_CLOEXEC);
            source = "-";
        }
        struct csv_reading reading = csv_read_all(source, &options, true);
        assert_row_int(texts[i].name, reading.status, texts[i].status);
        assert_row_says(texts[i].name, reading.err.message, texts[i].says ? texts[i].says : "");
        assert_row_int(texts[i].name, reading.err.line, texts[i].line);
        assert_row_int(texts[i].name, reading.opened, texts[i].schema != NULL);
        assert_row_text(texts[i].name, reading.schema, texts[i].schema ? texts[i].schema : "");
        if (texts[i].rows) {
            assert_row_text(texts[i].name, (const char *)reading.rows.data, texts[i].rows);
        }
        conversion_check(texts[i].name, &scratch, &options.csv, &reading);
        if (reading.opened && !texts[i].given) {
            inference_check(texts[i].name, &scratch, &options.csv, &reading);
        }
        csv_reading_release(&reading);
        if (texts[i].packing == PIPED) {
            close(options.input_fd);
        }
    }
    scratch_remove(&scratch);
}

static void a_zip_gives_the_member_that_is_meant(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *member;
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"the second", "b*", HW_OK, ""},
        {"both", NULL, HW_EUSAGE, "the ZIP has 2 members that could be meant"},
        {"none", "c*", HW_EDATA, "no member of the names asked for"},
    };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) zip = {0};
    const struct packed_member members[] = {{"a.csv", HW_VIEW("a\nx\n"), false}, {"b.csv", HW_VIEW("b\n7\n"), false}};
    packed_zip(members, COUNT_OF(members), &zip);
    scratch_write(&scratch, "in.zip", zip.data, zip.size);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_read_options options = {.csv.zip_member = rows[i].member, .input_fd = -1};
        struct csv_reading reading = csv_read_all(scratch_path(&scratch, "in.zip"), &options, true);
        assert_row_int(rows[i].name, reading.status, rows[i].status);
        assert_row_says(rows[i].name, reading.err.message, rows[i].says);
        assert_row_text(rows[i].name, reading.schema, rows[i].status == HW_OK ? "b int64" : "");
        assert_row_int(rows[i].name, reading.rows_count, rows[i].status == HW_OK ? 1 : 0);
        csv_reading_release(&reading);
    }
    scratch_remove(&scratch);
}

static void errors_name_the_source(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    const struct hw_csv_read_options options = {.input_fd = -1};
    struct csv_reading reading = csv_read_all(scratch_path(&scratch, "gone.csv"), &options, true);
    assert_int_equal(reading.status, HW_ENOTFOUND);
    assert_string_equal(reading.err.object, scratch_path(&scratch, "gone.csv"));
    csv_reading_release(&reading);
    reading = csv_read_all("gone://x", &options, true);
    assert_int_equal(reading.status, HW_EUSAGE);
    csv_reading_release(&reading);
    scratch_remove(&scratch);
}

/* ------ values that the sample does not show */

enum { LATE_ROWS = 200000, LATE_ROW = 74000 };

/* Rows of a number and its text, one number of which is `late`; the sample looks elsewhere. */
static void late_write(const struct scratch *scratch, const char *late, uint64_t *out_offset) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "n,filler\n", NULL), HW_OK);
    for (unsigned i = 0; i < LATE_ROWS; i++) {
        *out_offset = i == LATE_ROW ? text.size : *out_offset;
        assert_int_equal(i == LATE_ROW ? hw_buf_append_text(&text, late, NULL) : hw_buf_printf(&text, NULL, "%u", i),
                         HW_OK);
        assert_int_equal(hw_buf_append_text(&text, ",some words to fill the row\n", NULL), HW_OK);
    }
    scratch_write(scratch, "in.csv", text.data, text.size);
}

static const struct {
    const char *name;
    const char *late;
    const char *type;  /* of all values */
    const char *value; /* as batch_text has it */
    const char *says;  /* where only the sample was looked at; NULL: the value fits */
} late[] = {
    {"a word", "word", "text", "\"word\"", "found \"word\", expected int64 as in the sample"},
    {"a fraction", "0.5", "double", "0.5", "found \"0.5\", expected int64 as in the sample"},
    {"no value", "", "int64", "~", NULL},
    {"another number", "-7", "int64", "-7", NULL},
};

static void late_values_widen_unless_sampled(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(late); i++) {
        char schema[64];
        uint64_t offset = 0;
        late_write(&scratch, late[i].late, &offset);
        snprintf(schema, sizeof(schema), "n %s, filler text", late[i].type);
        struct hw_csv_read_options options = {.input_fd = -1};
        struct csv_reading exact = csv_read_all(scratch_path(&scratch, "in.csv"), &options, true);
        assert_ok(exact.status, exact.err);
        assert_row_text(late[i].name, exact.schema, schema);
        assert_row_int(late[i].name, exact.rows_count, LATE_ROWS);
        conversion_check(late[i].name, &scratch, &options.csv, &exact);
        inference_check(late[i].name, &scratch, &options.csv, &exact);
        char row[128];
        snprintf(row, sizeof(row), "\n%s|\"some words to fill the row\"\n", late[i].value);
        assert_row_says(late[i].name, (const char *)exact.rows.data, row);

        options.sampled = true;
        struct csv_reading sampled = csv_read_all(scratch_path(&scratch, "in.csv"), &options, true);
        assert_row_int(late[i].name, sampled.status, late[i].says ? HW_EDATA : HW_OK);
        if (late[i].says) {
            assert_row_text(late[i].name, sampled.schema, "n int64, filler text");
            assert_row_says(late[i].name, sampled.err.message, late[i].says);
            assert_row_int(late[i].name, sampled.err.line, LATE_ROW + 2);
            assert_row_int(late[i].name, sampled.err.offset, offset);
            assert_row_text(late[i].name, sampled.err.column, "n");
            assert_row_text(late[i].name, sampled.err.object, scratch_path(&scratch, "in.csv"));
            assert_row_int(late[i].name, sampled.rows_count > 0 && sampled.rows_count <= LATE_ROW, true);
        } else {
            assert_row_text(late[i].name, sampled.schema, exact.schema);
            assert_row_text(late[i].name, (const char *)sampled.rows.data, (const char *)exact.rows.data);
        }
        csv_reading_release(&sampled);
        csv_reading_release(&exact);
    }
    scratch_remove(&scratch);
}

/* ------ rejects */

#define RAGGED "a,b\n1,2\n3\n4,5\n6,7,8\n\"9,9\n"

static const struct {
    const char *name;
    const char *text;
    struct hw_csv_options csv;
    bool given;
    bool untold; /* There is no callback. */
    enum hw_status status;
    const char *says;
    const char *rows;
    const char *told;
} rejects[] = {
    {"told in order",
     RAGGED,
     {.bad_rows_reject = true},
     .rows = "1|2\n4|5\n",
     .told = "3 8 too_few_fields - [3]\n5 14 too_many_fields - [6,7,8]\n6 20 open_quote - [\"9,9\n]\n"},
    {"counted only", RAGGED, {.bad_rows_reject = true}, .untold = true, .rows = "1|2\n4|5\n"},
    {"of a column",
     "id,n\n1,2\n1,x\n3,4\n",
     {.bad_rows_reject = true},
     .given = true,
     .rows = "\"1\"|2\n\"3\"|4\n",
     .told = "3 9 wrong_type n [1,x]\n"},
    {"as many as may be",
     RAGGED,
     {.bad_rows_reject = true, .rejects_max = 3},
     .rows = "1|2\n4|5\n",
     .told = "3 8 too_few_fields - [3]\n5 14 too_many_fields - [6,7,8]\n6 20 open_quote - [\"9,9\n]\n"},
    {"one too many",
     RAGGED,
     {.bad_rows_reject = true, .rejects_max = 2},
     .status = HW_EDATA,
     .says = "3 records were rejected, at most 2 may be"},
    {"one too many, of text",
     "a\nx\ny,z\n1,2\n",
     {.bad_rows_reject = true, .rejects_max = 1},
     .status = HW_EDATA,
     .says = "2 records were rejected, at most 1 may be",
     .told = "3 4 too_many_fields - [y,z]\n4 8 too_many_fields - [1,2]\n"},
    {"one too many, counted only",
     "a\nx\ny,z\n1,2\n",
     {.bad_rows_reject = true, .rejects_max = 1},
     .untold = true,
     .status = HW_EDATA,
     .says = "2 records were rejected, at most 1 may be"},
    {"as large a share as may be",
     RAGGED,
     {.bad_rows_reject = true, .rejects_max_ratio = 0.6},
     .untold = true,
     .rows = "1|2\n4|5\n"},
    {"a share that is too large",
     RAGGED,
     {.bad_rows_reject = true, .rejects_max_ratio = 0.59},
     .status = HW_EDATA,
     .says = "3 of 5 records were rejected, at most 59 % may be"},
    {"a share that is too large, of text",
     "a\nx\ny,z\n",
     {.delimiter = ',', .bad_rows_reject = true, .rejects_max_ratio = 0.49},
     .untold = true,
     .status = HW_EDATA,
     .says = "1 of 2 records was rejected",
     .rows = "\"x\"\n"},
};

static void bad_records_are_told_and_counted(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "given.json", GIVEN, strlen(GIVEN));
    for (int packing = PLAIN; packing <= GZIP; packing++) {
        for (size_t i = 0; i < COUNT_OF(rejects); i++) {
            struct hw_csv_read_options options = {
                .csv = rejects[i].csv, .input_fd = -1, .on_reject = rejects[i].untold ? NULL : csv_reading_told};
            options.csv.schema_path = rejects[i].given ? scratch_path(&scratch, "given.json") : NULL;
            csv_file_write(&scratch, "in.csv", (enum csv_packing)packing, hw_view_of(rejects[i].text));
            struct csv_reading reading = csv_read_all(scratch_path(&scratch, "in.csv"), &options, true);
            assert_row_int(rejects[i].name, reading.status, rejects[i].status);
            assert_row_says(rejects[i].name, reading.err.message, rejects[i].says ? rejects[i].says : "");
            const char *rows = reading.rows.data ? (const char *)reading.rows.data : "";
            const char *told = reading.told.data ? (const char *)reading.told.data : "";
            assert_row_text(rejects[i].name, rows, rejects[i].rows ? rejects[i].rows : "");
            assert_row_text(rejects[i].name, told, rejects[i].told ? rejects[i].told : "");
            csv_reading_release(&reading);
        }
    }
    scratch_remove(&scratch);
}

/* ------ batches */

static void batches_have_no_more_rows_than_asked_for(void **state) {
    (void)state;
    enum { ROWS = 150000 };
    static const size_t limits[] = {0, 1, 7, 1000, 65536, ROWS * 2};
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) want = {0};
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(hw_buf_printf(&want, NULL, "%zu|\"%zu%%\"\n", i, i % 100), HW_OK);
    }
    csv_numbers_write(&scratch, ROWS);
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        char row[64];
        const struct hw_csv_read_options options = {.batch_rows = limits[i], .input_fd = -1};
        snprintf(row, sizeof(row), "batches of %zu", limits[i]);
        struct csv_reading reading = csv_read_all(scratch_path(&scratch, "in.csv"), &options, true);
        assert_ok(reading.status, reading.err);
        assert_row_int(row, reading.batch_rows <= (limits[i] > 0 ? limits[i] : 65536), true);
        assert_row_int(row, reading.batches > 1, true); /* 256 KiB of text are 20,000 rows */
        assert_row_bytes(row, reading.rows.data, reading.rows.size, want.data, want.size);
        csv_reading_release(&reading);
    }
    scratch_remove(&scratch);
}

/* 256 KiB are more rows of a digit each than a batch has. */
static void batches_have_no_more_rows_than_the_default(void **state) {
    (void)state;
    enum { ROWS = 300000 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "n\n", NULL), HW_OK);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(hw_buf_append_text(&text, "7\n", NULL), HW_OK);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    const struct hw_csv_read_options options = {.input_fd = -1};
    struct csv_reading reading = csv_read_all(scratch_path(&scratch, "in.csv"), &options, false);
    assert_ok(reading.status, reading.err);
    assert_int_equal(reading.rows_count, ROWS);
    assert_int_equal(reading.batch_rows, 65536);
    csv_reading_release(&reading);
    scratch_remove(&scratch);
}

static void batches_outlive_their_stream(void **state) {
    (void)state;
    enum { BATCHES = 5, BATCH_ROWS = 1000 };
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_batch_stream *stream;
    struct hw_batch kept[BATCHES];
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) want = {0};
    csv_numbers_write(&scratch, BATCHES * BATCH_ROWS + 300);
    const struct hw_csv_read_options options = {.batch_rows = BATCH_ROWS, .input_fd = -1};
    assert_ok(hw_csv_read(scratch_path(&scratch, "in.csv"), &options, &stream, &err), err);
    for (size_t i = 0; i < BATCHES; i++) {
        bool more = false;
        assert_ok(stream->next(stream, &kept[i], &more, &err), err);
        assert_true(more);
    }
    stream->free(stream);
    for (size_t i = 0; i < BATCHES; i++) {
        assert_int_equal(kept[i].rows, BATCH_ROWS);
        assert_string_equal(kept[i].schema->fields[1].name, "t");
        batch_text(&kept[i], &got);
        hw_batch_release(&kept[i]);
    }
    for (size_t i = 0; i < BATCHES * BATCH_ROWS; i++) {
        assert_int_equal(hw_buf_printf(&want, NULL, "%zu|\"%zu%%\"\n", i, i % 100), HW_OK);
    }
    assert_row_bytes("kept", got.data, got.size, want.data, want.size);
    scratch_remove(&scratch);
}

/* What the options point to may change once the stream is open. */
static void options_are_copied(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_batch_stream *stream;
    struct hw_batch batch;
    HW_AUTO(hw_buf) got = {0};
    bool more = false;
    char null_value[] = "NA", path[1024], yes[] = "y", no[] = "n", days[] = "%d.%m.%Y";
    const char *null_values[] = {null_value};
    const char *true_values[] = {yes};
    const char *false_values[] = {no};
    scratch_write(&scratch, "in.csv", "a,b,c\n1,y,2.1.1970\nNA,n,\nx,y,\n", 30);
    snprintf(path, sizeof(path), "%sin.csv", scratch.folder);
    struct hw_csv_read_options options = {.csv = {.null_values = null_values,
                                                  .null_values_count = 1,
                                                  .true_values = true_values,
                                                  .true_values_count = 1,
                                                  .false_values = false_values,
                                                  .false_values_count = 1,
                                                  .date_format = days},
                                          .batch_rows = 100,
                                          .input_fd = -1};
    assert_ok(hw_csv_read(path, &options, &stream, &err), err);
    memset(null_value, 'x', strlen(null_value));
    memset(path, 'x', strlen(path));
    yes[0] = no[0] = days[0] = 'x';
    null_values[0] = true_values[0] = false_values[0] = NULL;
    memset(&options, 0xff, sizeof(options));
    assert_ok(stream->next(stream, &batch, &more, &err), err);
    batch_text(&batch, &got);
    assert_row_bytes("rows", got.data, got.size, "\"1\"|T|1\n~|F|~\n\"x\"|T|~\n", 22);
    hw_batch_release(&batch);
    assert_ok(stream->next(stream, &batch, &more, &err), err);
    assert_false(more);
    assert_ok(stream->next(stream, &batch, &more, &err), err); /* the end stays the end */
    assert_false(more);
    stream->free(stream);
    scratch_remove(&scratch);
}

/* Columns as they are asked for, by names that are borrowed until the stream is open. */
static void columns_are_those_that_are_asked_for(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_batch_stream *stream;
    struct hw_batch batch;
    HW_AUTO(hw_buf) got = {0};
    bool more = false;
    char schema[64], c[] = "c", a[] = "a", x[] = "x", type[] = "varchar";
    static const char text[] = "a,b,c\n1,x,2\n7,\"y\",2.5\n";
    const char *select[] = {c, a};
    const struct hw_column_rename rename[] = {{a, x}};
    const struct hw_column_type types[] = {{x, type}};
    scratch_write(&scratch, "in.csv", text, strlen(text));
    struct hw_csv_read_options options = {
        .columns = {.select = select,
                    .select_count = 2,
                    .renames = rename,
                    .renames_count = 1,
                    .types = types,
                    .types_count = 1},
        .input_fd = -1,
    };
    assert_ok(hw_csv_read(scratch_path(&scratch, "in.csv"), &options, &stream, &err), err);
    c[0] = a[0] = x[0] = type[0] = '-';
    select[0] = select[1] = NULL;
    csv_reading_schema(stream->schema, schema, sizeof(schema));
    assert_string_equal(schema, "c double, x text");
    assert_ok(stream->next(stream, &batch, &more, &err), err);
    batch_text(&batch, &got);
    assert_row_bytes("rows", got.data, got.size, "2|\"1\"\n2.5|\"7\"\n", strlen("2|\"1\"\n2.5|\"7\"\n"));
    hw_batch_release(&batch);
    stream->free(stream);
    scratch_remove(&scratch);
}

/* A text of several parts, and of several portions where it is packed. */
static void long_texts_are_read_part_by_part(void **state) {
    (void)state;
    enum { ROWS = 70000, ROW_BYTES = 1000 };
    static const struct {
        const char *name;
        enum csv_packing packing;
        size_t rows;
    } rows[] = {{"parts of 64 MiB", PLAIN, ROWS}, {"portions of 16 MiB", GZIP, ROWS / 2}};
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch_stream *stream;
        int64_t next = 0;
        bool more = true;
        assert_int_equal(hw_buf_append_text(&text, "n,line\n", NULL), HW_OK);
        for (size_t row = 0; row < rows[i].rows; row++) {
            /* line ends in quotes: a guess would go wrong */
            assert_int_equal(hw_buf_printf(&text, NULL, "%zu,\"\n\n%0*d\n\"\n", row, ROW_BYTES, 0), HW_OK);
        }
        csv_file_write(&scratch, "in.csv", rows[i].packing, hw_buf_view(&text));
        const struct hw_csv_read_options options = {.input_fd = -1};
        assert_ok(hw_csv_read(scratch_path(&scratch, "in.csv"), &options, &stream, &err), err);
        while (more) {
            struct hw_batch batch = {0};
            assert_ok(stream->next(stream, &batch, &more, &err), err);
            for (size_t row = 0; row < batch.rows; row++) {
                assert_row_int(rows[i].name, ((const int64_t *)batch.columns[0].values)[row], next++);
                assert_row_int(rows[i].name, batch.columns[1].offsets[row + 1] - batch.columns[1].offsets[row],
                               ROW_BYTES + 3);
            }
            hw_batch_release(&batch);
        }
        assert_row_int(rows[i].name, next, rows[i].rows);
        stream->free(stream);
    }
    scratch_remove(&scratch);
}

/* Bytes that are in use, and that were at most. */
struct memory_use {
    size_t bytes;
    size_t bytes_max;
};

static void *use_resize(void *ctx, void *block, size_t bytes) {
    struct memory_use *use = ctx;
    use->bytes -= malloc_usable_size(block);
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    void *resized = realloc(block, bytes);
    use->bytes += malloc_usable_size(resized);
    use->bytes_max = hw_max_size(use->bytes_max, use->bytes);
    return resized;
}

/* Returns what reading a text takes whose batches are released one by one. */
static size_t memory_used(const struct scratch *scratch, enum csv_packing packing, size_t rows) {
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "n,t\n", NULL), HW_OK);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(hw_buf_append_text(&text, "12345,some words\n", NULL), HW_OK);
    }
    csv_file_write(scratch, "in.csv", packing, hw_buf_view(&text));
    hw_buf_release(&text);
    struct memory_use use = {0};
    hw_allocator_set(&(struct hw_allocator){use_resize, &use});
    const struct hw_csv_read_options options = {.input_fd = -1};
    struct csv_reading reading = csv_read_all(scratch_path(scratch, "in.csv"), &options, false);
    csv_reading_release(&reading);
    hw_allocator_set(NULL);
    assert_ok(reading.status, reading.err);
    assert_int_equal(reading.rows_count, rows);
    assert_int_equal(use.bytes, 0);
    return use.bytes_max;
}

static void memory_does_not_grow_with_the_text(void **state) {
    (void)state;
    enum { ROWS = 300000, TIMES = 10, SLACK_BYTES = 1 << 16 };
    struct scratch scratch = scratch_make();
    for (int packing = PLAIN; packing <= ZSTD; packing++) {
        const size_t bytes = memory_used(&scratch, (enum csv_packing)packing, ROWS);
        assert_in_range(memory_used(&scratch, (enum csv_packing)packing, ROWS * TIMES), 1 << 20, bytes + SLACK_BYTES);
    }
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_batches),
        cmocka_unit_test(a_zip_gives_the_member_that_is_meant),
        cmocka_unit_test(errors_name_the_source),
        cmocka_unit_test(late_values_widen_unless_sampled),
        cmocka_unit_test(bad_records_are_told_and_counted),
        cmocka_unit_test(batches_have_no_more_rows_than_asked_for),
        cmocka_unit_test(batches_have_no_more_rows_than_the_default),
        cmocka_unit_test(batches_outlive_their_stream),
        cmocka_unit_test(options_are_copied),
        cmocka_unit_test(columns_are_those_that_are_asked_for),
        cmocka_unit_test(long_texts_are_read_part_by_part),
        cmocka_unit_test(memory_does_not_grow_with_the_text),
    };
    return cmocka_run_group_tests_name("pipeline/csv_read", tests, NULL, NULL);
}
