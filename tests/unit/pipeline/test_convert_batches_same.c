/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same rows make the same bytes: with any number of threads, any memory, other batches, and
 * whatever lies in the program's buffers where there is no value.
 */
#include <stdio.h>

#include "batches_run.h"

enum { FILES_MAX = 64, ROWS = 40000 };

static const size_t mixed_sizes[] = {1, 0, 500, 3, 9000, 17, 8, 8, 1000, 1, 20000, 64, SIZE_MAX};

/* A run that makes the same as the first one. */
static const struct {
    const char *name;
    uint32_t threads;
    uint64_t memory_mib;
    size_t batch_rows;
    const size_t *sizes;
    bool borrowed;
    uint8_t unset;
} rows[] = {
    {"the first", 2, 256, 1000, NULL, false, 0},
    {"1 thread", 1, 256, 1000, NULL, false, 0},
    {"3 threads", 3, 256, 1000, NULL, false, 0},
    {"4 threads", 4, 256, 1000, NULL, false, 0},
    {"5 threads", 5, 256, 1000, NULL, false, 0},
    {"little memory", 2, 16, 1000, NULL, false, 0},
    {"much memory", 2, 2048, 1000, NULL, false, 0},
    {"batches of 7", 2, 256, 7, NULL, false, 0},
    {"one batch", 2, 256, ROWS, NULL, false, 0},
    {"batches of many sizes", 2, 256, 0, mixed_sizes, false, 0},
    {"batches of many sizes, little memory", 5, 16, 0, mixed_sizes, false, 0},
    {"batches without an owner", 3, 256, 333, NULL, true, 0},
    {"other garbage", 2, 256, 1000, NULL, false, 0xff},
    {"other garbage in other batches", 3, 16, 77, NULL, true, 0x5b},
};

/* What all runs are asked for. */
static const struct {
    const char *name;
    struct hw_convert_options options;
    size_t columns;
    const char *files[4]; /* that are compared: names in out/ */
} cases[] = {
    {"flat, three formats",
     {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV, .row_group_bytes = 400000},
     MADE_FLAT,
     {"rows.parquet", "rows.avro", "rows.csv"}},
    {"nested", {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO}, MADE_COLUMNS, {"rows.parquet", "rows.avro"}},
    {"nested, small row groups",
     {.formats = HW_FORMAT_PARQUET | HW_FORMAT_AVRO, .row_group_bytes = 100000, .row_group_rows = 1001},
     MADE_COLUMNS,
     {"rows.parquet", "rows.avro"}},
    {"files of a size",
     {.formats = HW_FORMAT_PARQUET | HW_FORMAT_CSV, .max_file_bytes = 500000},
     MADE_FLAT,
     {"rows-00000.parquet", "rows-00000.csv", "rows-00001.csv", "rows-00002.csv"}},
};

static void the_same_rows_make_the_same_bytes(void **state) {
    (void)state;
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        struct hw_buf first[4] = {{0}};
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            char name[128];
            struct scratch scratch = scratch_make();
            struct batches_run run = {
                .made = {.columns = cases[c].columns,
                         .rows = ROWS,
                         .batch_rows = rows[i].batch_rows,
                         .sizes = rows[i].sizes,
                         .borrowed = rows[i].borrowed,
                         .unset = rows[i].unset},
                .options = cases[c].options,
            };
            run.options.threads = rows[i].threads;
            run.options.memory_bytes = rows[i].memory_mib << 20;
            snprintf(name, sizeof(name), "%s: %s", cases[c].name, rows[i].name);
            scratch_write(&scratch, "out/x", "", 0);
            batches_run_ok(name, &run, &scratch);
            for (size_t k = 0; k < COUNT_OF(first) && cases[c].files[k]; k++) {
                HW_AUTO(hw_buf) file = {0};
                char path[128];
                snprintf(path, sizeof(path), "out/%s", cases[c].files[k]);
                assert_row_int(path, corpus_read(scratch_path(&scratch, path), &file), true);
                if (i == 0) {
                    assert_ok(hw_buf_append(&first[k], file.data, file.size, &run.err), run.err);
                }
                assert_row_bytes(name, file.data, file.size, first[k].data, first[k].size);
            }
            scratch_remove(&scratch);
        }
        for (size_t k = 0; k < COUNT_OF(first); k++) {
            hw_buf_release(&first[k]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_rows_make_the_same_bytes)};
    return cmocka_run_group_tests_name("pipeline/convert_batches_same", tests, NULL, NULL);
}
