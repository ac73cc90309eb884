/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_key.h"

#include <stdlib.h>

#include "support/alloc_fault.h"
#include "unit/optimize/narrowing_make.h"

enum { ORDERED_MAX = 12, VALUE_BYTES_MAX = 16 };

/*
 * Values as they lie in rows, in hexadecimal digits, each above the one before, or "=" and equal to
 * it. Their order is that of ColumnOrder in the format's parquet.thrift, with NaN above numbers.
 */
static const struct {
    const char *name;
    enum hw_sort_form form;
    size_t width;
    const char *values[ORDERED_MAX];
} ordered[] = {
    {"booleans", HW_SORT_BOOL, 1, {"00", "01"}},
    {"int32", HW_SORT_INT32, 4, {"00000080", "00ffffff", "ffffffff", "00000000", "01000000", "00010000", "ffffff7f"}},
    {"uint32", HW_SORT_UINT32, 4, {"00000000", "01000000", "00010000", "ffffff7f", "00000080", "ffffffff"}},
    {"int64",
     HW_SORT_INT64,
     8,
     {"0000000000000080", "ffffffffffffffff", "0000000000000000", "0100000000000000", "ffffffffffffff7f"}},
    {"uint64", HW_SORT_UINT64, 8, {"0000000000000000", "ffffffffffffff7f", "0000000000000080", "ffffffffffffffff"}},
    /* -inf, -1.5, the least below 0, -0.0, 0.0, the least above, 1.5, inf, NaNs. */
    {"half",
     HW_SORT_HALF,
     2,
     {"00fc", "00be", "0180", "0080", "=0000", "0100", "003e", "007c", "007e", "=017c", "=00fe"}},
    {"float",
     HW_SORT_FLOAT,
     4,
     {"000080ff", "0000c0bf", "01000080", "00000080", "=00000000", "01000000", "0000c03f", "0000807f", "0000c07f",
      "=0100807f", "=0000c0ff"}},
    {"double",
     HW_SORT_DOUBLE,
     8,
     {"000000000000f0ff", "000000000000f8bf", "0100000000000080", "0000000000000080", "=0000000000000000",
      "0100000000000000", "000000000000f83f", "000000000000f07f", "000000000000f87f", "=010000000000f07f",
      "=000000000000f8ff"}},
    /* Nanoseconds of a day and the Julian day: the last one before 1970, and its first ones. */
    {"int96",
     HW_SORT_INT96,
     12,
     {"ffff4e91944e000000000000", "ffff4e91944e00008b3d2500", "00000000000000008c3d2500", "=00004f91944e00008b3d2500",
      "01000000000000008c3d2500", "00000000000000008d3d2500"}},
    {"fixed bytes", HW_SORT_FIXED, 2, {"0000", "00ff", "0100", "7fff", "8000", "ffff"}},
    {"fixed numbers", HW_SORT_FIXED_NUMBER, 3, {"800000", "ff00ff", "ffffff", "000000", "000001", "7fffff"}},
    {"bytes",
     HW_SORT_BYTES,
     0,
     {"", "00", "0000", "000001", "00ff", "01", "61", "6100", "610000", "6101", "6161", "ff"}},
    /* -32768, -256, -128 twice, -1 twice, 0 three times, 1, 128, 256. */
    {"numbers",
     HW_SORT_BYTES_NUMBER,
     0,
     {"8000", "ff00", "80", "=ff80", "ff", "=ffff", "", "=00", "=0000", "01", "0080", "0100"}},
};

static size_t hex_read(const char *text, uint8_t *out) {
    const size_t bytes = strlen(text) / 2;
    assert_true(bytes <= VALUE_BYTES_MAX);
    for (size_t i = 0; i < bytes; i++) {
        const char digits[] = {text[2 * i], text[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return bytes;
}

/* Rows of the values of an entry of the table. Returns their number. */
static size_t values_put(struct hw_leaf_rows *rows, size_t width, const char *const *values) {
    size_t count = 0;
    assert_int_equal(hw_leaf_rows_clear(rows, width, NULL), HW_OK);
    for (; count < ORDERED_MAX && values[count]; count++) {
        uint8_t bytes[VALUE_BYTES_MAX];
        const size_t size = hex_read(values[count] + (values[count][0] == '='), bytes);
        const hw_view view = {(const char *)bytes, size};
        assert_int_equal(
            width == 0 ? hw_leaf_rows_text(rows, view, NULL) : hw_buf_append(&rows->values, bytes, size, NULL), HW_OK);
    }
    rows->rows = rows->entries = rows->count = count;
    return count;
}

static int sign(int number) {
    return (number > 0) - (number < 0);
}

/* Each pair is compared. */
static void pairs_check(size_t row, const struct hw_leaf_rows *keys, size_t count, bool descending) {
    size_t rank[ORDERED_MAX] = {0};
    for (size_t i = 1; i < count; i++) {
        rank[i] = rank[i - 1] + (ordered[row].values[i][0] != '=');
    }
    for (size_t a = 0; a < count; a++) {
        for (size_t b = 0; b < count; b++) {
            const int want = (rank[a] > rank[b]) - (rank[a] < rank[b]);
            const int got = hw_sort_key_compare(hw_sort_key_at(keys, a), hw_sort_key_at(keys, b));
            assert_row_int(ordered[row].name, sign(got), descending ? -want : want);
        }
    }
}

static void keys_compare_as_values_do(void **state) {
    (void)state;
    for (size_t i = 0; i < 4 * COUNT_OF(ordered); i++) {
        const size_t row = i / 4;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_leaf_rows values = {0}, keys = {0};
        const struct hw_sort_key key = {
            .form = ordered[row].form, .width = ordered[row].width, .def_max = i & 1, .descending = (i & 2) != 0};
        const size_t count = values_put(&values, ordered[row].width, ordered[row].values);
        assert_ok(hw_leaf_rows_clear(&keys, 0, &err), err);
        assert_ok(hw_sort_keys_add(&key, &values, &keys, &err), err);
        assert_row_int(ordered[row].name, keys.count, count);
        pairs_check(row, &keys, count, key.descending);
        hw_leaf_rows_release(&values);
        hw_leaf_rows_release(&keys);
    }
}

/* No key of a column is the beginning of another, so that those of a second column may follow. */
static void no_key_begins_another(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(ordered); row++) {
        struct hw_leaf_rows values = {0}, keys = {0};
        const struct hw_sort_key key = {.form = ordered[row].form, .width = ordered[row].width};
        const size_t count = values_put(&values, ordered[row].width, ordered[row].values);
        assert_int_equal(hw_leaf_rows_clear(&keys, 0, NULL), HW_OK);
        assert_int_equal(hw_sort_keys_add(&key, &values, &keys, NULL), HW_OK);
        for (size_t a = 0; a < count; a++) {
            for (size_t b = 0; b < count; b++) {
                const hw_view one = hw_sort_key_at(&keys, a), other = hw_sort_key_at(&keys, b);
                const bool begins = one.size < other.size && memcmp(one.data, other.data, one.size) == 0;
                assert_row_int(ordered[row].name, begins, false);
            }
        }
        hw_leaf_rows_release(&values);
        hw_leaf_rows_release(&keys);
    }
}

/* Nulls stay at their end, whichever way values are sorted. */
static void nulls_are_at_one_end(void **state) {
    (void)state;
    static const uint8_t defs[] = {1, 0, 1};
    static const uint32_t numbers[] = {5, 6};
    for (unsigned way = 0; way < 4; way++) {
        const struct hw_sort_key key = {
            .form = HW_SORT_UINT32, .width = 4, .def_max = 1, .descending = way & 1, .nulls_first = (way & 2) != 0};
        struct hw_leaf_rows values = {0}, keys = {0};
        assert_int_equal(hw_leaf_rows_clear(&values, 4, NULL), HW_OK);
        assert_int_equal(hw_leaf_rows_clear(&keys, 0, NULL), HW_OK);
        assert_int_equal(hw_buf_append(&values.defs, defs, sizeof(defs), NULL), HW_OK);
        assert_int_equal(hw_buf_append(&values.values, numbers, sizeof(numbers), NULL), HW_OK);
        values.rows = values.entries = 3;
        values.count = 2;
        assert_int_equal(hw_sort_keys_add(&key, &values, &keys, NULL), HW_OK);
        const hw_view first = hw_sort_key_at(&keys, 0), null = hw_sort_key_at(&keys, 1);
        const hw_view last = hw_sort_key_at(&keys, 2);
        assert_int_equal(sign(hw_sort_key_compare(first, last)), key.descending ? 1 : -1);
        assert_int_equal(sign(hw_sort_key_compare(null, first)), key.nulls_first ? -1 : 1);
        assert_int_equal(sign(hw_sort_key_compare(null, last)), key.nulls_first ? -1 : 1);
        hw_leaf_rows_release(&values);
        hw_leaf_rows_release(&keys);
    }
}

/* ------ columns */

static const struct {
    const char *name;
    struct hw_parquet_element element;
    enum hw_physical written;
    enum hw_sort_form form;
    size_t width;
} columns[] = {
    {"boolean", PLAIN(HW_PHYSICAL_BOOLEAN), HW_PHYSICAL_BOOLEAN, HW_SORT_BOOL, 1},
    {"int32", PLAIN(HW_PHYSICAL_INT32), HW_PHYSICAL_INT32, HW_SORT_INT32, 4},
    {"uint8", CONVERTED(HW_PHYSICAL_INT32, HW_CONVERTED_UINT_8), HW_PHYSICAL_INT32, HW_SORT_UINT32, 4},
    {"uint64", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64), HW_PHYSICAL_INT64, HW_SORT_UINT64, 8},
    {"uint64 that became narrower", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64), HW_PHYSICAL_INT32,
     HW_SORT_UINT32, 4},
    {"double that became narrower", PLAIN(HW_PHYSICAL_DOUBLE), HW_PHYSICAL_FLOAT, HW_SORT_FLOAT, 4},
    {"int96", PLAIN(HW_PHYSICAL_INT96), HW_PHYSICAL_INT96, HW_SORT_INT96, 12},
    {"text", CONVERTED(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_UTF8), HW_PHYSICAL_BYTE_ARRAY, HW_SORT_BYTES, 0},
};

static void columns_have_the_form_of_their_type(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        struct leaf made;
        struct hw_sort_key key = {.descending = true};
        leaf_make(&made, &columns[i].element);
        struct hw_read_leaf written = made.leaf;
        written.physical = columns[i].written;
        assert_null(hw_sort_key_of(&made.leaf, &written, &key));
        assert_row_int(columns[i].name, key.form, columns[i].form);
        assert_row_int(columns[i].name, key.width, columns[i].width);
        assert_row_int(columns[i].name, key.def_max, 1);
        assert_row_int(columns[i].name, key.descending, true);
    }
}

/* The bytes of a decimal are a number; a decimal on an integer compares as that does. */
static void decimals_are_numbers(void **state) {
    (void)state;
    struct hw_parquet_element element = CONVERTED(HW_PHYSICAL_FIXED, HW_CONVERTED_DECIMAL);
    struct hw_sort_key key = {0};
    struct leaf made;
    element.type_length = 5;
    element.precision = 9;
    leaf_make(&made, &element);
    assert_null(hw_sort_key_of(&made.leaf, &made.leaf, &key));
    assert_int_equal(key.form, HW_SORT_FIXED_NUMBER);
    assert_int_equal(key.width, 5);
    struct hw_read_leaf written = made.leaf;
    written.physical = HW_PHYSICAL_INT32;
    assert_null(hw_sort_key_of(&made.leaf, &written, &key));
    assert_int_equal(key.form, HW_SORT_INT32);
    element.physical = HW_PHYSICAL_BYTE_ARRAY;
    element.type_length = 0;
    leaf_make(&made, &element);
    assert_null(hw_sort_key_of(&made.leaf, &made.leaf, &key));
    assert_int_equal(key.form, HW_SORT_BYTES_NUMBER);
}

static void some_columns_have_no_order(void **state) {
    (void)state;
    struct hw_sort_key key = {0};
    struct leaf made;
    leaf_make(&made, &(struct hw_parquet_element)PLAIN(HW_PHYSICAL_INT32));
    made.leaf.rep_max = 1;
    assert_row_says("a list", hw_sort_key_of(&made.leaf, &made.leaf, &key), "it is in a list or map");
    struct hw_parquet_element interval = CONVERTED(HW_PHYSICAL_FIXED, HW_CONVERTED_INTERVAL);
    interval.type_length = 12;
    leaf_make(&made, &interval);
    assert_row_says("an interval", hw_sort_key_of(&made.leaf, &made.leaf, &key), "no order");
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    const struct hw_sort_key key = {.form = HW_SORT_BYTES, .def_max = 1};
    struct hw_leaf_rows values = {0};
    bool fired = true;
    values_put(&values, 0, (const char *const[ORDERED_MAX]){"00", "6100", "ff"});
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_leaf_rows keys = {0};
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_leaf_rows_clear(&keys, 0, NULL);
        status = status ? status : hw_sort_keys_add(&key, &values, &keys, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_leaf_rows_release(&keys);
    }
    hw_leaf_rows_release(&values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_compare_as_values_do),    cmocka_unit_test(no_key_begins_another),
        cmocka_unit_test(nulls_are_at_one_end),         cmocka_unit_test(columns_have_the_form_of_their_type),
        cmocka_unit_test(decimals_are_numbers),         cmocka_unit_test(some_columns_have_no_order),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/sort_key", tests, NULL, NULL);
}
