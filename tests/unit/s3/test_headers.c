/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/headers.h"

#include <stdio.h>

#include "support/rows.h"

static void headers_keep_their_order_and_their_texts(void **state) {
    (void)state;
    HW_AUTO(hw_s3_headers) headers = {0};
    HW_AUTO(hw_s3_headers) more = {0};
    struct hw_error err = HW_ERROR_INIT;
    char name[] = "x-amz-meta-a";
    char value[] = "1";
    assert_ok(hw_s3_headers_add(&headers, &err, "Range", "bytes=%d-%d", 1, 20), err);
    assert_ok(hw_s3_headers_copy(&more, name, value, &err), err);
    assert_ok(hw_s3_headers_append(&headers, &more, &err), err);
    assert_ok(hw_s3_headers_append(&headers, NULL, &err), err);
    hw_s3_headers_release(&more);
    assert_ok(hw_s3_headers_borrow(&headers, name, value, &err), err);
    name[0] = 'y';
    value[0] = '2';
    assert_int_equal(headers.count, 3);
    assert_string_equal(headers.items[0].value, "bytes=1-20");
    assert_string_equal(headers.items[1].name, "x-amz-meta-a");
    assert_string_equal(headers.items[1].value, "1");
    assert_string_equal(headers.items[2].name, "y-amz-meta-a");
    assert_string_equal(headers.items[2].value, "2");
    assert_string_equal(hw_s3_headers_find(&headers, "RANGE"), "bytes=1-20");
    assert_null(hw_s3_headers_find(&headers, "Rang"));
    assert_null(hw_s3_headers_find(NULL, "Range"));
}

static void there_is_a_limit(void **state) {
    (void)state;
    HW_AUTO(hw_s3_headers) headers = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (int i = 0; i < HW_S3_HEADERS_MAX; i++) {
        assert_ok(hw_s3_headers_add(&headers, &err, "x", "%d", i), err);
    }
    assert_int_equal(hw_s3_headers_add(&headers, &err, "x", "y"), HW_ELIMIT);
    assert_row_says("limit", err.message, "more than 1024 headers");
    assert_int_equal(headers.count, HW_S3_HEADERS_MAX);
    assert_string_equal(headers.items[HW_S3_HEADERS_MAX - 1].value, "1023");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_keep_their_order_and_their_texts),
        cmocka_unit_test(there_is_a_limit),
    };
    return cmocka_run_group_tests_name("s3/headers", tests, NULL, NULL);
}
