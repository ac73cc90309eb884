/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/kept_options.h"

#include "support/rows.h"

static struct hw_store file_store = {.root = "", .files = true};
static struct hw_store other_store = {.root = "mine://"};

static void files_beside_describe_themselves(void **state) {
    (void)state;
    const struct hw_metadata entry = {"a", "1"};
    const struct hw_write_options given = {
        .size = sizeof(given),
        .content_type = "x/y",
        .content_encoding = "gzip",
        .cache_control = "no-cache",
        .expires = "0",
        .metadata = &entry,
        .metadata_count = 1,
        .tagging = "a=1",
        .storage_class = "STANDARD_IA",
        .acl = "private",
        .encryption = HW_ENCRYPTION_KMS,
        .kms_key_id = "k",
        .bucket_key = true,
        .checksum = HW_CHECKSUM_SHA256,
    };
    struct hw_kept_options kept;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_kept_options_take(&given, &other_store, &kept, &err), err);
    assert_memory_equal(&kept.outputs, &given, sizeof(given));
    const struct hw_write_options beside = {
        .storage_class = given.storage_class,
        .acl = given.acl,
        .encryption = HW_ENCRYPTION_KMS,
        .kms_key_id = given.kms_key_id,
        .bucket_key = true,
        .checksum = HW_CHECKSUM_SHA256,
    };
    assert_memory_equal(&kept.beside, &beside, sizeof(beside));
    assert_ok(hw_kept_options_take(NULL, &file_store, &kept, &err), err);
    assert_null(kept.outputs.content_type);
}

static void faults_are_found_before_anything_is_written(void **state) {
    (void)state;
    const struct {
        const char *name;
        struct hw_write_options options;
        struct hw_store *store;
        const char *says;
    } rows[] = {
        {"a file's class", {.storage_class = "GLACIER"}, &file_store, "a local file has no storage class"},
        {"a control byte", {.acl = "a\n"}, &other_store, "the ACL \"a\\x0a\""},
        {"a size that cannot be", {.size = 3}, &other_store, "hw_write_options"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_kept_options kept = {.outputs.acl = "before"};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_kept_options_take(&rows[i].options, rows[i].store, &kept, &err), HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, kept.outputs.acl, "before");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_beside_describe_themselves),
        cmocka_unit_test(faults_are_found_before_anything_is_written),
    };
    return cmocka_run_group_tests_name("pipeline/kept_options", tests, NULL, NULL);
}
