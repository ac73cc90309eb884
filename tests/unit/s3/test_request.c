/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request.h"

#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static void steps_add_what_they_say(void **state) {
    (void)state;
    HW_AUTO(hw_s3_request) request = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_checksum none = {0};
    const struct hw_checksum md5 = hw_checksum_of(HW_CHECKSUM_MD5, "123456789", 9);
    assert_ok(hw_s3_request_begin(&request, HW_S3_PUT_OBJECT, "PUT", "a/b c+d%e?f#g\xc3\xa9/../x", &err), err);
    assert_int_equal(request.on_precondition, HW_EFAILED);
    assert_ok(hw_s3_request_version(&request, NULL, &err), err);
    assert_ok(hw_s3_request_query(&request, "q", "1 &", &err), err);
    assert_ok(hw_s3_request_version(&request, "v/1", &err), err);
    assert_ok(hw_s3_request_checksum(&request, &none, &err), err);
    assert_ok(hw_s3_request_checksum(&request, &md5, &err), err);
    assert_ok(hw_s3_request_condition(&request, false, NULL, &err), err);
    assert_int_equal(request.on_precondition, HW_EFAILED);
    assert_ok(hw_s3_request_condition(&request, false, "\"e\"", &err), err);
    assert_int_equal(request.on_precondition, HW_ECHANGED);
    assert_ok(hw_s3_request_condition(&request, true, NULL, &err), err);
    assert_int_equal(request.on_precondition, HW_EEXISTS);
    s3_request_text(&request, &text);
    assert_string_equal((const char *)text.data,
                        "PUT /a/b%20c%2Bd%25e%3Ff%23g%C3%A9/../x?q=1%20%26&versionId=v%2F1\n"
                        "Content-MD5: JfnnlDI7RTiF9RgfG2JNCw==\nIf-Match: \"e\"\nIf-None-Match: *\n");
}

static void keys_have_limits(void **state) {
    (void)state;
    char key[HW_S3_KEY_BYTES_MAX + 2];
    struct hw_error err = HW_ERROR_INIT;
    memset(key, 'k', sizeof(key));
    for (size_t bytes = HW_S3_KEY_BYTES_MAX; bytes <= HW_S3_KEY_BYTES_MAX + 1; bytes++) {
        HW_AUTO(hw_s3_request) request = {0};
        key[bytes] = '\0';
        assert_int_equal(hw_s3_request_begin(&request, HW_S3_HEAD_OBJECT, "HEAD", key, &err),
                         bytes > HW_S3_KEY_BYTES_MAX ? HW_ELIMIT : HW_OK);
        key[bytes] = 'k';
    }
    assert_row_says("long", err.message, "has 1025 bytes, S3 allows 1024");
    HW_AUTO(hw_s3_request) request = {0};
    assert_int_equal(hw_s3_request_begin(&request, HW_S3_HEAD_OBJECT, "HEAD", "", &err), HW_EUSAGE);
    assert_row_says("empty", err.message, "an object needs a name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_add_what_they_say),
        cmocka_unit_test(keys_have_limits),
    };
    return cmocka_run_group_tests_name("s3/request", tests, NULL, NULL);
}
