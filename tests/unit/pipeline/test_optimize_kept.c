/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_kept.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "store/store.h"
#include "store/store_file.h"
#include "store/store_s3.h"
#include "support/faulty_io.h"
#include "support/s3_fixture.h"
#include "support/scratch.h"
#include "unit/pipeline/optimize_desk.h"

/* ------ objects of a bucket */

#define FACTS "Content-Length: 9\r\nETag: \"e\"\r\nContent-Type: text/csv\r\n"
#define KMS "x-amz-server-side-encryption: aws:kms\r\nx-amz-server-side-encryption-aws-kms-key-id: k1\r\n"

static const struct {
    const char *name;
    const char *headers;
    struct hw_write_options given;
    const char *storage_class; /* NULL: none */
    enum hw_encryption encryption;
    const char *key;
} objects[] = {
    {"nothing of its own", FACTS, {0}, NULL, HW_ENCRYPTION_DEFAULT, NULL},
    {"a storage class", FACTS "x-amz-storage-class: STANDARD_IA\r\n", {0}, "STANDARD_IA", HW_ENCRYPTION_DEFAULT, NULL},
    {"a storage class, and another one that is given",
     FACTS "x-amz-storage-class: STANDARD_IA\r\n",
     {.storage_class = "GLACIER_IR"},
     "GLACIER_IR",
     HW_ENCRYPTION_DEFAULT,
     NULL},
    {"a service's own keys", FACTS "x-amz-server-side-encryption: AES256\r\n", {0}, NULL, HW_ENCRYPTION_AES256, NULL},
    {"a key", FACTS KMS, {0}, NULL, HW_ENCRYPTION_KMS, "k1"},
    {"a key, twice", FACTS "x-amz-server-side-encryption: aws:kms:dsse\r\n", {0}, NULL, HW_ENCRYPTION_KMS_DSSE, NULL},
    {"a key, and another one that is given",
     FACTS KMS,
     {.encryption = HW_ENCRYPTION_KMS, .kms_key_id = "k2"},
     NULL,
     HW_ENCRYPTION_KMS,
     "k2"},
    {"a key, and none that is given",
     FACTS KMS,
     {.encryption = HW_ENCRYPTION_AES256},
     NULL,
     HW_ENCRYPTION_AES256,
     NULL},
    {"an encryption of later", FACTS "x-amz-server-side-encryption: later\r\n", {0}, NULL, HW_ENCRYPTION_DEFAULT, NULL},
};

static void text_check(const char *row, const char *got, const char *want) {
    assert_row_text(row, got ? got : "none", want ? want : "none");
}

static struct hw_store *bucket_open(const struct http_server *server) {
    const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 2000};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
    return store;
}

static void objects_keep_what_they_have(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        const struct http_reply head = {.match = "HEAD ", .status = 200, .headers = objects[i].headers};
        struct http_server *server = http_server_start(&head, 1);
        struct hw_store *store = bucket_open(server);
        struct hw_optimize_kept kept = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_sink_options sink = {.write = &objects[i].given};
        assert_ok(hw_optimize_kept_load(&kept, store, "a.parquet", &sink, &err), err);
        text_check(objects[i].name, sink.write->content_type, "text/csv");
        text_check(objects[i].name, sink.write->storage_class, objects[i].storage_class);
        assert_row_int(objects[i].name, sink.write->encryption, objects[i].encryption);
        text_check(objects[i].name, sink.write->kms_key_id, objects[i].key);
        assert_null(sink.file_facts);
        hw_optimize_kept_release(&kept);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static void an_object_that_cannot_be_looked_at_is_told(void **state) {
    (void)state;
    const struct http_reply head = {.match = "HEAD ", .status = 404, .times = -1};
    struct http_server *server = http_server_start(&head, 1);
    struct hw_store *store = bucket_open(server);
    struct hw_optimize_kept kept = {0};
    struct hw_sink_options sink = {0};
    assert_int_equal(hw_optimize_kept_load(&kept, store, "a.parquet", &sink, NULL), HW_ENOTFOUND);
    assert_null(sink.write);
    hw_optimize_kept_release(&kept);
    hw_store_close(store);
    http_server_stop(server);
}

/* ------ files */

static void files_keep_their_permissions(void **state) {
    (void)state;
    static const mode_t modes[] = {0600, 0644, 0754, 0444};
    struct scratch scratch = scratch_make();
    struct optimize_desk desk;
    HW_AUTO(hw_buf) bytes = {0};
    optimize_desk_init(&desk);
    optimize_make(&desk, "a.parquet", 1000, 0);
    optimize_copy(&desk, "a.parquet", &bytes);
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        char path[512];
        struct stat found;
        const char *const sources[] = {path, NULL};
        snprintf(path, sizeof(path), "%s", scratch_path(&scratch, "a.parquet"));
        remove(path);
        scratch_write(&scratch, "a.parquet", bytes.data, bytes.size);
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_ok(optimize_run(&desk, sources, path, &(struct hw_optimize_options){0}), desk.err);
        assert_false(scratch_holds(&scratch, "a.parquet", bytes.data, bytes.size));
        assert_int_equal(stat(path, &found), 0);
        assert_int_equal(found.st_mode & 0777, modes[i]);
    }
    optimize_desk_release(&desk);
    scratch_remove(&scratch);
}

static void files_that_cannot_be_looked_at_are_told(void **state) {
    (void)state;
    static const struct {
        enum io_call call;
        const char *says;
    } rows[] = {{IO_OPENAT, "cannot open it"}, {IO_FSTAT, "cannot look at it"}};
    struct scratch scratch = scratch_make();
    struct hw_store *store;
    struct hw_error err = HW_ERROR_INIT;
    char root[512];
    scratch_write(&scratch, "a.parquet", "x", 1);
    snprintf(root, sizeof(root), "%s/", scratch_path(&scratch, ""));
    assert_ok(hw_store_file_open(root, NULL, &store, &err), err);
    const int before = open_files();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_optimize_kept kept = {0};
        struct hw_sink_options sink = {0};
        err = (struct hw_error)HW_ERROR_INIT;
        faulty_io_start(rows[i].call, 1, EACCES);
        const enum hw_status status = hw_optimize_kept_load(&kept, store, "a.parquet", &sink, &err);
        assert_int_equal(faulty_io_stop(), rows[i].call);
        assert_row_int(rows[i].says, status != HW_OK, true);
        assert_row_says(rows[i].says, err.message, rows[i].says);
        assert_int_equal(err.sys_errno, EACCES);
        assert_null(sink.file_facts);
        hw_optimize_kept_release(&kept);
    }
    assert_int_equal(open_files(), before);
    hw_store_close(store);
    scratch_remove(&scratch);
}

/* ------ a program's own store */

static void other_stores_have_nothing_to_keep(void **state) {
    (void)state;
    struct optimize_desk desk;
    struct hw_optimize_kept kept = {0};
    const struct hw_write_options write = {.content_type = "a/b"};
    struct hw_sink_options sink = {.write = &write};
    optimize_desk_init(&desk);
    assert_ok(hw_optimize_kept_load(&kept, desk.files.store, "none.parquet", &sink, &desk.err), desk.err);
    assert_ptr_equal(sink.write, &write);
    assert_null(sink.file_facts);
    hw_optimize_kept_release(&kept);
    optimize_desk_release(&desk);
}

static int environment_make(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_keep_what_they_have),
        cmocka_unit_test(an_object_that_cannot_be_looked_at_is_told),
        cmocka_unit_test(files_keep_their_permissions),
        cmocka_unit_test(files_that_cannot_be_looked_at_are_told),
        cmocka_unit_test(other_stores_have_nothing_to_keep),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_kept", tests, environment_make, NULL);
}
