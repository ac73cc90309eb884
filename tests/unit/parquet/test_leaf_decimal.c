/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_decimal.h"

#include "leaf_make.h"
#include "table/print.h"

enum { FIXED = HW_PHYSICAL_FIXED, BYTES = HW_PHYSICAL_BYTE_ARRAY, SCALE = 2 };

/* Bytes and texts are made by Python's integers. */
static const struct {
    const char *name;
    int physical;
    size_t width;
    unsigned precision;
    const char *hex;
    const char *text;
    const char *says;
} rows[] = {
    {"one byte", FIXED, 1, 2, "9d", "-0.99", NULL},
    {"one byte too much", FIXED, 1, 2, "64", NULL, "1.00 has more than the 2 digits of decimal(2,2)"},
    {"one byte too low", FIXED, 1, 2, "9c", NULL, "-1.00 has more than the 2 digits of decimal(2,2)"},
    {"seven bytes", FIXED, 7, 16, "fff4c58c31d00e", "-123456789012.34", NULL},
    {"eight bytes", FIXED, 8, 18, "0de0b6b3a763ffff", "9999999999999999.99", NULL},
    {"nine bytes", FIXED, 9, 20, "fa9438a1d29cf00001", "-999999999999999999.99", NULL},
    {"sixteen bytes", FIXED, 16, 38, "4b3b4ca85a86c47a098a223fffffffff", "999999999999999999999999999999999999.99",
     NULL},
    {"the least of 38 digits", FIXED, 16, 38, "b4c4b357a5793b85f675ddc000000001",
     "-999999999999999999999999999999999999.99", NULL},
    {"38 digits and one", FIXED, 16, 38, "4b3b4ca85a86c47a098a224000000000", NULL,
     "1000000000000000000000000000000000000.00 has more than the 38 digits of decimal(38,2)"},
    {"38 digits, and one below", FIXED, 16, 38, "b4c4b357a5793b85f675ddc000000000", NULL,
     "-1000000000000000000000000000000000000.00 has more than the 38 digits of decimal(38,2)"},
    {"the most of 16 bytes", FIXED, 16, 38, "7fffffffffffffffffffffffffffffff", NULL,
     "1701411834604692317316873037158841057.27 has more than the 38 digits of decimal(38,2)"},
    {"the least of 16 bytes", FIXED, 16, 38, "80000000000000000000000000000000", NULL,
     "-1701411834604692317316873037158841057.28 has more than the 38 digits of decimal(38,2)"},
    {"more bytes than digits", FIXED, 20, 5, "ffffffffffffffffffffffffffffffffffffcfc7", "-123.45", NULL},
    {"more bytes, and digits", FIXED, 20, 5, "000000000000000000000000000000000001e240", NULL,
     "1234.56 has more than the 5 digits of decimal(5,2)"},
    {"more bytes, much more", FIXED, 33, 5,
     "0004000000000000000000000000000000000000"
     "00000000000000000000000000",
     NULL,
     "18092513943330655534932966407607485602073435104006338131165247501236426506.24"
     " has more than the 5 digits of decimal(5,2)"},
    {"fewer bytes than digits", FIXED, 3, 38, "800000", "-83886.08", NULL},
    {"32 bytes", FIXED, 32, 76,
     "161bcca7119915b50764b4abe86529797775a5f1"
     "71950fffffffffffffffffff",
     "99999999999999999999999999999999999999999999999999999999999999999999999999.99", NULL},
    {"32 bytes too much", FIXED, 32, 76,
     "161bcca7119915b50764b4abe86529797775a5f1"
     "719510000000000000000000",
     NULL,
     "100000000000000000000000000000000000000000000000000000000000000000000000000.00"
     " has more than the 76 digits of decimal256(76,2)"},
    {"the least of 32 bytes", FIXED, 32, 76,
     "8000000000000000000000000000000000000000"
     "000000000000000000000000",
     NULL,
     "-578960446186580977117854925043439539266349923328202820197287920039565648199.68"
     " has more than the 76 digits of decimal256(76,2)"},
    {"three bytes of many digits", FIXED, 3, 50, "fffffb", "-0.05", NULL},
    {"forty bytes", FIXED, 40, 50,
     "ffffffffffffffffffffffffffffffffffffffff"
     "fffffffffffffffffffffffffffffffffffffff9",
     "-0.07", NULL},
    {"a byte", BYTES, 0, 5, "85", "-1.23", NULL},
    {"two bytes", BYTES, 0, 5, "0085", "1.33", NULL},
    {"many zeros", BYTES, 0, 5,
     "0000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000"
     "01",
     "0.01", NULL},
    {"many ones", BYTES, 0, 5,
     "ffffffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffffffffffffffffffff"
     "ff",
     "-0.01", NULL},
    {"seventeen bytes", BYTES, 0, 38, "fff87a11ef2a25b926ff0bc96000000000", "-100000000000000000000000000000000000.00",
     NULL},
    {"no bytes", BYTES, 0, 5, "", NULL, "a decimal has no bytes, and at least one is needed"},
    {"257 bits", BYTES, 0, 76,
     "0100000000000000000000000000000000000000"
     "00000000000000000000000000",
     NULL, "a decimal of 33 bytes has more than the 76 digits of its type"},
    {"257 bits below", BYTES, 0, 76,
     "ff7fffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffffff",
     NULL, "a decimal of 33 bytes has more than the 76 digits of its type"},
    {"256 bits", BYTES, 0, 76,
     "7fffffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffff",
     NULL,
     "578960446186580977117854925043439539266349923328202820197287920039565648199.67"
     " has more than the 76 digits of decimal256(76,2)"},
};

static void hex_read(const char *hex, uint8_t *out) {
    for (size_t i = 0; hex[2 * i] != '\0'; i++) {
        const char pair[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
}

static struct hw_type decimal_type(unsigned precision) {
    const bool wide = precision > HW_DECIMAL_PRECISION_MAX;
    return (struct hw_type){
        .kind = wide ? HW_KIND_DECIMAL256 : HW_KIND_DECIMAL, .precision = (uint8_t)precision, .scale = SCALE};
}

/* Checks that a value of 16 or 32 bytes is the text's. */
static void value_check(const char *name, const uint8_t *value, size_t width, const char *want) {
    char text[HW_PRINT_DECIMAL256_BYTES];
    uint8_t wide[32];
    memset(wide, value[width - 1] & 0x80 ? 0xff : 0, sizeof(wide));
    memcpy(wide, value, width);
    *hw_print_decimal256(text, wide, SCALE) = '\0';
    assert_row_text(name, text, want);
}

static void bytes_of_any_number_become_decimals(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        /* The value stands between two others, of which the first is -0.01 and the last 0.01. */
        const size_t size = strlen(rows[i].hex) / 2;
        const size_t other = rows[i].physical == FIXED ? rows[i].width : 1;
        const size_t all = size + 2 * other;
        uint8_t *data = calloc(1, all + HW_DECODED_PADDING);
        assert_non_null(data);
        memset(data, 0xff, other);
        hex_read(rows[i].hex, data + other);
        data[all - 1] = 1;
        const int32_t ends[] = {(int32_t)other, (int32_t)(other + size), (int32_t)all};
        const struct hw_leaf_values values = {.count = 3, .data = data, .ends = ends};
        struct leaf_made made;
        struct hw_leaf_rows out = {0};
        struct hw_error err = HW_ERROR_INIT;
        leaf_make(&made, (enum hw_physical)rows[i].physical, rows[i].width, HW_LEAF_BYTES_DECIMAL,
                  decimal_type(rows[i].precision));
        assert_ok(hw_leaf_rows_clear(&out, hw_leaf_width(&made.leaf), &err), err);
        const enum hw_status status = hw_leaf_convert(&made.leaf, &values, &out, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EDATA : HW_OK);
        assert_row_text(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].name, out.count, rows[i].says ? 0 : 3);
        if (status == HW_OK) {
            value_check(rows[i].name, out.values.data, out.width, "-0.01");
            value_check(rows[i].name, out.values.data + out.width, out.width, rows[i].text);
            value_check(rows[i].name, out.values.data + 2 * out.width, out.width, "0.01");
        }
        hw_leaf_rows_release(&out);
        free(data);
    }
}

static void integers_become_decimals(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t width;
        unsigned precision;
        int64_t value;
        const char *text;
        const char *says;
    } integers[] = {
        {"int32", 4, 5, -99999, "-999.99", NULL},
        {"int32 too large", 4, 5, 100000, NULL, "1000.00 has more than the 5 digits of decimal(5,2)"},
        {"int32 too low", 4, 5, INT32_MIN, NULL, "-21474836.48 has more than the 5 digits of decimal(5,2)"},
        {"int32 of nine digits", 4, 9, 999999999, "9999999.99", NULL},
        {"int32 beyond nine digits", 4, 9, INT32_MAX, NULL, "21474836.47 has more than the 9 digits of decimal(9,2)"},
        {"int32 as ten digits", 4, 10, INT32_MIN, "-21474836.48", NULL},
        {"int64", 8, 18, -999999999999999999, "-9999999999999999.99", NULL},
        {"int64 too large", 8, 18, INT64_MAX, NULL,
         "92233720368547758.07 has more than the 18 digits of decimal(18,2)"},
        {"int64 too low", 8, 18, INT64_MIN, NULL, "-92233720368547758.08 has more than the 18 digits of decimal(18,2)"},
        {"int64 as 19 digits", 8, 19, INT64_MIN, "-92233720368547758.08", NULL},
        {"int64 as 60 digits", 8, 60, -1, "-0.01", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(integers); i++) {
        const bool small = integers[i].width == 4;
        const int32_t words[] = {-1, (int32_t)integers[i].value, 1};
        const int64_t longs[] = {-1, integers[i].value, 1};
        struct leaf_made made;
        struct hw_leaf_rows out = {0};
        struct hw_error err = HW_ERROR_INIT;
        leaf_make(&made, small ? HW_PHYSICAL_INT32 : HW_PHYSICAL_INT64, integers[i].width, HW_LEAF_INT_DECIMAL,
                  decimal_type(integers[i].precision));
        const enum hw_status status = small ? leaf_convert(&made, words, sizeof(words), &out, &err)
                                            : leaf_convert(&made, longs, sizeof(longs), &out, &err);
        assert_row_int(integers[i].name, status, integers[i].says ? HW_EDATA : HW_OK);
        assert_row_text(integers[i].name, err.message, integers[i].says ? integers[i].says : "");
        if (status == HW_OK) {
            value_check(integers[i].name, out.values.data, out.width, "-0.01");
            value_check(integers[i].name, out.values.data + out.width, out.width, integers[i].text);
            value_check(integers[i].name, out.values.data + 2 * out.width, out.width, "0.01");
        }
        hw_leaf_rows_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_any_number_become_decimals),
        cmocka_unit_test(integers_become_decimals),
    };
    return cmocka_run_group_tests_name("parquet/leaf_decimal", tests, NULL, NULL);
}
