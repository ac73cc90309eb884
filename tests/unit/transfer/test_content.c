/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/content.h"

#include <stdio.h>

#include <hawser/memory.h>

#include "store/location.h"
#include "support/s3_fixture.h"
#include "unit/transfer/fake_store.h"

/* Checksums of "123456789", the text by which they are specified. */
#define CRC64NVME "x-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n"
#define CRC32C "x-amz-checksum-crc32c: 4waSgw==\r\n"
#define CRC32 "x-amz-checksum-crc32: y/Q5Jg==\r\n"
#define SHA256 "x-amz-checksum-sha256: FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=\r\n"
#define MD5 "25f9e794323b453885f5181f1b624d0b"
#define WHOLE "x-amz-checksum-type: FULL_OBJECT\r\n"
#define PARTS "x-amz-checksum-type: COMPOSITE\r\n"
#define SIZE "Content-Length: 9\r\n"
#define ETAG(text) "ETag: \"" text "\"\r\n"
#define MD5_OTHER "00f9e794323b453885f5181f1b624d0b"

static const char text[] = "123456789";

/* Two buckets on one server, a memory store and a run. */
struct desk {
    struct http_server *server;
    struct hw_store *buckets[2];
    struct hw_store *memory;
    struct hw_transfer_options options;
    struct hw_transfer_run run;
    struct hw_error error;
};

static void desk_open(struct desk *desk, const struct http_reply *replies, size_t count) {
    static const char *const paths[] = {"s3://one/", "s3://two/"};
    struct hw_error *err = &desk->error;
    desk->error = (struct hw_error)HW_ERROR_INIT;
    desk->server = http_server_start(replies, count);
    const struct hw_store_options options = {.endpoint_url = http_server_url(desk->server), .retry_for_ms = 200};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        HW_AUTO(hw_location) location = {0};
        assert_ok(hw_location_parse(paths[i], &options, &location, err), *err);
        assert_ok(hw_store_open(&location, &options, &desk->buckets[i], err), *err);
    }
    assert_ok(hw_memory_store_new("mem://", NULL, &desk->memory, err), *err);
    assert_ok(hw_memory_store_put(desk->memory, "k", text, 9, err), *err);
    assert_ok(hw_memory_store_put(desk->memory, "other", "123456780", 9, err), *err);
    desk->options.memory_bytes = HW_MIB(8);
    assert_ok(hw_transfer_run_start(&desk->run, &desk->options, err), *err);
}

static void desk_close(struct desk *desk) {
    hw_transfer_run_release(&desk->run);
    hw_store_close(desk->buckets[0]);
    hw_store_close(desk->buckets[1]);
    hw_memory_store_free(desk->memory);
    http_server_stop(desk->server);
}

/*
 * What a service tells of an object, and what is found of one with the text, and one with another.
 */
static void objects_are_compared_with_what_a_service_keeps(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *headers;
        bool same; /* The other object, which has one byte of another kind, is never the same. */
    } rows[] = {
        {"CRC-64/NVME", SIZE ETAG("e-2") CRC64NVME WHOLE, true},
        {"CRC-32C", SIZE ETAG("e") CRC32C WHOLE, true},
        {"CRC-32", SIZE ETAG("e") CRC32 WHOLE, true},
        {"SHA-256", SIZE ETAG("e") SHA256 WHOLE, true},
        {"a checksum against the ETag", SIZE ETAG(MD5_OTHER) CRC64NVME WHOLE, true},
        {"MD5", SIZE ETAG(MD5), true},
        {"another MD5", SIZE ETAG(MD5_OTHER), false},
        {"another checksum", SIZE ETAG(MD5) "x-amz-checksum-crc64nvme: aosUhgp5mIg=\r\n" WHOLE, false},
        {"one of parts",
         SIZE ETAG("e-2") "x-amz-checksum-sha256: FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=-2\r\n" PARTS, false},
        {"an ETag of parts", SIZE ETAG(MD5 "-1"), false},
        {"an MD5 of what is encrypted", SIZE ETAG(MD5) "x-amz-server-side-encryption: aws:kms\r\n", false},
        {"no more than an ETag", SIZE ETAG("version-7"), false},
    };
    for (size_t i = 0; i < 2 * COUNT_OF(rows); i++) {
        const bool remote_source = i % 2 == 1;
        struct desk desk = {0};
        const struct http_reply head = {.match = "HEAD ", .status = 200, .times = -1, .headers = rows[i / 2].headers};
        desk_open(&desk, &head, 1);
        const struct hw_content_place remote = {desk.buckets[0], "k"};
        const struct hw_content_place locals[] = {{desk.memory, "k"}, {desk.memory, "other"}};
        for (size_t n = 0; n < COUNT_OF(locals); n++) {
            bool same = false;
            assert_ok(hw_content_same(&desk.run, remote_source ? &remote : &locals[n],
                                      remote_source ? &locals[n] : &remote, &same, &desk.error),
                      desk.error);
            assert_row_int(rows[i / 2].name, same, n == 0 && rows[i / 2].same);
        }
        desk_close(&desk);
    }
}

/*
 * The MD5s of the MD5s of "12345" and "6789", and of "123", "456" and "789", are those of md5sum.
 */
static void etags_of_parts_are_compared_with_the_bytes(void **state) {
    (void)state;
    static const char two[] = SIZE ETAG("324730582f20c3f18cbb66d63a6137d2-2");
    static const char three[] = SIZE ETAG("a8dd1c5498a84913e3d6e7b59d4b4f8f-3");
    /* Of "123" and "456789". */
    static const char uneven[] = SIZE ETAG("3c943ca016e7090c544c70bd0145d625-2");
    static const struct {
        const char *name;
        const char *headers;
        const char *more; /* of the object */
        int part_status;
        const char *part_bytes; /* of the first one */
        bool same;
        size_t asked; /* for the first part */
    } rows[] = {
        {"two parts", two, "", 206, "5", true, 1},
        {"three parts of one size", three, "", 206, "3", true, 1},
        {"a service that knows no parts", two, "", 200, "9", false, 1},
        {"parts of another size", two, "", 206, "6", false, 1},
        {"a size that makes more parts", two, "", 206, "4", false, 1},
        {"parts of several sizes", uneven, "", 206, "3", false, 1},
        {"a part of nothing", two, "", 206, "0", false, 1},
        {"parts may not be asked for", two, "", 403, "5", false, 1},
        {"no such operation", two, "", 501, "5", false, 1},
        {"what is encrypted", two, "x-amz-server-side-encryption: aws:kms\r\n", 206, "5", false, 0},
        {"an ETag that is none of parts", SIZE ETAG("version-2"), "", 206, "5", false, 0},
        {"a checksum counts more", two, CRC64NVME WHOLE, 206, "5", true, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk = {0};
        char whole[256];
        char part[256];
        snprintf(whole, sizeof(whole), "%s%s", rows[i].headers, rows[i].more);
        snprintf(part, sizeof(part), "Content-Length: %s\r\n%s", rows[i].part_bytes, rows[i].headers + strlen(SIZE));
        const struct http_reply heads[] = {
            {.match = "HEAD /one/k?partNumber=1 ", .status = rows[i].part_status, .times = -1, .headers = part},
            {.match = "HEAD /one/k ", .status = 200, .times = -1, .headers = whole}};
        desk_open(&desk, heads, COUNT_OF(heads));
        const struct hw_content_place remote = {desk.buckets[0], "k"};
        const struct hw_content_place locals[] = {{desk.memory, "k"}, {desk.memory, "other"}};
        for (size_t n = 0; n < COUNT_OF(locals); n++) {
            bool same = false;
            assert_ok(hw_content_same(&desk.run, &locals[n], &remote, &same, &desk.error), desk.error);
            assert_row_int(rows[i].name, same, n == 0 && rows[i].same);
        }
        if (rows[i].part_status < 500) {
            assert_row_int(rows[i].name, http_server_count(desk.server, "partNumber=1"), 2 * rows[i].asked);
        }
        desk_close(&desk);
    }
}

static void objects_of_two_buckets_are_compared(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *one, *two;
        bool same;
    } rows[] = {
        {"the same checksum", SIZE ETAG("a") CRC64NVME WHOLE, SIZE ETAG("b-2") CRC64NVME WHOLE, true},
        {"another checksum", SIZE ETAG("a") CRC64NVME WHOLE,
         SIZE ETAG("a") "x-amz-checksum-crc64nvme: aosUhgp5mIg=\r\n" WHOLE, false},
        {"of all bytes and of parts", SIZE ETAG("a") SHA256 WHOLE,
         SIZE ETAG("b-1") "x-amz-checksum-sha256: FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=-1\r\n" PARTS, false},
        {"checksums of two kinds, one ETag", SIZE ETAG(MD5) CRC64NVME WHOLE, SIZE ETAG(MD5) CRC32 WHOLE, true},
        {"checksums of two kinds, two ETags", SIZE ETAG(MD5) CRC64NVME WHOLE, SIZE ETAG("b-2") CRC32 WHOLE, false},
        {"one ETag", SIZE ETAG(MD5 "-2"), SIZE ETAG(MD5 "-2"), true},
        {"one ETag, two sizes", SIZE ETAG(MD5), "Content-Length: 8\r\n" ETAG(MD5), false},
        {"two ETags", SIZE ETAG(MD5), SIZE ETAG(MD5 "-1"), false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk = {0};
        const struct http_reply heads[] = {{.match = "HEAD /one/", .status = 200, .headers = rows[i].one},
                                           {.match = "HEAD /two/", .status = 200, .headers = rows[i].two}};
        bool same = !rows[i].same;
        desk_open(&desk, heads, COUNT_OF(heads));
        const struct hw_content_place one = {desk.buckets[0], "k"};
        const struct hw_content_place two = {desk.buckets[1], "k"};
        assert_ok(hw_content_same(&desk.run, &one, &two, &same, &desk.error), desk.error);
        assert_row_int(rows[i].name, same, rows[i].same);
        desk_close(&desk);
    }
}

static void other_objects_are_read(void **state) {
    (void)state;
    struct desk desk = {0};
    bool same = false;
    desk_open(&desk, NULL, 0);
    const struct hw_content_place one = {desk.memory, "k"};
    const struct hw_content_place other = {desk.memory, "other"};
    assert_ok(hw_content_same(&desk.run, &one, &one, &same, &desk.error), desk.error);
    assert_true(same);
    assert_ok(hw_content_same(&desk.run, &one, &other, &same, &desk.error), desk.error);
    assert_false(same);
    desk_close(&desk);
}

/* More than one step of reading, and a byte of the last one. */
static void long_objects_are_read_to_their_end(void **state) {
    (void)state;
    const size_t bytes = (5 << 20) / 2;
    uint8_t *data = hw_alloc_zero(bytes, 1);
    struct desk desk = {0};
    bool same = true;
    assert_non_null(data);
    desk_open(&desk, NULL, 0);
    assert_ok(hw_memory_store_put(desk.memory, "a", data, bytes, &desk.error), desk.error);
    data[bytes - 1] = 1;
    assert_ok(hw_memory_store_put(desk.memory, "b", data, bytes, &desk.error), desk.error);
    assert_ok(hw_memory_store_put(desk.memory, "c", data, bytes, &desk.error), desk.error);
    const struct hw_content_place places[] = {{desk.memory, "a"}, {desk.memory, "b"}, {desk.memory, "c"}};
    assert_ok(hw_content_same(&desk.run, &places[0], &places[1], &same, &desk.error), desk.error);
    assert_false(same);
    assert_ok(hw_content_same(&desk.run, &places[1], &places[2], &same, &desk.error), desk.error);
    assert_true(same);
    desk_close(&desk);
    hw_free(data);
}

/* ------ failures */

static bool yes(void *ctx) {
    (void)ctx;
    return true;
}

static void failures_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int head; /* the status of HEAD */
        enum fake_call fault;
        bool remote_target; /* else the target is the fake store */
        bool remote_source; /* else the source is in memory */
        bool stopped;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"the target is gone", 404, FAKE_NONE, true, false, false, HW_OK, ""},
        {"the source is gone", 404, FAKE_NONE, false, true, false, HW_ENOTFOUND, ""},
        {"both are gone", 404, FAKE_NONE, true, true, false, HW_OK, ""},
        {"denied", 403, FAKE_NONE, true, false, false, HW_EAUTH, ""},
        {"it cannot be opened", 200, FAKE_OPEN, false, true, false, HW_EIO, "the fake store fails"},
        {"it cannot be read", 200, FAKE_READ, false, false, false, HW_EIO, "the fake store fails"},
        {"it cannot be read beside a bucket", 200, FAKE_READ, false, true, false, HW_EIO, "the fake store fails"},
        {"stopped", 200, FAKE_NONE, false, true, true, HW_ECANCELLED, "stopped"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply head = {
            .match = "HEAD ", .status = rows[i].head, .times = -1, .headers = SIZE ETAG(MD5)};
        struct desk desk = {.options.cancelled = rows[i].stopped ? yes : NULL};
        struct fake_store fake;
        bool same = true;
        desk_open(&desk, &head, 1);
        fake_store_init(&fake, "fake://");
        fake.version = (struct fake_version){.bytes = {text, 9}};
        fake.fault = (struct fake_fault){rows[i].fault, 1, 1, HW_EIO};
        const struct hw_content_place source = {rows[i].remote_source ? desk.buckets[0] : desk.memory, "k"};
        const struct hw_content_place target = {rows[i].remote_target ? desk.buckets[1] : &fake.base, "k"};
        assert_row_int(rows[i].name, hw_content_same(&desk.run, &source, &target, &same, &desk.error), rows[i].want);
        assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        assert_row_int(rows[i].name, same, rows[i].want != HW_OK);
        fake_store_check(rows[i].name, &fake, &fake);
        fake_store_release(&fake);
        desk_close(&desk);
    }
}

static int environment_make(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_compared_with_what_a_service_keeps),
        cmocka_unit_test(etags_of_parts_are_compared_with_the_bytes),
        cmocka_unit_test(objects_of_two_buckets_are_compared),
        cmocka_unit_test(other_objects_are_read),
        cmocka_unit_test(long_objects_are_read_to_their_end),
        cmocka_unit_test(failures_are_told),
    };
    return cmocka_run_group_tests_name("transfer/content", tests, environment_make, NULL);
}
