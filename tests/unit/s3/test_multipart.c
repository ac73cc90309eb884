/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/multipart.h"

#include <stdio.h>

#include <stdatomic.h>

#include "core/clock.h"
#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define MIB UINT64_C(1048576)
#define TIB (MIB * 1048576)

static const struct {
    const char *name;
    uint64_t part_bytes;
    uint64_t size_hint;
    unsigned number;
    uint64_t want;
} part_sizes[] = {
    {"as wished", 8 * MIB, 100 * MIB, 1, 8 * MIB},
    {"never below S3's least", 1, 100 * MIB, 1, 5 * MIB},
    {"10,000 parts suffice", 8 * MIB, 80000 * MIB, 10000, 8 * MIB},
    {"one byte more than 10,000 parts", 8 * MIB, 80000 * MIB + 1, 1, 8 * MIB + 1},
    {"as large as S3 allows", 8 * MIB, UINT64_C(10000) * 5120 * MIB, 1, 5120 * MIB},
    {"never above", 8 * MIB, UINT64_MAX, 1, 5120 * MIB},
    {"nothing is known, 1", 8 * MIB, 0, 1, 8 * MIB},
    {"nothing is known, 1,000", 8 * MIB, 0, 1000, 8 * MIB},
    {"nothing is known, 1,001", 8 * MIB, 0, 1001, 16 * MIB},
    {"nothing is known, 2,001", 8 * MIB, 0, 2001, 32 * MIB},
    {"nothing is known, 10,000", 8 * MIB, 0, 10000, 4096 * MIB},
    {"more than was announced", 8 * MIB, 8000 * MIB, 1001, 16 * MIB},
    {"as announced", 8 * MIB, 8000 * MIB, 1000, 8 * MIB},
};

static void parts_are_sized_to_fit(void **state) {
    (void)state;
    uint64_t whole = 0;
    for (size_t i = 0; i < COUNT_OF(part_sizes); i++) {
        assert_row_int(part_sizes[i].name,
                       hw_s3_part_bytes(part_sizes[i].part_bytes, part_sizes[i].size_hint, part_sizes[i].number),
                       part_sizes[i].want);
    }
    for (unsigned number = 1; number <= HW_S3_PARTS_MAX; number++) {
        whole += hw_s3_part_bytes(8 * MIB, 0, number);
    }
    assert_true(whole > 5 * TIB);
}

#define COMPLETED "<CompleteMultipartUploadResult><ETag>&quot;e-1&quot;</ETag></CompleteMultipartUploadResult>"
#define FAILED "<Error><Code>InternalError</Code></Error>"
#define NO_UPLOAD "<Error><Code>NoSuchUpload</Code></Error>"
#define OURS "ETag: \"e-1\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n"
#define OTHERS "ETag: \"f\"\r\nContent-Length: 10\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n"

static const struct {
    const char *name;
    struct http_reply first;
    struct http_reply then;
    struct http_reply head;
    bool create_only;
    enum hw_status want;
    size_t completes;
    const char *says;
} completes[] = {
    {"good", {.status = 200, .body = COMPLETED}, {0}, {0}, false, HW_OK, 1, ""},
    {"an error in a 200, once",
     {.status = 200, .body = FAILED},
     {.status = 200, .body = COMPLETED},
     {0},
     false,
     HW_OK,
     2,
     ""},
    {"an error in a 200, for ever",
     {.status = 200, .body = FAILED, .times = -1},
     {0},
     {.status = 404, .times = -1},
     false,
     HW_ESERVER,
     3,
     "3 tries: CompleteMultipartUpload: an <Error> inside HTTP 200: server error"},
    {"an empty 200, once", {.status = 200}, {.status = 200, .body = COMPLETED}, {0}, false, HW_OK, 2, ""},
    {"a lost reply",
     {.reset = true},
     {.status = 404, .body = NO_UPLOAD},
     {.status = 200, .headers = OURS},
     false,
     HW_OK,
     2,
     ""},
    {"a lost reply, another's object",
     {.reset = true},
     {.status = 404, .body = NO_UPLOAD},
     {.status = 200, .headers = OTHERS},
     false,
     HW_ENOTFOUND,
     2,
     "not found"},
    {"a lost reply, no object",
     {.reset = true},
     {.status = 404, .body = NO_UPLOAD},
     {.status = 404},
     false,
     HW_ENOTFOUND,
     2,
     "not found"},
    {"all replies lost", {.reset = true, .times = -1}, {0}, {.status = 200, .headers = OURS}, false, HW_OK, 3, ""},
    {"exists",
     {.status = 412, .body = "<Error><Code>PreconditionFailed</Code></Error>"},
     {0},
     {.status = 200, .headers = OTHERS},
     true,
     HW_EEXISTS,
     1,
     "exists already"},
    {"exists, and is what was sent: somebody below sent it twice",
     {.status = 412, .body = "<Error><Code>PreconditionFailed</Code></Error>"},
     {0},
     {.status = 200, .headers = OURS},
     true,
     HW_OK,
     1,
     ""},
    {"a page once", {.status = 200, .body = "<html/>"}, {.status = 200, .body = COMPLETED}, {0}, false, HW_OK, 2, ""},
    {"a page for ever, the object is there",
     {.status = 200, .body = "<html/>", .times = -1},
     {0},
     {.status = 200, .headers = OURS},
     false,
     HW_OK,
     3,
     ""},
    {"a result without an ETag",
     {.status = 200, .body = "<CompleteMultipartUploadResult/>", .times = -1},
     {0},
     {.status = 404},
     false,
     HW_EPROTOCOL,
     3,
     "CompleteMultipartUpload: the result has no ETag"},
    {"a refusal in a 200",
     {.status = 200, .body = "<Error><Code>AccessDenied</Code></Error>"},
     {0},
     {0},
     false,
     HW_EAUTH,
     1,
     "an <Error> inside HTTP 200: refused"},
    {"denied",
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     {0},
     {.status = 200, .headers = OURS},
     false,
     HW_EAUTH,
     1,
     "refused"},
    {"another sum is kept",
     {.status = 200,
      .body = "<CompleteMultipartUploadResult><ETag>e</ETag>"
              "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></CompleteMultipartUploadResult>",
      .times = -1},
     {0},
     {.status = 200, .headers = OTHERS},
     false,
     HW_ECHECKSUM,
     3,
     "CRC64NVME rosUhgp5mIg= was sent, the service has AAAAAAAAAAA="},
};

static void complete_ends_in_the_object_or_an_error(void **state) {
    (void)state;
    const struct hw_checksum crc = {.kind = HW_CHECKSUM_CRC64NVME, .value = UINT64_C(0xae8b14860a799888)};
    const struct hw_s3_part part = {"\"p\"", crc};
    for (size_t i = 0; i < COUNT_OF(completes); i++) {
        struct http_reply script[] = {completes[i].head, completes[i].first, completes[i].then};
        script[0].match = "HEAD ";
        script[1].match = script[2].match = "POST ";
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
        const struct hw_s3_upload_sum sum = {&part, 1, 9, crc, completes[i].create_only, NULL};
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES] = "";
        assert_row_int(completes[i].name, hw_s3_upload_complete(&upload, &sum, etag, &err), completes[i].want);
        assert_row_int(completes[i].name, http_server_count(fixture.server, "POST /bucket/k?uploadId=u "),
                       completes[i].completes);
        if (completes[i].want == HW_OK) {
            assert_row_text(completes[i].name, etag, "\"e-1\"");
            assert_row_text(completes[i].name, upload.id, "");
        } else {
            assert_row_says(completes[i].name, err.message, completes[i].says);
            assert_row_text(completes[i].name, etag, "");
        }
        s3_fixture_close(&fixture);
    }
}

/* The ETag of S3 for parts of "12345" and "6789", by Python. */
#define PARTS_ETAG "\"324730582f20c3f18cbb66d63a6137d2-2\""
static const struct {
    const char *name;
    const char *head;
    const char *second_etag;
    bool is_summed; /* a checksum was sent, which the service may not keep */
    enum hw_status want;
} unsummed[] = {
    {"ours, by its ETag", "ETag: " PARTS_ETAG "\r\nContent-Length: 9\r\n", "46d045ff5190f6ea93739da6c0aa19bc", false,
     HW_OK},
    {"another ETag", "ETag: \"e-2\"\r\nContent-Length: 9\r\n", "46d045ff5190f6ea93739da6c0aa19bc", false, HW_ENOTFOUND},
    {"another size", "ETag: " PARTS_ETAG "\r\nContent-Length: 8\r\n", "46d045ff5190f6ea93739da6c0aa19bc", false,
     HW_ENOTFOUND},
    {"parts whose ETags are no MD5s", "ETag: " PARTS_ETAG "\r\nContent-Length: 9\r\n", "opaque", false, HW_ENOTFOUND},
    {"a checksum that is not kept", "ETag: " PARTS_ETAG "\r\nContent-Length: 9\r\n", "46d045ff5190f6ea93739da6c0aa19bc",
     true, HW_OK},
    {"a checksum that is another one",
     "ETag: " PARTS_ETAG "\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n",
     "46d045ff5190f6ea93739da6c0aa19bc", true, HW_ENOTFOUND},
};

static void without_a_checksum_the_etag_tells(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(unsummed); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD ", .status = 200, .headers = unsummed[i].head},
            {.match = "POST ", .reset = true},
            {.match = "POST ", .status = 404, .body = NO_UPLOAD},
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
        struct hw_s3_part parts[] = {{.etag = "\"827ccb0eea8a706c4c34a16891f84e7b\""}, {.etag = ""}};
        snprintf(parts[1].etag, sizeof(parts[1].etag), "\"%s\"", unsummed[i].second_etag);
        struct hw_s3_upload_sum sum = {.parts = parts, .parts_count = 2, .object_bytes = 9};
        if (unsummed[i].is_summed) {
            sum.checksum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, "123456789", 9);
        }
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES] = "";
        assert_row_int(unsummed[i].name, hw_s3_upload_complete(&upload, &sum, etag, &err), unsummed[i].want);
        assert_row_text(unsummed[i].name, etag, unsummed[i].want ? "" : PARTS_ETAG);
        s3_fixture_close(&fixture);
    }
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void abort_goes_out_although_cancelled(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 503}, {.status = 204}};
    struct s3_fixture fixture =
        s3_fixture_open(script, COUNT_OF(script), &(struct hw_store_options){.cancelled = always});
    struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
    hw_s3_upload_abort(&upload, false);
    assert_int_equal(http_server_count(fixture.server, "DELETE /bucket/k?uploadId=u HTTP"), 2);
    assert_string_equal(upload.id, "");
    hw_s3_upload_abort(&upload, false);
    assert_int_equal(http_server_count(fixture.server, ""), 2);
    s3_fixture_close(&fixture);
}

/* Each look at the clock takes a second, so that a grace period is over soon. */
static int64_t fast_monotonic_us(void *ctx) {
    return atomic_fetch_add((_Atomic int64_t *)ctx, 1000000) + 1000000;
}

static int64_t fast_now_us(void *ctx) {
    (void)ctx;
    return INT64_C(1795262400) * 1000000;
}

static void fast_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    (void)ms;
}

static void a_dead_service_holds_a_stopped_run_once(void **state) {
    (void)state;
    const struct http_reply dead = {.stall = true, .times = -1};
    struct s3_fixture fixture = s3_fixture_open(&dead, 1, &(struct hw_store_options){.cancelled = always});
    _Atomic int64_t ticks_us = 0;
    int64_t taken_us[3];
    hw_clock_set(&(struct hw_clock){fast_now_us, fast_monotonic_us, fast_sleep, &ticks_us});
    for (size_t i = 0; i < COUNT_OF(taken_us); i++) {
        struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
        const int64_t begin_us = ticks_us;
        hw_s3_upload_abort(&upload, false);
        taken_us[i] = ticks_us - begin_us;
    }
    hw_clock_set(NULL);
    assert_true(taken_us[0] >= HW_S3_GRACE_MS * 1000);
    assert_in_range(taken_us[1], 0, HW_S3_GRACE_MS * 1000 - 1);
    assert_in_range(taken_us[2], 0, HW_S3_GRACE_MS * 1000 - 1);
    /* each is asked for all the same */
    assert_int_equal(http_server_count(fixture.server, "DELETE"), 3);
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

#define CREATED "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"

/* An upload is created and dropped: nothing of it stays, and no object comes of it. */
static void a_proof_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct http_reply create;
        enum hw_status want;
        int aborts;
    } rows[] = {
        {"allowed", {.status = 200, .body = CREATED}, HW_OK, 1},
        {"refused", {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"}, HW_EAUTH, 0},
        {"no bucket", {.status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>"}, HW_ENOTFOUND, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[] = {rows[i].create, {.match = "DELETE ", .status = 204}};
        script[0].match = "POST ";
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name,
                       hw_s3_upload_prove(fixture.client, &(struct hw_s3_create_params){.key = "k"}, &err),
                       rows[i].want);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "POST /bucket/k?uploads= "), 1);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "DELETE /bucket/k?uploadId=u "), rows[i].aborts);
        assert_row_int(rows[i].name, http_server_count(fixture.server, ""), 1 + rows[i].aborts);
        s3_fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_leaves_nothing),
        cmocka_unit_test(without_a_checksum_the_etag_tells),
        cmocka_unit_test(parts_are_sized_to_fit),
        cmocka_unit_test(complete_ends_in_the_object_or_an_error),
        cmocka_unit_test(abort_goes_out_although_cancelled),
        cmocka_unit_test(a_dead_service_holds_a_stopped_run_once),
    };
    return cmocka_run_group_tests_name("s3/multipart", tests, environment_set, NULL);
}
