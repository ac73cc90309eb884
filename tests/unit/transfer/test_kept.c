/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/kept.h"

#include <stdio.h>

#include "store/store_s3.h"
#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/transfer/fake_store.h"

#define FACTS "Content-Length: 4\r\nLast-Modified: Thu, 01 Jan 1970 00:00:05 GMT\r\n"

static void metadata_of_the_caller_stays(void **state) {
    (void)state;
    static const struct hw_metadata own[] = {{"a", "1"}, {"MTIME", "mine"}};
    static const struct {
        const char *name;
        struct hw_file_facts facts;
        size_t own_count;
        const char *want;
    } rows[] = {
        {"both", {true, 1500000000, true, 0600}, 1, "a=1;mtime=1.5;mode=100600;"},
        {"a name that is there", {true, 1500000000, true, 0600}, 2, "a=1;MTIME=mine;mode=100600;"},
        {"a time alone", {true, 0, false, 0}, 0, "mtime=0;"},
        {"nothing", {0}, 1, "a=1;"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_kept) kept = {0};
        HW_AUTO(hw_buf) got = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_write_options write = {.metadata = own, .metadata_count = rows[i].own_count};
        assert_ok(hw_kept_facts_add(&kept, &rows[i].facts, &write, &err), err);
        for (size_t j = 0; j < write.metadata_count; j++) {
            assert_ok(hw_buf_printf(&got, &err, "%s=%s;", write.metadata[j].name, write.metadata[j].value), err);
        }
        assert_row_bytes(rows[i].name, got.data, got.size, rows[i].want, strlen(rows[i].want));
    }
}

static const struct http_reply described = {.match = "HEAD /bucket/k ",
                                            .times = -1,
                                            .status = 200,
                                            .headers =
                                                FACTS "ETag: \"e\"\r\nContent-Type: text/x\r\n"
                                                      "x-amz-meta-mtime: -0.0000015\r\nx-amz-meta-mode: 100600\r\n"};
static const struct http_reply bare = {
    .match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = FACTS "ETag: \"e\"\r\n"};
static const struct http_reply another = {
    .match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = FACTS "ETag: \"f\"\r\n"};
static const struct http_reply missing = {.match = "HEAD /bucket/k ", .times = -1, .status = 404};

static const struct {
    const char *name;
    const struct http_reply *reply;
    bool to_bucket;
    bool to_files;
    bool preserve;
    enum hw_status want;
    size_t metadata_count;
    bool facts;
    size_t requests;
} rows[] = {
    {"from bucket to bucket, without facts", &described, true, false, false, HW_OK, 0, false, 0},
    {"from bucket to bucket", &described, true, false, true, HW_OK, 2, false, 1},
    {"to a folder, without facts", &described, false, true, false, HW_OK, 0, false, 0},
    {"to a folder", &described, false, true, true, HW_OK, 0, true, 1},
    {"to a store of a program", &described, false, false, true, HW_OK, 0, false, 0},
    {"replaced meanwhile", &another, true, false, true, HW_ECHANGED, 0, false, 1},
    {"removed meanwhile", &missing, true, false, true, HW_ENOTFOUND, 0, false, 1},
};

static void a_copy_keeps_what_its_place_can(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct http_server *server = http_server_start(rows[i].reply, 1);
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
        struct hw_store *store = NULL;
        struct fake_store other;
        fake_store_init(&other, "fake://");
        other.base.files = rows[i].to_files;
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        const struct hw_transfer_source source = {
            .client = hw_store_s3_client(store), .key = "k", .size = 4, .object = {.size = 4, .etag = "\"e\""}};
        struct hw_sink_options sink = {.content_type = "text/plain"};
        HW_AUTO(hw_kept) kept = {0};
        struct hw_store *target = rows[i].to_bucket ? store : &other.base;
        assert_row_int(rows[i].name, hw_kept_load(&kept, &source, target, rows[i].preserve, &sink, &err), rows[i].want);
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, sink.write ? sink.write->metadata_count : 0, rows[i].metadata_count);
            assert_row_int(rows[i].name, sink.file_facts != NULL, rows[i].facts);
        }
        if (sink.file_facts) {
            assert_row_int(rows[i].name, sink.file_facts->mtime_ns, -1500);
            assert_row_int(rows[i].name, sink.file_facts->mode, 0600);
        }
        assert_row_int(rows[i].name, http_server_count(server, "HEAD "), rows[i].requests);
        fake_store_release(&other);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static void the_time_of_the_file_comes_first(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const struct http_reply *reply;
        enum hw_status want;
        int64_t us;
    } times[] = {
        /* As floor(-1500 ns / 1000). */
        {"its own", &described, HW_OK, -2},
        {"that of the listing", &bare, HW_OK, 77},
        {"not there", &missing, HW_ENOTFOUND, 0},
    };
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct http_server *server = http_server_start(times[i].reply, 1);
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
        struct hw_store *store = NULL;
        int64_t us = 0;
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_row_int(times[i].name, hw_kept_mtime_us(store, "k", 77, &us, &err), times[i].want);
        assert_row_int(times[i].name, us, times[i].us);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_of_the_caller_stays),
        cmocka_unit_test(a_copy_keeps_what_its_place_can),
        cmocka_unit_test(the_time_of_the_file_comes_first),
    };
    return cmocka_run_group_tests_name("transfer/kept", tests, environment_set, NULL);
}
