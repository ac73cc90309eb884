/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many texts that become one table: compared with one text that somebody has put together by hand.
 */
#include <fcntl.h>
#include <hawser/convert.h>
#include <stdlib.h>

#include "conversions.h"
#include "support/alloc_fault.h"
#include "zip_write.h"

enum { TEXTS_MAX = 5, THREADS_MAX = 4, CUT_BYTES_MAX = 40 };

static const struct {
    const char *name;
    const char *texts[TEXTS_MAX];
    const char *table; /* as CSV */
    const char *schema;
} tables[] = {
    {"one text", {"a,b\n1,x\n"}, "a,b\n1,x\n", "a int64, b text"},
    {"the same columns", {"a,b\n1,x\n2,y\n", "a,b\n3,z\n"}, "a,b\n1,x\n2,y\n3,z\n", "a int64, b text"},
    {"another order", {"a,b\n1,x\n2,y\n", "b,a\nz,3\n"}, "a,b\n1,x\n2,y\n3,z\n", "a int64, b text"},
    {"columns that are lacking",
     {"a,b\n1,x\n", "c\n2.5\n", "b,d\ny,true\n", "d,c,b,a\nfalse,1,z,2\n"},
     "a,b,c,d\n1,x,,\n,,2.5,\n,y,,true\n2,z,1,false\n",
     "a int64, b text, c double, d boolean"},
    {"every kind is lacking somewhere",
     {"n\n1\n", "i,d,e,t,u\n1,1.5,0.1234567890123456789,x,2024-01-01\n",
      "s,z,n\n2024-01-01 10:00:00,2024-01-01T10:00:00.000000001Z,2\n"},
     "n,i,d,e,t,u,s,z\n1,,,,,,,\n,1,1.5,0.1234567890123456789,x,2024-01-01,,\n2,,,,,,2024-01-01 10:00:00,"
     "2024-01-01T10:00:00.000000001Z\n",
     "n int64, i int64, d double, e decimal(19,19), t text, u date, s timestamp(us), z timestamp(ns, UTC)"},
    {"names are compared exactly", {"a,A\n1,2\n", "A, a\n3,4\n"}, "a,A, a\n1,2,\n,3,4\n", "a int64, A int64,  a int64"},
    {"equal names", {"a,a\n1,2\n", "a_2,a\n3,4\n"}, "a,a_2\n1,2\n4,3\n", "a int64, a_2 int64"},
    {"names that are lacking",
     {"a,\n1,2\n", ",a\n3,4\n"},
     "a,column_2,column_1\n1,2,\n4,,3\n",
     "a int64, column_2 int64, column_1 int64"},
    {"int and double", {"v\n1\n", "v\n2.5\n", "v\n3\n"}, "v\n1\n2.5\n3\n", "v double"},
    {"large ints and double", {"v\n9007199254740993\n", "v\n0.5\n"}, "v\n9007199254740993\n0.5\n", "v decimal(17,1)"},
    {"int and text", {"v\n1\n", "v\n007\n"}, "v\n1\n007\n", "v text"},
    {"date and timestamp",
     {"v\n2024-01-01\n", "v\n2024-01-01 10:00:00\n"},
     "v\n2024-01-01\n2024-01-01 10:00:00\n",
     "v timestamp(us)"},
    {"nulls, then ints", {"v,w\n,1\n", "v\n7\n"}, "v,w\n,1\n7,\n", "v int64, w int64"},
    {"nothing but nulls", {"v,w\n,1\n", "w\n7\n"}, "v,w\n,1\n,7\n", "v null, w int64"},
    {"each its dialect",
     {"a,b\n1,x\n", "a;b\n2;\"y;\n\"\"y\"\n", "b\ta\r\nz\t3\r\n",
      "\xef\xbb\xbf"
      "a|b\n4|\"w\"\n"},
     "a,b\n1,x\n2,\"y;\n\"\"y\"\n3,z\n4,w\n",
     "a int64, b text"},
    {"texts without rows", {"z\n", "a\n1\n", "a,y\n", "a\n2\n"}, "z,a,y\n,1,\n,2,\n", "z null, a int64, y null"},
    {"no text has rows", {"z\n", "a\n", "a,y\n"}, "z,a,y\n", "z null, a null, y null"},
    {"blank lines are rows of one column only", {"a\n\n1\n", "a,b\n\n2,x\n"}, "a,b\n,\n1,\n2,x\n", "a int64, b text"},
    {"no record end at the ends", {"a,b\n1,x", "a,b\n2,y", "b\nz"}, "a,b\n1,x\n2,y\n,z\n", "a int64, b text"},
    {"records longer than spans",
     {"a,b\n1,\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n1,2\n,,\n\"\n2,y\n", "b\n\"\n\n\n\n\n\n\n\n\n1\n\"\nz\n"},
     "a,b\n1,\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n1,2\n,,\n\"\n2,y\n,\"\n\n\n\n\n\n\n\n\n1\n\"\n,z\n",
     "a int64, b text"},
    {"records in quotes, cut in their middle",
     {"a,b\n1,\"x\n7,8\n9,10\n\"\n3,y\n", "b,a\n\"\n11,12\n13,14\n15,16\n\",5\nw,6\n", "a,b\n7,v\n"},
     "a,b\n1,\"x\n7,8\n9,10\n\"\n3,y\n5,\"\n11,12\n13,14\n15,16\n\"\n6,w\n7,v\n",
     "a int64, b text"},
};

static const char *const text_names[TEXTS_MAX] = {"0.csv", "1.csv", "2.csv", "3.csv", "4.csv"};

static size_t texts_write(const struct scratch *scratch, const char *const texts[TEXTS_MAX]) {
    size_t count = 0;
    for (; count < TEXTS_MAX && texts[count]; count++) {
        scratch_write(scratch, text_names[count], texts[count], strlen(texts[count]));
    }
    return count;
}

static struct conversion_run merge_run(const struct scratch *scratch, size_t count, const struct hw_csv_options *csv,
                                       uint64_t span_bytes, uint32_t threads) {
    return convert_all_to_rows(
        scratch, text_names, count,
        &(struct hw_convert_options){.csv = *csv, .row_group_bytes = span_bytes, .threads = threads, .merge = true});
}

static void merged_texts_are_one_table(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct scratch scratch = scratch_make();
        scratch_write(&scratch, "table.csv", tables[i].table, strlen(tables[i].table));
        struct conversion_run want = convert_to_rows(&scratch, "table.csv", &(struct hw_convert_options){0});
        assert_row_text(tables[i].name, want.schema, tables[i].schema);
        size_t count = texts_write(&scratch, tables[i].texts);
        for (uint64_t cut = 0; cut <= CUT_BYTES_MAX; cut++) {
            for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
                char row[256];
                snprintf(row, sizeof(row), "%s, spans of %" PRIu64 ", %u threads", tables[i].name, cut, threads);
                struct conversion_run run = merge_run(&scratch, count, &(struct hw_csv_options){0}, cut, threads);
                assert_same_run(row, &run, &want);
                assert_row_int(row, run.result.objects, 1);
                conversion_release(&run);
            }
        }
        conversion_release(&want);
        scratch_remove(&scratch);
    }
}

/* Each text as it is, or packed. */
static void packed_texts_are_merged_with_plain_ones(void **state) {
    (void)state;
    static const char *const members[] = {"m1.csv", "m2.csv", NULL};
    static const char *const names[] = {"0.csv", "1.csv.gz", "2.zip", "3.csv"};
    static const char want_text[] = "a,b,c\n1,x,\n2,y,\n,z,5\n,z,5\n3,v,\n";
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "table.csv", want_text, strlen(want_text));
    scratch_write(&scratch, "0.csv", "a,b\n1,x\n", 8);
    packed_write(&scratch, "1.csv.gz", HW_CODEC_GZIP, HW_VIEW("b;a\ny;2\n"));
    zip_write(&scratch, "2.zip", members, HW_VIEW("c\tb\n5\tz\n"));
    scratch_write(&scratch, "3.csv", "a,b\n3,v\n", 8);
    struct conversion_run want = convert_to_rows(&scratch, "table.csv", &(struct hw_convert_options){0});
    for (uint64_t cut = 0; cut <= CUT_BYTES_MAX; cut++) {
        for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
            struct conversion_run run = convert_all_to_rows(
                &scratch, names, COUNT_OF(names),
                &(struct hw_convert_options){.row_group_bytes = cut, .threads = threads, .merge = true});
            assert_same_run("packed", &run, &want);
            conversion_release(&run);
        }
    }
    conversion_release(&want);
    scratch_remove(&scratch);
}

static const char schema_text[] =
    "{\"columns\": [{\"name\": \"b\", \"type\": \"text\", \"required\": true},"
    " {\"name\": \"a\", \"type\": \"int64\", \"max\": 90, \"unique\": true}, {\"name\": \"c\", \"type\": \"double\"}]}";

/* The error is that of one text, as if it were alone. */
static const struct {
    const char *name;
    const char *texts[TEXTS_MAX];
    bool schema;
    enum hw_status want;
    const char *says;
    const char *text; /* NULL: the whole merge */
    const char *column;
    int64_t line, offset;
} errors[] = {
    {"a short record of the second text",
     {"a,b\n1,x\n", "a,b\n1,x\n\"\n2\"\n", "a,b\n1,x\n"},
     false,
     HW_EDATA,
     "found 1 field, expected 2",
     "1.csv",
     "",
     3,
     8},
    {"a long record of the last text",
     {"a,b\n1,x\n", "b,a\n1,\"\n\"\n1,2,3\n"},
     false,
     HW_EDATA,
     "found 3 fields, expected 2",
     "1.csv",
     "",
     4,
     10},
    {"the first of two", {"a,b\n1\n", "a,b\n1\n"}, false, HW_EDATA, "found 1 field", "0.csv", "", 2, 4},
    {"an empty text", {"a,b\n1,x\n", "", "a,b\n"}, false, HW_EDATA, "found no header", "1.csv", "", -1, 0},
    {"a header that is bad", {"a,b\n1,x\n", "a,\"b\n"}, false, HW_EDATA, "in its first record", "1.csv", "", 1, 0},
    {"not of the schema's type",
     {"a,b\n1,x\n", "b,a\nx,2\ny,z\n"},
     true,
     HW_EDATA,
     "found \"z\", expected int64",
     "1.csv",
     "a",
     3,
     10},
    {"beyond a bound",
     {"b,a\nx,1\n", "a,b\n2,x\n91,y\n"},
     true,
     HW_EDATA,
     "found \"91\", expected at most 90",
     "1.csv",
     "a",
     3,
     8},
    {"no value twice in all of them",
     {"b,a\nx,1\n", "a,b\n2,x\n1,y\n"},
     true,
     HW_EDATA,
     "found \"1\", expected a value that no record before has",
     "1.csv",
     "a",
     3,
     8},
    {"null where it is required",
     {"b,a\nx,1\n", "c,b\n2,x\n3,\n"},
     true,
     HW_EDATA,
     "found no value",
     "1.csv",
     "b",
     3,
     10},
    {"a required column is lacking",
     {"b,a,c\nx,1,2\n", "b\ny\n", "a\n2\n", "a,b\n2,x\n"},
     true,
     HW_EDATA,
     "the schema requires this column",
     "2.csv",
     "b",
     -1,
     -1},
    {"a column that no text has",
     {"b,a\nx,1\n", "b\ny\n"},
     true,
     HW_EDATA,
     "there is no column \"c\" for which a type is given",
     "0.csv and 1 more",
     "",
     -1,
     -1},
};

static void errors_name_the_text(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        struct scratch scratch = scratch_make();
        struct hw_csv_options csv = {0};
        char schema[1024];
        bool c_lacks = strstr(errors[i].says, "\"c\"") != NULL;
        size_t count = texts_write(&scratch, errors[i].texts);
        scratch_write(&scratch, "schema.json", schema_text, strlen(schema_text));
        snprintf(schema, sizeof(schema), "%sschema.json", scratch.folder);
        csv.schema_path = errors[i].schema ? schema : NULL;
        if (errors[i].schema && !c_lacks) { /* the column that all but two of them lack is there */
            assert_true(count < TEXTS_MAX);
            scratch_write(&scratch, text_names[count++], "b,c\nq,1\n", 8);
        }
        for (uint64_t cut = 0; cut <= CUT_BYTES_MAX; cut += 3) {
            for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
                struct conversion_run run = merge_run(&scratch, count, &csv, cut, threads);
                assert_row_int(errors[i].name, run.status, errors[i].want);
                assert_row_says(errors[i].name, run.err.message, errors[i].says);
                assert_row_says(errors[i].name, run.object_err.object, errors[i].text);
                assert_row_text(errors[i].name, run.err.column, errors[i].column);
                assert_row_int(errors[i].name, run.err.line, errors[i].line);
                assert_row_int(errors[i].name, run.err.offset, errors[i].offset);
                assert_row_int(errors[i].name, run.result.objects, 1);
                assert_row_int(errors[i].name, run.result.failed, 1);
                conversion_release(&run);
            }
        }
        scratch_remove(&scratch);
    }
}

static void rejects_name_their_text(void **state) {
    (void)state;
    static const char *const texts[TEXTS_MAX] = {"a,b\n1,x\n2\n\"\n3\",y\n4,\n", "b,c\nx,y,z\n\"w\n",
                                                 "b,a\nv,5\nw,6,7\n", "a;b\n8;\"\n\"\n9\n10;u\n"};
    static const struct {
        const char *text, *rest;
    } want[] = {
        {"0.csv", "\",\"line\":3,\"offset\":8,\"reason\":\"too_few_fields\",\"raw\":\"2\"}\n"},
        {"1.csv", "\",\"line\":2,\"offset\":4,\"reason\":\"too_many_fields\",\"raw\":\"x,y,z\"}\n"},
        {"1.csv", "\",\"line\":3,\"offset\":10,\"reason\":\"open_quote\",\"raw\":\"\\\"w\\n\"}\n"},
        {"2.csv", "\",\"line\":3,\"offset\":8,\"reason\":\"too_many_fields\",\"raw\":\"w,6,7\"}\n"},
        {"3.csv", "\",\"line\":4,\"offset\":10,\"reason\":\"too_few_fields\",\"raw\":\"9\"}\n"},
    };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) rejects = {0};
    size_t count = texts_write(&scratch, texts);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_int_equal(
            hw_buf_printf(&rejects, NULL, "{\"source\":\"%s%s%s", scratch.folder, want[i].text, want[i].rest), HW_OK);
    }
    for (uint64_t cut = 0; cut <= CUT_BYTES_MAX; cut++) {
        for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
            struct conversion_run run =
                merge_run(&scratch, count, &(struct hw_csv_options){.bad_rows_reject = true}, cut, threads);
            assert_ok(run.status, run.err);
            assert_row_bytes("rejects", run.rejects.data, run.rejects.size, rejects.data, rejects.size);
            assert_int_equal(run.result.rows_in, 11);
            assert_int_equal(run.result.rejected, 5);
            conversion_release(&run);
        }
    }
    scratch_remove(&scratch);
}

static void limits_of_rejects_count_over_all_texts(void **state) {
    (void)state;
    static const char *const texts[TEXTS_MAX] = {"a,b\n1\n1,2\n", "a,b\n1,2\n1\n", "a,b\n1,2\n"};
    struct scratch scratch = scratch_make();
    size_t count = texts_write(&scratch, texts);
    for (unsigned most = 1; most <= 2; most++) {
        struct conversion_run run =
            merge_run(&scratch, count, &(struct hw_csv_options){.bad_rows_reject = true, .rejects_max = most}, 0, 1);
        assert_int_equal(run.status, most == 1 ? HW_EDATA : HW_OK);
        conversion_release(&run);
        run = merge_run(&scratch, count,
                        &(struct hw_csv_options){.bad_rows_reject = true, .rejects_max_ratio = most == 1 ? 0.3 : 0.4},
                        0, 1);
        assert_int_equal(run.status, most == 1 ? HW_EDATA : HW_OK);
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

/* Values that no sample shows, in a text of whose columns others have only some. */
static void one_restart_is_for_all_texts(void **state) {
    (void)state;
    enum { ROWS = 40000, ODD_ROW = 12345, ROW_BYTES = 64 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) large = {0};
    HW_AUTO(hw_buf) table = {0};
    assert_int_equal(hw_buf_append_text(&large, "v,p,w\n", NULL), HW_OK);
    assert_int_equal(hw_buf_append_text(&table, "w,v,p\n1,,\n", NULL), HW_OK);
    for (size_t i = 0; i < ROWS; i++) {
        const char *v = i == ODD_ROW ? "x" : "12";
        const char *w = i == ODD_ROW + 1 ? "1.5" : "7";
        assert_int_equal(hw_buf_printf(&large, NULL, "%s,................................,%s\n", v, w), HW_OK);
        assert_int_equal(hw_buf_printf(&table, NULL, "%s,%s,................................\n", w, v), HW_OK);
    }
    assert_int_equal(hw_buf_append_text(&table, "9,,\n", NULL), HW_OK);
    scratch_write(&scratch, "table.csv", table.data, table.size);
    scratch_write(&scratch, "0.csv", "w\n1\n", 4);
    scratch_write(&scratch, "1.csv", large.data, large.size);
    scratch_write(&scratch, "2.csv", "w\n9\n", 4);
    struct conversion_run want = convert_to_rows(&scratch, "table.csv", &(struct hw_convert_options){0});
    assert_true(want.restarted);
    assert_string_equal(want.schema, "w double, v text, p text");
    for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
        for (uint64_t cut = 0; cut <= HW_MIB(1); cut += 300000) {
            struct conversion_run run = merge_run(&scratch, 3, &(struct hw_csv_options){0}, cut, threads);
            assert_true(run.restarted);
            assert_same_run("restart", &run, &want);
            conversion_release(&run);
        }
    }
    conversion_release(&want);
    scratch_remove(&scratch);
}

/* Writes to the file when it is opened for the second time: to be read, after it was looked at. */
static unsigned opened_count;
static struct hw_io changing_io;

static int changing_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    size_t bytes = strlen(path);
    bool ours = bytes > 5 && strcmp(path + bytes - 5, "1.csv") == 0 && !(flags & O_PATH);
    if (ours && ++opened_count == 2) {
        FILE *file = fopen(path, "a");
        assert_non_null(file);
        fputs("5,6\n", file);
        fclose(file);
    }
    return hw_io_system.openat(dir_fd, path, flags, mode);
}

static void a_source_that_changes_fails_the_merge(void **state) {
    (void)state;
    static const char *const texts[TEXTS_MAX] = {"a,b\n1,2\n", "a,b\n3,4\n"};
    struct scratch scratch = scratch_make();
    size_t count = texts_write(&scratch, texts);
    changing_io = *hw_io();
    changing_io.openat = changing_openat;
    opened_count = 0;
    hw_io_set(&changing_io);
    struct conversion_run run = merge_run(&scratch, count, &(struct hw_csv_options){0}, 0, 1);
    quick_io();
    assert_int_equal(run.status, HW_ECHANGED);
    assert_non_null(strstr(run.err.message, "was changed while it was read"));
    assert_non_null(strstr(run.object_err.object, "1.csv"));
    assert_string_equal(scratch_names(&scratch), "0.csv 1.csv ");
    conversion_release(&run);
    scratch_remove(&scratch);
}

static void a_source_that_is_missing_fails_the_merge(void **state) {
    (void)state;
    static const char *const texts[TEXTS_MAX] = {"a,b\n1,2\n", "a,b\n3,4\n"};
    struct scratch scratch = scratch_make();
    size_t count = texts_write(&scratch, texts);
    struct conversion_run run = merge_run(&scratch, count + 1, &(struct hw_csv_options){0}, 0, 1);
    assert_int_equal(run.status, HW_ENOTFOUND);
    assert_non_null(strstr(run.object_err.object, "2.csv"));
    assert_string_equal(scratch_names(&scratch), "0.csv 1.csv ");
    conversion_release(&run);
    scratch_remove(&scratch);
}

/*
 * Texts of two shapes, one of them packed, constraints and rejects: all that a merge takes memory
 * for.
 */
static enum hw_status fault_run(const struct scratch *scratch, struct hw_convert_result *result, struct hw_error *err) {
    char paths[3][1024];
    char schema[1024];
    char report[1024];
    char out[1024];
    const char *const names[] = {"0.csv", "1.csv.gz", "2.zip"};
    const char *sources[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(paths[i], sizeof(paths[i]), "%sin/%s", scratch->folder, names[i]);
        sources[i] = paths[i];
    }
    snprintf(schema, sizeof(schema), "%sin/schema.json", scratch->folder);
    snprintf(report, sizeof(report), "%sreport.json", scratch->folder);
    snprintf(out, sizeof(out), "%sout/", scratch->folder);
    const struct hw_convert_options options = {
        .csv = {.bad_rows_reject = true, .schema_path = schema},
        .report_path = report,
        .threads = 1,
        .merge = true,
        .row_group_bytes = 8,
    };
    return hw_convert(sources, COUNT_OF(sources), out, &options, result, err);
}

static struct scratch fault_sources(void) {
    static const char *const members[] = {"m1.csv", "m2.csv", NULL};
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in/schema.json", schema_text, strlen(schema_text));
    scratch_write(&scratch, "in/0.csv", "a,b\n1,x\n1,y\n2,z\n", 16);
    packed_write(&scratch, "in/1.csv.gz", HW_CODEC_GZIP, HW_VIEW("b;c;a\nv;1.5;3\nw\n"));
    zip_write(&scratch, "in/2.zip", members, HW_VIEW("c,b\n5,u\n"));
    return scratch;
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    bool fired = true;
    size_t successes = 0;
    for (; fired; successes++) {
        char row[64];
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result = {0};
        struct scratch scratch = fault_sources();
        snprintf(row, sizeof(row), "no memory after %zu requests", successes);
        alloc_fault_begin(&fault, successes);
        enum hw_status status = fault_run(&scratch, &result, &err);
        fired = alloc_fault_end(&fault);
        bool made = strstr(scratch_names(&scratch), "out/merged.parquet") != NULL;
        assert_row_int(row, made, result.converted == 1);
        if (!fired) {
            assert_ok(status, err);
            assert_row_int(row, result.rows_out, 5);
            assert_row_int(row, result.rejected, 2);
        } else if (status != HW_OK) {
            assert_row_int(row, status, HW_ENOMEM);
        }
        scratch_remove(&scratch);
    }
    assert_in_range(successes, 200, 100000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merged_texts_are_one_table),
        cmocka_unit_test(packed_texts_are_merged_with_plain_ones),
        cmocka_unit_test(errors_name_the_text),
        cmocka_unit_test(rejects_name_their_text),
        cmocka_unit_test(limits_of_rejects_count_over_all_texts),
        cmocka_unit_test(one_restart_is_for_all_texts),
        cmocka_unit_test(a_source_that_changes_fails_the_merge),
        cmocka_unit_test(a_source_that_is_missing_fails_the_merge),
        cmocka_unit_test(want_of_memory_leaves_nothing),
    };
    quick_io();
    return cmocka_run_group_tests_name("pipeline/convert_merge", tests, NULL, NULL);
}
