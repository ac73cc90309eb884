/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "table/filter_rows.h"

/* ------ a table of six rows; rows that are null have a value that would pass many tests */

enum { ROWS = 6 };

static const uint8_t null_2[] = {0x3b};
static const uint8_t null_3[] = {0x37};
static const uint8_t null_4[] = {0x2f};

static const int32_t i_values[] = {1, 2, 1, -5, INT32_MAX, 0};
static const uint64_t u_values[] = {0, UINT64_MAX, 5, 0, UINT64_C(1) << 63, 7};
static const double d_values[] = {0.1, (double)NAN, -0.0, (double)INFINITY, 0.1, -(double)INFINITY};
static const float f_values[] = {0.1F, 0.5F, 0.0F, -1.0F, 0.1F, 3.0e38F};
/* 0.1, 1, -2, 65504, null, infinity */
static const uint16_t h_values[] = {0x2e66, 0x3c00, 0xc000, 0x7bff, 0x2e66, 0x7c00};
/* 1.50, -0.01, null, 0, 999.99, 1.49 */
static const __int128 m_values[] = {150, -1, 150, 0, 99999, 149};
/* 10^40 - 1, 10^40, null, -10^40, 0, 1 in hundredths: 10^40 is 0x1d6329f1c35ca4bfabb9f5610000000000 */
#define HUGE_LOW UINT64_C(0xb9f5610000000000)
#define HUGE_HIGH UINT64_C(0x6329f1c35ca4bfab)
static const uint64_t w_values[][4] = {
    {HUGE_LOW - 1, HUGE_HIGH, 0x1d, 0},
    {HUGE_LOW, HUGE_HIGH, 0x1d, 0},
    {0},
    {0 - HUGE_LOW, ~HUGE_HIGH, ~UINT64_C(0x1d), UINT64_MAX},
    {0},
    {1},
};
static const int32_t t_offsets[] = {0, 0, 1, 2, 3, 7, 9};
static const char t_data[] = "abcit's\xc3\xa4";
static const uint8_t b_values[] = {0x2d};
/* 2024-02-29, 1970-01-01, null, 1969-12-31, 0001-01-01, 9999-12-31 */
static const int32_t y_values[] = {19782, 0, 0, -1, -719162, 2932896};
/* 1970-01-01T00:00:00, a microsecond before, null, 2024-02-29T12:00:00, and the ends of 64 bits */
static const int64_t z_values[] = {0, -1, 0, INT64_C(1709208000000000), INT64_MAX, INT64_MIN};
static const int64_t c_values[] = {0, 43200000000, 0, 86399999999, 1, 43200500000};
static const char g_values[] = "\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"
                               "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                               "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
                               "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                               "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
                               "\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc9";
/* One slot of the struct, and of its child, come before the rows. */
static const int64_t s_a_values[] = {99, 99, 10, 20, 30, 40, 50, 60};
static const uint8_t s_validity[] = {0xf7 & 0x7f};
static const uint8_t s_a_validity[] = {0xbf};
static const int32_t l_offsets[] = {0, 0, 1, 1, 1, 1, 1};
static const int32_t l_values[] = {7};

static const struct hw_field s_fields[] = {
    {.name = "a", .type = {.kind = HW_KIND_INT64}},
    {.name = "b c", .type = {.kind = HW_KIND_INT64}},
};
static const struct hw_field l_fields[] = {{.name = "element", .type = {.kind = HW_KIND_INT32}}};

static struct hw_field fields[] = {
    {.name = "i", .type = {.kind = HW_KIND_INT32}},
    {.name = "u", .type = {.kind = HW_KIND_UINT64}},
    {.name = "d", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "f", .type = {.kind = HW_KIND_FLOAT}},
    {.name = "h", .type = {.kind = HW_KIND_HALF}},
    {.name = "m", .type = {.kind = HW_KIND_DECIMAL, .precision = 5, .scale = 2}},
    {.name = "w", .type = {.kind = HW_KIND_DECIMAL256, .precision = 50, .scale = 2}},
    {.name = "text", .type = {.kind = HW_KIND_TEXT}},
    {.name = "b", .type = {.kind = HW_KIND_BOOL}},
    {.name = "date", .type = {.kind = HW_KIND_DATE}},
    {.name = "z", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}},
    {.name = "local", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}},
    {.name = "c", .type = {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}},
    {.name = "bin", .type = {.kind = HW_KIND_BINARY}},
    {.name = "g", .type = {.kind = HW_KIND_UUID}},
    {.name = "none", .type = {.kind = HW_KIND_NULL}},
    {.name = "s", .type = {.kind = HW_KIND_STRUCT}, .children = s_fields, .children_count = COUNT_OF(s_fields)},
    {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = l_fields, .children_count = 1},
    {.name = "AND", .type = {.kind = HW_KIND_INT32}},
    {.name = "twice", .type = {.kind = HW_KIND_INT32}},
    {.name = "twice", .type = {.kind = HW_KIND_INT32}},
};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};

static const struct hw_column s_children[] = {
    {.values = s_a_values, .validity = s_a_validity, .null_count = 1, .offset = 1},
    {.values = s_a_values, .offset = 1},
};
static const struct hw_column l_child = {.values = l_values, .length = 1};

#define NULL_AT(number) .validity = null_##number, .null_count = 1
static const struct hw_column columns[] = {
    {.values = i_values, NULL_AT(2)},
    {.values = u_values, NULL_AT(3)},
    {.values = d_values, NULL_AT(4)},
    {.values = f_values, NULL_AT(4)},
    {.values = h_values, NULL_AT(4)},
    {.values = m_values, NULL_AT(2)},
    {.values = w_values, NULL_AT(2)},
    {.offsets = t_offsets, .data = t_data, NULL_AT(3)},
    {.values = b_values, NULL_AT(2)},
    {.values = y_values, NULL_AT(2)},
    {.values = z_values, NULL_AT(2)},
    {.values = z_values, NULL_AT(2)},
    {.values = c_values, NULL_AT(2)},
    {.offsets = t_offsets, .data = t_data, NULL_AT(3)},
    {.values = g_values, NULL_AT(2)},
    {0},
    {.children = s_children, .validity = s_validity, .null_count = 1, .offset = 1},
    {.offsets = l_offsets, .children = &l_child, NULL_AT(4)},
    {.values = i_values},
    {.values = i_values},
    {.values = i_values},
};
static const struct hw_batch batch = {.schema = &schema, .rows = ROWS, .columns = columns};

/* ------ the rows that are kept */

static enum hw_status make(const char *text, struct hw_filter *filter, struct hw_error *err) {
    HW_AUTO(hw_predicate) predicate = {0};
    HW_TRY(hw_predicate_parse(&predicate, text, err));
    const enum hw_status status = hw_filter_make(filter, &predicate, &schema, err);
    return status;
}

static enum hw_status kept(const char *text, char out[ROWS + 1], struct hw_error *err) {
    HW_AUTO(hw_predicate) predicate = {0};
    HW_AUTO(hw_filter) filter = {0};
    HW_AUTO(hw_filter_room) room = {0};
    struct hw_kept_rows rows;
    const uint32_t *places[COUNT_OF(fields)];
    HW_TRY(hw_predicate_parse(&predicate, text, err));
    HW_TRY(hw_filter_make(&filter, &predicate, &schema, err));
    for (size_t i = 0; i < filter.columns_count; i++) {
        places[i] = filter.columns[i].path;
    }
    HW_TRY(hw_filter_rows(&filter, places, &batch, UINT64_MAX, &room, &rows, err));
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        for (size_t row = 0; row < rows.ranges[i].count; row++) {
            out[count++] = (char)('0' + rows.ranges[i].first + row);
        }
    }
    out[count] = '\0';
    assert_int_equal(rows.rows, count);
    return HW_OK;
}

static void conditions_keep_the_rows_for_which_they_are_true(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *rows;
    } rows[] = {
        /* comparisons, both ways round */
        {"i = 1", "0"},
        {"i != 1", "1345"},
        {"i <> 1", "1345"},
        {"i < 1", "35"},
        {"i <= 1", "035"},
        {"i > 1", "14"},
        {"i >= 1", "014"},
        {"1 > i", "35"},
        {"1 >= i", "035"},
        {"1 < i", "14"},
        {"1 <= i", "014"},
        {"1 = i", "0"},
        {"1 != i", "1345"},
        /* numbers that the type does not have */
        {"i < 3e9", "01345"},
        {"i > 3e9", ""},
        {"i != 3e9", "01345"},
        {"i = 1.5", ""},
        {"i < 1.5", "035"},
        {"i >= 1.5", "14"},
        {"i > -0.5", "0145"},
        {"i >= -99999999999999999999999999999999999999999999999999999999999999999999999999999999", "01345"},
        {"i = 1.0", "0"},
        {"i = 10e-1", "0"},
        {"i <= 2147483647", "01345"},
        {"i > 2147483646.99", "4"},
        {"NOT i < 1e400", ""},
        {"u = 18446744073709551615", "1"},
        {"u > 9223372036854775807", "14"},
        {"u < 0", ""},
        {"u >= -1", "01245"},
        {"u <= 18446744073709551616", "01245"},
        {"u < 5.5", "02"},
        /* NaN is above all, and equals itself; -0 is 0 */
        {"d = 0.1", "0"},
        {"d = 0", "2"},
        {"d >= 0", "0123"},
        {"d > 'inf'", "1"},
        {"d = 'NaN'", "1"},
        {"d != 'nan'", "0235"},
        {"d < 'nan'", "0235"},
        {"d < 1e400", "025"},
        {"d > -1e400", "0123"},
        {"d = 1e400", ""},
        {"d = '-Infinity'", "5"},
        {"f = 0.1", "0"},
        {"f <= 1e39", "01235"},
        {"f > 1e39", ""},
        {"h = 0.1", "0"},
        {"h < 65520", "0123"},
        {"h > 65520", "5"},
        {"h >= 65504", "35"},
        {"h = -2", "2"},
        /* decimals */
        {"m = 1.5", "0"},
        {"m = 1.500", "0"},
        {"m < 1.495", "135"},
        {"m > 1.495", "04"},
        {"m = 1.495", ""},
        {"m < -0.005", "1"},
        {"m >= 1e60", ""},
        {"m <= 1e60", "01345"},
        {"m > -1e30", "01345"},
        {"w < 1e38", "0345"},
        {"w = 100000000000000000000000000000000000000", "1"},
        {"w >= -1e38", "01345"},
        {"w > 0", "015"},
        {"w > 0.001", "015"},
        {"w < 0.001", "34"},
        {"w > 1e80", ""},
        {"w < 1e80", "01345"},
        /* texts, byte by byte */
        {"text = ''", "0"},
        {"text = 'it''s'", "4"},
        {"text >= 'b'", "245"},
        {"text > 'it'", "45"},
        {"text = '\xc3\xa4'", "5"},
        {"text IN ('b', 'a', 'a', 'zz')", "12"},
        {"text NOT IN ('b', 'a')", "045"},
        {"bin = x'61'", "1"},
        {"bin > X'C3'", "5"},
        {"bin = 'b'", "2"},
        {"bin = x''", "0"},
        {"g = '6BA7B810-9dad-11d1-80b4-00c04fd430c8'", "0"},
        {"g > '6ba7b810-9dad-11d1-80b4-00c04fd430c8'", "35"},
        {"g = x'00000000000000000000000000000001'", "4"},
        {"g < x'01'", "14"},
        /* bools */
        {"b", "035"},
        {"NOT b", "14"},
        {"b = true", "035"},
        {"b != TRUE", "14"},
        {"b < true", "14"},
        {"false = b", "14"},
        /* days and times */
        {"date = '2024-02-29'", "0"},
        {"date = date '2024-02-29'", "0"},
        {"date < DATE '1970-01-01'", "34"},
        {"date <= '1970-01-01 12:00'", "134"},
        {"date = '1970-01-01 12:00'", ""},
        {"date >= '9999-12-31'", "5"},
        {"date < '+12024-01-01'", "01345"},
        {"date > '-0044-03-15'", "01345"},
        {"date = '0001-01-01'", "4"},
        {"z = '1970-01-01'", "0"},
        {"z < '1970-01-01T00:00:00Z'", "15"},
        {"z < '1970-01-01T00:00:00.0000001'", "015"},
        {"z > timestamp '1969-12-31 23:59:59.999999'", "034"},
        {"z = '2024-02-29T14:00:00+02:00'", "3"},
        {"z = '2024-02-29T07:30:00-0430'", "3"},
        {"z < '+999999-01-01'", "01345"},
        {"z > '+999999-01-01'", ""},
        {"z > '-999999-01-01'", "01345"},
        {"local = '2024-02-29 12:00'", "3"},
        {"c = '12:00'", "1"},
        {"c = time '12:00:00.5'", "5"},
        {"c > '12:00:00.4999999'", "35"},
        {"c <= '23:59:59.999999'", "01345"},
        /* nulls */
        {"i IS NULL", "2"},
        {"i IS NOT NULL", "01345"},
        {"NOT i IS NULL", "01345"},
        {"none IS NULL", "012345"},
        {"none = 5", ""},
        {"none != 'x'", ""},
        {"NOT none = 5", ""},
        {"l IS NULL", "4"},
        {"s IS NULL", "2"},
        {"s.a IS NULL", "24"},
        {"s.a > 20", "35"},
        {"s.\"b c\" > 20", "345"},
        {"s IS NOT NULL and s . a <= 10", "0"},
        {"i = 1 OR i IS NULL", "02"},
        {"i > 0 AND text > ''", "14"},
        {"i > 0 OR text = 'b'", "0124"},
        {"NOT (i > 0 AND text > '')", "035"},
        {"NOT (i > 0 OR text = 'b')", "5"},
        {"NOT NOT i = 1", "0"},
        {"i = 1 OR i = 2 AND b", "0"},
        {"(i = 1 OR i = 2) AND b", "0"},
        {"(i = 1 OR i = 2) AND NOT b", "1"},
        {"i IN (-5, 0, 7.5, 1e30)", "35"},
        {"i NOT IN (-5, +0)", "014"},
        {"i NOT IN (1e30)", "01345"},
        {"i IN (1e30)", ""},
        {"d IN (0, 'nan')", "12"},
        {"\"AND\" = 1", "02"},
        {"\"i\"=1", "0"},
        {" i=.1e1 ", "0"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[ROWS + 1];
        assert_ok(kept(rows[i].text, got, &err), err);
        assert_row_text(rows[i].text, got, rows[i].rows);
    }
}

/* ------ conditions that are none */

static void faults_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"", "at character 1: the name of a column has to follow: \"\" >>> end"},
        {"i =", "at character 4: a number, a 'text', TRUE or FALSE has to follow: \"i =\" >>> end"},
        {"i = 1 i", "at character 7: AND, OR or the end of the condition has to follow: \"i = 1 \" >>> \"i\""},
        {"i == 1", "at character 4:"},
        {"i", "at character 1: the column is not a bool"},
        {"i = NULL", "at character 5: nothing equals NULL, which IS NULL asks for"},
        {"i = u", "at character 5: a column can be compared with a value only"},
        {"text = \"a\"", "a text has to stand in single quotes"},
        {"1 = 2", "at character 5: a column has to be compared, not two values"},
        {"1 IS NULL", "at character 3: a comparison with a column has to follow"},
        {"i IS 5", "at character 6: NULL has to follow IS"},
        {"i NOT 5", "at character 7: IN has to follow NOT here"},
        {"i IN 5", "at character 6: IN needs a list in parentheses"},
        {"i IN ()", "at character 7: a number, a 'text', TRUE or FALSE has to follow"},
        {"i IN (1 2)", "at character 9: a comma or a parenthesis has to follow in the list"},
        {"(i = 1", "at character 7: a parenthesis is not closed here"},
        {"i = -'a'", "at character 6: a number has to follow the sign"},
        {"i = 'a", "at character 5: a quote that is not closed"},
        {"\"i = 1", "at character 1: a quote that is not closed"},
        {"i = 1e", "a number without the digits of its exponent"},
        {"i = 12abc", "at character 5: what begins as a number is none"},
        {"i = 1.2.3", "what begins as a number is none"},
        {"i = x'0'", "at character 5: bytes have to be pairs of hexadecimal digits"},
        {"bin = x'0g'", "bytes have to be pairs of hexadecimal digits"},
        {"i ; 1", "at character 3: a character that no condition has"},
        {"in = 1", "at character 1: the name of a column has to follow"},
        {"tex = 'a'", "at character 1: there is no such column; did you mean \"text\"?"},
        {"quite_another = 1", "at character 1: there is no such column"},
        {"s.A = 1", "at character 3: there is no such column; did you mean"},
        {"i.a = 1", "at character 3: the column before the point is no struct"},
        {"s. = 1", "at character 4: the name of a column has to follow"},
        {"twice = 1", "at character 1: several columns have this name"},
        {"i = 'a'", "at character 5: the column has numbers, so a number is needed"},
        {"i = true", "the column has numbers, so a number is needed"},
        {"d = 'x'", "or 'nan', 'inf' or '-inf'"},
        {"b = 1", "so TRUE or FALSE is needed"},
        {"text = 1", "so a text in single quotes is needed"},
        {"text = date '2024-01-01'", "so a text in single quotes is needed"},
        {"bin = 5", "or bytes as x'00ff'"},
        {"g = '6ba7b810'", "the column has UUIDs"},
        {"g = '6ba7b810-9dad-11d1-80b4-00c04fd430cg'", "the column has UUIDs"},
        {"date = '2024-02-30'", "at character 8: the column has dates"},
        {"date = '2023-02-29'", "the column has dates"},
        {"date = '2024-13-01'", "the column has dates"},
        {"date = '24-01-01'", "the column has dates"},
        {"date = '12024-01-01'", "the column has dates"},
        {"date = 5", "the column has dates"},
        {"date = '2024-01-01T00:00Z'", "the column has no zone"},
        {"local = '2024-01-01T00:00Z'", "the column has no zone"},
        {"z = '2024-01-01T24:00'", "the column has timestamps"},
        {"z = '2024-01-01T00:00+24:00'", "the column has timestamps"},
        {"z = '2024-01-01T00:00:00.'", "the column has timestamps"},
        {"z = date '2024-01-01 00:00'", "the column has timestamps"},
        {"c = '24:00'", "the column has times"},
        {"c = '12:60'", "the column has times"},
        {"c = '12'", "the column has times"},
        {"l = 1", "columns of that type can only be asked whether they are NULL"},
        {"s = 1", "columns of that type can only be asked whether they are NULL"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[ROWS + 1];
        assert_row_int(rows[i].text, kept(rows[i].text, got, &err), HW_EUSAGE);
        assert_row_says(rows[i].text, err.message, rows[i].says);
    }
}

/* ------ limits */

static char *repeat(const char *word, size_t count, const char *end) {
    char *text = malloc(strlen(word) * count + strlen(end) + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * strlen(word), word, strlen(word));
    }
    memcpy(text + strlen(word) * count, end, strlen(end) + 1);
    return text;
}

static void conditions_have_limits(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *word;
        size_t count;
        const char *end;
        enum hw_status status;
    } rows[] = {
        {"as deep as may be", "NOT ", HW_WHERE_DEPTH_MAX - 1, "b", HW_OK},
        {"too deep", "NOT ", HW_WHERE_DEPTH_MAX, "b", HW_ELIMIT},
        {"too deep in parentheses", "(", HW_WHERE_DEPTH_MAX, "b", HW_ELIMIT},
        {"many side by side", "b AND ", 10000, "b", HW_OK},
        {"as long as may be", " ", HW_WHERE_BYTES_MAX - 1, "b", HW_OK},
        {"too long", " ", HW_WHERE_BYTES_MAX, "b", HW_ELIMIT},
        {"as many digits as may be", "1", 996, " > i AND b", HW_OK},
        {"too many digits", "1", 1001, " > i", HW_EUSAGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_filter) filter = {0};
        struct hw_error err = HW_ERROR_INIT;
        char *text = repeat(rows[i].word, rows[i].count, rows[i].end);
        const enum hw_status status = make(text, &filter, &err);
        free(text);
        assert_row_int(rows[i].name, status, rows[i].status);
    }
}

static void no_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        char got[ROWS + 1];
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = kept("i IN (1, 2, 3, 4, 5, 6, 7, 8, 9) AND text IS NOT NULL AND text != 'q' AND "
                                           "(w != 1 OR g = x'00' OR NOT i < 1e30 OR s.\"b c\" = +1)",
                                           got, &err);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        if (status == HW_OK) {
            assert_string_equal(got, "01");
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_keep_the_rows_for_which_they_are_true),
        cmocka_unit_test(faults_are_told_with_their_place),
        cmocka_unit_test(conditions_have_limits),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
