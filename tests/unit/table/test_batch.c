/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch.h"

#include "support/rows.h"

enum { ROWS = 27, COLUMNS = 6 };

/*
 * A batch of 27 rows: each value is its row; every third is null, but in the last column, where the
 * first 16 are.
 */
struct filled {
    struct hw_field fields[COLUMNS];
    struct hw_schema schema;
    struct hw_column columns[COLUMNS];
    struct hw_batch batch;
    int64_t integers[ROWS];
    int32_t dates[ROWS];
    uint8_t bits[(ROWS + 7) / 8];
    int32_t offsets[ROWS + 1];
    char text[ROWS * 2];
    uint8_t thirds[(ROWS + 7) / 8];
    uint8_t first16[(ROWS + 7) / 8];
};

static void batch_fill(struct filled *out) {
    static const enum hw_kind kinds[COLUMNS] = {HW_KIND_INT64, HW_KIND_DATE, HW_KIND_BOOL,
                                                HW_KIND_TEXT,  HW_KIND_NULL, HW_KIND_INT64};
    size_t nulls = 0;
    *out = (struct filled){0};
    for (int i = 0; i < ROWS; i++) {
        out->integers[i] = i;
        out->dates[i] = i;
        out->bits[i / 8] |= (uint8_t)((i % 2) << (i % 8));
        out->offsets[i + 1] = out->offsets[i] + i % 3;
        out->thirds[i / 8] |= (uint8_t)((i % 3 != 0) << (i % 8));
        out->first16[i / 8] |= (uint8_t)((i >= 16) << (i % 8));
        nulls += i % 3 == 0;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        out->fields[i].type.kind = kinds[i];
    }
    out->columns[0] = (struct hw_column){.null_count = nulls, .validity = out->thirds, .values = out->integers};
    out->columns[1] = (struct hw_column){.values = out->dates};
    out->columns[2] = (struct hw_column){.null_count = nulls, .validity = out->thirds, .values = out->bits};
    out->columns[3] = (struct hw_column){.offsets = out->offsets, .values = out->offsets, .data = out->text};
    out->columns[4] = (struct hw_column){.null_count = ROWS};
    out->columns[5] = (struct hw_column){.null_count = 16, .validity = out->first16, .values = out->integers};
    out->schema = (struct hw_schema){out->fields, COLUMNS};
    out->batch = (struct hw_batch){.schema = &out->schema, .rows = ROWS, .columns = out->columns};
}

static void slices_by_rows(void **state) {
    static const struct {
        const char *name;
        size_t first;
        size_t rows_max;
        size_t want;    /* rows */
        size_t thirds;  /* nulls of the columns where every third is */
        size_t first16; /* nulls of the last column */
    } rows[] = {
        {"all", 0, ROWS, ROWS, 9, 16},
        {"all, more asked for", 0, 1000, ROWS, 9, 16},
        {"all but the last, in whole bytes", 0, 26, 24, 8, 16},
        {"the first byte", 0, 8, 8, 3, 8},
        {"less than two bytes", 0, 15, 8, 3, 8},
        {"from the middle", 8, 8, 8, 3, 8},
        {"from the middle to the end", 16, 100, 11, 3, 0},
        {"from the middle, just to the end", 16, 11, 11, 3, 0},
        {"the last three", 24, 8, 3, 1, 0},
    };
    (void)state;
    static struct filled filled;
    batch_fill(&filled);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = rows[i].name;
        struct hw_column columns[COLUMNS];
        struct hw_batch slice = hw_batch_slice(&filled.batch, rows[i].first, rows[i].rows_max, columns);
        assert_row_int(name, slice.rows, rows[i].want);
        assert_row_int(name, slice.schema == &filled.schema, true);
        assert_row_int(name, slice.columns[0].null_count, rows[i].thirds);
        assert_row_int(name, slice.columns[1].null_count, 0);
        assert_row_int(name, slice.columns[2].null_count, rows[i].thirds);
        assert_row_int(name, slice.columns[4].null_count, rows[i].want);
        assert_row_int(name, slice.columns[5].null_count, rows[i].first16);
        assert_row_int(name, slice.columns[5].validity == NULL, rows[i].first16 == 0);
        for (size_t row = 0; row < slice.rows; row++) {
            size_t from = rows[i].first + row;
            const int32_t *offsets = slice.columns[3].offsets + row;
            assert_row_int(name, ((const int64_t *)slice.columns[0].values)[row], from);
            assert_row_int(name, ((const int32_t *)slice.columns[1].values)[row], from);
            assert_row_int(name, ((const uint8_t *)slice.columns[2].values)[row / 8] >> (row % 8) & 1, from % 2);
            assert_row_int(name, offsets[1] - offsets[0], from % 3);
            assert_row_int(name, offsets[0], filled.offsets[from]);
            assert_row_int(name, hw_column_valid(&slice.columns[0], row), from % 3 != 0);
            assert_row_int(name, hw_column_valid(&slice.columns[1], row), true);
            assert_row_int(name, hw_column_valid(&slice.columns[5], row), from >= 16);
        }
    }
}

/* Kinds of later have an offset, and so has what a slice is made of once more. */
static void other_kinds_are_sliced_by_offset(void **state) {
    (void)state;
    static struct filled filled;
    batch_fill(&filled);
    filled.fields[0].type.kind = HW_KIND_UINT64;
    filled.fields[4].type.kind = HW_KIND_STRUCT;
    filled.columns[1].offset = 3;
    struct hw_column columns[COLUMNS], again[COLUMNS];
    struct hw_batch slice = hw_batch_slice(&filled.batch, 8, 16, columns);
    assert_int_equal(slice.rows, 16);
    assert_ptr_equal(columns[0].values, filled.integers);
    assert_int_equal(columns[0].offset, 8);
    assert_int_equal(columns[0].null_count, 5); /* 9, 12, 15, 18, 21 */
    assert_int_equal(columns[0].length, 16);
    assert_int_equal(columns[1].offset, 11);
    assert_int_equal(columns[4].offset, 8);
    assert_int_equal(columns[4].null_count, 16);
    slice = hw_batch_slice(&slice, 8, 8, again);
    assert_int_equal(again[0].offset, 16);
    assert_int_equal(again[0].null_count, 2);
    for (size_t row = 0; row < 8; row++) {
        assert_int_equal(hw_column_valid(&again[0], row), (16 + row) % 3 != 0);
    }
}

static void indices_of_every_width_are_read(void **state) {
    (void)state;
    static const struct {
        enum hw_kind kind;
        size_t bytes;
        uint64_t want;
    } rows[] = {
        {HW_KIND_INT8, 1, 127},        {HW_KIND_UINT8, 1, 255},        {HW_KIND_INT16, 2, 32767},
        {HW_KIND_UINT16, 2, 65535},    {HW_KIND_INT32, 4, 2147483647}, {HW_KIND_UINT32, 4, UINT32_MAX},
        {HW_KIND_INT64, 8, INT64_MAX}, {HW_KIND_UINT64, 8, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[24];
        memset(bytes, 0xee, sizeof(bytes));
        memcpy(bytes + rows[i].bytes, &rows[i].want, rows[i].bytes);
        struct hw_column column = {.values = bytes};
        assert_row_int("index", hw_dictionary_slot(rows[i].kind, &column, 1), rows[i].want);
        assert_row_int("integer", hw_kind_is_integer(rows[i].kind), true);
    }
    assert_false(hw_kind_is_integer(HW_KIND_HALF));
    assert_false(hw_kind_is_integer(HW_KIND_UUID));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_by_rows),
        cmocka_unit_test(other_kinds_are_sliced_by_offset),
        cmocka_unit_test(indices_of_every_width_are_read),
    };
    return cmocka_run_group_tests_name("table/batch", tests, NULL, NULL);
}
