/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/sse_key.h"

#include "support/rows.h"

/* The key is 00 01 .. 1f; Python's base64 and hashlib made the texts. */
static void a_key_is_three_headers(void **state) {
    (void)state;
    HW_AUTO(hw_s3_headers) headers = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_sse_key key = {0};
    uint8_t bytes[HW_S3_SSE_KEY_BYTES];
    static const char *const wanted[][2] = {
        {"x-amz-server-side-encryption-customer-algorithm", "AES256"},
        {"x-amz-server-side-encryption-customer-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
        {"x-amz-server-side-encryption-customer-key-MD5", "tP/LI3N87DFaSk0aoqYgzg=="},
        {"x-amz-copy-source-server-side-encryption-customer-algorithm", "AES256"},
        {"x-amz-copy-source-server-side-encryption-customer-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
        {"x-amz-copy-source-server-side-encryption-customer-key-MD5", "tP/LI3N87DFaSk0aoqYgzg=="},
    };
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)i;
    }
    hw_s3_sse_key_make(bytes, &key);
    assert_ok(hw_s3_sse_key_add(&key, false, &headers, &err), err);
    assert_ok(hw_s3_sse_key_add(&key, true, &headers, &err), err);
    assert_int_equal(headers.count, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_row_text(wanted[i][0], headers.items[i].name, wanted[i][0]);
        assert_row_text(wanted[i][0], headers.items[i].value, wanted[i][1]);
    }
    assert_ptr_equal(headers.items[1].value, key.base64);
    hw_s3_sse_key_wipe(&key);
    for (size_t i = 0; i < sizeof(key); i++) {
        assert_int_equal(((const uint8_t *)&key)[i], 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_key_is_three_headers)};
    return cmocka_run_group_tests_name("s3/sse_key", tests, NULL, NULL);
}
