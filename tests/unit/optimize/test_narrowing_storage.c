/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals of bytes that become integers of 4 or 8 bytes, and the memory that narrowing takes. */
#include <stdio.h>

#include "support/alloc_fault.h"
#include "unit/optimize/narrowing_make.h"
#include "unit/parquet/decode.h"

enum { WIDTH_MAX = 20, NUMBERS_MAX = 64, ROUNDS = 300 };

static void decimals_of_bytes_get_integers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_parquet_element element;
        int32_t precision, scale;
        size_t width_before, width_after;
    } rows[] = {
#define DECIMAL(type, length, digits, fraction) \
    {.physical = (type),                        \
     .type_length = (length),                   \
     .converted = HW_CONVERTED_DECIMAL,         \
     .precision = (digits),                     \
     .scale = (fraction),                       \
     .logical = {.kind = HW_LOGICAL_DECIMAL, .precision = (digits), .scale = (fraction)}}
        {"1 digit", DECIMAL(HW_PHYSICAL_FIXED, 1, 1, 1), 1, 1, 1, 4},
        {"9 digits", DECIMAL(HW_PHYSICAL_FIXED, 4, 9, 2), 9, 2, 4, 4},
        {"10 digits", DECIMAL(HW_PHYSICAL_FIXED, 5, 10, 0), 10, 0, 5, 8},
        {"18 digits in 16 bytes", DECIMAL(HW_PHYSICAL_FIXED, 16, 18, 18), 18, 18, 16, 8},
        {"bytes of any number", DECIMAL(HW_PHYSICAL_BYTE_ARRAY, 0, 18, 4), 18, 4, 0, 8},
        {"19 digits", DECIMAL(HW_PHYSICAL_FIXED, 9, 19, 2), 0, 0, 0, 0},
        {"38 digits", DECIMAL(HW_PHYSICAL_BYTE_ARRAY, 0, 38, 2), 0, 0, 0, 0},
        {"an INT64", DECIMAL(HW_PHYSICAL_INT64, 0, 12, 2), 0, 0, 0, 0},
        {"an INT32", DECIMAL(HW_PHYSICAL_INT32, 0, 5, 2), 0, 0, 0, 0},
#undef DECIMAL
        {"bytes", LOGICAL(HW_PHYSICAL_FIXED, .kind = HW_LOGICAL_NONE), 0, 0, 0, 0},
        {"a double", PLAIN(HW_PHYSICAL_DOUBLE), 0, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct leaf made;
        leaf_make(&made, &rows[i].element);
        const struct hw_narrowing found = hw_narrow_storage(&made.leaf);
        assert_row_int(rows[i].name, found.to, rows[i].precision > 0 ? HW_NARROW_STORAGE : HW_NARROW_NONE);
        assert_row_int(rows[i].name, found.precision, rows[i].precision);
        assert_row_int(rows[i].name, found.scale, rows[i].scale);
        assert_row_int(rows[i].name, found.width_before, rows[i].width_before);
        assert_row_int(rows[i].name, found.width_after, rows[i].width_after);
        assert_row_int(rows[i].name, hw_narrow_candidate(&made.leaf), strcmp(rows[i].name, "a double") == 0);
    }
}

/* ------ numbers of any length */

static const int64_t powers_of_ten[] = {[9] = INT64_C(1000000000), [18] = INT64_C(1000000000000000000)};

static struct hw_narrowing storage(int32_t precision, size_t width) {
    return (struct hw_narrowing){
        .to = HW_NARROW_STORAGE, .precision = precision, .width_before = width, .width_after = precision <= 9 ? 4 : 8};
}

/* Returns whether a number has its two's complement in so many bytes. */
static bool number_fits(int64_t number, size_t width) {
    return width >= 8 || (number >= -(INT64_C(1) << (8 * width - 1)) && number < INT64_C(1) << (8 * width - 1));
}

/* Writes a number that fits as two's complement, the highest byte first. */
static void number_put(int64_t number, size_t width, uint8_t *out) {
    for (size_t i = 0; i < width; i++) {
        const size_t from_end = width - 1 - i;
        const uint64_t shifted = from_end < 8 ? (uint64_t)number >> (8 * from_end) : number < 0 ? UINT64_MAX : 0;
        out[i] = (uint8_t)shifted;
    }
}

/* Gives the rows numbers of a width, or, with 0, texts of every width that they fit in. */
static void numbers_fill(struct hw_leaf_rows *rows, size_t width, const int64_t *numbers, size_t count) {
    assert_int_equal(hw_leaf_rows_clear(rows, width, NULL), HW_OK);
    rows->rows = rows->entries = count;
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[WIDTH_MAX];
        size_t own = width > 0 ? width : numbers[i] == 0 ? i % WIDTH_MAX : 1 + i % WIDTH_MAX;
        while (own > 0 && !number_fits(numbers[i], own)) {
            own++;
        }
        number_put(numbers[i], own, bytes);
        if (width > 0) {
            assert_int_equal(own, width);
            assert_int_equal(hw_buf_append(&rows->values, bytes, width, NULL), HW_OK);
            rows->count++;
        } else {
            assert_int_equal(hw_leaf_rows_text(rows, (hw_view){(const char *)bytes, own}, NULL), HW_OK);
        }
    }
}

/* Picks numbers that have the digits and fit in the width: the ends of both, and random ones. */
static size_t numbers_pick(int32_t precision, size_t width, int64_t *out, uint64_t *random) {
    const int64_t end = powers_of_ten[precision];
    const int64_t ends[] = {0, 1, -1, 127, 128, -128, -129, end - 1, 1 - end, INT32_MAX, INT32_MIN};
    size_t count = 0;
    for (size_t i = 0; i < NUMBERS_MAX; i++) {
        const int64_t drawn = (int64_t)(test_random(random) >> test_random(random) % 64) % end;
        const int64_t number = i < COUNT_OF(ends) ? ends[i] : i % 2 ? drawn : -drawn;
        if (number > -end && number < end && (width == 0 || number_fits(number, width))) {
            out[count++] = number;
        }
    }
    return count;
}

static void numbers_check(const char *name, const struct hw_leaf_rows *rows, size_t width, const int64_t *want,
                          size_t count) {
    assert_row_int(name, rows->count, count);
    assert_row_int(name, rows->width, width);
    assert_row_int(name, rows->values.size, count * width);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = rows->values.data + i * width;
        assert_row_int(name, width == 4 ? (int32_t)hw_load_le32(at) : (int64_t)hw_load_le64(at), want[i]);
    }
}

static void numbers_of_any_length_keep_their_value(void **state) {
    (void)state;
    static const int32_t precisions[] = {9, 18};
    uint64_t random = 23;
    for (size_t i = 0; i < ROUNDS; i++) {
        const int32_t precision = precisions[i % 2];
        const size_t width = i % (WIDTH_MAX + 1);
        const struct hw_narrowing narrowing = storage(precision, width);
        int64_t numbers[NUMBERS_MAX];
        struct hw_leaf_rows rows = {0};
        struct hw_error err = HW_ERROR_INIT;
        char name[32];
        snprintf(name, sizeof(name), "%d digits, width %zu", (int)precision, width);
        const size_t count = numbers_pick(precision, width, numbers, &random);
        numbers_fill(&rows, width, numbers, count);
        assert_ok(hw_narrow_values(&narrowing, &rows, &err), err);
        numbers_check(name, &rows, narrowing.width_after, numbers, count);
        /* The length of the bytes is no part of a value, so that nothing is brought back. */
        assert_false(hw_narrow_widens(&narrowing));
        assert_ok(hw_narrow_widen(&narrowing, &rows, &err), err);
        numbers_check(name, &rows, narrowing.width_after, numbers, count);
        hw_leaf_rows_release(&rows);
    }
}

/* Numbers by their bytes, as a fixed length and as a text. */
static const struct {
    const char *name, *bytes;
    size_t size;
    int32_t precision;
    enum hw_status want;
    int64_t number;
} numbers_of_bytes[] = {
    {"no bytes", "", 0, 9, HW_OK, 0},
    {"one byte", "\x7f", 1, 9, HW_OK, 127},
    {"one negative byte", "\x80", 1, 9, HW_OK, -128},
    {"9 digits", "\x3b\x9a\xc9\xff", 4, 9, HW_OK, 999999999},
    {"10 digits", "\x3b\x9a\xca\x00", 4, 9, HW_EDATA, 0},
    {"9 negative digits", "\xc4\x65\x36\x01", 4, 9, HW_OK, -999999999},
    {"10 negative digits", "\xc4\x65\x36\x00", 4, 9, HW_EDATA, 0},
    {"an int32 in its low bytes", "\x01\x00\x00\x00\x05", 5, 9, HW_EDATA, 0},
    {"18 digits", "\x0d\xe0\xb6\xb3\xa7\x63\xff\xff", 8, 18, HW_OK, INT64_C(999999999999999999)},
    {"19 digits", "\x0d\xe0\xb6\xb3\xa7\x64\x00\x00", 8, 18, HW_EDATA, 0},
    {"18 negative digits", "\xf2\x1f\x49\x4c\x58\x9c\x00\x01", 8, 18, HW_OK, INT64_C(-999999999999999999)},
    {"19 negative digits", "\xf2\x1f\x49\x4c\x58\x9c\x00\x00", 8, 18, HW_EDATA, 0},
    {"the greatest int64", "\x7f\xff\xff\xff\xff\xff\xff\xff", 8, 18, HW_EDATA, 0},
    {"the least int64", "\x80\x00\x00\x00\x00\x00\x00\x00", 8, 18, HW_EDATA, 0},
    {"9 bytes of 5", "\x00\x00\x00\x00\x00\x00\x00\x00\x05", 9, 18, HW_OK, 5},
    {"9 bytes of -5", "\xff\xff\xff\xff\xff\xff\xff\xff\xfb", 9, 18, HW_OK, -5},
    {"9 bytes with a lost bit", "\x01\x00\x00\x00\x00\x00\x00\x00\x05", 9, 18, HW_EDATA, 0},
    {"9 negative bytes with a lost bit", "\xfe\xff\xff\xff\xff\xff\xff\xff\xfb", 9, 18, HW_EDATA, 0},
    {"9 bytes whose sign is lost", "\x00\xff\xff\xff\xff\xff\xff\xff\xfb", 9, 18, HW_EDATA, 0},
    {"9 negative bytes whose sign is lost", "\xff\x00\x00\x00\x00\x00\x00\x00\x05", 9, 18, HW_EDATA, 0},
    {"12 bytes with a bit of the first lost", "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05", 12, 18, HW_EDATA, 0},
    {"12 bytes with a bit of the fourth lost", "\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00\x05", 12, 18, HW_EDATA, 0},
    {"12 bytes of -2", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe", 12, 18, HW_OK, -2},
};

static void digits_beyond_the_type_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers_of_bytes); i++) {
        const char *name = numbers_of_bytes[i].name;
        const hw_view bytes = {numbers_of_bytes[i].bytes, numbers_of_bytes[i].size};
        for (int fixed = bytes.size == 0 ? 0 : 1; fixed >= 0; fixed--) {
            const struct hw_narrowing narrowing = storage(numbers_of_bytes[i].precision, fixed ? bytes.size : 0);
            struct hw_leaf_rows rows = {0};
            struct hw_error err = HW_ERROR_INIT;
            numbers_fill(&rows, narrowing.width_before, NULL, 0);
            rows.rows = rows.entries = 1;
            rows.count = (size_t)fixed;
            assert_int_equal(fixed ? hw_buf_append(&rows.values, bytes.data, bytes.size, NULL)
                                   : hw_leaf_rows_text(&rows, bytes, NULL),
                             HW_OK);
            assert_row_int(name, hw_narrow_values(&narrowing, &rows, &err), numbers_of_bytes[i].want);
            if (numbers_of_bytes[i].want == HW_OK) {
                numbers_check(name, &rows, narrowing.width_after, &numbers_of_bytes[i].number, 1);
            } else {
                assert_row_says(name, err.message, "a decimal has more than its ");
            }
            hw_leaf_rows_release(&rows);
        }
    }
}

/* ------ all kinds */

static void no_narrowing_leaves_rows_alone(void **state) {
    (void)state;
    static const struct hw_narrowing none = {.to = HW_NARROW_NONE};
    static const uint64_t word = UINT64_C(0x7ff0000000000001);
    struct hw_leaf_rows rows = {0};
    struct hw_error err = HW_ERROR_INIT;
    words_fill(&rows, &word, 1);
    assert_true(hw_narrow_widens(&none));
    assert_ok(hw_narrow_values(&none, &rows, &err), err);
    assert_ok(hw_narrow_widen(&none, &rows, &err), err);
    assert_int_equal(rows.width, 8);
    assert_true(hw_load_le64(rows.values.data) == word);
    hw_leaf_rows_release(&rows);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const struct hw_narrowing rows_of[] = {
        {.to = HW_NARROW_INT32, .width_before = 8, .width_after = 4},
        {.to = HW_NARROW_STORAGE, .precision = 18, .width_before = 4, .width_after = 8},
        {.to = HW_NARROW_STORAGE, .precision = 18, .width_before = 0, .width_after = 8},
    };
    for (size_t i = 0; i < COUNT_OF(rows_of); i++) {
        struct hw_leaf_rows rows = {.rows = 4, .entries = 4, .count = 4, .width = 4};
        const int32_t places[] = {0, 0, 0, 0, 0};
        struct alloc_fault fault;
        assert_int_equal(hw_buf_append(&rows.values, "0123456789abcdef", 16, NULL), HW_OK);
        assert_int_equal(hw_buf_append(&rows.offsets, places, sizeof(places), NULL), HW_OK);
        /* Room is always asked for more than there is. */
        rows.values.size = rows.values.capacity;
        alloc_fault_begin_forever(&fault, 0);
        const enum hw_status status = rows_of[i].to == HW_NARROW_INT32 ? hw_narrow_widen(&rows_of[i], &rows, NULL)
                                                                       : hw_narrow_values(&rows_of[i], &rows, NULL);
        assert_true(alloc_fault_end(&fault));
        assert_int_equal(status, HW_ENOMEM);
        hw_leaf_rows_release(&rows);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_of_bytes_get_integers),     cmocka_unit_test(numbers_of_any_length_keep_their_value),
        cmocka_unit_test(digits_beyond_the_type_are_refused), cmocka_unit_test(no_narrowing_leaves_rows_alone),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/narrowing_storage", tests, NULL, NULL);
}
