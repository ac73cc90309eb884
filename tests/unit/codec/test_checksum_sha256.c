/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/checksum_sha256.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "core/view.h"
#include "support/rows.h"

/* FIPS 180-4's examples, and NIST's value for no bytes at all. */
static const struct {
    const char *name;
    hw_view data;
    const char *want;
} sha_rows[] = {
    {"empty", HW_VIEW_INIT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", HW_VIEW_INIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks", HW_VIEW_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void sha256_has_the_published_values(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(sha_rows); i++) {
        uint8_t sum[HW_SHA256_BYTES];
        char hex[HW_SHA256_HEX_BYTES];
        hw_sha256_of(sha_rows[i].data.data, sha_rows[i].data.size, sum);
        hw_hex(sum, sizeof(sum), hex);
        assert_row_text(sha_rows[i].name, hex, sha_rows[i].want);
    }
}

/* FIPS 180-4's third example, in pieces that cross its blocks. */
static void a_million_times_a(void **state) {
    (void)state;
    char piece[1000];
    uint8_t sum[HW_SHA256_BYTES];
    char hex[HW_SHA256_HEX_BYTES];
    HW_AUTO(hw_sha256) sha = {0};

    memset(piece, 'a', sizeof(piece));
    assert_true(hw_sha256_init(&sha));
    for (int i = 0; i < 1000; i++) {
        hw_sha256_update(&sha, piece, sizeof(piece));
    }
    hw_sha256_update(&sha, piece, 0);
    hw_sha256_finish(&sha, sum);
    hw_hex(sum, sizeof(sum), hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void *refuse(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    (void)block;
    (void)bytes;
    return NULL;
}

static void out_of_memory_is_told(void **state) {
    (void)state;
    const struct hw_allocator none = {refuse, NULL};
    struct hw_sha256 sha = {0};
    hw_allocator_set(&none);
    bool ok = hw_sha256_init(&sha);
    hw_allocator_set(NULL);
    assert_false(ok);
    hw_sha256_release(&sha); /* nothing to release, and that is fine */
}

#define A20 "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
#define A131 A20 A20 A20 A20 A20 A20 "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
#define D10 "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
#define C10 "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"

/* RFC 4231, section 4; case 5 is about truncation. */
static const struct {
    const char *name;
    hw_view key;
    hw_view data;
    const char *want;
} hmac_rows[] = {
    {"case 1", HW_VIEW_INIT("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
     HW_VIEW_INIT("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"case 2", HW_VIEW_INIT("Jefe"), HW_VIEW_INIT("what do ya want for nothing?"),
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"case 3", HW_VIEW_INIT(A20), HW_VIEW_INIT(D10 D10 D10 D10 D10),
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"case 4",
     HW_VIEW_INIT(
         "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"),
     HW_VIEW_INIT(C10 C10 C10 C10 C10), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {"case 6", HW_VIEW_INIT(A131), HW_VIEW_INIT("Test Using Larger Than Block-Size Key - Hash Key First"),
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {"case 7", HW_VIEW_INIT(A131),
     HW_VIEW_INIT("This is a test using a larger than block-size key and a larger than block-size data. The key "
                  "needs to be hashed before being used by the HMAC algorithm."),
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    {"no key, no data", {NULL, 0}, {NULL, 0}, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

static void hmac_has_the_published_values(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(hmac_rows); i++) {
        uint8_t sum[HW_SHA256_BYTES];
        char hex[HW_SHA256_HEX_BYTES];
        hw_hmac_sha256(hmac_rows[i].key.data, hmac_rows[i].key.size, hmac_rows[i].data.data, hmac_rows[i].data.size,
                       sum);
        hw_hex(sum, sizeof(sum), hex);
        assert_row_text(hmac_rows[i].name, hex, hmac_rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_has_the_published_values),
        cmocka_unit_test(a_million_times_a),
        cmocka_unit_test(out_of_memory_is_told),
        cmocka_unit_test(hmac_has_the_published_values),
    };
    return cmocka_run_group_tests_name("codec/checksum_sha256", tests, NULL, NULL);
}
