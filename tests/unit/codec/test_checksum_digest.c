/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/checksum_digest.h"

#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "support/rows.h"

/* "abc" by RFC 1321, A.5, and FIPS 180-4 (examples of NIST), and the empty text by hashlib. */
static const struct {
    const char *name;
    const struct hw_digest *digest;
    size_t bytes;
    const char *abc;
    const char *empty;
} rows[] = {
    {"md5", &hw_digest_md5, 16, "900150983cd24fb0d6963f7d28e17f72", "d41d8cd98f00b204e9800998ecf8427e"},
    {"sha1", &hw_digest_sha1, 20, "a9993e364706816aba3e25717850c26c9cd0d89d",
     "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"sha256", &hw_digest_sha256, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
};

static void digests_are_those_of_the_standards(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        union hw_digest_state digest;
        uint8_t out[32];
        char hex[65];
        rows[i].digest->init(&digest);
        rows[i].digest->add(&digest, "a", 1);
        rows[i].digest->add(&digest, "bc", 2);
        rows[i].digest->final(&digest, out);
        hw_hex(out, rows[i].bytes, hex);
        assert_row_text(rows[i].name, hex, rows[i].abc);
        rows[i].digest->init(&digest);
        rows[i].digest->final(&digest, out);
        hw_hex(out, rows[i].bytes, hex);
        assert_row_text(rows[i].name, hex, rows[i].empty);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(digests_are_those_of_the_standards)};
    return cmocka_run_group_tests_name("codec/checksum_digest", tests, NULL, NULL);
}
