/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request.h"

#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct {
    struct hw_s3_list_params params;
    const char *text;
} lists[] = {
    {{.prefix = ""}, "GET ?list-type=2&encoding-type=url\n"},
    {{.prefix = "a b/+%\xc3\xa9", .token = "t/=+", .keys_max = 7},
     "GET ?list-type=2&encoding-type=url&max-keys=7&prefix=a%20b%2F%2B%25%C3%A9&continuation-token=t%2F%3D%2B\n"},
};

static void listings_are_what_the_service_documents(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        HW_AUTO(hw_s3_request) request = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_request_list(&request, &lists[i].params, &err), err);
        s3_request_text(&request, &text);
        assert_row_text("list", (const char *)text.data, lists[i].text);
        assert_row_text("list", request.rule->operation, "ListObjectsV2");
        assert_null(request.key);
        assert_int_equal(request.on_precondition, HW_EFAILED);
    }
}

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
        cmocka_unit_test(listings_are_what_the_service_documents),
        cmocka_unit_test(steps_add_what_they_say),
        cmocka_unit_test(keys_have_limits),
    };
    return cmocka_run_group_tests_name("s3/request", tests, NULL, NULL);
}
