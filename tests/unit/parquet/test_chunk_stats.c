/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_stats.h"

#include <stdio.h>

#include "prune_make.h"
#include "support/alloc_fault.h"
#include "table/value_json.h"

#define VIEW(literal) HW_VIEW_INIT(literal)
#define DECIMAL(precision_, scale_)               \
    .precision = (precision_), .scale = (scale_), \
    .logical = {.kind = HW_LOGICAL_DECIMAL, .precision = (precision_), .scale = (scale_)}
#define STATS(...) \
    { .nulls = -1, .distinct = -1, .nans = -1, .min_exact = HW_TOLD_NOT, .max_exact = HW_TOLD_NOT, __VA_ARGS__ }

/* A chunk's statistics, and the bounds that they are as JSON, binaries as hex. */
static const struct {
    const char *name;
    struct hw_parquet_element leaf;
    struct hw_parquet_statistics statistics;
    const char *min, *max;
    bool ordered;
} rows[] = {
    {"signed integers",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\xff\xff\xff\xff"), .max = VIEW("\1\0\0\0")),
     "-1",
     "1",
     true},
    {"integers of 8 bits",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_INT_8)},
     STATS(.min = VIEW("\x80\xff\xff\xff"), .max = VIEW("\x7f\0\0\0")),
     "-128",
     "127",
     true},
    {"unsigned integers of 64 bits",
     {PRUNE_LEAF(HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64)},
     STATS(.min = VIEW("\1\0\0\0\0\0\0\0"), .max = VIEW("\xff\xff\xff\xff\xff\xff\xff\xff")),
     "1",
     "18446744073709551615",
     true},
    {"booleans",
     {PRUNE_LEAF(HW_PHYSICAL_BOOLEAN, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\0"), .max = VIEW("\1")),
     "false",
     "true",
     true},
    {"dates",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_DATE)},
     STATS(.min = VIEW("\0\0\0\0"), .max = VIEW("\x1f\0\0\0")),
     "\"1970-01-01\"",
     "\"1970-02-01\"",
     true},
    {"a time that no day has",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_TIME_MILLIS)},
     STATS(.min = VIEW("\0\0\0\0"), .max = VIEW("\0\0\0\x7f")),
     "\"00:00:00Z\"",
     "null",
     true},
    {"doubles, of which one is NaN",
     {PRUNE_LEAF(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\0\0\0\0\0\0\xf0?"), .max = VIEW("\0\0\0\0\0\0\xf8\x7f")),
     "1.0",
     "null",
     true},
    {"texts",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_UTF8)},
     STATS(.min = VIEW(""), .max = VIEW("b\xc3\xa4")),
     "\"\"",
     "\"b\xc3\xa4\"",
     true},
    {"binaries",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\0"), .max = VIEW("\xff\xfe")),
     "\"00\"",
     "\"fffe\"",
     true},
    {"decimals of a width",
     {PRUNE_LEAF(HW_PHYSICAL_FIXED, HW_CONVERTED_DECIMAL), .type_length = 2, DECIMAL(4, 2)},
     STATS(.min = VIEW("\xff\x9c"), .max = VIEW("\x00\x64")),
     "\"-1.00\"",
     "\"1.00\"",
     true},
    {"decimals of any length, of which one may be cut",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_DECIMAL), DECIMAL(4, 2)},
     {.min = VIEW("\x9c"), .max = VIEW("\x64"), .min_exact = HW_TOLD_TRUE, .max_exact = HW_TOLD_FALSE},
     "\"-1.00\"",
     "null",
     true},
    {"one bound alone",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     STATS(.max = VIEW("\1\0\0\0")),
     "null",
     "1",
     true},
    {"a bound of another width",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\1"), .max = VIEW("\2\0\0\0")),
     "null",
     "2",
     true},
    {"the least value behind the greatest",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\2\0\0\0"), .max = VIEW("\1\0\0\0")),
     "2",
     "1",
     false},
    {"the older fields",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     STATS(.old_min = VIEW("\1\0\0\0"), .old_max = VIEW("\2\0\0\0")),
     "1",
     "2",
     false},
    {"the older fields beside the newer ones",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     STATS(.old_min = VIEW("\1\0\0\0"), .old_max = VIEW("\2\0\0\0"), .min = VIEW("\3\0\0\0"), .max = VIEW("\4\0\0\0")),
     "3",
     "4",
     true},
    {"INT96, which has no order",
     {PRUNE_LEAF(HW_PHYSICAL_INT96, HW_CONVERTED_NONE)},
     STATS(.min = VIEW("\0\0\0\0\0\0\0\0\x8c\x3d\x25\0"), .max = VIEW("\0\0\0\0\0\0\0\0\x8c\x3d\x25\0")),
     "null",
     "null",
     false},
    {"an annotation that is not known",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_NONE), .logical = {.kind = 77}},
     STATS(.min = VIEW("a"), .max = VIEW("c")),
     "\"61\"",
     "\"63\"",
     false},
    {"the type of nothing",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE), .logical = {.kind = HW_LOGICAL_UNKNOWN}},
     STATS(.min = VIEW("\1\0\0\0")),
     "null",
     "null",
     false},
};

static enum hw_status stats_make(struct prune_made *made, size_t i, struct hw_parquet_stats *out,
                                 struct hw_error *err) {
    const struct hw_read_schema_options options = {0};
    struct hw_error fault = HW_ERROR_INIT;
    prune_make(made, &rows[i].leaf);
    made->chunks[0].statistics = rows[i].statistics;
    assert_ok(hw_read_schema_make(&made->file.schema, &made->file.meta, &options, NULL, &fault), fault);
    return hw_chunk_stats_make(&made->file, 0, 0, out, err);
}

static void value_is(const char *name, const struct hw_batch *bounds, size_t row, const char *want) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    assert_ok(hw_value_json_append(HW_BINARY_HEX, bounds->schema->fields, bounds->columns, row, &text, &err), err);
    assert_row_bytes(name, text.data, text.size, want, strlen(want));
}

static void bounds_are_values_of_the_column(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct prune_made made;
        struct hw_parquet_stats stats;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(stats_make(&made, i, &stats, &err), err);
        assert_row_int(rows[i].name, stats.bounds.rows, 2);
        assert_row_int(rows[i].name, stats.bounds.schema->count, 1);
        assert_row_text(rows[i].name, stats.bounds.schema->fields[0].name, "c");
        assert_row_int(rows[i].name, stats.ordered, rows[i].ordered);
        hw_read_schema_release(&made.file.schema); /* The bounds outlive it. */
        value_is(rows[i].name, &stats.bounds, 0, rows[i].min);
        value_is(rows[i].name, &stats.bounds, 1, rows[i].max);
        hw_batch_release(&stats.bounds);
    }
}

static void numbers_are_those_of_the_footer(void **state) {
    (void)state;
    static const struct hw_parquet_statistics told = {
        .nulls = 3, .distinct = 0, .nans = -7, .min_exact = HW_TOLD_TRUE, .max_exact = HW_TOLD_FALSE};
    for (int has = 0; has < 2; has++) {
        struct prune_made made;
        struct hw_parquet_stats stats;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_read_schema_options options = {0};
        prune_make(&made, &rows[0].leaf);
        made.chunks[0].has_statistics = has;
        made.chunks[0].statistics = told;
        assert_ok(hw_read_schema_make(&made.file.schema, &made.file.meta, &options, NULL, &err), err);
        assert_ok(hw_chunk_stats_make(&made.file, 0, 0, &stats, &err), err);
        assert_int_equal(stats.entries, PRUNE_ROWS);
        assert_int_equal(stats.nulls, has ? 3 : HW_PARQUET_UNTOLD);
        assert_int_equal(stats.distinct, has ? 0 : HW_PARQUET_UNTOLD);
        assert_int_equal(stats.nans, HW_PARQUET_UNTOLD);
        assert_int_equal(stats.min_exact, has ? 1 : -1);
        assert_int_equal(stats.max_exact, has ? 0 : -1);
        assert_false(stats.ordered);
        assert_int_equal(stats.bounds.columns[0].null_count, 2);
        hw_batch_release(&stats.bounds);
        hw_read_schema_release(&made.file.schema);
    }
}

/* Without ColumnOrder, and with an order that is not known, bounds are given and not trusted. */
static void an_order_must_be_told(void **state) {
    (void)state;
    for (int order = 0; order < 3; order++) {
        struct prune_made made;
        struct hw_parquet_stats stats;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_read_schema_options options = {0};
        prune_make(&made, &rows[0].leaf);
        made.chunks[0].statistics = rows[0].statistics;
        made.orders[0] = order;
        assert_ok(hw_read_schema_make(&made.file.schema, &made.file.meta, &options, NULL, &err), err);
        assert_ok(hw_chunk_stats_make(&made.file, 0, 0, &stats, &err), err);
        assert_int_equal(stats.ordered, order == 1);
        value_is("least", &stats.bounds, 0, "-1");
        hw_batch_release(&stats.bounds);
        hw_read_schema_release(&made.file.schema);
    }
}

static void chunks_that_cannot_be_read_are_refused(void **state) {
    (void)state;
    struct prune_made made;
    struct hw_parquet_stats stats = {.entries = 7};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_read_schema_options options = {0};
    prune_make(&made, &rows[0].leaf);
    made.chunks[0].physical = HW_PHYSICAL_DOUBLE;
    assert_ok(hw_read_schema_make(&made.file.schema, &made.file.meta, &options, NULL, &err), err);
    assert_int_equal(hw_chunk_stats_make(&made.file, 0, 0, &stats, &err), HW_EDATA);
    made.chunks[0].encrypted = "AES_GCM_V1";
    assert_int_equal(hw_chunk_stats_make(&made.file, 0, 0, &stats, &err), HW_EUNSUPPORTED);
    assert_int_equal(stats.entries, 7);
    hw_read_schema_release(&made.file.schema);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool fired = true;
        for (size_t successes = 0; fired; successes++) {
            struct prune_made made;
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_parquet_stats stats = {0};
            const struct hw_read_schema_options options = {0};
            prune_make(&made, &rows[i].leaf);
            made.chunks[0].statistics = rows[i].statistics;
            assert_ok(hw_read_schema_make(&made.file.schema, &made.file.meta, &options, NULL, &err), err);
            alloc_fault_begin(&fault, successes);
            const enum hw_status status = hw_chunk_stats_make(&made.file, 0, 0, &stats, NULL);
            hw_batch_release(&stats.bounds);
            fired = alloc_fault_end(&fault);
            assert_row_int(rows[i].name, status, fired ? HW_ENOMEM : HW_OK);
            hw_read_schema_release(&made.file.schema);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_values_of_the_column), cmocka_unit_test(numbers_are_those_of_the_footer),
        cmocka_unit_test(an_order_must_be_told),           cmocka_unit_test(chunks_that_cannot_be_read_are_refused),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/chunk_stats", tests, NULL, NULL);
}
