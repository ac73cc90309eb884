/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of batches that are made by hand; merged, they are those of the whole. */
#include "pipeline/column_stats.h"

#include <math.h>

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

#define TEXT_64 "0123456789012345678901234567890123456789012345678901234567890123"
#define TEXT_63 "012345678901234567890123456789012345678901234567890123456789012"

/* A table of one column. */
struct one {
    struct hw_field field;
    struct hw_schema schema;
    struct hw_column_stats *stats;
    struct hw_arena arena;
};

static void one_open(struct one *one, struct hw_type type) {
    struct hw_error err = HW_ERROR_INIT;
    *one = (struct one){.field = {.name = "c", .type = type}};
    one->schema = (struct hw_schema){&one->field, 1};
    assert_ok(hw_column_stats_new(&one->schema, &one->stats, &err), err);
}

static void one_close(struct one *one) {
    hw_column_stats_free(one->stats);
    hw_arena_release(&one->arena);
}

static void one_add(struct one *one, struct hw_column_stats *stats, const struct hw_column *column, size_t rows) {
    const struct hw_batch batch = {.schema = &one->schema, .rows = rows, .columns = column};
    hw_column_stats_add(stats, &batch);
}

static void one_tells(struct one *one, const char *name, uint64_t nulls, uint64_t distinct, const char *min,
                      const char *max) {
    const struct hw_column_stat *stat = &one->stats->columns[0];
    assert_row_int(name, stat->nulls, nulls);
    assert_row_int(name, hw_column_stat_distinct(stat), distinct);
    assert_row_int(name, stat->bounded, min != NULL);
    if (min) {
        assert_row_text(name, hw_column_stat_text(&stat->min, one->field.type, &one->arena), min);
        assert_row_text(name, hw_column_stat_text(&stat->max, one->field.type, &one->arena), max);
    }
}

static void fixed_kinds_have_facts(void **state) {
    (void)state;
    static const int64_t integers[] = {5, -7, 0, 5, 100, 0};
    static const double reals[] = {1.5, -0.0, 0.0, -2, 1e300, 0};
    static const int32_t days[] = {0, -1, 11016, 0, -1, 0};
    static const __int128 decimals[] = {150, -5, 0, 150, 99999, 0};
    static const uint8_t truths[] = {0x15};
    static const uint8_t uuids[6][16] = {{1}, {2}, {0xff, 1}, {2}, {1}, {0}};
    static const uint8_t validity[] = {0x1f};
    static const struct {
        const char *name;
        struct hw_type type;
        const void *values;
        uint64_t distinct;
        const char *min, *max;
    } rows[] = {
        {"integers", {.kind = HW_KIND_INT64}, integers, 4, "-7", "100"},
        {"doubles, two zeros are one value", {.kind = HW_KIND_DOUBLE}, reals, 4, "-2.0", "1e+300"},
        {"dates", {.kind = HW_KIND_DATE}, days, 3, "1969-12-31", "2000-02-29"},
        {"timestamps",
         {.kind = HW_KIND_TIMESTAMP, .utc = true},
         integers,
         4,
         "1969-12-31T23:59:59.999993Z",
         "1970-01-01T00:00:00.000100Z"},
        {"decimals", {.kind = HW_KIND_DECIMAL, .precision = 5, .scale = 2}, decimals, 4, "-0.05", "999.99"},
        {"booleans", {.kind = HW_KIND_BOOL}, truths, 2, "false", "true"},
        {"uuids",
         {.kind = HW_KIND_UUID},
         uuids,
         3,
         "01000000-0000-0000-0000-000000000000",
         "ff010000-0000-0000-0000-000000000000"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct one one;
        one_open(&one, rows[i].type);
        const struct hw_column column = {.null_count = 1, .validity = validity, .values = rows[i].values};
        /* the last is null: what stands there does not count */
        one_add(&one, one.stats, &column, 6);
        one_tells(&one, rows[i].name, 1, rows[i].distinct, rows[i].min, rows[i].max);
        hw_column_stats_clear(one.stats);
        one_tells(&one, rows[i].name, 0, 0, NULL, NULL);
        one_close(&one);
    }
}

static void nan_bounds_nothing(void **state) {
    (void)state;
    const double nans[] = {NAN, -NAN, NAN};
    const double mixed[] = {NAN, 3, -(double)INFINITY};
    struct one one;
    one_open(&one, (struct hw_type){.kind = HW_KIND_DOUBLE});
    one_add(&one, one.stats, &(struct hw_column){.values = nans}, 3);
    one_tells(&one, "only nan", 0, 1, NULL, NULL);
    one_add(&one, one.stats, &(struct hw_column){.values = mixed}, 3);
    one_tells(&one, "nan and others", 0, 3, "-inf", "3.0");
    one_close(&one);
}

/* Texts of a column, added one by one and in one batch: the bounds are the same. */
static const struct {
    const char *name;
    const char *texts[4];
    uint64_t distinct;
    const char *min, *max;
} text_rows[] = {
    {"short ones", {"b", "abc", "b", ""}, 3, "", "b"},
    {"a beginning is lower", {"abc", "ab", "abcd", "abc"}, 3, "ab", "abcd"},
    {"bytes decide", {"Z", "a", "\xc3\xa9", "z"}, 4, "Z", "\xc3\xa9"},
    {"64 bytes stay", {TEXT_64, TEXT_64, TEXT_64, TEXT_64}, 1, TEXT_64, TEXT_64},
    {"longer ones are cut", {TEXT_64 "x", TEXT_64 "a", TEXT_64 "b", TEXT_64}, 4, TEXT_64, TEXT_64},
    {"between two characters",
     {TEXT_63 "\xc3\xa9", TEXT_63 "\xc3\xa8", TEXT_63 "\xc3\xa9", TEXT_63 "\xc3\xa9"},
     2,
     TEXT_63,
     TEXT_63},
    {"a cut character counts in the order",
     {TEXT_63 "\xc3\xa9", TEXT_63 "z", TEXT_63 "a", TEXT_63 "b"},
     4,
     TEXT_63 "a",
     TEXT_63},
};

static void text_bounds_are_beginnings(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(text_rows); i++) {
        HW_AUTO(hw_buf) data = {0};
        struct hw_error err = HW_ERROR_INIT;
        int32_t offsets[5] = {0};
        struct one whole, single;
        one_open(&whole, (struct hw_type){.kind = HW_KIND_TEXT});
        one_open(&single, (struct hw_type){.kind = HW_KIND_TEXT});
        for (size_t k = 0; k < 4; k++) {
            assert_ok(hw_buf_append_text(&data, text_rows[i].texts[k], &err), err);
            offsets[k + 1] = (int32_t)data.size;
        }
        one_add(&whole, whole.stats, &(struct hw_column){.offsets = offsets, .data = (const char *)data.data}, 4);
        for (size_t k = 0; k < 4; k++) {
            struct hw_column_stats *part;
            assert_ok(hw_column_stats_new(&single.schema, &part, &err), err);
            one_add(&single, part, &(struct hw_column){.offsets = offsets + 3 - k, .data = (const char *)data.data}, 1);
            hw_column_stats_merge(single.stats, part);
            hw_column_stats_free(part);
        }
        one_tells(&whole, text_rows[i].name, 0, text_rows[i].distinct, text_rows[i].min, text_rows[i].max);
        one_tells(&single, text_rows[i].name, 0, text_rows[i].distinct, text_rows[i].min, text_rows[i].max);
        one_close(&whole);
        one_close(&single);
    }
}

static void parts_without_values_change_nothing(void **state) {
    (void)state;
    static const int64_t values[] = {3, 9};
    static const uint8_t none[] = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct one one;
    struct hw_column_stats *nulls;
    one_open(&one, (struct hw_type){.kind = HW_KIND_INT64});
    assert_ok(hw_column_stats_new(&one.schema, &nulls, &err), err);
    one_add(&one, nulls, &(struct hw_column){.null_count = 2, .validity = none, .values = values}, 2);
    one_add(&one, nulls, &(struct hw_column){.values = values}, 0);
    hw_column_stats_merge(one.stats, nulls);
    one_tells(&one, "nulls only", 2, 0, NULL, NULL);
    one_add(&one, one.stats, &(struct hw_column){.values = values}, 2);
    hw_column_stats_merge(one.stats, nulls);
    one_tells(&one, "nulls after values", 4, 2, "3", "9");
    hw_column_stats_free(nulls);
    one_close(&one);
}

static void wide_tables_keep_less(void **state) {
    (void)state;
    static struct hw_field fields[257];
    struct hw_error err = HW_ERROR_INIT;
    for (size_t count = 256; count <= 257; count++) {
        const struct hw_schema schema = {fields, count};
        struct hw_column_stats *stats;
        assert_ok(hw_column_stats_new(&schema, &stats, &err), err);
        assert_int_equal(stats->registers_bytes, count == 256 ? 256 * 4096 : 257 * 1024);
        assert_ptr_equal(stats->columns[count - 1].sketch.registers,
                         stats->registers + stats->registers_bytes / count * (count - 1));
        hw_column_stats_free(stats);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_column_stats *stats = NULL;
        struct hw_field field = {.name = "c"};
        const struct hw_schema schema = {&field, 1};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_column_stats_new(&schema, &stats, &err);
        hw_column_stats_free(stats);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_kinds_have_facts),     cmocka_unit_test(nan_bounds_nothing),
        cmocka_unit_test(text_bounds_are_beginnings), cmocka_unit_test(parts_without_values_change_nothing),
        cmocka_unit_test(wide_tables_keep_less),      cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/column_stats", tests, NULL, NULL);
}
