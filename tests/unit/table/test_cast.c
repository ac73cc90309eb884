/* SPDX-License-Identifier: Apache-2.0 */
#include "table/cast.h"

#include "support/rows.h"
#include "table/value_text.h"

enum { VALUES_MAX = 8, VALUE_BYTES_MAX = 32, BEFORE = 13 };

#define V(type, ...) (const type[]){__VA_ARGS__}, sizeof((const type[]){__VA_ARGS__})
#define LIMBS(a, b, c, d) UINT64_C(a), UINT64_C(b), UINT64_C(c), UINT64_C(d)

/* Values of a column, and what they are after the cast, with ~ for a null. */
static const struct row {
    const char *from;
    const char *to;
    const void *values;
    size_t bytes;
    uint8_t nulls; /* bit i: value i is null */
    const char *want;
    const char *says; /* of a value that does not fit, at row `fails` */
    size_t fails;
} rows[] = {
    {"int8", "int16", V(int8_t, -128, 0, 127), 0, "-128 0 127", NULL, 0},
    {"int8", "int64", V(int8_t, -128, 5, 127), 2, "-128 ~ 127", NULL, 0},
    {"uint8", "int16", V(uint8_t, 0, 255), 0, "0 255", NULL, 0},
    {"uint8", "uint64", V(uint8_t, 0, 255), 0, "0 255", NULL, 0},
    {"int16", "int32", V(int16_t, -32768, 32767), 0, "-32768 32767", NULL, 0},
    {"uint16", "uint32", V(uint16_t, 0, 65535), 0, "0 65535", NULL, 0},
    {"uint32", "int64", V(uint32_t, 0, 4294967295), 0, "0 4294967295", NULL, 0},
    {"int32", "int64", V(int32_t, INT32_MIN, INT32_MAX), 0, "-2147483648 2147483647", NULL, 0},
    {"int16", "float", V(int16_t, -32768, 3), 0, "-32768.0 3.0", NULL, 0},
    {"uint16", "float", V(uint16_t, 65535), 0, "65535.0", NULL, 0},
    {"int32", "double", V(int32_t, INT32_MIN, 7), 0, "-2147483648.0 7.0", NULL, 0},
    {"uint32", "double", V(uint32_t, 4294967295), 0, "4294967295.0", NULL, 0},
    {"int64", "double", V(int64_t, -9007199254740992, 1, INT64_MIN), 0,
     "-9007199254740992.0 1.0 -9.223372036854776e+18", NULL, 0},
    {"int64", "double", V(int64_t, 1, 9007199254740993), 0, NULL, "9007199254740993 does not fit double", 1},
    {"int64", "double", V(int64_t, INT64_MAX), 0, NULL, "9223372036854775807 does not fit double", 0},
    {"int64", "double", V(int64_t, 1, 9007199254740993), 2, "1.0 ~", NULL, 0},
    {"uint64", "double", V(uint64_t, UINT64_C(1) << 63), 0, "9.223372036854776e+18", NULL, 0},
    {"uint64", "double", V(uint64_t, UINT64_MAX), 0, NULL, "18446744073709551615 does not fit double", 0},
    {"uint64", "double", V(uint64_t, 9007199254740993), 0, NULL, "9007199254740993 does not fit double", 0},
    {"uint64", "decimal(20,0)", V(uint64_t, 0, UINT64_MAX), 0, "0 18446744073709551615", NULL, 0},
    {"int64", "decimal(20,0)", V(int64_t, INT64_MIN, -1), 0, "-9223372036854775808 -1", NULL, 0},
    {"int8", "decimal(5,2)", V(int8_t, -128, 127, 9), 4, "-128.00 127.00 ~", NULL, 0},
    {"int64", "decimal256(57,38)", V(int64_t, INT64_MIN), 0,
     "-9223372036854775808.00000000000000000000000000000000000000", NULL, 0},
    {"uint64", "decimal256(58,38)", V(uint64_t, UINT64_MAX), 0,
     "18446744073709551615.00000000000000000000000000000000000000", NULL, 0},
    {"decimal(3,1)", "decimal(6,3)", V(__int128, -999, 5, 1), 4, "-99.900 0.500 ~", NULL, 0},
    {"decimal(3,1)", "decimal256(40,1)", V(__int128, -999, 5), 0, "-99.9 0.5", NULL, 0},
    {"decimal32(3,1)", "decimal(13,3)", V(int32_t, -999, 5), 0, "-99.900 0.500", NULL, 0},
    {"decimal64(12,0)", "decimal(12,0)", V(int64_t, -999999999999), 0, "-999999999999", NULL, 0},
    /* 10^38 - 1, and its negative */
    {"decimal(38,0)", "decimal256(76,38)",
     V(uint64_t, 0x098a223fffffffff, 0x4b3b4ca85a86c47a, 0xf675ddc000000001, 0xb4c4b357a5793b85), 0,
     "99999999999999999999999999999999999999.00000000000000000000000000000000000000 "
     "-99999999999999999999999999999999999999.00000000000000000000000000000000000000",
     NULL, 0},
    {"decimal256(40,1)", "decimal256(41,2)", V(uint64_t, LIMBS(15, 0, 0, 0), LIMBS(-15, -1, -1, -1)), 0, "1.50 -1.50",
     NULL, 0},
    {"half", "float", V(uint16_t, 0x3c00, 0xfbff, 0x7c00, 0x0001), 0, "1.0 -65504.0 inf 5.9604645e-8", NULL, 0},
    {"half", "double", V(uint16_t, 0x3555, 0x7e00), 0, "0.333251953125 nan", NULL, 0},
    {"float", "double", V(float, 0.1f, -0.0f, 3), 4, "0.10000000149011612 -0.0 ~", NULL, 0},
    {"date", "timestamp(s)", V(int32_t, 1, -1), 0, "1970-01-02T00:00:00 1969-12-31T00:00:00", NULL, 0},
    {"date", "timestamp(us)", V(int32_t, 19782), 0, "2024-02-29T00:00:00", NULL, 0},
    {"date", "timestamp(us)", V(int32_t, 106751991), 0, "+294247-01-10T00:00:00", NULL, 0},
    {"date", "timestamp(us)", V(int32_t, 106751992), 0, NULL, "+294247-01-11 does not fit timestamp(us)", 0},
    {"timestamp(s)", "timestamp(ms)", V(int64_t, -1), 0, "1969-12-31T23:59:59", NULL, 0},
    {"timestamp(ms)", "timestamp(ns)", V(int64_t, 1, 2), 1, "~ 1970-01-01T00:00:00.002000000", NULL, 0},
    {"timestamp(ms)", "timestamp(ns)", V(int64_t, 1, 9223372036855), 0, NULL,
     "2262-04-11T23:47:16.855 does not fit timestamp(ns)", 1},
    {"timestamp(us, UTC)", "timestamp(ns, UTC)", V(int64_t, INT64_MIN), 1, "~", NULL, 0},
    {"time(ms)", "time(ns)", V(int32_t, 86399999), 0, "23:59:59.999000000", NULL, 0},
    {"time(s)", "time(ms)", V(int32_t, 86399), 0, "23:59:59", NULL, 0},
    {"time(us)", "time(ns)", V(int64_t, 1), 0, "00:00:00.000001000", NULL, 0},
    {"fixed(2)", "binary", V(char, 'a', 'b', 'c', 'd', 'e', 'f'), 2, "6162 ~ 6566", NULL, 0},
    {"fixed(0)", "binary", NULL, 0, 0, "", NULL, 0},
};

static struct hw_type type_of(const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_type type;
    assert_ok(hw_type_parse(text, &type, &err), err);
    return type;
}

static void column_text(struct hw_type type, const struct hw_column *column, size_t count, struct hw_buf *out) {
    const struct hw_field field = {.name = "", .type = type};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < count; i++) {
        assert_ok(hw_buf_append_text(out, i > 0 ? " " : "", &err), err);
        if (!hw_column_valid(column, i)) {
            assert_ok(hw_buf_append_byte(out, '~', &err), err);
            continue;
        }
        assert_ok(hw_value_text_append(HW_BINARY_HEX, &field, column, i, out, &err), err);
    }
    assert_ok(hw_buf_end_text(out, &err), err);
}

/* Casts the values of a row where they begin at slot `before` of their buffers. */
static void row_cast(const struct row *row, size_t before, struct hw_cast_room *room) {
    const struct hw_type from = type_of(row->from);
    const struct hw_type to = type_of(row->to);
    const size_t width = hw_type_bytes(from);
    const size_t count = width > 0 ? row->bytes / width : 0;
    _Alignas(16) uint8_t values[(BEFORE + VALUES_MAX) * VALUE_BYTES_MAX];
    uint8_t validity[(BEFORE + VALUES_MAX + 7) / 8 + 8];
    struct hw_column out;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) text = {0};
    memset(values, 0x7f, sizeof(values));
    memset(validity, 0xff, sizeof(validity));
    if (row->bytes > 0) {
        memcpy(values + before * width, row->values, row->bytes);
    }
    for (size_t i = 0; i < count; i++) {
        const size_t at = before + i;
        validity[at / 8] &= (uint8_t) ~((row->nulls >> i & 1) << at % 8);
    }
    const struct hw_column column = {
        .null_count = (size_t)__builtin_popcount(row->nulls),
        .validity = row->nulls ? validity : NULL,
        .values = values,
        .length = count,
        .offset = before,
    };
    assert_row_int(row->from, hw_cast_needed(from, to), true);
    const enum hw_status status = hw_cast_column(&column, count, from, to, room, &out, &err);
    assert_row_int(row->from, status, row->says ? HW_EDATA : HW_OK);
    if (row->says) {
        assert_row_says(row->from, err.message, row->says);
        assert_row_int(row->from, room->row, row->fails);
        return;
    }
    assert_row_int(row->from, out.offset, 0);
    assert_row_int(row->from, out.length, count);
    assert_row_int(row->from, out.null_count, column.null_count);
    column_text(to, &out, count, &text);
    assert_row_text(row->from, (const char *)text.data, row->want);
}

static void values_stay_what_they_are(void **state) {
    (void)state;
    HW_AUTO(hw_cast_room) room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        row_cast(&rows[i], 0, &room);
        row_cast(&rows[i], BEFORE, &room);
    }
}

/* More rows than are loaded at once. */
static void a_long_column_is_cast_as_a_whole(void **state) {
    (void)state;
    enum { LONG = 1300 };
    int32_t days[LONG];
    int64_t numbers[LONG];
    struct hw_column out;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_cast_room) room = {0};
    for (int i = 0; i < LONG; i++) {
        days[i] = i;
        numbers[i] = i;
    }
    const struct hw_column dates = {.values = days, .length = LONG};
    assert_ok(hw_cast_column(&dates, LONG, type_of("date"), type_of("timestamp(s)"), &room, &out, &err), err);
    for (int i = 0; i < LONG; i++) {
        assert_int_equal(((const int64_t *)out.values)[i], i * INT64_C(86400));
    }
    const struct hw_column integers = {.values = numbers, .length = LONG};
    assert_ok(hw_cast_column(&integers, LONG, type_of("int64"), type_of("double"), &room, &out, &err), err);
    for (int i = 0; i < LONG; i++) {
        assert_true(((const double *)out.values)[i] == i);
    }
    numbers[LONG - 2] = INT64_MAX;
    assert_int_equal(hw_cast_column(&integers, LONG, type_of("int64"), type_of("double"), &room, &out, &err), HW_EDATA);
    assert_int_equal(room.row, LONG - 2);
}

static void equal_buffers_need_no_cast(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"int8", "int8"},       {"enum", "text"},
        {"bson", "binary"},     {"decimal(5,2)", "decimal(9,2)"},
        {"uuid", "uuid"},       {"timestamp(us, UTC)", "timestamp(us, UTC)"},
        {"boolean", "boolean"}, {"fixed(3)", "fixed(3)"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_row_int(pairs[i][0], hw_cast_needed(type_of(pairs[i][0]), type_of(pairs[i][1])), false);
    }
    assert_int_equal(hw_cast_row_bytes(type_of("binary")), 4);
    assert_int_equal(hw_cast_row_bytes(type_of("decimal256(40,2)")), 32);
}

static void what_memory_cannot_hold_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        size_t rows;
        const char *says;
    } refused[] = {
        {"fixed(2147483647)", "binary", 2, "2 rows of 2147483647 bytes are too many"},
        {"int8", "int64", SIZE_MAX / 8 + 1, "are too many for one column"},
        {"int8", "int64", SIZE_MAX / 8, "are too many for one column"},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        const struct hw_column column = {.values = ""};
        struct hw_column out;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_cast_room) room = {0};
        assert_row_int(refused[i].from,
                       hw_cast_column(&column, refused[i].rows, type_of(refused[i].from), type_of(refused[i].to), &room,
                                      &out, &err),
                       HW_ELIMIT);
        assert_row_says(refused[i].from, err.message, refused[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stay_what_they_are),
        cmocka_unit_test(a_long_column_is_cast_as_a_whole),
        cmocka_unit_test(equal_buffers_need_no_cast),
        cmocka_unit_test(what_memory_cannot_hold_is_refused),
    };
    return cmocka_run_group_tests_name("table/cast", tests, NULL, NULL);
}
