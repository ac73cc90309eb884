/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checksums are those that sha256sum of GNU coreutils writes of "abc" and of nothing (also FIPS
 * 180-4).
 */
#include "transfer/sidecar.h"

#include <hawser/memory.h>

#include "support/rows.h"

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const uint8_t abc[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                              0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                              0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};

static void texts_are_read_as_sha256sum_writes_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum hw_status want;
    } rows[] = {
        {ABC "  a.zip\n", HW_OK},
        {ABC "  a.zip", HW_OK},
        {ABC " *a.zip\n", HW_OK},
        {ABC "  a.zip\r\n", HW_OK},
        {ABC "\n", HW_OK},
        {ABC, HW_OK},
        {ABC "  folder/a.zip\n", HW_OK},
        {NOTHING "  b.zip\n" ABC "  a.zip\n", HW_OK},
        {"# sums\n\n" ABC "  a.zip\n", HW_OK},
        {"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD  a.zip", HW_OK},
        {"", HW_EDATA},
        {NOTHING "  b.zip\n", HW_EDATA},
        {ABC "a.zip\n", HW_EDATA},
        {ABC "  a.zip2\n", HW_EDATA},
        {"xa7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.zip", HW_EDATA},
        {"ba7816bf  a.zip", HW_EDATA},
        {"900150983cd24fb0d6963f7d28e17f72  a.zip", HW_EDATA},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_checksum got = {0};
        assert_row_int(rows[i].text, hw_sidecar_parse(hw_view_of(rows[i].text), "a.zip", &got, &err), rows[i].want);
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].text, got.kind, HW_CHECKSUM_SHA256);
            assert_row_bytes(rows[i].text, got.digest, sizeof(abc), abc, sizeof(abc));
        } else {
            assert_row_says(rows[i].text, err.message, "holds no SHA-256 of \"a.zip\"");
        }
    }
}

static void sidecars_are_known_by_their_names(void **state) {
    (void)state;
    assert_true(hw_sidecar_is("a/b.zip.CHECKSUM"));
    assert_true(hw_sidecar_is("b.zip.sha256"));
    assert_false(hw_sidecar_is("b.zip"));
    assert_false(hw_sidecar_is("CHECKSUM/b.zip"));
}

static void the_object_beside_it_is_read(void **state) {
    (void)state;
    static char longest[HW_SIDECAR_BYTES_MAX + 1];
    static const struct {
        const char *key;
        const char *name;
        const void *data;
        size_t bytes;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"p/a.zip", "p/a.zip.CHECKSUM", ABC "  a.zip\n", 72, HW_OK, ""},
        {"p/a.zip", "p/a.zip.sha256", ABC, 64, HW_OK, ""},
        {"a.zip", "a.zip.sha256", ABC "  a.zip", 71, HW_OK, ""},
        {"p/a.zip", "q/a.zip.CHECKSUM", ABC, 64, HW_ENOTFOUND, "neither .CHECKSUM nor .sha256"},
        {"p/a.zip", "p/a.zip.CHECKSUM", "", 0, HW_EDATA, "holds no SHA-256"},
        {"p/a.zip", "p/a.zip.CHECKSUM", longest, sizeof(longest), HW_ELIMIT, "longer than 65536 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store;
        struct hw_checksum got = {0};
        assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
        assert_ok(hw_memory_store_put(store, rows[i].name, rows[i].data, rows[i].bytes, &err), err);
        assert_row_int(rows[i].name, hw_sidecar_read(store, rows[i].key, &got, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, got.digest, sizeof(abc), abc, sizeof(abc));
        } else if (rows[i].want != HW_ENOTFOUND) {
            assert_row_says(rows[i].name, err.object, rows[i].name);
        }
        hw_memory_store_free(store);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_as_sha256sum_writes_them),
        cmocka_unit_test(sidecars_are_known_by_their_names),
        cmocka_unit_test(the_object_beside_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
