/* SPDX-License-Identifier: Apache-2.0 */
/* hw_convert_batches: the rows of a stream become files, or none. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "batches_run.h"
#include "core/alloc.h"
#include "core/error.h"
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_written),
        cmocka_unit_test(batches_of_any_size_are_taken),
        cmocka_unit_test(large_and_small_batches_are_taken),
    };
    return cmocka_run_group_tests_name("pipeline/convert_batches", tests, NULL, NULL);
}
