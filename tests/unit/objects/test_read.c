/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/memory.h>
#include <hawser/objects.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* Three windows of the reader and the steps of the reading do not end at the same places. */
enum { PART_BYTES = 700 << 10, WHOLE_BYTES = (2 << 20) + 12345 };

static enum hw_status bytes_note(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    return hw_buf_append(ctx, data, bytes, err);
}

static const struct {
    const char *path;
    enum hw_status want;
    const char *bytes;
    const char *says;
} rows[] = {
    {"mem://a", HW_OK, "alpha", ""},
    {"mem://d/", HW_OK, "onetwo", ""},
    {"mem://*/2", HW_OK, "two", ""},
    {"mem://empty", HW_OK, "", ""},
    {"mem://x", HW_ENOTFOUND, "", ""},
    {"mem://x*", HW_ENOTFOUND, "", "nothing matches"},
    {"", HW_EUSAGE, "", "a store path is empty"},
};

static void objects_are_read_in_order(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory;
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    assert_ok(hw_memory_store_put(memory, "a", "alpha", 5, &err), err);
    assert_ok(hw_memory_store_put(memory, "d/1", "one", 3, &err), err);
    assert_ok(hw_memory_store_put(memory, "d/2", "two", 3, &err), err);
    assert_ok(hw_memory_store_put(memory, "empty", "", 0, &err), err);
    const struct hw_objects_options options = {.store = {.stores = &memory, .stores_count = 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error fault = HW_ERROR_INIT;
        assert_row_int(rows[i].path, hw_objects_read(rows[i].path, &options, bytes_note, &bytes, &fault), rows[i].want);
        assert_row_bytes(rows[i].path, bytes.data, bytes.size, rows[i].bytes, strlen(rows[i].bytes));
        assert_row_says(rows[i].path, fault.message, rows[i].says);
    }
    hw_memory_store_free(memory);
}

static enum hw_status bytes_refuse(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    (void)data;
    *(size_t *)ctx += bytes;
    return hw_fail(err, HW_EIO, "no more");
}

static const struct {
    const char *name;
    const char *headers; /* of the reply to HEAD */
    enum hw_status want;
    const char *says;
} proofs[] = {
    {"the sum fits", "x-amz-checksum-crc32: @\r\nx-amz-checksum-type: FULL_OBJECT\r\n", HW_OK, ""},
    {"the sum differs", "x-amz-checksum-crc32: AAAAAA==\r\nx-amz-checksum-type: FULL_OBJECT\r\n", HW_ECHECKSUM,
     "the store has AAAAAA==: it is not the object"},
    {"the sum of parts", "x-amz-checksum-crc32: AAAAAA==-3\r\nx-amz-checksum-type: COMPOSITE\r\n", HW_OK, ""},
    {"no sum", "", HW_OK, ""},
};

/* The sum is that of zlib's crc32, which hw_crc32 of gzip has to be. */
static void large_objects_are_proved(void **state) {
    (void)state;
    char *whole = hw_alloc(WHOLE_BYTES);
    assert_non_null(whole);
    for (size_t i = 0; i < WHOLE_BYTES; i++) {
        whole[i] = (char)(i * 31 + i / 251);
    }
    const struct hw_checksum sum = {.kind = HW_CHECKSUM_CRC32, .value = hw_crc32(0, whole, WHOLE_BYTES)};
    char text[HW_CHECKSUM_TEXT_BYTES];
    hw_checksum_text(&sum, text);
    for (size_t i = 0; i < COUNT_OF(proofs); i++) {
        HW_AUTO(hw_buf) headers = {0};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        const char *at = strchr(proofs[i].headers, '@');
        const int before = at ? (int)(at - proofs[i].headers) : 0;
        assert_ok(hw_buf_printf(&headers, &err, "ETag: \"e\"\r\nContent-Length: %d\r\n%.*s%s%s", WHOLE_BYTES, before,
                                proofs[i].headers, at ? text : "", at ? at + 1 : proofs[i].headers),
                  err);
        const struct http_reply script[] = {
            {.match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = (const char *)headers.data},
            {.match = "GET /bucket/k ",
             .times = -1,
             .status = 200,
             .headers = "ETag: \"e\"\r\n",
             .body = whole,
             .body_bytes = WHOLE_BYTES,
             .ranged = true},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_objects_options options = {
            .store = {.endpoint_url = http_server_url(server), .part_bytes = PART_BYTES}};
        enum hw_status status = hw_objects_read("s3://bucket/k", &options, bytes_note, &bytes, &err);
        assert_row_int(proofs[i].name, status, proofs[i].want);
        assert_row_bytes(proofs[i].name, bytes.data, bytes.size, whole, WHOLE_BYTES);
        assert_row_says(proofs[i].name, err.message, proofs[i].says);
        assert_row_text(proofs[i].name, err.object, status ? "s3://bucket/k" : "");
        size_t taken = 0;
        assert_row_int(proofs[i].name, hw_objects_read("s3://bucket/k", &options, bytes_refuse, &taken, &err), HW_EIO);
        assert_row_int(proofs[i].name, taken > 0 && taken < WHOLE_BYTES, true);
        http_server_stop(server);
    }
    hw_free(whole);
}

static const struct {
    const char *name;
    const char *headers; /* of the reply to HEAD */
    enum hw_status want;
    const char *says;
} small[] = {
    /* The CRC-32C of "123456789", from the catalogue of CRCs. */
    {"the sum fits", "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc32c: 4waSgw==\r\n", HW_OK, ""},
    {"the sum differs", "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc32c: AAAAAA==\r\n", HW_ECHECKSUM,
     "it is not the object"},
    {"no sum", "ETag: \"e\"\r\nContent-Length: 9\r\n", HW_OK, ""},
};

/* The GET of the whole object, which is that of a range, tells no checksum: HEAD does. */
static void small_objects_are_proved_too(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(small); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = small[i].headers},
            {.match = "GET /bucket/k ",
             .times = -1,
             .status = 200,
             .headers = "ETag: \"e\"\r\n",
             .body = "123456789",
             .body_bytes = 9,
             .ranged = true},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_objects_options options = {.store = {.endpoint_url = http_server_url(server)}};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(small[i].name, hw_objects_read("s3://bucket/k", &options, bytes_note, &bytes, &err),
                       small[i].want);
        assert_row_says(small[i].name, err.message, small[i].says);
        http_server_stop(server);
    }
}

/* HEAD tells of another version than the one that is read. */
static void a_replaced_object_is_said(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "HEAD /bucket/k ", .status = 200, .headers = "ETag: \"e\"\r\nContent-Length: 9\r\n"},
        {.match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = "ETag: \"f\"\r\nContent-Length: 9\r\n"},
        {.match = "GET /bucket/k ",
         .times = -1,
         .status = 200,
         .headers = "ETag: \"e\"\r\n",
         .body = "123456789",
         .body_bytes = 9,
         .ranged = true},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    const struct hw_objects_options options = {.store = {.endpoint_url = http_server_url(server)}};
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_objects_read("s3://bucket/k", &options, bytes_note, &bytes, &err), HW_ECHANGED);
    assert_int_equal(bytes.size, 0);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_read_in_order),
        cmocka_unit_test(large_objects_are_proved),
        cmocka_unit_test(small_objects_are_proved_too),
        cmocka_unit_test(a_replaced_object_is_said),
    };
    return cmocka_run_group_tests_name("objects/read", tests, environment_set, NULL);
}
