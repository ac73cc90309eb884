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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_digits),
    };
    return cmocka_run_group_tests_name("core/bytes_text", tests, NULL, NULL);
}
