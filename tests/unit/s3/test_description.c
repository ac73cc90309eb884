/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/description.h"

#include <stdio.h>

#include "support/rows.h"
#include "support/s3_fixture.h"

#define MD5 "ETag: \"25f9e794323b453885f5181f1b624d0b\"\r\n"

static void all_that_head_tells_is_kept(void **state) {
    (void)state;
    HW_AUTO(hw_http_response)
    response = s3_response(200,
                           MD5 "Content-Length: 9\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n"
                               "Content-Type: text/csv\r\ncontent-encoding: gzip\r\nContent-Language: de\r\n"
                               "Content-Disposition: inline\r\nCache-Control: no-cache\r\nExpires: 0\r\n"
                               "x-amz-storage-class: GLACIER_IR\r\nx-amz-version-id: v1\r\n"
                               "x-amz-server-side-encryption: AES256\r\n"
                               "x-amz-meta-empty:\r\nX-Amz-Meta-B-c: x y\r\nx-amz-meta-a: 1\r\nx-amz-meta-: no\r\n"
                               "x-amz-missing-meta: 3\r\nx-amz-tagging-count: 2\r\nx-amz-mp-parts-count: 7\r\n"
                               "x-amz-checksum-type: COMPOSITE\r\nx-amz-checksum-sha1: "
                               "UGmj5L5/K7lmsIeci6hTqydwTCs=-2\r\n",
                           "");
    HW_AUTO(hw_s3_description) description = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_description_read(&response, &description, &err), err);
    assert_int_equal(description.object.size, 9);
    assert_int_equal(description.object.mtime_us, 1795267245000000);
    assert_int_equal(description.object.checksum.kind, HW_CHECKSUM_NONE);
    assert_int_equal(description.composite.kind, HW_CHECKSUM_SHA1);
    assert_int_equal(description.composite.parts, 2);
    assert_string_equal(description.content_type, "text/csv");
    assert_string_equal(description.content_encoding, "gzip");
    assert_string_equal(description.content_language, "de");
    assert_string_equal(description.content_disposition, "inline");
    assert_string_equal(description.cache_control, "no-cache");
    assert_string_equal(description.expires, "0");
    assert_string_equal(description.storage_class, "GLACIER_IR");
    assert_string_equal(description.version_id, "v1");
    assert_string_equal(description.encryption, "AES256");
    assert_null(description.kms_key_id);
    assert_null(description.customer_algorithm);
    assert_int_equal(description.metadata_missing, 3);
    assert_int_equal(description.tags_count, 2);
    assert_int_equal(description.parts_count, 7);
    assert_int_equal(description.metadata_count, 3);
    assert_string_equal(description.metadata[0].name, "a");
    assert_string_equal(description.metadata[1].name, "B-c");
    assert_string_equal(description.metadata[1].value, "x y");
    assert_string_equal(description.metadata[2].value, "");

    struct hw_write_options options = {.storage_class = "STANDARD"};
    hw_s3_description_options(&description, &options);
    assert_string_equal(options.content_type, "text/csv");
    assert_string_equal(options.expires, "0");
    assert_string_equal(options.storage_class, "STANDARD");
    assert_int_equal(options.metadata_count, 3);
}

static const struct {
    const char *name;
    const char *headers;
    enum hw_status want;
    bool md5;
    const char *says;
} rows[] = {
    {"an MD5", MD5 "Content-Length: 9\r\n", HW_OK, true, ""},
    {"SSE-S3 keeps it", MD5 "Content-Length: 9\r\nx-amz-server-side-encryption: AES256\r\n", HW_OK, true, ""},
    {"KMS does not", MD5 "Content-Length: 9\r\nx-amz-server-side-encryption: aws:kms\r\n", HW_OK, false, ""},
    {"nor twice", MD5 "Content-Length: 9\r\nx-amz-server-side-encryption: aws:kms:dsse\r\n", HW_OK, false, ""},
    {"nor SSE-C", MD5 "Content-Length: 9\r\nx-amz-server-side-encryption-customer-algorithm: AES256\r\n", HW_OK, false,
     ""},
    {"of parts", "ETag: \"25f9e794323b453885f5181f1b624d0b-2\"\r\nContent-Length: 9\r\n", HW_OK, false, ""},
    {"no size", MD5, HW_EPROTOCOL, false, "does not tell the object's size"},
};

static void an_etag_may_be_an_md5(void **state) {
    (void)state;
    const struct hw_checksum nine = hw_checksum_of(HW_CHECKSUM_MD5, "123456789", 9);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_http_response) response = s3_response(200, rows[i].headers, "");
        HW_AUTO(hw_s3_description) description = {0};
        struct hw_checksum md5 = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_s3_description_read(&response, &description, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, hw_s3_description_md5(&description, &md5), rows[i].md5);
        assert_row_int(rows[i].name, hw_checksum_equal(&md5, &nine), rows[i].md5);
    }
}

static void metadata_has_a_limit(void **state) {
    (void)state;
    for (int more = 0; more <= 1; more++) {
        HW_AUTO(hw_http_response) response = s3_response(200, MD5 "Content-Length: 9\r\n", "");
        HW_AUTO(hw_s3_description) description = {0};
        struct hw_error err = HW_ERROR_INIT;
        for (int i = 0; i < HW_S3_METADATA_MAX + more; i++) {
            assert_ok(hw_buf_printf(&response.headers, &err, "x-amz-meta-%d: 1\r\n", i), err);
        }
        assert_int_equal(hw_s3_description_read(&response, &description, &err), more ? HW_ELIMIT : HW_OK);
        assert_row_says("limit", more ? err.message : "", more ? "1001 entries of metadata, 1000 are allowed" : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_head_tells_is_kept),
        cmocka_unit_test(an_etag_may_be_an_md5),
        cmocka_unit_test(metadata_has_a_limit),
    };
    return cmocka_run_group_tests_name("s3/description", tests, NULL, NULL);
}
