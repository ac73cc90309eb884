/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/write_headers.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/rows.h"

#define META(...)                                          \
    .metadata = (const struct hw_metadata[]){__VA_ARGS__}, \
    .metadata_count = COUNT_OF(((const struct hw_metadata[]){__VA_ARGS__}))

/*
 * Headers as the API reference of PutObject has them. Python told that 2050-11-06 is a Sunday.
 */
static const struct {
    const char *name;
    struct hw_write_options options;
    const char *headers; /* NULL: HW_EUSAGE */
    const char *says;
} rows[] = {
    {"nothing", {0}, "", ""},
    {"all texts",
     {.content_type = "text/csv; charset=utf-8",
      .content_encoding = "gzip",
      .content_language = "de, en",
      .content_disposition = "attachment; filename=\"a.csv\"",
      .cache_control = "max-age=60",
      .storage_class = "STANDARD_IA",
      .acl = "public-read"},
     "Content-Type: text/csv; charset=utf-8\nContent-Encoding: gzip\nContent-Language: de, en\n"
     "Content-Disposition: attachment; filename=\"a.csv\"\nCache-Control: max-age=60\n"
     "x-amz-storage-class: STANDARD_IA\nx-amz-acl: public-read\n",
     ""},
    {"a timestamp", {.expires = "2050-11-06T08:49:37Z"}, "Expires: Sun, 06 Nov 2050 08:49:37 GMT\n", ""},
    {"a date", {.expires = "Sun, 06 Nov 2050 08:49:37 GMT"}, "Expires: Sun, 06 Nov 2050 08:49:37 GMT\n", ""},
    {"what another has kept", {.expires = "0"}, "Expires: 0\n", ""},
    {"metadata",
     {META({"a", "1"}, {"B-c_d.~!", "x y=z"}, {"e", ""})},
     "x-amz-meta-a: 1\nx-amz-meta-B-c_d.~!: x y=z\nx-amz-meta-e: \n",
     ""},
    {"tags", {.tagging = "a=1&b c=2"}, "x-amz-tagging: a=1&b%20c=2\n", ""},
    {"SSE-S3", {.encryption = HW_ENCRYPTION_AES256}, "x-amz-server-side-encryption: AES256\n", ""},
    {"SSE-KMS, the service's own key",
     {.encryption = HW_ENCRYPTION_KMS, .bucket_key = true},
     "x-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-bucket-key-enabled: true\n",
     ""},
    {"SSE-KMS twice",
     {.encryption = HW_ENCRYPTION_KMS_DSSE, .kms_key_id = "arn:aws:kms:eu-west-1:1:key/2"},
     "x-amz-server-side-encryption: aws:kms:dsse\n"
     "x-amz-server-side-encryption-aws-kms-key-id: arn:aws:kms:eu-west-1:1:key/2\n",
     ""},
    {"an expiry that is no time", {.expires = "tomorrow"}, NULL, "the expiry \"tomorrow\" is no time like"},
    {"an empty text", {.cache_control = ""}, NULL, "the cache control is empty"},
    {"blanks only", {.acl = " "}, NULL, "the ACL is empty"},
    {"a blank at the end", {.content_type = "a "}, NULL, "begins or ends with a blank"},
    {"a line end", {.content_type = "a\r\nx-amz-acl: b"}, NULL, "has a control byte"},
    {"a line end in a date", {.expires = "0\n0"}, NULL, "the expiry \"0\\x0a0\" has a control byte"},
    {"no ASCII", {.content_disposition = "caf\xc3\xa9"}, NULL, "is not ASCII"},
    {"no ASCII in metadata", {META({"a", "caf\xc3\xa9"})}, NULL, "the value of metadata \"caf\xc3\xa9\" has a byte"},
    {"a name without letters", {META({"", "1"})}, NULL, "has no name"},
    {"a name with a blank", {META({"a b", "1"})}, NULL, "the name \"a b\" of metadata"},
    {"a name with a colon", {META({"a:", "1"})}, NULL, "the name \"a:\" of metadata"},
    {"a name twice", {META({"a", "1"}, {"A", "2"})}, NULL, "the name \"A\" of metadata is there twice"},
    {"a tag without a value", {.tagging = "a"}, NULL, "has no '='"},
    {"a key without KMS", {.kms_key_id = "k"}, NULL, "needs encryption by aws:kms"},
    {"a bucket key without KMS", {.bucket_key = true}, NULL, "needs encryption by aws:kms"},
    {"a key of KMS for SSE-S3", {.encryption = HW_ENCRYPTION_AES256, .kms_key_id = "k"}, NULL, "and not by AES256"},
    {"an empty key", {.encryption = HW_ENCRYPTION_KMS, .kms_key_id = ""}, NULL, "the id of the KMS key is empty"},
    {"an encryption that is none", {.encryption = HW_ENCRYPTIONS}, NULL, "4 is no kind of encryption"},
};

static void options_become_headers_or_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_headers) headers = {0};
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        const bool good = rows[i].headers != NULL;
        assert_row_int(rows[i].name, hw_s3_write_headers_make(&rows[i].options, &headers, &err),
                       good ? HW_OK : HW_EUSAGE);
        for (size_t n = 0; n < headers.count; n++) {
            assert_ok(hw_buf_printf(&text, &err, "%s: %s\n", headers.items[n].name, headers.items[n].value), err);
        }
        assert_ok(hw_buf_end_text(&text, &err), err);
        assert_row_text(rows[i].name, (const char *)text.data, good ? rows[i].headers : "");
        assert_row_says(rows[i].name, good ? "" : err.message, rows[i].says);
    }
}

static void metadata_has_2_kib(void **state) {
    (void)state;
    char value[HW_S3_METADATA_BYTES_MAX + 1];
    const struct hw_metadata entries[] = {{"a", value}, {"b", "1"}};
    memset(value, 'v', sizeof(value));
    value[HW_S3_METADATA_BYTES_MAX - 3] = '\0'; /* with a, b and 1: 2,048 bytes */
    for (size_t more = 0; more <= 1; more++) {
        HW_AUTO(hw_s3_headers) headers = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_write_options options = {.metadata = entries, .metadata_count = 2};
        assert_int_equal(hw_s3_write_headers_make(&options, &headers, &err), more ? HW_EUSAGE : HW_OK);
        assert_row_says("too much", more ? err.message : "", more ? "more than the 2048 bytes" : "");
        value[HW_S3_METADATA_BYTES_MAX - 3] = 'v';
        value[HW_S3_METADATA_BYTES_MAX - 2] = '\0';
    }
}

static void the_checksum_is_crc64nvme_or_the_one_that_is_asked_for(void **state) {
    (void)state;
    assert_int_equal(hw_s3_write_checksum(NULL), HW_CHECKSUM_CRC64NVME);
    assert_int_equal(hw_s3_write_checksum(&(struct hw_write_options){0}), HW_CHECKSUM_CRC64NVME);
    assert_int_equal(hw_s3_write_checksum(&(struct hw_write_options){.checksum = HW_CHECKSUM_SHA1}), HW_CHECKSUM_SHA1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_become_headers_or_are_refused),
        cmocka_unit_test(metadata_has_2_kib),
        cmocka_unit_test(the_checksum_is_crc64nvme_or_the_one_that_is_asked_for),
    };
    return cmocka_run_group_tests_name("s3/write_headers", tests, NULL, NULL);
}
