/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/delta.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "store/store_s3.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define PART_BYTES HW_MIB(5)
#define SIZE (PART_BYTES + 9)
/*
 * The first part is zeros, and the last one is the text by which checksums are specified. Their
 * sums are those of tests/faults/crc64nvme.py and of hashlib.
 */
#define ZERO_SUM "vqf3hRLTlJw="
#define ZERO_MD5 "5f363e0e58a95f06cbe9bbc662c5dfb6"
#define LAST_SUM "rosUhgp5mIg="
#define LAST_MD5 "25f9e794323b453885f5181f1b624d0b"

#define ETAGGED(etag, more) "<CopyPartResult><ETag>&quot;" etag "&quot;</ETag>" more "</CopyPartResult>"
#define SUMMED(sum) ETAGGED("c", "<ChecksumCRC64NVME>" sum "</ChecksumCRC64NVME>")
#define ERROR(code) "<Error><Code>" code "</Code></Error>"
#define CREATED "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>&quot;e-2&quot;</ETag></CompleteMultipartUploadResult>"
#define THERE "Content-Length: 5242889\r\nETag: \"old\"\r\nx-amz-version-id: v1\r\n"

/* A run with a store of the bucket, and the warnings that it has told, a line each. */
struct desk {
    struct http_server *server;
    struct hw_store *store;
    struct hw_transfer_options options;
    struct hw_write_options write;
    struct hw_transfer_run run;
    struct hw_delta_place place;
    struct hw_buf warned;
    unsigned warnings;
};

static void warning_take(void *ctx, const struct hw_error *warning) {
    struct desk *desk = ctx;
    struct hw_error err = HW_ERROR_INIT;
    desk->warnings++;
    assert_ok(hw_buf_printf(&desk->warned, &err, "%s: %s\n", warning->object, warning->message), err);
}

static bool stopped(void *ctx) {
    (void)ctx;
    return true;
}

static void desk_open(struct desk *desk, const struct http_reply *replies, size_t replies_count, bool stop) {
    struct hw_error err = HW_ERROR_INIT;
    *desk = (struct desk){.server = http_server_start(replies, replies_count)};
    const struct hw_store_options store = {.endpoint_url = http_server_url(desk->server),
                                           .part_bytes = PART_BYTES,
                                           .retry_for_ms = 100,
                                           .cancelled = stop ? stopped : NULL};
    assert_ok(hw_store_s3_open("bucket", &store, &desk->store, &err), err);
    desk->options = (struct hw_transfer_options){.source_store = {.connections_max = 2},
                                                 .target_store = {.connections_max = 2},
                                                 .memory_bytes = HW_MIB(4),
                                                 .write = &desk->write,
                                                 .ctx = desk,
                                                 .on_warning = warning_take};
    assert_ok(hw_transfer_run_start(&desk->run, &desk->options, &err), err);
    desk->place = (struct hw_delta_place){&desk->run, desk->store, "d/k"};
}

static struct hw_sink *desk_sink(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sink *sink = NULL;
    const struct hw_sink_options options = {.write = &desk->write, .size_hint = SIZE};
    assert_ok(desk->store->ops->sink_open(desk->store, "d/k", &options, &sink, &err), err);
    return sink;
}

static const char *desk_warned(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_end_text(&desk->warned, &err), err);
    return (const char *)desk->warned.data;
}

static void desk_close(struct desk *desk) {
    hw_transfer_run_release(&desk->run);
    desk->store->ops->close(desk->store);
    http_server_stop(desk->server);
    hw_buf_release(&desk->warned);
}

/* ------ the version that is there */

static const struct {
    const char *name;
    struct http_reply reply;
    enum hw_checksum_kind named; /* by the caller */
    bool refused, by_etag, stop;
    enum hw_status want;
    bool offered, needs_sums;
    size_t heads;
    const char *warns; /* NULL: of nothing */
} offers[] = {
    {.name = "one is there", .reply = {.status = 200, .headers = THERE}, .offered = true, .heads = 1},
    {.name = "known to tell no checksums",
     .reply = {.status = 200, .headers = THERE},
     .by_etag = true,
     .offered = true,
     .heads = 1},
    {.name = "a kind of checksum that was named",
     .reply = {.status = 200, .headers = THERE},
     .named = HW_CHECKSUM_SHA256,
     .offered = true,
     .needs_sums = true,
     .heads = 1},
    {.name = "no checksum but MD5",
     .reply = {.status = 200, .headers = THERE},
     .named = HW_CHECKSUM_MD5,
     .offered = true,
     .heads = 1},
    {.name = "none is there", .reply = {.status = 404}, .heads = 1},
    {.name = "one that may not be looked at",
     .reply = {.status = 403},
     .heads = 1,
     .warns = "s3://bucket/d/k: the version that is there cannot be looked at, so all is sent: "},
    {.name = "a service that copies no parts", .reply = {.status = 200, .headers = THERE}, .refused = true},
    {.name = "stopped", .reply = {.status = 200, .stall = true}, .stop = true, .want = HW_ECANCELLED, .heads = 1},
};

static void the_version_that_is_there_is_offered(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(offers); i++) {
        struct http_reply reply = offers[i].reply;
        struct desk desk;
        struct hw_delta delta = {0};
        struct hw_error err = HW_ERROR_INIT;
        reply.match = "HEAD /bucket/d/k ";
        reply.times = -1;
        desk_open(&desk, &reply, 1, offers[i].stop);
        desk.write.checksum = offers[i].named;
        atomic_store(&desk.run.delta_refused, offers[i].refused);
        atomic_store(&desk.run.delta_by_etag, offers[i].by_etag);
        struct hw_sink *sink = desk_sink(&desk);
        assert_row_int(offers[i].name, hw_delta_offer(&delta, &desk.place, sink, &err), offers[i].want);
        assert_row_int(offers[i].name, delta.offered, offers[i].offered);
        if (delta.offered) {
            assert_row_int(offers[i].name, delta.older.object.size, SIZE);
            assert_row_text(offers[i].name, delta.older.object.etag, "\"old\"");
            assert_row_text(offers[i].name, delta.older.version_id, "v1");
            assert_row_int(offers[i].name, delta.older.by_etag, offers[i].by_etag);
            assert_row_int(offers[i].name, delta.older.needs_sums, offers[i].needs_sums);
        }
        /* A stop may come before the request is sent. */
        if (!offers[i].stop) {
            assert_row_int(offers[i].name, http_server_count(desk.server, "HEAD "), offers[i].heads);
        }
        assert_row_int(offers[i].name, desk.warnings, offers[i].warns != NULL);
        assert_row_says(offers[i].name, desk_warned(&desk), offers[i].warns ? offers[i].warns : "");
        sink->ops->free(sink);
        hw_delta_release(&delta);
        desk_close(&desk);
    }
}

/* ------ what came of it */

static uint8_t *data;

static int data_make(void **state) {
    (void)state;
    s3_fixture_environment();
    data = hw_alloc_zero(SIZE, 1);
    memcpy(data + PART_BYTES, "123456789", 9);
    return 0;
}

static int data_free(void **state) {
    (void)state;
    hw_free(data);
    return 0;
}

static enum hw_status object_write(struct hw_sink *sink, struct hw_error *err) {
    uint64_t part_bytes = PART_BYTES;
    HW_TRY(sink->ops->parts_begin(sink, SIZE, &part_bytes, err));
    for (uint64_t i = 0; i < 2; i++) {
        struct hw_sink_part part = {
            .number = i, .offset = i * PART_BYTES, .data = data + i * PART_BYTES, .bytes = i == 0 ? PART_BYTES : 9};
        part.crc64nvme = hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, part.data, part.bytes);
        HW_TRY(sink->ops->part_write(sink, &part, err));
    }
    return sink->ops->finish(sink, err);
}

static const struct {
    const char *name;
    struct http_reply first, second; /* The replies to the copies of the parts. */
    uint64_t sent, copied;
    const char *warns; /* NULL: of nothing */
    bool once;         /* It is not said again of the next object. */
    bool refused, by_etag;
} ends[] = {
    {.name = "all are as ours",
     .first = {.status = 200, .body = SUMMED(ZERO_SUM)},
     .second = {.status = 200, .body = SUMMED(LAST_SUM)},
     .copied = SIZE},
    {.name = "one is another",
     .first = {.status = 200, .body = SUMMED(LAST_SUM)},
     .second = {.status = 200, .body = SUMMED(LAST_SUM)},
     .sent = PART_BYTES,
     .copied = 9},
    {.name = "replaced meanwhile",
     .first = {.status = 200, .body = SUMMED(ZERO_SUM)},
     .second = {.status = 412, .body = ERROR("PreconditionFailed")},
     .sent = 9,
     .copied = PART_BYTES,
     .warns = "s3://bucket/d/k: the version that was there is gone, so the other parts were sent: "},
    {.name = "removed meanwhile",
     .first = {.status = 404, .body = ERROR("NoSuchVersion")},
     .sent = SIZE,
     .warns = "s3://bucket/d/k: the version that was there is gone, so the other parts were sent: "},
    {.name = "refused later",
     .first = {.status = 200, .body = SUMMED(ZERO_SUM)},
     .second = {.status = 403, .body = ERROR("AccessDenied")},
     .sent = 9,
     .copied = PART_BYTES,
     .warns = "s3://bucket/d/k: the service has not copied further parts, so they were sent: "},
    {.name = "refused at once",
     .first = {.status = 403, .body = ERROR("AccessDenied")},
     .sent = SIZE,
     .warns = "s3://bucket/d/k: the service does not copy parts of the version that is there, so all is sent: ",
     .once = true,
     .refused = true},
    {.name = "no checksums",
     .first = {.status = 200, .body = ETAGGED(ZERO_MD5, "")},
     .second = {.status = 200, .body = ETAGGED(LAST_MD5, "")},
     .copied = SIZE,
     .warns = "s3://bucket/d/k: the service does not tell the checksums of parts that it copies: they are compared by "
              "their MD5",
     .once = true,
     .by_etag = true},
};

/* It is told twice, as of two objects. */
static void what_came_of_it_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct http_reply first = ends[i].first, second = ends[i].second;
        struct desk desk;
        first.match = "PUT /bucket/d/k?partNumber=1&";
        second.match = "PUT /bucket/d/k?partNumber=2&";
        /* The first part is copied once more for want of a checksum. What is sent comes behind. */
        first.times = ends[i].by_etag ? -1 : 0;
        const struct http_reply script[] = {
            {.match = "HEAD ", .status = 200, .headers = THERE, .times = -1},
            first,
            second.status > 0 ? second : (struct http_reply){.match = "-"},
            {.match = "POST /bucket/d/k?uploads= ", .status = 200, .body = CREATED, .times = -1},
            {.match = "PUT ", .status = 200, .headers = "ETag: \"sent\"\r\n", .times = -1},
            {.match = "POST ", .status = 200, .body = COMPLETED, .times = -1},
            {.match = "DELETE ", .status = 204, .times = -1},
        };
        desk_open(&desk, script, COUNT_OF(script), false);
        struct hw_delta delta = {0};
        struct hw_error err = HW_ERROR_INIT;
        uint64_t sent = 1;
        uint64_t copied = 1;
        struct hw_sink *sink = desk_sink(&desk);
        assert_ok(hw_delta_offer(&delta, &desk.place, sink, &err), err);
        assert_ok(object_write(sink, &err), err);
        hw_delta_settle(&desk.place, sink, &sent, &copied);
        assert_row_int(ends[i].name, sent, ends[i].sent);
        assert_row_int(ends[i].name, copied, ends[i].copied);
        assert_row_int(ends[i].name, desk.warnings, ends[i].warns != NULL);
        assert_row_says(ends[i].name, desk_warned(&desk), ends[i].warns ? ends[i].warns : "");
        assert_row_int(ends[i].name, atomic_load(&desk.run.delta_refused), ends[i].refused);
        assert_row_int(ends[i].name, atomic_load(&desk.run.delta_by_etag), ends[i].by_etag);
        hw_delta_settle(&desk.place, sink, &sent, &copied);
        assert_row_int(ends[i].name, desk.warnings, ends[i].warns ? 2 - ends[i].once : 0);
        sink->ops->free(sink);
        hw_delta_release(&delta);
        desk_close(&desk);
    }
}

static void a_failure_with_copied_parts_is_told(void **state) {
    (void)state;
    struct desk desk;
    struct hw_error why = HW_ERROR_INIT;
    desk_open(&desk, NULL, 0, false);
    (void)hw_fail(&why, HW_ECHANGED, "InvalidPart");
    hw_delta_again(&desk.place, &why);
    assert_string_equal(desk_warned(&desk), "s3://bucket/d/k: with parts that the service has copied the object could "
                                            "not be made, so all is sent: InvalidPart\n");
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_that_is_there_is_offered),
        cmocka_unit_test(what_came_of_it_is_told),
        cmocka_unit_test(a_failure_with_copied_parts_is_told),
    };
    return cmocka_run_group_tests_name("transfer/delta", tests, data_make, data_free);
}
