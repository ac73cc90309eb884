/* SPDX-License-Identifier: Apache-2.0 */
#include "store/write_check.h"

#include "support/rows.h"

static const struct hw_metadata entry = {"a", "1"};
static const struct {
    struct hw_write_options options;
    const char *says; /* NULL: it is allowed */
} rows[] = {
    {{0}, NULL},
    {{.content_type = "text/csv", .checksum = HW_CHECKSUM_SHA256}, NULL},
    {{.content_encoding = "gzip"}, "a local file has no content encoding: that is for objects on S3"},
    {{.content_language = "de"}, "no content language"},
    {{.content_disposition = "inline"}, "no content disposition"},
    {{.cache_control = "no-cache"}, "no cache control"},
    {{.expires = "0"}, "no expiry"},
    {{.metadata = &entry, .metadata_count = 1}, "no metadata"},
    {{.tagging = "a=1"}, "no tags"},
    {{.storage_class = "GLACIER"}, "no storage class"},
    {{.acl = "private"}, "no ACL"},
    {{.encryption = HW_ENCRYPTION_AES256}, "no encryption by a service"},
    {{.kms_key_id = "k"}, "no key of KMS"},
    {{.bucket_key = true}, "no key of KMS"},
};

static void what_a_file_cannot_keep_is_refused(void **state) {
    (void)state;
    assert_int_equal(hw_write_check_local(NULL, "a local file", NULL), HW_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const char *name = rows[i].says ? rows[i].says : "allowed";
        assert_row_int(name, hw_write_check_local(&rows[i].options, "a local file", &err),
                       rows[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(name, err.message, rows[i].says ? rows[i].says : "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_a_file_cannot_keep_is_refused)};
    return cmocka_run_group_tests_name("store/write_check", tests, NULL, NULL);
}
