/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expected: `openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:16 SIPHASH`;
 * the first is the paper authors' own.
 */
#include "core/siphash.h"

#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "support/rows.h"

static const struct {
    const char *name;
    size_t bytes; /* 00 01 02 ... */
    const char *want;
} rows[] = {
    {"nothing", 0, "a3817f04ba25a8e66df67214c7550293"},
    {"one byte", 1, "da87c1d86b99af44347659119b22fc45"},
    {"a byte below a word", 7, "a1f1ebbed8dbc153c0b84aa61ff08239"},
    {"a word", 8, "3b62a9ba6258f5610f83e264f31497b4"},
    {"a byte above a word", 9, "264499060ad9baabc47f8b02bb6d71ed"},
    {"below two words", 15, "5493e99933b0a8117e08ec0f97cfc3d9"},
    {"two words", 16, "6ee2a4ca67b054bbfd3315bf85230577"},
    {"many words and a rest", 63, "5150d1772f50834a503e069a973fbd7c"},
    {"many words", 64, "1eaf077dc0d4cd3f8cad4d383658a74b"},
    {"the longest length that its byte tells", 255, "1c9bb67528165f8e468248e3799b0eab"},
    {"a length beyond its byte", 256, "67a00304d3834c4612eaee7b5f579acb"},
};

static void hash_is_that_of_openssl(void **state) {
    (void)state;
    uint8_t data[256];
    uint8_t key_bytes[16];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)i;
    }
    memcpy(key_bytes, data, sizeof(key_bytes));
    const struct hw_siphash_key key = {{hw_load_le64(key_bytes), hw_load_le64(key_bytes + 8)}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_hash128 hash = hw_siphash128(&key, data, rows[i].bytes);
        char hex[33];
        hw_hex((const uint8_t *)&hash, sizeof(hash), hex);
        assert_row_text(rows[i].name, hex, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_is_that_of_openssl),
    };
    return cmocka_run_group_tests_name("core/siphash", tests, NULL, NULL);
}
