/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_check.h"

#include <stdio.h>

#include "support/rows.h"

enum { VALUES_MAX = 5 };

/* ------ offsets */

static void offsets_rise_up_to_the_limit(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t offsets[VALUES_MAX];
        size_t offset, length;
        int64_t limit;
        enum hw_status want;
        const char *says;
        int64_t end;
    } rows[] = {
        {"no slots", {0}, 0, 0, 0, HW_OK, "", 0},
        {"no slots, not from 0", {7}, 0, 0, 7, HW_OK, "", 7},
        {"no slots, beyond", {7}, 0, 0, 6, HW_EDATA, "Arrow offsets reach to 7, there are 6", 0},
        {"no slots, negative", {-1}, 0, 0, 6, HW_EDATA, "Arrow offsets are negative, or fall", 0},
        {"they rise", {0, 2, 2, 5}, 0, 3, 5, HW_OK, "", 5},
        {"beyond", {0, 2, 2, 6}, 0, 3, 5, HW_EDATA, "Arrow offsets reach to 6, there are 5", 0},
        {"beyond in the midst, and fall", {0, 9, 2, 5}, 0, 3, 5, HW_EDATA, "negative, or fall", 0},
        {"the first is negative", {-1, 2, 2, 5}, 0, 3, 5, HW_EDATA, "negative, or fall", 0},
        {"the second falls", {3, 2, 4, 5}, 0, 3, 5, HW_EDATA, "negative, or fall", 0},
        {"the last falls", {0, 2, 4, 3}, 0, 3, 5, HW_EDATA, "negative, or fall", 0},
        {"what is before the offset does not matter", {9, -3, 2, 4, 5}, 2, 2, 5, HW_OK, "", 5},
        {"what is behind the length does not matter", {0, 1, 2, -4, 9}, 0, 2, 5, HW_OK, "", 2},
        {"the last slot counts", {0, 1, 2, -4, 9}, 0, 3, 5, HW_EDATA, "negative, or fall", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int large = 0; large < 2; large++) {
            struct hw_error err = HW_ERROR_INIT;
            int64_t large_offsets[VALUES_MAX], end = -9;
            for (size_t k = 0; k < VALUES_MAX; k++) {
                large_offsets[k] = rows[i].offsets[k];
            }
            const struct hw_column column = {
                .offsets = large ? NULL : rows[i].offsets,
                .large_offsets = large ? large_offsets : NULL,
                .offset = rows[i].offset,
                .length = rows[i].length,
            };
            assert_row_int(rows[i].name, hw_arrow_offsets_check(&column, rows[i].limit, &end, &err), rows[i].want);
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_int(rows[i].name, end, rows[i].want == HW_OK ? rows[i].end : -9);
        }
    }
}

static void large_offsets_have_64_bits(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t offsets[2];
        int64_t limit;
        enum hw_status want;
    } rows[] = {
        {"all bytes", {0, INT64_MAX}, INT64_MAX, HW_OK},
        {"the upper half counts", {INT64_C(1) << 32, 1}, INT64_MAX, HW_EDATA},
        {"the limit's, too", {0, INT64_C(1) << 32}, 5, HW_EDATA},
        {"the lowest", {INT64_MIN, 0}, INT64_MAX, HW_EDATA},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_column column = {.large_offsets = rows[i].offsets, .length = 1};
        int64_t end = -9;
        assert_row_int(rows[i].name, hw_arrow_offsets_check(&column, rows[i].limit, &end, NULL), rows[i].want);
        assert_row_int(rows[i].name, end, rows[i].want == HW_OK ? rows[i].offsets[1] : -9);
    }
}

/* ------ texts */

/* "good", "\xff", "é", "\xc3" and "\xa9": the last two are no texts, though together they are. */
static void texts_are_utf8_where_they_are_not_null(void **state) {
    (void)state;
    static const char data[] = "good\xff\xc3\xa9\xc3\xa9";
    static const int32_t offsets[] = {0, 4, 5, 7, 8, 9};
    static const struct {
        const char *name;
        size_t offset, length;
        uint8_t validity; /* 0xff: no bitmap */
        const char *says; /* "": all are texts */
    } rows[] = {
        {"none", 1, 0, 0xff, ""},
        {"one", 0, 1, 0xff, ""},
        {"the second", 0, 2, 0xff, "an Arrow text is not UTF-8: \"\xff\""},
        {"from the second", 1, 1, 0xff, "\"\xff\""},
        {"behind it", 2, 1, 0xff, ""},
        {"cut in the midst of a character", 2, 2, 0xff, "\"\xc3\""},
        {"its other half", 4, 1, 0xff, "\"\xa9\""},
        {"a null may be anything", 0, 3, 0x05, ""},
        {"another is null", 0, 3, 0x02, "\"\xff\""},
        {"nulls behind an offset", 3, 2, 0x07, ""},
        {"a bit of the bitmap behind an offset", 3, 2, 0x10, "\"\xa9\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int large = 0; large < 2; large++) {
            struct hw_error err = HW_ERROR_INIT;
            int64_t large_offsets[COUNT_OF(offsets)];
            for (size_t k = 0; k < COUNT_OF(offsets); k++) {
                large_offsets[k] = offsets[k];
            }
            const struct hw_column column = {
                .offsets = large ? NULL : offsets,
                .large_offsets = large ? large_offsets : NULL,
                .data = data,
                .validity = rows[i].validity == 0xff ? NULL : &rows[i].validity,
                .offset = rows[i].offset,
                .length = rows[i].length,
            };
            const bool good = !rows[i].says[0];
            assert_row_int(rows[i].name, hw_arrow_texts_check(&column, &err), good ? HW_OK : HW_EDATA);
            assert_row_says(rows[i].name, err.message, rows[i].says);
        }
    }
}

/* ------ indices */

static void indices_are_in_their_dictionary(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind index;
        size_t bytes;
        uint64_t values[4];
        uint8_t validity; /* 0xff: no bitmap */
        size_t offset, length;
        size_t dictionary;
        bool good;
    } rows[] = {
        {"none in an empty one", HW_KIND_INT32, 4, {9}, 0xff, 0, 0, 0, true},
        {"the only one in an empty one", HW_KIND_INT32, 4, {0}, 0xff, 0, 1, 0, false},
        {"the last value", HW_KIND_INT8, 1, {0, 1, 2}, 0xff, 0, 3, 3, true},
        {"behind the last value", HW_KIND_INT8, 1, {0, 1, 3}, 0xff, 0, 3, 3, false},
        {"a null's", HW_KIND_INT8, 1, {0, 9, 2}, 0x05, 0, 3, 3, true},
        {"another's", HW_KIND_INT8, 1, {0, 9, 2}, 0x03, 0, 3, 3, false},
        {"before the offset", HW_KIND_UINT16, 2, {9, 1, 2}, 0xff, 1, 2, 3, true},
        {"at the offset", HW_KIND_UINT16, 2, {0, 9, 2}, 0xff, 1, 2, 3, false},
        {"the last of an offset", HW_KIND_UINT16, 2, {0, 1, 9}, 0xff, 1, 2, 3, false},
        {"behind the length", HW_KIND_UINT16, 2, {0, 1, 9}, 0xff, 0, 2, 3, true},
        {"a null behind an offset", HW_KIND_UINT32, 4, {0, 9, 1}, 0x04, 1, 2, 3, true},
        {"negative, 8 bits", HW_KIND_INT8, 1, {0xff}, 0xff, 0, 1, 300, false},
        {"255", HW_KIND_UINT8, 1, {0xff}, 0xff, 0, 1, 300, true},
        {"negative, 16 bits", HW_KIND_INT16, 2, {0xffff}, 0xff, 0, 1, 70000, false},
        {"65535", HW_KIND_UINT16, 2, {0xffff}, 0xff, 0, 1, 70000, true},
        {"negative, 8 bits, the lowest", HW_KIND_INT8, 1, {0x80}, 0xff, 0, 1, 300, false},
        {"negative at an offset", HW_KIND_INT16, 2, {0, 1, 0x8000, 2}, 0xff, 1, 3, 70000, false},
        {"a null may be negative", HW_KIND_INT8, 1, {0, 0xff, 1}, 0x05, 0, 3, 300, true},
        {"the largest of 8 bits", HW_KIND_INT8, 1, {0x7f}, 0xff, 0, 1, 300, true},
        {"negative, 32 bits", HW_KIND_INT32, 4, {0xffffffff}, 0xff, 0, 1, 70000, false},
        {"negative, 64 bits", HW_KIND_INT64, 8, {UINT64_MAX}, 0xff, 0, 1, 70000, false},
        {"the largest", HW_KIND_UINT64, 8, {UINT64_MAX}, 0xff, 0, 1, 70000, false},
        {"the upper half counts", HW_KIND_UINT64, 8, {UINT64_C(1) << 32}, 0xff, 0, 1, 70000, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        uint8_t values[4 * 8];
        for (size_t k = 0; k < 4; k++) { /* little-endian, as batches are */
            memcpy(values + k * rows[i].bytes, &rows[i].values[k], rows[i].bytes);
        }
        const struct hw_column dictionary = {.length = rows[i].dictionary};
        const struct hw_column column = {
            .values = values,
            .validity = rows[i].validity == 0xff ? NULL : &rows[i].validity,
            .offset = rows[i].offset,
            .length = rows[i].length,
            .dictionary = &dictionary,
        };
        char says[80] = "";
        if (!rows[i].good) {
            snprintf(says, sizeof(says), "an Arrow index is not in its dictionary of %zu values", rows[i].dictionary);
        }
        assert_row_int(rows[i].name, hw_arrow_indices_check(rows[i].index, &column, &err),
                       rows[i].good ? HW_OK : HW_EDATA);
        assert_row_text(rows[i].name, err.message, says);
    }
}

/* ------ decimals */

/* Two values a row, the first of them 0: the second one is the row's. */
static void decimals_have_no_more_than_their_digits(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        size_t bytes;
        uint8_t precision;
        uint64_t limbs[4];
        bool good;
    } rows[] = {
        {"9", HW_KIND_DECIMAL32, 4, 1, {9}, true},
        {"10", HW_KIND_DECIMAL32, 4, 1, {10}, false},
        {"-9", HW_KIND_DECIMAL32, 4, 1, {(uint32_t)-9}, true},
        {"-10", HW_KIND_DECIMAL32, 4, 1, {(uint32_t)-10}, false},
        /* values of as many bytes as the largest, and of fewer */
        {"100 of 3 digits", HW_KIND_DECIMAL64, 8, 3, {100}, true},
        {"999 of 3 digits", HW_KIND_DECIMAL64, 8, 3, {999}, true},
        {"1000 of 3 digits", HW_KIND_DECIMAL64, 8, 3, {1000}, false},
        {"-999 of 3 digits", HW_KIND_DECIMAL64, 8, 3, {(uint64_t)-999}, true},
        {"-1000 of 3 digits", HW_KIND_DECIMAL64, 8, 3, {(uint64_t)-1000}, false},
        {"the largest of 18 digits", HW_KIND_DECIMAL64, 8, 18, {UINT64_C(999999999999999999)}, true},
        {"the next of 18 digits", HW_KIND_DECIMAL64, 8, 18, {UINT64_C(1000000000000000000)}, false},
        {"INT64_MIN", HW_KIND_DECIMAL64, 8, 18, {UINT64_C(1) << 63}, false},
        /* 10^38 is 0x4b3b4ca85a86c47a098a224000000000 */
        {"the largest of 38 digits",
         HW_KIND_DECIMAL,
         16,
         38,
         {UINT64_C(0x098a223fffffffff), UINT64_C(0x4b3b4ca85a86c47a)},
         true},
        {"the next of 38 digits",
         HW_KIND_DECIMAL,
         16,
         38,
         {UINT64_C(0x098a224000000000), UINT64_C(0x4b3b4ca85a86c47a)},
         false},
        {"2^128 of 38 digits", HW_KIND_DECIMAL256, 32, 38, {0, 0, 1}, false},
        {"2^128 of 39 digits", HW_KIND_DECIMAL256, 32, 39, {0, 0, 1}, true},
        {"-2^255", HW_KIND_DECIMAL256, 32, 76, {0, 0, 0, UINT64_C(1) << 63}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t values[3 * 32] = {0}; /* 0, the value, one that is much too large */
        const size_t bytes = rows[i].bytes;
        memcpy(values + bytes, rows[i].limbs, bytes);
        memset(values + 2 * bytes, 0x7f, bytes);
        const struct hw_type type = {.kind = rows[i].kind, .precision = rows[i].precision};
        static const struct {
            size_t offset, length;
            uint8_t validity;
            bool met;
        } columns[] = {{0, 2, 0x07, true}, {1, 1, 0x06, true}, {0, 1, 0x07, false}, {0, 3, 0x01, false}};
        for (size_t k = 0; k < COUNT_OF(columns); k++) {
            struct hw_error err = HW_ERROR_INIT;
            char says[80] = "";
            const bool good = rows[i].good || !columns[k].met;
            const struct hw_column column = {
                .values = values,
                .validity = k == 0 ? NULL : &columns[k].validity,
                .offset = columns[k].offset,
                .length = columns[k].length,
            };
            if (!good) {
                snprintf(says, sizeof(says), "an Arrow decimal has more than its %u digits", rows[i].precision);
            }
            assert_row_int(rows[i].name, hw_arrow_decimals_check(type, &column, &err), good ? HW_OK : HW_EDATA);
            assert_row_text(rows[i].name, err.message, says);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_rise_up_to_the_limit),
        cmocka_unit_test(large_offsets_have_64_bits),
        cmocka_unit_test(texts_are_utf8_where_they_are_not_null),
        cmocka_unit_test(indices_are_in_their_dictionary),
        cmocka_unit_test(decimals_have_no_more_than_their_digits),
    };
    return cmocka_run_group_tests_name("table/arrow_check", tests, NULL, NULL);
}
