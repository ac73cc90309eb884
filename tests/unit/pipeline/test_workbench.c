/* SPDX-License-Identifier: Apache-2.0 */
/* When a piece of rows of many partitions is due. */
#include "pipeline/workbench.h"

#include "support/rows.h"

enum { COLUMNS_MAX = 100, ROWS_MAX = 5000 };

static const struct hw_output_format *format_of(enum hw_format flag) {
    const struct hw_output_format *format = hw_output_formats;
    while (format->flag != flag) {
        format++;
    }
    return format;
}

/* The partitions of `rows` rows whose values of "k" come round after `partitions` of them. */
static void rows_find(struct hw_workbench *bench, const struct hw_schema *schema, size_t rows, int64_t partitions) {
    static int64_t values[ROWS_MAX];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column columns[COLUMNS_MAX + 1] = {{.values = values}};
    const struct hw_batch batch = {schema, rows, columns};
    for (size_t i = 0; i < rows; i++) {
        values[i] = (int64_t)i % partitions;
    }
    assert_ok(hw_partition_find(bench->finder, &batch, &bench->partitions, &err), err);
}

/*
 * Parquet tells of each column of a part in 264 bytes and of its page in 48. So 1,000 parts of one
 * column and 20 of a hundred are more than a quarter of 1 MiB, while 100 parts and 2 are less.
 */
static void parts_count_for_what_they_hold(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t columns;
        size_t rows;
        int64_t partitions;
        bool three; /* formats, not only Parquet */
        bool want;
        bool first; /* no file was begun yet; else so many that a quarter of a piece is left */
    } table[] = {
        {"few partitions", 1, 100, 100, false, false, false},
        {"many partitions", 1, 1000, 1000, false, true, false},
        {"many rows of few partitions", 1, 5000, 100, false, false, false},
        {"few of many columns", 100, 2, 2, false, false, false},
        {"more of many columns", 100, 20, 20, false, true, false},
        {"fewer than 16 parts are no crowd", 100, 15, 15, false, false, false},
        {"what all formats hold is added", 1, 250, 250, true, true, false},
        {"and Parquet alone is less", 1, 250, 250, false, false, false},
        {"many partitions at first", 1, 1000, 1000, false, false, true},
        {"very many", 1, 4000, 4000, false, true, true},
    };
    static const char *const name = "k";
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field fields[COLUMNS_MAX + 1] = {{.name = "k", .type = {.kind = HW_KIND_INT64}}};
        for (size_t k = 1; k <= table[i].columns; k++) {
            fields[k] = (struct hw_field){.name = "v", .type = {.kind = HW_KIND_INT64}};
        }
        const struct hw_schema schema = {fields, table[i].columns + 1};
        struct hw_targets targets = {
            .formats = {format_of(HW_FORMAT_PARQUET), format_of(HW_FORMAT_AVRO), format_of(HW_FORMAT_CSV)},
            .count = table[i].three ? 3 : 1,
        };
        struct hw_outputs outputs = {.targets = &targets};
        struct hw_partitioning partitioning = {0};
        const struct hw_workbench_setup setup = {
            .outputs = &outputs, .partitioning = &partitioning, .piece_bytes = 1 << 20};
        atomic_store(&outputs.files_begun, table[i].first ? 0 : 1 << 20);
        struct hw_workbench bench = {.setup = &setup};
        assert_false(hw_workbench_crowded(&bench)); /* rows are not partitioned */
        assert_ok(hw_partitioning_init(&partitioning, &schema, &name, 1, &arena, &err), err);
        assert_ok(hw_partition_finder_new(&partitioning, &bench.finder, &err), err);
        rows_find(&bench, &schema, table[i].rows, table[i].partitions);
        assert_row_int(table[i].name, hw_workbench_crowded(&bench), table[i].want);
        hw_partition_forget(bench.finder);
        assert_row_int(table[i].name, hw_workbench_crowded(&bench), false);
        hw_buf_release(&bench.partitions);
        hw_partition_finder_free(bench.finder);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_count_for_what_they_hold),
    };
    return cmocka_run_group_tests_name("pipeline/workbench", tests, NULL, NULL);
}
