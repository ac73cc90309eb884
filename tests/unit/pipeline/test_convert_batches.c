/* SPDX-License-Identifier: Apache-2.0 */
/* hw_convert_batches: the rows of a stream become files, or none. */
#include <stdio.h>

#include "batches_run.h"
#include "support/alloc_fault.h"

enum { ALL_FORMATS = HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV };

/* ------ what is written */

/* The records of the flat columns, as tests/support/made_stream.h says what they are. */
static void records_expect(struct hw_buf *out, uint64_t rows, bool first_only) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(out, first_only ? "n\n" : "n,t,b,r,p\n", &err), err);
    for (uint64_t row = 0; row < rows; row++) {
        static const char letters[] = "abcdefghij,\"\"klmnopq"; /* a quote is written twice */
        static const char *const thirds[] = {"0", "a1", "ab2"};
        const unsigned cut = (unsigned)(row % 100000 % 19);
        const bool quoted = cut > 10;
        char ratio[32] = "";
        assert_ok(hw_buf_printf(out, &err, "%" PRIu64, row * 7), err);
        if (first_only) {
            assert_ok(hw_buf_append_byte(out, '\n', &err), err);
            continue;
        }
        if (row % 13 != 6) {
            snprintf(ratio, sizeof(ratio), "%.*f", row % 2 == 1 ? 2 : 1, (double)row / 4);
        }
        assert_ok(hw_buf_append_byte(out, ',', &err), err);
        if (row % 5 != 1) {
            assert_ok(hw_buf_printf(out, &err, "%s%.*s%" PRIu64 "%s", quoted ? "\"" : "",
                                    (int)(cut > 11 ? cut + 1 : cut), letters, row % 100000, quoted ? "\"" : ""),
                      err);
        }
        assert_ok(hw_buf_printf(out, &err, ",%s,%s,%s\n",
                                row % 7 == 3   ? ""
                                : row % 3 == 0 ? "true"
                                               : "false",
                                ratio, thirds[row % 3]),
                  err);
    }
}

static void csv_check(const char *row, const struct scratch *scratch, const char *name, uint64_t rows,
                      bool first_only) {
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) want = {0};
    assert_row_int(row, corpus_read(scratch_path(scratch, name), &got), true);
    records_expect(&want, rows, first_only);
    assert_row_bytes(row, got.data, got.size, want.data, want.size);
}

static void formats_are_written(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned formats;
        size_t columns;
        uint64_t rows;
        size_t batch_rows;
        const char *names;
    } rows[] = {
        {"the default", 0, MADE_COLUMNS, 1000, 100, "out/ out/_manifest.json out/rows.parquet "},
        {"Avro", HW_FORMAT_AVRO, MADE_COLUMNS, 1000, 100, "out/ out/_manifest.json out/rows.avro "},
        {"CSV", HW_FORMAT_CSV, MADE_FLAT, 30000, 777, "out/ out/_manifest.json out/rows.csv "},
        {"all of them", ALL_FORMATS, MADE_FLAT, 5000, 5000,
         "out/ out/_manifest.json out/rows.avro out/rows.csv out/rows.parquet "},
        {"one row", ALL_FORMATS, MADE_FLAT, 1, 5,
         "out/ out/_manifest.json out/rows.avro out/rows.csv out/rows.parquet "},
        {"no rows", ALL_FORMATS, MADE_FLAT, 0, 1,
         "out/ out/_manifest.json out/rows.avro out/rows.csv out/rows.parquet "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct batches_run run = {
            .made = {.columns = rows[i].columns, .rows = rows[i].rows, .batch_rows = rows[i].batch_rows},
            .options = {.formats = rows[i].formats, .threads = 2},
        };
        scratch_write(&scratch, "out/x", "", 0);
        remove(scratch_path(&scratch, "out/x"));
        batches_run_ok(rows[i].name, &run, &scratch);
        assert_row_text(rows[i].name, scratch_names(&scratch), rows[i].names);
        assert_row_int(rows[i].name, run.result.objects, 1);
        assert_row_int(rows[i].name, run.result.converted, 1);
        assert_row_int(rows[i].name, run.result.rows_in, rows[i].rows);
        assert_row_int(rows[i].name, run.result.rows_out, rows[i].rows);
        assert_row_int(rows[i].name, run.result.bytes_in, 0);
        if (rows[i].formats & HW_FORMAT_CSV) {
            csv_check(rows[i].name, &scratch, "out/rows.csv", rows[i].rows, false);
        }
        scratch_remove(&scratch);
    }
}

/* Batches that are empty, before, between and after others, and batches of all sizes. */
static void batches_of_any_size_are_taken(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 0, 3, 0, 1, 4096, 7, 0, 8, 60000, 0, 9, 64, 1000, SIZE_MAX};
    for (int borrowed = 0; borrowed < 2; borrowed++) {
        struct scratch scratch = scratch_make();
        struct batches_run run = {
            .made = {.columns = MADE_FLAT, .rows = 70000, .sizes = sizes, .borrowed = borrowed != 0},
            .options = {.formats = HW_FORMAT_CSV, .threads = 3, .row_group_bytes = 300000},
            .destination = "rows.csv",
        };
        batches_run_ok("any size", &run, &scratch);
        csv_check("any size", &scratch, "rows.csv", 70000, false);
        scratch_remove(&scratch);
    }
}

/* One batch that is far larger than all parts, and batches that are far smaller. */
static void large_and_small_batches_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t columns;
        uint64_t rows;
        size_t batch_rows;
    } rows[] = {
        {"10 million rows at once", 1, 10000000, 10000000},
        {"100,000 batches of a row", MADE_FLAT, 100000, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct batches_run run = {
            .made = {.columns = rows[i].columns, .rows = rows[i].rows, .batch_rows = rows[i].batch_rows},
            .options = {.formats = HW_FORMAT_CSV | HW_FORMAT_PARQUET, .threads = 2},
        };
        scratch_write(&scratch, "out/x", "", 0);
        batches_run_ok(rows[i].name, &run, &scratch);
        csv_check(rows[i].name, &scratch, "out/rows.csv", rows[i].rows, rows[i].columns == 1);
        assert_row_int(rows[i].name, run.result.rows_out, rows[i].rows);
        scratch_remove(&scratch);
    }
}

/* ------ failures */

static void spoil_second(struct made_stream *made, struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    columns[1].null_count += made->batches == 2;
}

static void spoil_schema(struct made_stream *made, struct hw_batch *batch, struct hw_column *columns) {
    static const struct hw_schema other;
    (void)columns;
    batch->schema = made->batches == 3 ? &other : batch->schema;
}

/* Row groups are small, so that many of them are written before anything fails. */
static void a_failure_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t fails_at;
        enum hw_status failure;
        bool silent;
        void (*spoil)(struct made_stream *made, struct hw_batch *batch, struct hw_column *columns);
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"at once", 1, HW_EIO, false, NULL, HW_EIO, "batch 1: the well is dry"},
        {"in the middle", 500, HW_EAUTH, false, NULL, HW_EAUTH, "batch 500: the well is dry"},
        {"at the end", 1001, HW_ENETWORK, false, NULL, HW_ENETWORK, "batch 1001: the well is dry"},
        {"without a word", 500, HW_EFAILED, true, NULL, HW_EFAILED, "batch 500: the stream failed"},
        {"without a status", 500, (enum hw_status) - 5, true, NULL, HW_EFAILED, "which is no status"},
        {"as if it was stopped", 500, HW_ECANCELLED, false, NULL, HW_ECANCELLED, "batch 500: the well is dry"},
        {"a wrong count", 0, HW_OK, false, spoil_second, HW_EDATA, "batch 2: it says that"},
        {"another schema", 0, HW_OK, false, spoil_schema, HW_EDATA, "batch 3: its schema has 0 columns"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (uint32_t threads = 1; threads <= 3; threads += 2) {
            struct scratch scratch = scratch_make();
            struct batches_run run = {
                .made = {.columns = MADE_FLAT,
                         .rows = 50000,
                         .batch_rows = 50,
                         .fails_at = rows[i].fails_at,
                         .failure = rows[i].failure,
                         .silent = rows[i].silent,
                         .spoil = rows[i].spoil},
                .options = {.formats = ALL_FORMATS, .threads = threads, .row_group_bytes = 1},
            };
            scratch_write(&scratch, "out/kept", "kept", 4);
            batches_run(rows[i].name, &run, &scratch);
            assert_row_int(rows[i].name, run.status, rows[i].status);
            assert_row_says(rows[i].name, run.err.message, rows[i].says);
            assert_row_text(rows[i].name, run.err.object, "rows");
            assert_row_text(rows[i].name, scratch_names(&scratch), "out/ out/kept ");
            assert_row_int(rows[i].name, run.result.failed, 1);
            assert_row_int(rows[i].name, run.result.rows_out, 0);
            scratch_remove(&scratch);
        }
    }
}

static bool told_once(void *ctx) {
    return atomic_load((atomic_bool *)ctx);
}

static void stop_it(struct made_stream *made, struct hw_batch *batch, struct hw_column *columns) {
    (void)batch;
    (void)columns;
    if (made->batches == 100) {
        atomic_store((atomic_bool *)made->ctx, true);
    }
}

static void a_run_can_be_stopped(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    atomic_bool stop = false;
    struct batches_run run = {
        .made = {.columns = MADE_FLAT, .rows = 100000000, .batch_rows = 10, .spoil = stop_it, .ctx = &stop},
        .options = {.formats = ALL_FORMATS, .threads = 2, .cancelled = told_once, .ctx = &stop},
    };
    scratch_write(&scratch, "out/kept", "kept", 4);
    batches_run("stopped", &run, &scratch);
    assert_int_equal(run.status, HW_ECANCELLED);
    assert_true(run.made.batches < 1000);
    assert_string_equal(scratch_names(&scratch), "out/ out/kept ");
    scratch_remove(&scratch);
}

static void what_is_wrong_is_told_before_anything_is_read(void **state) {
    (void)state;
    static const char *const missing[] = {"q"};
    static const char *const nested[] = {"l"};
    static const struct {
        const char *name;
        struct hw_convert_options options;
        const char *output, *destination; /* NULL: as batches_run has them */
        enum hw_status status;
        const char *says, *column;
    } rows[] = {
        {"an option of CSV", {.csv.delimiter = ';'}, NULL, NULL, HW_EUSAGE, "option csv.delimiter", ""},
        {"merging", {.merge = true}, NULL, NULL, HW_EUSAGE, "option merge", ""},
        {"a name with a folder", {0}, "a/b", NULL, HW_EUSAGE, "\"a/b\" is no name that outputs can have", ""},
        {"several formats, one file", {.formats = ALL_FORMATS}, NULL, "x.csv", HW_EUSAGE, "need a folder", ""},
        {"a codec that there is not", {.compression = "best"}, NULL, NULL, HW_EUSAGE, "best", ""},
        {"no such folder", {0}, NULL, "none/x.parquet", HW_ENOTFOUND, "does not exist", ""},
        {"no such column",
         {.partition_by = missing, .partition_by_count = 1},
         NULL,
         NULL,
         HW_EDATA,
         "there is no column \"q\"",
         ""},
        {"partitions of lists",
         {.partition_by = nested, .partition_by_count = 1},
         NULL,
         NULL,
         HW_EUNSUPPORTED,
         "partitions are not made by a column of type list",
         "l"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct batches_run run = {.made = {.rows = 10, .batch_rows = 10},
                                  .options = rows[i].options,
                                  .name = rows[i].output,
                                  .destination = rows[i].destination};
        run.options.threads = 1;
        scratch_write(&scratch, "out/kept", "kept", 4);
        batches_run(rows[i].name, &run, &scratch);
        assert_row_int(rows[i].name, run.status, rows[i].status);
        assert_row_says(rows[i].name, run.err.message, rows[i].says);
        assert_row_text(rows[i].name, run.err.column, rows[i].column);
        assert_row_int(rows[i].name, run.made.batches, 0);
        assert_row_int(rows[i].name, run.result.converted, 0);
        assert_row_text(rows[i].name, scratch_names(&scratch), "out/ out/kept ");
        scratch_remove(&scratch);
    }
}

/* Whole options, as programs of this version give them. */
static void forms_of_values_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_options options;
        const char *says;
    } rows[] = {
        {"a form of binaries without CSV",
         {.size = sizeof(struct hw_convert_options), .binary = HW_BINARY_HEX},
         "a form of binary values is for CSV, which is not written"},
        {"a form of nested values with other formats",
         {.size = sizeof(struct hw_convert_options), .formats = ALL_FORMATS, .nested = HW_NESTED_FLATTEN},
         "a form of nested values is for CSV alone"},
        {"a form that there is not",
         {.size = sizeof(struct hw_convert_options), .formats = HW_FORMAT_CSV, .binary = (enum hw_binary_text)3},
         "there is no form 3 of binary"},
        {"a form of nested values that there is not",
         {.size = sizeof(struct hw_convert_options), .formats = HW_FORMAT_CSV, .nested = (enum hw_nested_text)3},
         "or 3 of nested values"},
        {"encodings that there are not",
         {.size = sizeof(struct hw_convert_options), .encodings = (enum hw_encodings)3},
         "there are no encodings 3"},
        {"columns that are to be flat",
         {.size = sizeof(struct hw_convert_options), .formats = HW_FORMAT_CSV, .nested = HW_NESTED_FAIL},
         "the column is nested"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct batches_run run = {.made = {.rows = 10, .batch_rows = 10}, .options = rows[i].options};
        batches_run(rows[i].name, &run, &scratch);
        assert_row_int(rows[i].name, run.status, HW_EUSAGE);
        assert_row_says(rows[i].name, run.err.message, rows[i].says);
        assert_row_int(rows[i].name, run.made.batches, 0);
        assert_row_text(rows[i].name, scratch_names(&scratch), "");
        scratch_remove(&scratch);
    }
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    bool failed = true;
    size_t successes = 0;
    for (; failed; successes += 1 + successes / 50) {
        struct scratch scratch = scratch_make();
        struct alloc_fault fault;
        struct batches_run run = {
            .made = {.rows = 300, .batch_rows = 40},
            .options = {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO,
                        .threads = 1,
                        .memory_bytes = 16 << 20,
                        .row_group_bytes = 1},
        };
        scratch_write(&scratch, "out/kept", "kept", 4);
        alloc_fault_begin(&fault, successes);
        batches_run("want of memory", &run, &scratch);
        failed = alloc_fault_end(&fault);
        assert_true(run.status == HW_OK || run.status == HW_ENOMEM);
        assert_true(run.status == HW_ENOMEM || run.result.converted == 1);
        if (run.result.converted == 0) {
            assert_string_equal(scratch_names(&scratch), "out/ out/kept ");
        } else { /* it may have run out for the manifest, once both files were there */
            assert_true(strstr(scratch_names(&scratch), "out/rows.avro out/rows.parquet ") != NULL);
        }
        scratch_remove(&scratch);
    }
    assert_in_range(successes, 200, 20000);
}

/* ------ what is there already, and what would be */

static void outputs_that_are_there(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_overwrite overwrite;
        enum hw_status status;
        uint64_t converted, skipped;
        uint64_t read; /* calls of the stream */
    } rows[] = {
        {"auto", HW_OVERWRITE_AUTO, HW_OK, 1, 0, 2},
        {"skip", HW_OVERWRITE_SKIP, HW_OK, 0, 1, 0},
        {"replace", HW_OVERWRITE_REPLACE, HW_OK, 1, 0, 2},
        {"fail", HW_OVERWRITE_FAIL, HW_EEXISTS, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct batches_run first = {.made = {.columns = 1, .rows = 10, .batch_rows = 10},
                                    .options = {.formats = HW_FORMAT_CSV, .threads = 1}};
        struct batches_run second = first;
        scratch_write(&scratch, "out/x", "", 0);
        batches_run_ok(rows[i].name, &first, &scratch);
        second.options.overwrite = rows[i].overwrite;
        second.made.rows = rows[i].converted ? 20 : 10;
        second.made.batch_rows = 20;
        batches_run(rows[i].name, &second, &scratch);
        assert_row_int(rows[i].name, second.status, rows[i].status);
        assert_row_int(rows[i].name, second.result.converted, rows[i].converted);
        assert_row_int(rows[i].name, second.result.skipped, rows[i].skipped);
        assert_row_int(rows[i].name, second.made.batches, rows[i].read);
        csv_check(rows[i].name, &scratch, "out/rows.csv", rows[i].converted ? 20 : 10, true);
        scratch_remove(&scratch);
    }
}

/* What callbacks told, in words. */
struct told {
    char outcome[32], outputs[512], source[64];
    uint64_t rows;
    size_t columns;
    size_t facts;
    uint64_t nulls[MADE_COLUMNS], distinct[MADE_COLUMNS];
    char min[MADE_COLUMNS][32];
};

static void object_told(void *ctx, const struct hw_convert_object *object) {
    static const char *const outcomes[] = {"converted", "skipped", "planned", "failed"};
    struct told *told = ctx;
    snprintf(told->outcome, sizeof(told->outcome), "%s", outcomes[object->outcome]);
    snprintf(told->source, sizeof(told->source), "%s", object->source);
    told->rows = object->rows_out;
    told->columns = object->columns;
    for (size_t i = 0; i < object->outputs_count; i++) {
        const char *name = strrchr(object->outputs[i].path, '/') + 1;
        snprintf(told->outputs + strlen(told->outputs), sizeof(told->outputs) - strlen(told->outputs), "%s ", name);
    }
    for (size_t i = 0; object->column_facts && i < object->columns; i++) {
        told->facts++;
        told->nulls[i] = object->column_facts[i].nulls;
        told->distinct[i] = object->column_facts[i].distinct;
        snprintf(told->min[i], sizeof(told->min[i]), "%s",
                 object->column_facts[i].min ? object->column_facts[i].min : "none");
    }
}

static void a_dry_run_reads_nothing(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct told told = {0};
    struct batches_run run = {
        .made = {.rows = 1000, .batch_rows = 10},
        .options = {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO,
                    .threads = 2,
                    .dry_run = true,
                    .max_file_bytes = 1 << 20,
                    .on_object = object_told,
                    .ctx = &told},
        .name = "trades",
    };
    scratch_write(&scratch, "out/kept", "kept", 4);
    batches_run_ok("dry", &run, &scratch);
    assert_int_equal(run.made.batches, 0);
    assert_string_equal(told.outcome, "planned");
    assert_string_equal(told.source, "trades");
    assert_string_equal(told.outputs, "trades-*.parquet trades-*.avro ");
    assert_int_equal(told.columns, MADE_COLUMNS);
    assert_string_equal(scratch_names(&scratch), "out/ out/kept ");
    scratch_remove(&scratch);
}

/* Of 1,000 rows of tests/support/made_stream.h, counted by what it says of them. */
static void reports_tell_of_columns(void **state) {
    (void)state;
    static const struct {
        uint64_t nulls, distinct_least, distinct_most;
        const char *min;
    } want[MADE_COLUMNS] = {
        {0, 950, 1000, "0"}, {200, 720, 800, "0"},    {143, 2, 2, "false"}, {77, 870, 923, "0.0"},
        {0, 3, 3, "0"},      {100, 850, 900, "none"}, {91, 5, 5, "0"},      {167, 0, 0, "none"},
        {111, 0, 0, "none"}, {125, 0, 0, "none"},     {250, 0, 0, "none"},
    };
    struct scratch scratch = scratch_make();
    struct told told = {0};
    struct batches_run run = {
        .made = {.rows = 1000, .batch_rows = 130},
        .options = {.threads = 2,
                    .row_group_bytes = 1,
                    .report_path = scratch_path(&scratch, "report.json"),
                    .on_object = object_told,
                    .ctx = &told},
    };
    HW_AUTO(hw_buf) report = {0};
    scratch_write(&scratch, "out/kept", "kept", 4);
    batches_run_ok("report", &run, &scratch);
    assert_string_equal(told.outcome, "converted");
    assert_int_equal(told.rows, 1000);
    assert_int_equal(told.facts, MADE_COLUMNS);
    for (size_t i = 0; i < MADE_COLUMNS; i++) {
        const char *name = run.made.schema.fields[i].name;
        assert_row_int(name, told.nulls[i], want[i].nulls);
        assert_row_int(name, told.distinct[i] >= want[i].distinct_least, true);
        assert_row_int(name, told.distinct[i] <= want[i].distinct_most, true);
        assert_row_text(name, told.min[i], want[i].min);
    }
    assert_true(corpus_read(scratch_path(&scratch, "report.json"), &report));
    assert_ok(hw_buf_end_text(&report, &run.err), run.err);
    assert_row_says("report", (const char *)report.data, "\"rows\"");
    assert_row_says("report", (const char *)report.data, "\"map\"");
    scratch_remove(&scratch);
}

/* A stream of one batch, which is anything. */
struct given {
    struct hw_batch_stream base;
    struct hw_batch batch;
    bool done;
};

static enum hw_status given_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                 struct hw_error *err) {
    struct given *given = (struct given *)(void *)base;
    (void)err;
    *out_more = !given->done;
    *out_batch = given->batch;
    given->done = true;
    return HW_OK;
}

static void given_free(struct hw_batch_stream *base) {
    (void)base;
}

/* A bound is told in its own unit. */
static void bounds_are_told_as_csv_has_them(void **state) {
    (void)state;
    static const int64_t values[] = {1700000000, 1700000001};
    static struct hw_field fields[] = {
        {.name = "s", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS}},
        {.name = "us", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}},
    };
    static const struct hw_schema schema = {fields, 2};
    static const struct hw_column columns[] = {{.values = values}, {.values = values}};
    struct given given = {.base = {&schema, given_next, given_free}, .batch = {&schema, 2, columns, NULL}};
    struct scratch scratch = scratch_make();
    struct told told = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_convert_result result;
    const struct hw_convert_options options = {
        .threads = 1, .report_path = scratch_path(&scratch, "report.json"), .on_object = object_told, .ctx = &told};
    assert_ok(hw_convert_batches(&given.base, "rows", scratch_path(&scratch, "x.parquet"), &options, &result, &err),
              err);
    assert_string_equal(told.min[0], "2023-11-14T22:13:20");
    assert_int_equal(told.distinct[0], 2);
    assert_string_equal(told.min[1], "1970-01-01T00:28:20");
    scratch_remove(&scratch);
}

/* ------ many files */

static void partitions_have_their_rows(void **state) {
    (void)state;
    static const char *const keys[] = {"p"};
    static const struct {
        const char *folder;
        uint64_t first; /* row of three */
    } parts[] = {{"out/p=0/", 0}, {"out/p=a1/", 1}, {"out/p=ab2/", 2}};
    struct scratch scratch = scratch_make();
    struct batches_run run = {
        .made = {.columns = MADE_FLAT, .rows = 900, .batch_rows = 70},
        .options = {.formats = HW_FORMAT_CSV, .threads = 2, .partition_by = keys, .partition_by_count = 1},
    };
    scratch_write(&scratch, "out/kept", "kept", 4);
    batches_run_ok("partitions", &run, &scratch);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        HW_AUTO(hw_buf) got = {0};
        char name[64];
        snprintf(name, sizeof(name), "%srows-00000.csv", parts[i].folder);
        assert_row_int(name, corpus_read(scratch_path(&scratch, name), &got), true);
        assert_ok(hw_buf_end_text(&got, &run.err), run.err);
        const char *line = strchr((const char *)got.data, '\n');
        assert_row_bytes(name, got.data, 8, "n,t,b,r\n", 8);
        for (uint64_t row = parts[i].first; row < 900; row += 3) {
            char number[32];
            snprintf(number, sizeof(number), "%" PRIu64 ",", row * 7);
            assert_row_bytes(name, line + 1, strlen(number), number, strlen(number));
            line = strchr(line + 1, '\n');
        }
        assert_row_text(name, line, "\n");
    }
    scratch_remove(&scratch);
}

static void files_have_a_size(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) all = {0};
    HW_AUTO(hw_buf) want = {0};
    size_t files = 0;
    struct batches_run run = {
        .made = {.columns = MADE_FLAT, .rows = 30000, .batch_rows = 1000},
        .options = {.formats = HW_FORMAT_CSV, .threads = 2, .max_file_bytes = 300000},
    };
    scratch_write(&scratch, "out/kept", "kept", 4);
    batches_run_ok("files", &run, &scratch);
    for (;; files++) {
        HW_AUTO(hw_buf) file = {0};
        char name[64];
        snprintf(name, sizeof(name), "out/rows-%05zu.csv", files);
        if (!corpus_read(scratch_path(&scratch, name), &file)) {
            break;
        }
        const size_t header = files > 0 ? strlen("n,t,b,r,p\n") : 0;
        assert_true(file.size < 400000);
        assert_ok(hw_buf_append(&all, file.data + header, file.size - header, &run.err), run.err);
    }
    assert_true(files > 2);
    records_expect(&want, 30000, false);
    assert_row_bytes("files", all.data, all.size, want.data, want.size);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_written),
        cmocka_unit_test(batches_of_any_size_are_taken),
        cmocka_unit_test(large_and_small_batches_are_taken),
        cmocka_unit_test(a_failure_leaves_nothing),
        cmocka_unit_test(a_run_can_be_stopped),
        cmocka_unit_test(what_is_wrong_is_told_before_anything_is_read),
        cmocka_unit_test(forms_of_values_are_checked),
        cmocka_unit_test(want_of_memory_leaves_nothing),
        cmocka_unit_test(outputs_that_are_there),
        cmocka_unit_test(a_dry_run_reads_nothing),
        cmocka_unit_test(reports_tell_of_columns),
        cmocka_unit_test(bounds_are_told_as_csv_has_them),
        cmocka_unit_test(partitions_have_their_rows),
        cmocka_unit_test(files_have_a_size),
    };
    return cmocka_run_group_tests_name("pipeline/convert_batches", tests, NULL, NULL);
}
