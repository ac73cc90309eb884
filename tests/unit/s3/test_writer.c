/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/writer.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "codec/checksum_crc64nvme.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define PART_BYTES HW_MIB(5)
#define CREATED "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>&quot;e-3&quot;</ETag></CompleteMultipartUploadResult>"

static const struct http_reply create = {.match = "POST /bucket/k?uploads= ", .status = 200, .body = CREATED};
static const struct http_reply part = {
    .match = "&uploadId=u ", .status = 200, .headers = "ETag: \"p\"\r\n", .times = -1};
static const struct http_reply complete = {.match = "POST /bucket/k?uploadId=u ", .status = 200, .body = COMPLETED};
static const struct http_reply abort_ = {.match = "DELETE /bucket/k?uploadId=u ", .status = 204, .times = -1};
static const struct http_reply put = {.match = "PUT /bucket/k HTTP", .status = 200, .headers = "ETag: \"e\"\r\n"};

static uint8_t *pattern(size_t bytes) {
    uint8_t *data = hw_alloc(bytes > 0 ? bytes : 1);
    assert_non_null(data);
    for (size_t i = 0; i < bytes; i++) {
        data[i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
    }
    return data;
}

static enum hw_status pattern_write(struct hw_s3_client *client, const uint8_t *data, size_t bytes, size_t step,
                                    char etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    struct hw_s3_writer *writer = NULL;
    const struct hw_s3_writer_options options = {.key = "k", .part_bytes = PART_BYTES};
    HW_TRY(hw_s3_writer_open(client, &options, &writer, err));
    enum hw_status status = HW_OK;
    for (size_t at = 0; at < bytes && status == HW_OK; at += step) {
        status = hw_s3_writer_write(writer, data + at, hw_min_size(step, bytes - at), err);
    }
    status = status ? status : hw_s3_writer_finish(writer, etag, err);
    hw_s3_writer_free(writer);
    return status;
}

static void small_objects_are_one_put(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 100000, PART_BYTES};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct s3_fixture fixture = s3_fixture_open(&put, 1, NULL);
        uint8_t *data = pattern(sizes[i]);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        assert_ok(pattern_write(fixture.client, data, sizes[i], 65537, etag, &err), err);
        assert_string_equal(etag, "\"e\"");
        size_t bytes;
        const char *body = http_server_body(fixture.server, "PUT ", 0, &bytes);
        assert_row_bytes("body", body, bytes, data, sizes[i]);
        assert_int_equal(http_server_count(fixture.server, ""), 1);
        hw_free(data);
        s3_fixture_close(&fixture);
    }
}

/* Each part came once, and all together are the object. */
static void parts_check(struct http_server *server, const char *name, const uint8_t *data, size_t bytes) {
    const size_t parts = (bytes + PART_BYTES - 1) / PART_BYTES;
    assert_row_int(name, http_server_count(server, "partNumber="), parts);
    for (size_t n = 0; n < parts; n++) {
        char line[64];
        size_t got;
        size_t want = hw_min_size(PART_BYTES, bytes - n * PART_BYTES);
        snprintf(line, sizeof(line), "PUT /bucket/k?partNumber=%zu&uploadId=u ", n + 1);
        assert_row_int(name, http_server_count(server, line), 1);
        const char *body = http_server_body(server, line, 0, &got);
        assert_row_bytes(line, body, got, data + n * PART_BYTES, want);
    }
}

/*
 * What is written as a whole is not copied where one PUT will do: bytes that are changed before
 * `finish` arrive as they are then.
 */
static void a_whole_object_is_borrowed(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        bool one_of_many, borrowed;
    } rows[] = {
        {"nothing", 0, false, false},        {"a byte", 1, false, true},
        {"a part", PART_BYTES, false, true}, {"more than a part", PART_BYTES + 1, false, false},
        {"one of many", 1000, true, false},
    };
    const struct http_reply script[] = {put, create, part, complete};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_writer *writer = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        const struct hw_s3_writer_options options = {
            .key = "k", .part_bytes = PART_BYTES, .one_of_many = rows[i].one_of_many};
        uint8_t *data = pattern(rows[i].bytes);
        const uint8_t before = data[0];
        assert_ok(hw_s3_writer_open(fixture.client, &options, &writer, &err), err);
        assert_ok(hw_s3_writer_whole_write(writer, data, rows[i].bytes, &err), err);
        data[0] = (uint8_t)~before;
        assert_ok(hw_s3_writer_finish(writer, etag, &err), err);
        hw_s3_writer_free(writer);
        data[0] = rows[i].borrowed ? data[0] : before;
        if (rows[i].bytes > PART_BYTES) {
            parts_check(fixture.server, rows[i].name, data, rows[i].bytes);
        } else {
            size_t bytes;
            const char *body = http_server_body(fixture.server, "PUT ", 0, &bytes);
            assert_row_bytes(rows[i].name, body, bytes, data, rows[i].bytes);
        }
        hw_free(data);
        s3_fixture_close(&fixture);
    }
}

static void larger_objects_go_in_parts(void **state) {
    (void)state;
    static const struct {
        size_t bytes;
        size_t parts;
    } sizes[] = {{PART_BYTES + 1, 2}, {2 * PART_BYTES, 2}, {12 * PART_BYTES + 7, 13}};
    const struct http_reply script[] = {create, part, complete, abort_};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        uint8_t *data = pattern(sizes[i].bytes);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        char line[64];
        assert_ok(pattern_write(fixture.client, data, sizes[i].bytes, 1000003, etag, &err), err);
        assert_string_equal(etag, "\"e-3\"");
        assert_int_equal(http_server_count(fixture.server, "partNumber="), sizes[i].parts);
        assert_int_equal(http_server_count(fixture.server, "DELETE"), 0);
        parts_check(fixture.server, "parts", data, sizes[i].bytes);
        /*
         * The sum over the whole is made of the parts' sums; here it is taken over the bytes at one
         * go.
         */
        char crc[HW_CHECKSUM_TEXT_BYTES];
        const struct hw_checksum sum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, data, sizes[i].bytes);
        snprintf(line, sizeof(line), "x-amz-checksum-crc64nvme: %s\r\n", hw_checksum_text(&sum, crc));
        const char *head = http_server_head(fixture.server, "POST /bucket/k?uploadId=u ", 0);
        assert_row_says("sum", head, line);
        snprintf(line, sizeof(line), "x-amz-mp-object-size: %zu\r\n", sizes[i].bytes);
        assert_row_says("size", head, line);
        hw_free(data);
        s3_fixture_close(&fixture);
    }
}

/* Where a part was under way, the abort is repeated until the upload is not found. */
static void aborts_check(const char *row, struct http_server *server, size_t least) {
    const size_t aborts = http_server_count(server, abort_.match);
    assert_row_int(row, aborts >= least && aborts <= 2 * least, true);
}

static const struct {
    const char *name;
    struct http_reply fault; /* before the good replies */
    enum hw_status want;
    size_t aborts;
    const char *says;
} faults[] = {
    {"a part is busy once", {.match = "partNumber=2&", .status = 503}, HW_OK, 0, ""},
    {"a part is busy for ever",
     {.match = "partNumber=2&", .status = 503, .times = -1},
     HW_ESERVER,
     1,
     "part 2: 3 tries: UploadPart: server error"},
    {"a part's connection breaks once", {.match = "partNumber=3&", .reset = true}, HW_OK, 0, ""},
    {"a part arrives damaged once",
     {.match = "partNumber=1&", .status = 400, .body = "<Error><Code>BadDigest</Code></Error>"},
     HW_OK,
     0,
     ""},
    {"a part without an ETag",
     {.match = "partNumber=1&", .status = 200, .times = -1},
     HW_EPROTOCOL,
     1,
     "part 1: 3 tries: UploadPart: unexpected reply: HTTP 200 has no ETag"},
    {"a part without an ETag once", {.match = "partNumber=1&", .status = 200}, HW_OK, 0, ""},
    {"a part is denied",
     {.match = "partNumber=3&", .status = 403, .times = -1},
     HW_EAUTH,
     1,
     "part 3: UploadPart: refused"},
    {"no upload", {.match = "?uploads=", .status = 403, .times = -1}, HW_EAUTH, 0, "CreateMultipartUpload: refused"},
    {"no upload id",
     {.match = "?uploads=", .status = 200, .body = "<InitiateMultipartUploadResult/>", .times = -1},
     HW_EPROTOCOL,
     0,
     "no UploadId"},
    {"complete fails for ever",
     {.match = "POST /bucket/k?uploadId",
      .status = 200,
      .body = "<Error><Code>InternalError</Code></Error>",
      .times = -1},
     HW_ESERVER,
     1,
     "CompleteMultipartUpload"},
};

static void failures_leave_no_upload(void **state) {
    (void)state;
    size_t size = 3 * PART_BYTES + 1;
    uint8_t *data = pattern(size);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const struct http_reply script[] = {faults[i].fault,
                                            create,
                                            part,
                                            complete,
                                            {.match = abort_.match, .status = 204},
                                            {.match = abort_.match, .status = 404, .times = -1},
                                            {.match = "HEAD ", .status = 404, .times = -1}};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        assert_row_int(faults[i].name, pattern_write(fixture.client, data, size, size, etag, &err), faults[i].want);
        assert_row_says(faults[i].name, faults[i].want ? err.message : "", faults[i].says);
        aborts_check(faults[i].name, fixture.server, faults[i].aborts);
        s3_fixture_close(&fixture);
    }
    hw_free(data);
}

struct stopper {
    struct http_server *server; /* NULL: not stopped */
    const char *request;        /* that stops the run once it has come */
};

static bool stopped(void *ctx) {
    const struct stopper *stopper = ctx;
    return stopper->server && http_server_count(stopper->server, stopper->request) > 0;
}

/* Each look at the clock takes a fifth of a second, so that a grace period is over soon. */
static int64_t fast_monotonic_us(void *ctx) {
    return atomic_fetch_add((_Atomic int64_t *)ctx, 200000) + 200000;
}

static int64_t fast_now_us(void *ctx) {
    (void)ctx;
    return INT64_C(1795262400) * 1000000;
}

static void fast_sleep(void *ctx, int64_t ms) {
    (void)ms;
    atomic_fetch_add((_Atomic int64_t *)ctx, 1000);
}

static const struct {
    const char *name;
    struct http_reply create;
    struct http_reply abort;
    size_t aborts;
} stops[] = {
    {"the id comes late", {.status = 200, .body = CREATED, .delay_ms = 400}, {.status = 204}, 1},
    {"the id comes at the second try", {.status = 503, .delay_ms = 300}, {.status = 204}, 1},
    {"the service is dead", {.stall = true, .times = -1}, {.status = 204}, 0},
    {"the service dies after it", {.status = 200, .body = CREATED, .delay_ms = 400}, {.stall = true, .times = -1}, 1},
};

static void a_stop_while_an_upload_begins_leaves_none(void **state) {
    (void)state;
    uint8_t *data = pattern(3 * PART_BYTES);
    for (size_t i = 0; i < COUNT_OF(stops); i++) {
        struct http_reply script[] = {stops[i].create,
                                      create,
                                      {.stall = true, .times = -1},
                                      stops[i].abort,
                                      {.match = abort_.match, .status = 404, .times = -1}};
        script[0].match = create.match;
        script[2].match = part.match;
        script[3].match = abort_.match;
        struct stopper stopper = {.request = create.match};
        const struct hw_store_options options = {.cancelled = stopped, .cancelled_ctx = &stopper};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), &options);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        _Atomic int64_t ticks = 0;
        const int64_t begin_us = hw_clock_monotonic_us();
        stopper.server = fixture.server;
        hw_clock_set(&(struct hw_clock){fast_now_us, fast_monotonic_us, fast_sleep, &ticks});
        enum hw_status status = pattern_write(fixture.client, data, 3 * PART_BYTES, 3 * PART_BYTES, etag, &err);
        hw_clock_set(NULL);
        assert_row_int(stops[i].name, status, HW_ECANCELLED);
        aborts_check(stops[i].name, fixture.server, stops[i].aborts);
        assert_row_int(stops[i].name, hw_clock_monotonic_us() - begin_us < 10 * 1000000, true);
        s3_fixture_close(&fixture);
    }
    hw_free(data);
}

static void a_writer_that_is_dropped_aborts(void **state) {
    (void)state;
    /* The service still takes in a part after the first two aborts. */
    const struct http_reply script[] = {create,
                                        {.match = "partNumber=1&", .stall = true},
                                        part,
                                        complete,
                                        {.match = abort_.match, .status = 204, .times = 2},
                                        {.match = abort_.match, .status = 404, .times = -1}};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    uint8_t *data = pattern(2 * PART_BYTES + 1);
    struct hw_s3_writer *writer = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_writer_open(fixture.client, &(struct hw_s3_writer_options){.key = "k", .part_bytes = PART_BYTES},
                                &writer, &err),
              err);
    assert_ok(hw_s3_writer_write(writer, data, 2 * PART_BYTES + 1, &err), err);
    hw_s3_writer_free(writer); /* part 1 is still on its way */
    assert_int_equal(http_server_count(fixture.server, "DELETE /bucket/k?uploadId=u "), 3);
    assert_int_equal(http_server_count(fixture.server, "POST /bucket/k?uploadId"), 0);

    assert_ok(hw_s3_writer_open(fixture.client, &(struct hw_s3_writer_options){.key = "k", .part_bytes = PART_BYTES},
                                &writer, &err),
              err);
    assert_ok(hw_s3_writer_write(writer, data, 100, &err), err);
    size_t before = http_server_count(fixture.server, "");
    hw_s3_writer_free(writer); /* nothing was sent, nothing is to be undone */
    assert_int_equal(http_server_count(fixture.server, ""), before);
    hw_free(data);
    s3_fixture_close(&fixture);
}

/* Counts what is allocated in pieces of a part's size. */
struct part_counter {
    pthread_mutex_t lock;
    size_t now, most;
};

static void *part_resize(void *ctx, void *old, size_t bytes) {
    struct part_counter *counter = ctx;
    const size_t before = old ? malloc_usable_size(old) : 0;
    if (bytes == 0) {
        free(old);
    }
    void *memory = bytes > 0 ? realloc(old, bytes) : NULL;
    pthread_mutex_lock(&counter->lock);
    counter->now += memory && bytes >= PART_BYTES;
    counter->now -= before >= PART_BYTES && (memory || bytes == 0);
    counter->most = hw_max_size(counter->most, counter->now);
    pthread_mutex_unlock(&counter->lock);
    return memory;
}

/* No more parts are in memory than may be, and with several, one fills while others are sent. */
static void only_so_many_parts_are_held(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned held;
        size_t most; /* parts in memory */
    } rows[] = {
        {"1", 1, 1}, {"2", 2, 2}, {"4", 4, 4}, {"5", 5, 5}, {"0 is the most", 0, 5}, {"more than the most", 9, 5}};
    const struct http_reply script[] = {create, part, complete, abort_};
    const size_t bytes = 7 * PART_BYTES + 9;
    uint8_t *data = pattern(bytes);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct part_counter counter = {.lock = PTHREAD_MUTEX_INITIALIZER};
        const struct hw_allocator allocator = {part_resize, &counter};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_writer *writer = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        const struct hw_s3_writer_options options = {.key = "k", .part_bytes = PART_BYTES, .parts_held = rows[i].held};
        hw_allocator_set(&allocator);
        assert_ok(hw_s3_writer_open(fixture.client, &options, &writer, &err), err);
        for (size_t at = 0; at < bytes; at += 1000003) {
            assert_ok(hw_s3_writer_write(writer, data + at, hw_min_size(1000003, bytes - at), &err), err);
        }
        assert_ok(hw_s3_writer_finish(writer, etag, &err), err);
        hw_s3_writer_free(writer);
        hw_allocator_set(NULL);
        assert_row_int(rows[i].name, counter.most, rows[i].most);
        assert_row_int(rows[i].name, counter.now, 0);
        parts_check(fixture.server, rows[i].name, data, bytes);
        s3_fixture_close(&fixture);
    }
    hw_free(data);
}

/*
 * A part that is slow: with one held, nothing is sent before its reply; with two, the next one is.
 */
static void parts_are_under_way_together_as_held(void **state) {
    (void)state;
    enum { HELD_MAX = 3 };
    for (unsigned held = 1; held <= HELD_MAX; held++) {
        const struct http_reply script[] = {create, {.match = part.match, .stall = true, .times = -1}, abort_};
        struct stopper stopper = {0};
        const struct hw_store_options store = {.cancelled = stopped, .cancelled_ctx = &stopper};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), &store);
        struct hw_s3_writer *writer = NULL;
        struct hw_error err = HW_ERROR_INIT;
        uint8_t *data = pattern(5 * PART_BYTES);
        char last[64], beyond[64];
        const struct hw_s3_writer_options options = {.key = "k", .part_bytes = PART_BYTES, .parts_held = held};
        snprintf(last, sizeof(last), "partNumber=%u&", held);
        snprintf(beyond, sizeof(beyond), "partNumber=%u&", held + 1);
        stopper = (struct stopper){fixture.server, last};
        assert_ok(hw_s3_writer_open(fixture.client, &options, &writer, &err), err);
        assert_int_equal(hw_s3_writer_write(writer, data, 5 * PART_BYTES, &err), HW_ECANCELLED);
        hw_s3_writer_free(writer);
        assert_row_int(last, http_server_count(fixture.server, last), 1);
        assert_row_int(beyond, http_server_count(fixture.server, beyond), 0);
        hw_free(data);
        s3_fixture_close(&fixture);
    }
}

/* One of many keeps nothing once it is settled: its bytes are there, as an upload of one part. */
static void one_of_many_is_sent_when_it_settles(void **state) {
    (void)state;
    const struct http_reply script[] = {create, part, complete, abort_};
    static const struct hw_s3_writer_options options = {.key = "k", .part_bytes = PART_BYTES, .one_of_many = true};
    for (int published = 0; published < 2; published++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_writer *writer = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        uint8_t *data = pattern(1000);
        size_t bytes;
        assert_ok(hw_s3_writer_open(fixture.client, &options, &writer, &err), err);
        assert_ok(hw_s3_writer_write(writer, data, 1000, &err), err);
        assert_int_equal(http_server_count(fixture.server, ""), 0);
        assert_ok(hw_s3_writer_settle(writer, &err), err);
        const char *body = http_server_body(fixture.server, "partNumber=1&", 0, &bytes);
        assert_row_bytes("part", body, bytes, data, 1000);
        if (published) {
            assert_ok(hw_s3_writer_finish(writer, etag, &err), err);
        }
        hw_s3_writer_free(writer);
        assert_int_equal(http_server_count(fixture.server, "POST /bucket/k?uploadId"), published);
        assert_int_equal(http_server_count(fixture.server, "DELETE /bucket/k?uploadId=u "), !published);
        hw_free(data);
        s3_fixture_close(&fixture);
    }
}

/* A writer that knows the size takes parts in any order, and holds none of them. */
static void parts_are_sent_as_they_come(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned sent; /* of three parts */
        bool finished;
        enum hw_status want;
    } rows[] = {{"all", 3, true, HW_OK}, {"one is missing", 2, true, HW_EIO}, {"dropped", 3, false, HW_OK}};
    const struct http_reply script[] = {
        create, part, complete, {.match = abort_.match, .status = 204}, {.match = abort_.match, .status = 404}};
    const size_t size = 2 * PART_BYTES + 7;
    uint8_t *data = pattern(size);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_writer *writer = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        uint64_t part_bytes = 1;
        const struct hw_s3_writer_options options = {.key = "k", .content_type = "text/csv", .part_bytes = PART_BYTES};
        assert_ok(hw_s3_writer_open(fixture.client, &options, &writer, &err), err);
        assert_ok(hw_s3_writer_parts_begin(writer, size, &part_bytes, &err), err);
        assert_int_equal(part_bytes, PART_BYTES);
        for (unsigned k = 0; k < rows[i].sent; k++) {
            const uint64_t number = 2 - k;
            const size_t offset = number * PART_BYTES;
            const size_t bytes = hw_min_size(PART_BYTES, size - offset);
            const struct hw_sink_part one = {.number = number,
                                             .offset = offset,
                                             .data = data + offset,
                                             .bytes = bytes,
                                             .crc64nvme = hw_crc64nvme(0, data + offset, bytes)};
            assert_ok(hw_s3_writer_part_write(writer, &one, &err), err);
        }
        assert_ok(hw_s3_writer_settle(writer, &err), err);
        if (rows[i].finished) {
            assert_row_int(rows[i].name, hw_s3_writer_finish(writer, etag, &err), rows[i].want);
        }
        hw_s3_writer_free(writer);
        const bool done = rows[i].finished && rows[i].want == HW_OK;
        assert_row_int(rows[i].name, http_server_count(fixture.server, complete.match), done);
        assert_row_int(rows[i].name, http_server_count(fixture.server, abort_.match) > 0, !done);
        assert_row_says(rows[i].name, http_server_head(fixture.server, create.match, 0), "Content-Type: text/csv\r\n");
        if (done) {
            parts_check(fixture.server, rows[i].name, data, size);
        }
        s3_fixture_close(&fixture);
    }
    hw_free(data);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_objects_are_one_put),
        cmocka_unit_test(a_whole_object_is_borrowed),
        cmocka_unit_test(one_of_many_is_sent_when_it_settles),
        cmocka_unit_test(larger_objects_go_in_parts),
        cmocka_unit_test(failures_leave_no_upload),
        cmocka_unit_test(only_so_many_parts_are_held),
        cmocka_unit_test(parts_are_under_way_together_as_held),
        cmocka_unit_test(parts_are_sent_as_they_come),
        cmocka_unit_test(a_writer_that_is_dropped_aborts),
        cmocka_unit_test(a_stop_while_an_upload_begins_leaves_none),
    };
    return cmocka_run_group_tests_name("s3/writer", tests, environment_set, NULL);
}
