/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/value.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/view.h"
#include "support/rows.h"

/*
 * One value as the batch holds it, and as "Binary Encoding" of the specification has it, by hand.
 */
static const struct {
    const char *name;
    struct hw_type type;
    hw_view value;
    hw_view want;
} rows[] = {
    {"int8 -128", {.kind = HW_KIND_INT8}, HW_VIEW_INIT("\x80"), HW_VIEW_INIT("\xff\x01")},
    {"uint8 255", {.kind = HW_KIND_UINT8}, HW_VIEW_INIT("\xff"), HW_VIEW_INIT("\xfe\x03")},
    {"int16 -1", {.kind = HW_KIND_INT16}, HW_VIEW_INIT("\xff\xff"), HW_VIEW_INIT("\x01")},
    {"uint16 65535", {.kind = HW_KIND_UINT16}, HW_VIEW_INIT("\xff\xff"), HW_VIEW_INIT("\xfe\xff\x07")},
    {"int32 64", {.kind = HW_KIND_INT32}, HW_VIEW_INIT("\x40\0\0\0"), HW_VIEW_INIT("\x80\x01")},
    {"int64 63", {.kind = HW_KIND_INT64}, HW_VIEW_INIT("\x3f\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x7e")},
    {"int64 -64", {.kind = HW_KIND_INT64}, HW_VIEW_INIT("\xc0\xff\xff\xff\xff\xff\xff\xff"), HW_VIEW_INIT("\x7f")},
    {"int64 64", {.kind = HW_KIND_INT64}, HW_VIEW_INIT("\x40\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x80\x01")},
    {"int64 8191", {.kind = HW_KIND_INT64}, HW_VIEW_INIT("\xff\x1f\0\0\0\0\0\0"), HW_VIEW_INIT("\xfe\x7f")},
    {"int64 8192", {.kind = HW_KIND_INT64}, HW_VIEW_INIT("\0\x20\0\0\0\0\0\0"), HW_VIEW_INIT("\x80\x80\x01")},
    {"int64 -8192", {.kind = HW_KIND_INT64}, HW_VIEW_INIT("\0\xe0\xff\xff\xff\xff\xff\xff"), HW_VIEW_INIT("\xff\x7f")},
    {"int64 -8193",
     {.kind = HW_KIND_INT64},
     HW_VIEW_INIT("\xff\xdf\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x81\x80\x01")},
    {"date 8192", {.kind = HW_KIND_DATE}, HW_VIEW_INIT("\0\x20\0\0"), HW_VIEW_INIT("\x80\x80\x01")},
    {"uint32 2^32-1", {.kind = HW_KIND_UINT32}, HW_VIEW_INIT("\xff\xff\xff\xff"), HW_VIEW_INIT("\xfe\xff\xff\xff\x1f")},
    {"uint64 0", {.kind = HW_KIND_UINT64}, HW_VIEW_INIT("\0\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x02\0")},
    {"uint64 128", {.kind = HW_KIND_UINT64}, HW_VIEW_INIT("\x80\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x04\0\x80")},
    {"uint64 2^63-1",
     {.kind = HW_KIND_UINT64},
     HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\x7f"),
     HW_VIEW_INIT("\x10\x7f\xff\xff\xff\xff\xff\xff\xff")},
    {"uint64 2^64-1",
     {.kind = HW_KIND_UINT64},
     HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x12\0\xff\xff\xff\xff\xff\xff\xff\xff")},
    {"half 1.5 is a float", {.kind = HW_KIND_HALF}, HW_VIEW_INIT("\0\x3e"), HW_VIEW_INIT("\0\0\xc0\x3f")},
    {"float", {.kind = HW_KIND_FLOAT}, HW_VIEW_INIT("abcd"), HW_VIEW_INIT("abcd")},
    {"decimal32 -129", {.kind = HW_KIND_DECIMAL32}, HW_VIEW_INIT("\x7f\xff\xff\xff"), HW_VIEW_INIT("\x04\xff\x7f")},
    {"decimal64 128", {.kind = HW_KIND_DECIMAL64}, HW_VIEW_INIT("\x80\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x04\0\x80")},
    {"decimal256 2^128",
     {.kind = HW_KIND_DECIMAL256},
     HW_VIEW_INIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x22\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
    {"date -1 of milliseconds",
     {.kind = HW_KIND_DATE_MILLIS},
     HW_VIEW_INIT("\0\xa4\xd9\xfa\xff\xff\xff\xff"),
     HW_VIEW_INIT("\x01")},
    {"1 ms of a day", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, HW_VIEW_INIT("\1\0\0\0"), HW_VIEW_INIT("\x02")},
    {"1 s of a day is 1000 ms",
     {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
     HW_VIEW_INIT("\1\0\0\0"),
     HW_VIEW_INIT("\xd0\x0f")},
    {"1 ns of a day",
     {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS},
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x02")},
    {"-1 s since 1970 is -1000 ms",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
     HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff"),
     HW_VIEW_INIT("\xcf\x0f")},
    {"1 ms since 1970",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS},
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x02")},
    {"duration is its number",
     {.kind = HW_KIND_DURATION, .unit = HW_UNIT_SECONDS},
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\x02")},
    {"interval of 1 month, 2 days, 3 ms",
     {.kind = HW_KIND_INTERVAL},
     HW_VIEW_INIT("\1\0\0\0\2\0\0\0\xc0\xc6\x2d\0\0\0\0\0"),
     HW_VIEW_INIT("\1\0\0\0\2\0\0\0\3\0\0\0")},
    {"interval of days",
     {.kind = HW_KIND_INTERVAL_DAYS},
     HW_VIEW_INIT("\2\0\0\0\3\0\0\0"),
     HW_VIEW_INIT("\0\0\0\0\2\0\0\0\3\0\0\0")},
    {"fixed(3)", {.kind = HW_KIND_FIXED, .width = 3}, HW_VIEW_INIT("abc"), HW_VIEW_INIT("abc")},
};

/* The bytes of slot 1 of a column whose slot 0 is of 0xee, nullable or not, set or not. */
static void values_are_the_specifications_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int form = 0; form < 4; form++) {
            _Alignas(16) uint8_t slots[256];
            uint8_t out[256];
            uint8_t *end = out;
            size_t bytes = hw_type_bytes(rows[i].type);
            const uint8_t validity = form == 3 ? 1 : 2;
            struct hw_column column = {.validity = form >= 2 ? &validity : NULL, .values = slots, .exact = true};
            assert_row_int(rows[i].name, bytes, rows[i].value.size);
            memset(slots, 0xee, bytes);
            memcpy(slots + bytes, rows[i].value.data, bytes);
            hw_avro_values_put(&rows[i].type, &column, form > 0, 1, 1, &end);
            char want[64] = "\x02";
            size_t branch = form > 0;
            memcpy(want + branch, rows[i].want.data, rows[i].want.size);
            assert_row_bytes(rows[i].name, out, (size_t)(end - out), form == 3 ? "" : want,
                             form == 3 ? 1 : branch + rows[i].want.size);
            assert_true((size_t)(end - out) <= branch + hw_avro_value_bytes_max(rows[i].type));
        }
    }
}

/* A value takes the same bytes whatever values stand beside it, and whatever lies where null is. */
static void integers_do_not_depend_on_their_neighbours(void **state) {
    (void)state;
    static const int64_t values[] = {1, 8191, 8192, -8193, INT64_MIN, INT64_MAX, 0};
    const struct hw_type type = {.kind = HW_KIND_INT64};
    const uint8_t validity = 0x5f;
    const struct hw_column column = {.values = values, .validity = &validity};
    uint8_t together[COUNT_OF(values)][32];
    uint8_t *ends[COUNT_OF(values)];
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        ends[i] = together[i];
    }
    hw_avro_values_put(&type, &column, true, 0, COUNT_OF(values), ends);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        char name[32];
        uint8_t alone[32];
        uint8_t *end = alone;
        hw_avro_values_put(&type, &column, true, i, 1, &end);
        snprintf(name, sizeof(name), "value %zu", i);
        assert_row_bytes(name, together[i], (size_t)(ends[i] - together[i]), alone, (size_t)(end - alone));
        assert_row_int(name, end - alone > 1, i != 5);
    }
}

/* Nothing behind the last text is read, and large offsets are not shortened. */
static void texts_of_others_are_taken_exactly(void **state) {
    (void)state;
    char *alone = malloc(3);
    memcpy(alone, "xab", 3);
    const int32_t offsets[] = {0, 1, 3};
    const int64_t large_offsets[] = {0, 1, 3};
    for (int large = 0; large <= 1; large++) {
        uint8_t out[2][128];
        uint8_t *ends[] = {out[0], out[1]};
        const struct hw_type type = {.kind = large ? HW_KIND_LARGE_BINARY : HW_KIND_BINARY};
        const struct hw_column column = {.offsets = large ? NULL : offsets,
                                         .large_offsets = large ? large_offsets : NULL,
                                         .data = alone,
                                         .exact = true};
        hw_avro_values_put(&type, &column, false, 0, 2, ends);
        assert_row_bytes("x", out[0], (size_t)(ends[0] - out[0]), "\x02x", 2);
        assert_row_bytes("ab", out[1], (size_t)(ends[1] - out[1]),
                         "\x04"
                         "ab",
                         3);
    }
    free(alone);
}

static void values_without_a_place_are_told(void **state) {
    (void)state;
    static const struct {
        struct hw_type type;
        hw_view value;
        const char *says; /* NULL: it has a place */
    } bad[] = {
        {{.kind = HW_KIND_DATE_MILLIS}, HW_VIEW_INIT("\0\0\0\0\0\0\0\0"), NULL},
        {{.kind = HW_KIND_DATE_MILLIS}, HW_VIEW_INIT("\1\0\0\0\0\0\0\0"), "a date of 1 ms is no whole day, or too far"},
        {{.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, HW_VIEW_INIT("\x9b\xc4\x20\0"), NULL},
        {{.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
         HW_VIEW_INIT("\x9c\xc4\x20\0"),
         "a time of 2147484 s has no place in milliseconds"},
        {{.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
         HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\x7f"),
         "a timestamp of 9223372036854775807 s has no place in milliseconds"},
        {{.kind = HW_KIND_INTERVAL_MONTHS}, HW_VIEW_INIT("\1\0\0\0"), NULL},
        {{.kind = HW_KIND_INTERVAL_MONTHS},
         HW_VIEW_INIT("\xff\xff\xff\xff"),
         "an interval is negative, or finer than milliseconds"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_column column = {.values = bad[i].value.data};
        assert_true(hw_avro_type_is_checked(bad[i].type));
        assert_row_int(bad[i].says ? bad[i].says : "good", hw_avro_value_check(&bad[i].type, &column, 0, &err),
                       bad[i].says ? HW_EDATA : HW_OK);
        assert_row_text("message", err.message, bad[i].says ? bad[i].says : "");
    }
    assert_false(hw_avro_type_is_checked((struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}));
    assert_false(hw_avro_type_is_checked((struct hw_type){.kind = HW_KIND_INT64, .unit = HW_UNIT_SECONDS}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_specifications_bytes),
        cmocka_unit_test(integers_do_not_depend_on_their_neighbours),
        cmocka_unit_test(texts_of_others_are_taken_exactly),
        cmocka_unit_test(values_without_a_place_are_told),
    };
    return cmocka_run_group_tests_name("avro/value", tests, NULL, NULL);
}
