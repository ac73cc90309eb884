/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/step_value.h"

#include "support/avro_rows.h"
#include "support/rows.h"

#define DECIMAL(precision, scale) \
    "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":" #precision ",\"scale\":" #scale "}"
#define FIXED(size, more) "{\"type\":\"fixed\",\"name\":\"f\",\"size\":" #size more "}"
#define LOGICAL(type, logical) "{\"type\":\"" type "\",\"logicalType\":\"" logical "\"}"
#define ENUM "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\",\"B\",\"C\",\"D\"]}"
#define TEXT_40 "0123456789012345678901234567890123456789"

/* The types of the specification. Numbers that are no integers are in hex, lowest byte first. */
static const struct {
    const char *schema;
    hw_view bytes;
    uint64_t count;
    const char *want;
} rows[] = {
    {"\"boolean\"", HW_VIEW_INIT("\x00\x01"), 2, "false|true"},
    {"\"int\"", HW_VIEW_INIT("\x00\x02\x7e\x80\x01"), 4, "0|1|63|64"},
    {"\"int\"", HW_VIEW_INIT("\xfe\xff\xff\xff\x0f\x01\xff\xff\xff\xff\x0f"), 3, "2147483647|4294967295|2147483648"},
    {"\"long\"", HW_VIEW_INIT("\x01\x02\x03\x7f\x80\x01"), 5,
     "18446744073709551615|1|18446744073709551614|18446744073709551552|64"},
    {"\"long\"", HW_VIEW_INIT("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 2,
     "9223372036854775807|9223372036854775808"},
    /* 8 and 9 bytes: 2^54 and 2^55, 2^61. */
    {"\"long\"",
     HW_VIEW_INIT(
         "\x80\x80\x80\x80\x80\x80\x80\x40\x80\x80\x80\x80\x80\x80\x80\x80\x01\x80\x80\x80\x80\x80\x80\x80\x80\x40"),
     3, "18014398509481984|36028797018963968|2305843009213693952"},
    /* More bytes than needed are a number too. */
    {"\"long\"", HW_VIEW_INIT("\x82\x80\x80\x00"), 1, "1"},
    {"\"float\"", HW_VIEW_INIT("\x00\x00\xc0\x3f"), 1, "x0000c03f"},
    {"\"double\"", HW_VIEW_INIT("\x00\x00\x00\x00\x00\x00\xf8\x3f"), 1, "x000000000000f83f"},
    {"\"bytes\"", HW_VIEW_INIT("\x04\xff\xfe\x00"), 2, "'\xff\xfe'|''"},
    {"\"string\"", HW_VIEW_INIT("\x06\x66\x6f\x6f\x00\x50" TEXT_40 "\x08\xf0\x9f\x98\x80"), 4,
     "'foo'|''|'" TEXT_40 "'|'\xf0\x9f\x98\x80'"},
    {FIXED(3, ""), HW_VIEW_INIT("abcdef"), 2, "x616263|x646566"},
    {ENUM, HW_VIEW_INIT("\x06\x00"), 2, "'D'|'A'"},
    {LOGICAL("int", "date"), HW_VIEW_INIT("\x02\x01"), 2, "x01000000|xffffffff"},
    {LOGICAL("int", "time-millis"), HW_VIEW_INIT("\x00\xfe\xef\xb2\x52"), 2, "x00000000|xff5b2605"},
    {LOGICAL("long", "time-micros"), HW_VIEW_INIT("\x02"), 1, "x0100000000000000"},
    {LOGICAL("long", "timestamp-millis"), HW_VIEW_INIT("\x01"), 1, "xffffffffffffffff"},
    {LOGICAL("string", "uuid"),
     HW_VIEW_INIT("\x48"
                  "6ba7b810-9dad-11d1-80B4-00c04fd430c8"),
     1, "x6ba7b8109dad11d180b400c04fd430c8"},
    {FIXED(16, ",\"logicalType\":\"uuid\""), HW_VIEW_INIT("0123456789abcdef"), 1, "x30313233343536373839616263646566"},
    /* 1 month, 2 days, 3 ms are 3,000,000 ns. */
    {FIXED(12, ",\"logicalType\":\"duration\""), HW_VIEW_INIT("\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00"), 1,
     "x0100000002000000c0c62d0000000000"},
    /* 1234, -1, -128 in more bytes than needed, and 99 digits of the type. */
    {DECIMAL(4, 2), HW_VIEW_INIT("\x04\x04\xd2\x02\xff\x0a\xff\xff\xff\xff\x80"), 3,
     "xd2040000000000000000000000000000|xffffffffffffffffffffffffffffffff|x80ffffffffffffffffffffffffffffff"},
    {DECIMAL(4, 2), HW_VIEW_INIT("\x04\x27\x0f\x04\xd8\xf1"), 2,
     "x0f270000000000000000000000000000|xf1d8ffffffffffffffffffffffffffff"},
    {DECIMAL(38, 0), HW_VIEW_INIT("\x24\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 1,
     "x00000000000000000000000000000001"},
    {DECIMAL(40, 0), HW_VIEW_INIT("\x02\x80"), 1, "x80ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {FIXED(2, ",\"logicalType\":\"decimal\",\"precision\":3"), HW_VIEW_INIT("\xff\x9c"), 1,
     "x9cffffffffffffffffffffffffffffff"},
};

static void values_are_the_specifications(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        assert_ok(
            avro_rows_text(&(struct avro_rows){rows[i].schema, NULL, rows[i].bytes, rows[i].count, 0}, &text, &err),
            err);
        assert_row_text(rows[i].schema, (const char *)text.data, rows[i].want);
    }
}

/* The same values where null is a branch: before them, and behind them. */
static void values_may_be_null(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int branch = 0; branch <= 1 && rows[i].count == 1; branch++) {
            struct hw_error err = HW_ERROR_INIT;
            HW_AUTO(hw_buf) text = {0};
            HW_AUTO(hw_buf) bytes = {0};
            HW_AUTO(hw_buf) schema = {0};
            HW_AUTO(hw_buf) want = {0};
            const char null = (char)(2 * branch);
            assert_int_equal(
                hw_buf_printf(&schema, NULL, branch == 0 ? "[\"null\",%s]" : "[%s,\"null\"]", rows[i].schema), HW_OK);
            assert_int_equal(hw_buf_end_text(&schema, NULL), HW_OK);
            assert_int_equal(hw_buf_append_byte(&bytes, (uint8_t)null, NULL), HW_OK);
            assert_int_equal(hw_buf_append_byte(&bytes, (uint8_t)(2 - null), NULL), HW_OK);
            assert_int_equal(hw_buf_append(&bytes, rows[i].bytes.data, rows[i].bytes.size, NULL), HW_OK);
            assert_int_equal(hw_buf_append_byte(&bytes, (uint8_t)null, NULL), HW_OK);
            assert_int_equal(hw_buf_printf(&want, NULL, "null|%s|null", rows[i].want), HW_OK);
            assert_int_equal(hw_buf_end_text(&want, NULL), HW_OK);
            assert_ok(avro_rows_text(&(struct avro_rows){(const char *)schema.data, NULL, hw_buf_view(&bytes), 3, 0},
                                     &text, &err),
                      err);
            assert_row_text(rows[i].schema, (const char *)text.data, (const char *)want.data);
        }
    }
}

static const struct {
    const char *schema;
    hw_view bytes;
    const char *says;
} faults[] = {
    {"\"boolean\"", HW_VIEW_INIT("\x02"), "a boolean of 2"},
    {"\"int\"", HW_VIEW_INIT("\x80\x80\x80\x80\x10"), "an int of more than 32 bits"},
    {"\"int\"", HW_VIEW_INIT("\x80"), "the block ends within a value"},
    {"\"long\"", HW_VIEW_INIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"), "a long of more than 64 bits"},
    {"\"long\"", HW_VIEW_INIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"), "a long of more than 64 bits"},
    {"\"long\"", HW_VIEW_INIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "the block ends within a value"},
    {"[\"null\",\"float\"]", HW_VIEW_INIT("\x02\x00\x00\x00"), "the block ends within a value"},
    {"[\"null\",\"double\"]", HW_VIEW_INIT("\x02\x00\x00\x00\x00\x00\x00\x00"), "the block ends within a value"},
    {"[\"null\",\"int\"]", HW_VIEW_INIT("\x04"), "branch 2 of a union of 2"},
    {"[\"null\",\"int\"]", HW_VIEW_INIT("\x01"), "branch -1 of a union of 2"},
    {"[\"null\",\"int\"]", HW_VIEW_INIT("\x80"), "the block ends within a value"},
    {"[\"null\",\"int\"]", HW_VIEW_INIT("\x02"), "the block ends within a value"},
    {"\"bytes\"", HW_VIEW_INIT("\x04x"), "a text or bytes of 2 bytes, where 1 are left"},
    {"\"bytes\"", HW_VIEW_INIT("\x01x"), "a text or bytes of -1 bytes"},
    {"\"bytes\"", HW_VIEW_INIT("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01x"), "of 9223372036854775807 bytes"},
    {"\"bytes\"", HW_VIEW_INIT("\x80"), "the block ends within a value"},
    {"\"string\"", HW_VIEW_INIT("\x02\xff"), "a text is not UTF-8: "},
    {"\"string\"",
     HW_VIEW_INIT("\x10"
                  "1234567\xc3"),
     "a text is not UTF-8"},
    {"\"string\"",
     HW_VIEW_INIT("\x14"
                  "12345678\xc3\x28"),
     "a text is not UTF-8"},
    {"[\"null\"," FIXED(3, "") "]",
     HW_VIEW_INIT("\x02"
                  "ab"),
     "the block ends within a value"},
    {"[\"null\"," FIXED(2, ",\"logicalType\":\"decimal\",\"precision\":3") "]",
     HW_VIEW_INIT("\x02"
                  "a"),
     "the block ends within a value"},
    {"[\"null\"," FIXED(12, ",\"logicalType\":\"duration\"") "]",
     HW_VIEW_INIT("\x02"
                  "12345678901"),
     "the block ends within a value"},
    {ENUM, HW_VIEW_INIT("\x08"), "symbol 4 of an enum of 4"},
    {ENUM, HW_VIEW_INIT("\x01"), "symbol -1 of an enum of 4"},
    {ENUM, HW_VIEW_INIT("\x80"), "the block ends within a value"},
    {LOGICAL("int", "time-millis"), HW_VIEW_INIT("\x80\xf0\xb2\x52"), "a time of day of 86400000, which is not from 0"},
    {LOGICAL("long", "time-micros"), HW_VIEW_INIT("\x01"), "a time of day of -1"},
    {LOGICAL("string", "uuid"), HW_VIEW_INIT("\x02x"), "\"x\" is no UUID"},
    {LOGICAL("string", "uuid"),
     HW_VIEW_INIT("\x48"
                  "6ba7b810-9dad-11d1-80b4-00c04fd430cg"),
     "is no UUID"},
    {LOGICAL("string", "uuid"),
     HW_VIEW_INIT("\x48"
                  "6ba7b810+9dad-11d1-80b4-00c04fd430c8"),
     "is no UUID"},
    {LOGICAL("string", "uuid"),
     HW_VIEW_INIT("\x48"
                  "6ba7"),
     "a text or bytes of 36 bytes"},
    {FIXED(12, ",\"logicalType\":\"duration\""), HW_VIEW_INIT("\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00"),
     "more than 2147483647 months or days"},
    {FIXED(12, ",\"logicalType\":\"duration\""), HW_VIEW_INIT("\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x00"),
     "more than 2147483647 months or days"},
    {DECIMAL(4, 2), HW_VIEW_INIT("\x00"), "a decimal without bytes"},
    {DECIMAL(4, 2), HW_VIEW_INIT("\x04\x27\x10"), "a decimal has more than its 4 digits"},
    {DECIMAL(38, 2), HW_VIEW_INIT("\x22\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
     "a decimal has more than its 38 digits"},
    /* The sign of what fits is another one than that of what stands before it. */
    {DECIMAL(38, 2), HW_VIEW_INIT("\x22\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
     "a decimal has more than its 38 digits"},
    {FIXED(2, ",\"logicalType\":\"decimal\",\"precision\":3"), HW_VIEW_INIT("\x03\xe8"), "more than its 3 digits"},
};

static void what_is_no_value_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        const enum hw_status status =
            avro_rows_text(&(struct avro_rows){faults[i].schema, NULL, faults[i].bytes, 1, 0}, &text, &err);
        assert_row_int(faults[i].says, status, HW_EDATA);
        assert_row_says(faults[i].schema, err.message, faults[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_specifications),
        cmocka_unit_test(values_may_be_null),
        cmocka_unit_test(what_is_no_value_is_refused),
    };
    return cmocka_run_group_tests_name("avro/step_value", tests, NULL, NULL);
}
