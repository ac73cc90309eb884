/* SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes_text.h"

#include <stdlib.h>

#include "support/rows.h"

/* The test vectors of RFC 4648, section 10, and bytes that need + and /. */
static const struct {
    const char *bytes;
    const char *base64;
    const char *hex;
} rows[] = {
    {"", "", ""},
    {"f", "Zg==", "66"},
    {"fo", "Zm8=", "666f"},
    {"foo", "Zm9v", "666f6f"},
    {"foob", "Zm9vYg==", "666f6f62"},
    {"fooba", "Zm9vYmE=", "666f6f6261"},
    {"foobar", "Zm9vYmFy", "666f6f626172"},
    {"\xfb\xef\xff", "++//", "fbefff"},
    {"\xff\x01\x80", "/wGA", "ff0180"},
};

static void bytes_become_digits(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const size_t bytes = strlen(rows[i].bytes);
        /* Just as many bytes as are promised to be enough. */
        char *base64 = malloc(HW_BASE64_BYTES(bytes));
        char *hex = malloc(2 * bytes + 1);
        assert_non_null(base64);
        assert_non_null(hex);
        assert_row_int(rows[i].hex, hw_base64((const uint8_t *)rows[i].bytes, bytes, base64), strlen(rows[i].base64));
        hw_hex((const uint8_t *)rows[i].bytes, bytes, hex);
        assert_row_text(rows[i].hex, base64, rows[i].base64);
        assert_row_text(rows[i].hex, hex, rows[i].hex);
        free(base64);
        free(hex);
    }
}

static void digits_become_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const size_t digits = strlen(rows[i].base64);
        uint8_t *out = malloc(HW_BASE64_DECODED_BYTES(digits) + 1);
        size_t bytes = 99;
        assert_non_null(out);
        assert_row_int(rows[i].base64, hw_base64_decode(hw_view_of(rows[i].base64), out, &bytes), true);
        assert_row_bytes(rows[i].base64, out, bytes, rows[i].bytes, strlen(rows[i].bytes));
        free(out);
    }
}

/* Wrong lengths, wrong digits, pads where none can be, and the digits of base64url. */
static void other_texts_are_no_base64(void **state) {
    static const char *const texts[] = {"Z",    "Zg",   "Zm8",   "Zg=",      "=",        "====",     "Z===", "Zg==Zg==",
                                        "Zm=v", "Z=9v", "Zm9v ", "Zm 9v===", "Zm9v\nZg", "Zm9v-_==", "-_-_", "Zm9\x80"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        uint8_t out[16];
        size_t bytes = 99;
        assert_row_int(texts[i], hw_base64_decode(hw_view_of(texts[i]), out, &bytes), false);
        assert_row_int(texts[i], bytes, 99);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_digits),
        cmocka_unit_test(digits_become_bytes),
        cmocka_unit_test(other_texts_are_no_base64),
    };
    return cmocka_run_group_tests_name("core/bytes_text", tests, NULL, NULL);
}
