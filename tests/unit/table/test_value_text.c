/* SPDX-License-Identifier: Apache-2.0 */
#include "table/value_text.h"

#include "support/rows.h"

#define TEN_BYTES(byte) byte byte byte byte byte byte byte byte byte byte

/* A value of fixed width, its bytes with the lowest first, and its text. */
static const struct {
    const char *name;
    struct hw_type type;
    const char *bytes;
    const char *text;
} rows[] = {
    {"int8", {.kind = HW_KIND_INT8}, "\x80", "-128"},
    {"int16", {.kind = HW_KIND_INT16}, "\x00\x80", "-32768"},
    {"int32", {.kind = HW_KIND_INT32}, "\x00\x00\x00\x80", "-2147483648"},
    {"int64", {.kind = HW_KIND_INT64}, "\x00\x00\x00\x00\x00\x00\x00\x80", "-9223372036854775808"},
    {"uint8", {.kind = HW_KIND_UINT8}, "\xff", "255"},
    {"uint16", {.kind = HW_KIND_UINT16}, "\xff\xff", "65535"},
    {"uint32", {.kind = HW_KIND_UINT32}, "\xff\xff\xff\xff", "4294967295"},
    {"uint64", {.kind = HW_KIND_UINT64}, "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"},
    {"half 0.1", {.kind = HW_KIND_HALF}, "\x66\x2e", "0.1"},
    {"half -0", {.kind = HW_KIND_HALF}, "\x00\x80", "-0.0"},
    {"half, the most", {.kind = HW_KIND_HALF}, "\xff\x7b", "65500.0"},
    {"half, the least", {.kind = HW_KIND_HALF}, "\x01\x00", "6e-8"},
    {"half inf", {.kind = HW_KIND_HALF}, "\x00\xfc", "-inf"},
    {"float 0.1", {.kind = HW_KIND_FLOAT}, "\xcd\xcc\xcc\x3d", "0.1"},
    {"float 1", {.kind = HW_KIND_FLOAT}, "\x00\x00\x80\x3f", "1.0"},
    {"float, the most", {.kind = HW_KIND_FLOAT}, "\xff\xff\x7f\x7f", "3.4028235e+38"},
    {"float, the least", {.kind = HW_KIND_FLOAT}, "\x01\x00\x00\x00", "1e-45"},
    {"float nan", {.kind = HW_KIND_FLOAT}, "\x00\x00\xc0\x7f", "nan"},
    {"double 0.1", {.kind = HW_KIND_DOUBLE}, "\x9a\x99\x99\x99\x99\x99\xb9\x3f", "0.1"},
    {"double 1e-5", {.kind = HW_KIND_DOUBLE}, "\xf1\x68\xe3\x88\xb5\xf8\xe4\x3e", "1e-5"},
    {"decimal32", {.kind = HW_KIND_DECIMAL32, .precision = 9, .scale = 2}, "\xce\xff\xff\xff", "-0.50"},
    {"decimal64",
     {.kind = HW_KIND_DECIMAL64, .precision = 18, .scale = 3},
     "\x01\x00\x00\x00\x00\x00\x00\x00",
     "0.001"},
    {"decimal",
     {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 0},
     "\xff\xff\xff\xff\x3f\x22\x8a\x09\x7a\xc4\x86\x5a\xa8\x4c\x3b\x4b",
     "99999999999999999999999999999999999999"},
    {"decimal256",
     {.kind = HW_KIND_DECIMAL256, .precision = 76, .scale = 1},
     "\xfe" TEN_BYTES("\xff") TEN_BYTES("\xff") TEN_BYTES("\xff") "\xff",
     "-0.2"},
    {"date", {.kind = HW_KIND_DATE}, "\x46\x4d\x00\x00", "2024-02-29"},
    {"date of the year 0", {.kind = HW_KIND_DATE}, "\x58\x05\xf5\xff", "0000-01-01"},
    {"date before it", {.kind = HW_KIND_DATE}, "\x57\x05\xf5\xff", "-0001-12-31"},
    {"date after 9999", {.kind = HW_KIND_DATE}, "\xa1\xc0\x2c\x00", "+10000-01-01"},
    {"date of ms", {.kind = HW_KIND_DATE_MILLIS}, "\x00\x5c\x26\x05\x00\x00\x00\x00", "1970-01-02"},
    {"date of ms, not whole",
     {.kind = HW_KIND_DATE_MILLIS},
     "\x01\x5c\x26\x05\x00\x00\x00\x00",
     "1970-01-02T00:00:00.001"},
    {"time ms", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, "\x00\x2e\x93\x02", "12:00:00"},
    {"time ms, not whole",
     {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS, .utc = true},
     "\x05\x2e\x93\x02",
     "12:00:00.005Z"},
    {"time s", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, "\x7f\x51\x01\x00", "23:59:59"},
    {"time us",
     {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS},
     "\x01\x00\x00\x00\x00\x00\x00\x00",
     "00:00:00.000001"},
    {"time ns",
     {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS},
     "\x00\x00\x00\x00\x00\x00\x00\x00",
     "00:00:00.000000000"},
    {"timestamp s",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
     "\xff\xff\xff\xff\xff\xff\xff\xff",
     "1969-12-31T23:59:59"},
    {"timestamp ms",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS},
     "\xff\xff\xff\xff\xff\xff\xff\xff",
     "1969-12-31T23:59:59.999"},
    {"timestamp us",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true},
     "\x00\x00\x00\x00\x00\x00\x00\x00",
     "1970-01-01T00:00:00Z"},
    {"timestamp ns",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
     "\x00\x00\x00\x00\x00\x00\x00\x00",
     "1970-01-01T00:00:00.000000000"},
    {"duration", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_MILLIS}, "\x44\xf4\xff\xff\xff\xff\xff\xff", "PT-3.004S"},
    {"interval",
     {.kind = HW_KIND_INTERVAL},
     "\x01\x00\x00\x00\x02\x00\x00\x00\x00\x67\x0d\xb3\x00\x00\x00\x00",
     "P1M2DT3.004S"},
    {"interval of us",
     {.kind = HW_KIND_INTERVAL},
     "\x00\x00\x00\x00\x00\x00\x00\x00\xe8\x03\x00\x00\x00\x00\x00\x00",
     "P0M0DT0.000001S"},
    {"interval of -1 ns",
     {.kind = HW_KIND_INTERVAL},
     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
     "P-1M-1DT-0.000000001S"},
    {"months", {.kind = HW_KIND_INTERVAL_MONTHS}, "\x0e\x00\x00\x00", "P14M0DT0S"},
    {"days", {.kind = HW_KIND_INTERVAL_DAYS}, "\x01\x00\x00\x00\xe8\x03\x00\x00", "P0M1DT1S"},
    {"uuid",
     {.kind = HW_KIND_UUID},
     "\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8",
     "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
};

static void text_check(const char *name, const struct hw_field *field, const struct hw_column *column, size_t row,
                       const char *want) {
    struct hw_buf out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&out, "<", &err), err);
    assert_ok(hw_value_text_append(HW_BINARY_BASE64, field, column, row, &out, &err), err);
    assert_row_bytes(name, out.data + 1, out.size - 1, want, strlen(want));
    hw_buf_release(&out);
}

static void values_of_fixed_width_have_a_text(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        /* It is the second slot, and the column begins there. */
        uint8_t values[64 + 64] = {0};
        const size_t bytes = hw_kind_bytes(rows[i].type.kind);
        const struct hw_field field = {.name = "a", .type = rows[i].type};
        const struct hw_column column = {.values = values, .offset = 1};
        memcpy(values + bytes, rows[i].bytes, bytes);
        text_check(rows[i].name, &field, &column, 0, rows[i].text);
    }
}

static void booleans_are_words(void **state) {
    (void)state;
    const uint8_t bits[] = {0x04, 0x02};
    const struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_BOOL}};
    const struct hw_column column = {.values = bits, .offset = 2};
    text_check("the third bit", &field, &column, 0, "true");
    text_check("the fourth", &field, &column, 1, "false");
    text_check("the tenth", &field, &column, 7, "true");
}

static const int32_t offsets[] = {0, 1, 1, 3};
static const int64_t large_offsets[] = {0, 1, 1, 3};

static void texts_stay(void **state) {
    (void)state;
    const struct hw_field text = {.name = "a", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_field large = {.name = "a", .type = {.kind = HW_KIND_LARGE_TEXT}};
    const struct hw_column column = {.offsets = offsets, .data = "abc", .offset = 1};
    const struct hw_column large_column = {.large_offsets = large_offsets, .data = "abc"};
    text_check("none", &text, &column, 0, "");
    text_check("two", &text, &column, 1, "bc");
    text_check("large", &large, &large_column, 0, "a");
    text_check("no data", &text, &(struct hw_column){.offsets = offsets, .offset = 1}, 0, "");
}

static void binaries_have_the_form_that_is_asked_for(void **state) {
    (void)state;
    static const struct {
        enum hw_binary_text binary;
        struct hw_type type;
        const char *want;
        enum hw_status status;
    } forms[] = {
        {HW_BINARY_BASE64, {.kind = HW_KIND_BINARY}, "/mE=", HW_OK},
        {HW_BINARY_HEX, {.kind = HW_KIND_BINARY}, "fe61", HW_OK},
        {HW_BINARY_UTF8, {.kind = HW_KIND_BINARY}, NULL, HW_EDATA},
        {HW_BINARY_HEX, {.kind = HW_KIND_LARGE_BINARY}, "fe61", HW_OK},
        {HW_BINARY_HEX, {.kind = HW_KIND_FIXED, .width = 2}, "fe61", HW_OK},
        {HW_BINARY_UTF8, {.kind = HW_KIND_FIXED, .width = 1}, "a", HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const struct hw_field field = {.name = "a", .type = forms[i].type};
        const bool large = forms[i].type.kind == HW_KIND_LARGE_BINARY;
        const struct hw_column column = {
            .values = forms[i].type.width == 1 ? "?a" : "??\xfe\x61",
            .offsets = large ? NULL : offsets,
            .large_offsets = large ? large_offsets : NULL,
            .data = "?\xfe\x61",
            .offset = forms[i].type.kind == HW_KIND_FIXED ? 1 : 2,
        };
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_value_text_append(forms[i].binary, &field, &column, 0, &out, &err);
        assert_int_equal(status, forms[i].status);
        if (status == HW_OK) {
            assert_row_bytes(forms[i].want, out.data, out.size, forms[i].want, strlen(forms[i].want));
        } else {
            assert_string_equal(err.message, "a binary value is no text: it is not UTF-8");
        }
        hw_buf_release(&out);
    }
}

static void dictionaries_stand_for_their_values(void **state) {
    (void)state;
    const uint16_t indices[] = {0, 1};
    const struct hw_field value = {.name = "", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_field field = {
        .name = "a", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_UINT16}, .dictionary = &value};
    const struct hw_column values = {.offsets = offsets, .data = "abc", .offset = 1};
    const struct hw_column column = {.values = indices, .dictionary = &values};
    text_check("the first", &field, &column, 0, "");
    text_check("the second", &field, &column, 1, "bc");
}

static void times_that_are_none_are_refused(void **state) {
    (void)state;
    static const struct {
        struct hw_type type;
        int64_t value;
        const char *says;
    } faults[] = {
        {{.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}, 86400, "86400 is no time(s) of a day"},
        {{.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, 86400000, "86400000 is no time(ms) of a day"},
        {{.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}, -1, "-1 is no time(ns) of a day"},
    };
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const struct hw_field field = {.name = "a", .type = faults[i].type};
        const struct hw_column column = {.values = &faults[i].value};
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_value_text_append(HW_BINARY_HEX, &field, &column, 0, &out, &err), HW_EDATA);
        assert_string_equal(err.message, faults[i].says);
        hw_buf_release(&out);
    }
}

static void nulls_are_told(void **state) {
    (void)state;
    const uint8_t validity[] = {0x05};
    const struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_INT8}};
    const struct hw_field null = {.name = "a", .type = {.kind = HW_KIND_NULL}};
    const struct hw_column column = {.validity = validity, .offset = 1};
    assert_true(hw_value_is_null(&field, &column, 0));
    assert_false(hw_value_is_null(&field, &column, 1));
    assert_false(hw_value_is_null(&field, &(struct hw_column){0}, 0));
    assert_true(hw_value_is_null(&null, &(struct hw_column){0}, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_fixed_width_have_a_text),
        cmocka_unit_test(booleans_are_words),
        cmocka_unit_test(texts_stay),
        cmocka_unit_test(binaries_have_the_form_that_is_asked_for),
        cmocka_unit_test(dictionaries_stand_for_their_values),
        cmocka_unit_test(times_that_are_none_are_refused),
        cmocka_unit_test(nulls_are_told),
    };
    return cmocka_run_group_tests_name("table/value_text", tests, NULL, NULL);
}
