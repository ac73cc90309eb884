/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/part_upload.h"

#include <pthread.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define PART_BYTES HW_MIB(5)
#define SIZE (3 * PART_BYTES + 1)
#define CREATED "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>&quot;e-4&quot;</ETag></CompleteMultipartUploadResult>"

static const struct http_reply create = {
    .match = "POST /bucket/k?uploads= ", .status = 200, .body = CREATED, .times = -1};
static const struct http_reply part = {
    .match = "&uploadId=u ", .status = 200, .headers = "ETag: \"p\"\r\n", .times = -1};
static const struct http_reply complete = {
    .match = "POST /bucket/k?uploadId=u ", .status = 200, .body = COMPLETED, .times = -1};
static const struct http_reply abort_once = {.match = "DELETE /bucket/k?uploadId=u ", .status = 204};
static const struct http_reply aborted = {.match = "DELETE /bucket/k?uploadId=u ", .status = 404, .times = -1};
static const struct http_reply no_object = {.match = "HEAD ", .status = 404, .times = -1};

static uint8_t *data;

static int data_make(void **state) {
    (void)state;
    s3_fixture_environment();
    data = hw_alloc(SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        data[i] = (uint8_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 56);
    }
    return 0;
}

static int data_free(void **state) {
    (void)state;
    hw_free(data);
    return 0;
}

static struct hw_s3_part_upload_params params_of(enum hw_checksum_kind kind, uint64_t size) {
    return (struct hw_s3_part_upload_params){.create = {.key = "k", .content_type = "text/csv", .checksum = kind},
                                             .size = size};
}

static struct hw_sink_part part_of(uint64_t number) {
    const uint64_t offset = number * PART_BYTES;
    const size_t bytes = offset + PART_BYTES <= SIZE ? PART_BYTES : SIZE - offset;
    return (struct hw_sink_part){
        .number = number,
        .offset = offset,
        .data = data + offset,
        .bytes = bytes,
        .crc64nvme = hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, data + offset, bytes),
    };
}

/* A thread that sends one part. */
struct sender {
    struct hw_s3_part_upload *upload;
    uint64_t number;
    enum hw_status status;
    struct hw_error error;
};

static void *sender_run(void *arg) {
    struct sender *sender = arg;
    const struct hw_sink_part sent = part_of(sender->number);
    sender->error = (struct hw_error)HW_ERROR_INIT;
    sender->status = hw_s3_part_upload_send(sender->upload, &sent, &sender->error);
    return NULL;
}

/* Sends all four parts at once, the last one first; returns the first failure. */
static enum hw_status parts_send(struct hw_s3_part_upload *upload, struct hw_error *err) {
    pthread_t threads[4];
    struct sender senders[4];
    enum hw_status status = HW_OK;
    for (uint64_t i = 0; i < 4; i++) {
        senders[i] = (struct sender){.upload = upload, .number = 3 - i};
        assert_int_equal(pthread_create(&threads[i], NULL, sender_run, &senders[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        if (senders[i].status && !status) {
            status = hw_error_pass(err, senders[i].status, &senders[i].error);
        }
    }
    return status;
}

static enum hw_status object_send(struct hw_s3_client *client, const struct hw_s3_part_upload_params *params,
                                  char etag[HW_S3_ETAG_BYTES], struct hw_error *err) {
    struct hw_s3_part_upload *upload = NULL;
    uint64_t part_bytes = 1;
    HW_TRY(hw_s3_part_upload_begin(client, params, &part_bytes, &upload, err));
    assert_int_equal(part_bytes, PART_BYTES);
    enum hw_status status = parts_send(upload, err);
    status = status ? status : hw_s3_part_upload_finish(upload, etag, err);
    hw_s3_part_upload_free(upload);
    return status;
}

/* The completion tells a CRC of the whole; digests it tells of the parts alone. */
static void completion_check(struct http_server *server, enum hw_checksum_kind kind) {
    char line[128];
    char text[HW_CHECKSUM_TEXT_BYTES];
    size_t bytes;
    const char *head = http_server_head(server, complete.match, 0);
    const char *body = http_server_body(server, complete.match, 0, &bytes);
    const struct hw_checksum whole = hw_checksum_of(kind, data, SIZE);
    const struct hw_sink_part last = part_of(3);
    const struct hw_checksum of_last = hw_checksum_of(kind, last.data, last.bytes);
    snprintf(line, sizeof(line), "x-amz-mp-object-size: %" PRIu64 "\r\n", (uint64_t)SIZE);
    assert_row_says("size", head, line);
    snprintf(line, sizeof(line), "<%s>%s</", hw_checksum_element(kind), hw_checksum_text(&of_last, text));
    assert_row_says("last part", body, line);
    if (!hw_checksum_is_crc(kind)) {
        assert_row_says("type", head, "x-amz-checksum-type: COMPOSITE\r\n");
        return;
    }
    assert_row_says("type", head, "x-amz-checksum-type: FULL_OBJECT\r\n");
    snprintf(line, sizeof(line), "%s: %s\r\n", hw_checksum_header(kind), hw_checksum_text(&whole, text));
    assert_row_says("whole", head, line);
}

static void parts_come_in_any_order(void **state) {
    (void)state;
    static const enum hw_checksum_kind kinds[] = {HW_CHECKSUM_CRC64NVME, HW_CHECKSUM_CRC32C, HW_CHECKSUM_CRC32,
                                                  HW_CHECKSUM_SHA256, HW_CHECKSUM_SHA1};
    const struct http_reply script[] = {create, part, complete, aborted};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        char line[128];
        char text[HW_CHECKSUM_TEXT_BYTES];
        const struct hw_s3_part_upload_params params = params_of(kinds[i], SIZE);
        assert_ok(object_send(fixture.client, &params, etag, &err), err);
        assert_string_equal(etag, "\"e-4\"");
        for (uint64_t n = 0; n < 4; n++) {
            const struct hw_sink_part one = part_of(n);
            size_t bytes;
            snprintf(line, sizeof(line), "PUT /bucket/k?partNumber=%" PRIu64 "&uploadId=u ", n + 1);
            const char *body = http_server_body(fixture.server, line, 0, &bytes);
            assert_row_bytes(line, body, bytes, one.data, one.bytes);
            const struct hw_checksum sum = hw_checksum_of(kinds[i], one.data, one.bytes);
            const char *head = http_server_head(fixture.server, line, 0);
            snprintf(line, sizeof(line), "%s: %s\r\n", hw_checksum_header(kinds[i]), hw_checksum_text(&sum, text));
            assert_row_says("part", head, line);
        }
        completion_check(fixture.server, kinds[i]);
        assert_row_says("type", http_server_head(fixture.server, create.match, 0), "Content-Type: text/csv\r\n");
        assert_int_equal(http_server_count(fixture.server, ""), 6);
        s3_fixture_close(&fixture);
    }
}

static void conditions_stand_in_the_completion(void **state) {
    (void)state;
    static const struct {
        bool create_only;
        const char *if_match;
        const char *says;
    } rows[] = {{true, NULL, "If-None-Match: *\r\n"}, {false, "\"old\"", "If-Match: \"old\"\r\n"}};
    const struct http_reply script[] = {create, part, complete, aborted};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        struct hw_s3_part_upload_params params = params_of(HW_CHECKSUM_CRC64NVME, SIZE);
        params.create_only = rows[i].create_only;
        params.if_match = rows[i].if_match;
        assert_ok(object_send(fixture.client, &params, etag, &err), err);
        assert_row_says("head", http_server_head(fixture.server, complete.match, 0), rows[i].says);
        s3_fixture_close(&fixture);
    }
}

/* Parts have 5 MiB at least, and are so large that 10,000 of them are enough. */
static void parts_are_as_large_as_they_must_be(void **state) {
    (void)state;
    static const struct {
        uint64_t size, wish, want;
        enum hw_status status;
    } rows[] = {
        {1, 1, HW_MIB(5), HW_OK},
        {HW_MIB(100), HW_MIB(8), HW_MIB(8), HW_OK},
        {HW_MIB(5) * 10000, HW_MIB(5), HW_MIB(5), HW_OK},
        {HW_S3_PART_BYTES_MAX * 10000, HW_MIB(5), HW_S3_PART_BYTES_MAX, HW_OK},
        {HW_S3_PART_BYTES_MAX * 10000 + 1, HW_MIB(5), 0, HW_ELIMIT},
        {UINT64_MAX, HW_MIB(5), 0, HW_ELIMIT},
    };
    const struct http_reply script[] = {create, abort_once, aborted};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_s3_part_upload *upload = NULL;
        uint64_t part_bytes = rows[i].wish;
        const struct hw_s3_part_upload_params params = params_of(HW_CHECKSUM_CRC64NVME, rows[i].size);
        assert_int_equal(hw_s3_part_upload_begin(fixture.client, &params, &part_bytes, &upload, &err), rows[i].status);
        assert_int_equal(part_bytes, rows[i].status ? rows[i].wish : rows[i].want);
        assert_row_says("message", err.message, rows[i].status ? "does not fit in 10000 parts" : "");
        hw_s3_part_upload_free(upload);
        assert_int_equal(http_server_count(fixture.server, "DELETE "), rows[i].status == HW_OK);
        s3_fixture_close(&fixture);
    }
    /* One more byte than 10,000 parts of the wish have room for. */
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_part_upload *upload = NULL;
    uint64_t part_bytes = HW_MIB(5);
    const struct hw_s3_part_upload_params params = params_of(HW_CHECKSUM_CRC64NVME, HW_MIB(5) * 10000 + 1);
    assert_ok(hw_s3_part_upload_begin(fixture.client, &params, &part_bytes, &upload, &err), err);
    assert_true(part_bytes > HW_MIB(5));
    hw_s3_part_upload_free(upload);
    hw_s3_part_upload_free(NULL);
    s3_fixture_close(&fixture);
}

static void a_part_of_another_object_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t number, offset;
        size_t bytes;
    } rows[] = {
        {"a number beyond", 4, 4 * PART_BYTES, 1},     {"a number far beyond", UINT64_MAX, 0, 1},
        {"another place", 1, 0, PART_BYTES},           {"too short", 0, 0, PART_BYTES - 1},
        {"too long at the end", 3, 3 * PART_BYTES, 2}, {"empty", 3, 3 * PART_BYTES, 0},
    };
    const struct http_reply script[] = {create, part, complete, abort_once, aborted};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_s3_part_upload *upload = NULL;
    struct hw_error err = HW_ERROR_INIT;
    char etag[HW_S3_ETAG_BYTES];
    uint64_t part_bytes = PART_BYTES;
    const struct hw_s3_part_upload_params params = params_of(HW_CHECKSUM_CRC64NVME, SIZE);
    assert_ok(hw_s3_part_upload_begin(fixture.client, &params, &part_bytes, &upload, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_sink_part wrong = part_of(0);
        wrong.number = rows[i].number;
        wrong.offset = rows[i].offset;
        wrong.bytes = rows[i].bytes;
        assert_row_int(rows[i].name, hw_s3_part_upload_send(upload, &wrong, &err), HW_EIO);
        assert_row_says(rows[i].name, err.message, "is none of this object's");
    }
    /* Three parts are no object. */
    for (uint64_t i = 0; i < 3; i++) {
        const struct hw_sink_part one = part_of(i);
        assert_int_equal(hw_s3_part_upload_finish(upload, etag, &err), HW_EIO);
        assert_ok(hw_s3_part_upload_send(upload, &one, &err), err);
    }
    assert_int_equal(hw_s3_part_upload_finish(upload, etag, &err), HW_EIO);
    assert_row_says("missing", err.message, "3 parts of 4 were sent");
    hw_s3_part_upload_free(upload);
    assert_int_equal(http_server_count(fixture.server, complete.match), 0);
    assert_int_equal(http_server_count(fixture.server, "DELETE "), 1);
    s3_fixture_close(&fixture);
}

static const struct {
    const char *name;
    struct http_reply fault; /* before the good replies */
    enum hw_status want;
    bool aborted;
    const char *says;
} faults[] = {
    {"a part is busy once", {.match = "partNumber=2&", .status = 503}, HW_OK, false, ""},
    {"a part arrives damaged once",
     {.match = "partNumber=1&", .status = 400, .body = "<Error><Code>BadDigest</Code></Error>"},
     HW_OK,
     false,
     ""},
    {"a part's connection breaks once", {.match = "partNumber=4&", .reset = true}, HW_OK, false, ""},
    {"a part is busy for ever", {.match = "partNumber=2&", .status = 503, .times = -1}, HW_ESERVER, true, "part 2: "},
    {"a part is denied", {.match = "partNumber=3&", .status = 403, .times = -1}, HW_EAUTH, true, "part 3: "},
    {"a part without an ETag", {.match = "partNumber=4&", .status = 200, .times = -1}, HW_EPROTOCOL, true, "part 4: "},
    {"no upload", {.match = "?uploads=", .status = 403, .times = -1}, HW_EAUTH, false, "CreateMultipartUpload"},
    {"an error inside a 200",
     {.match = "POST /bucket/k?uploadId",
      .status = 200,
      .body = "<Error><Code>InternalError</Code></Error>",
      .times = -1},
     HW_ESERVER,
     true,
     "CompleteMultipartUpload"},
    {"the object is there",
     {.match = "POST /bucket/k?uploadId", .status = 412, .times = -1},
     HW_EEXISTS,
     true,
     "CompleteMultipartUpload"},
};

static void failures_leave_no_upload(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const struct http_reply script[] = {faults[i].fault, create, part, complete, abort_once, aborted, no_object};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES];
        struct hw_s3_part_upload_params params = params_of(HW_CHECKSUM_CRC64NVME, SIZE);
        params.create_only = true;
        assert_row_int(faults[i].name, object_send(fixture.client, &params, etag, &err), faults[i].want);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_int(faults[i].name, http_server_count(fixture.server, "DELETE ") > 0, faults[i].aborted);
        s3_fixture_close(&fixture);
    }
}

/* Whichever allocation of the beginning fails, no upload stays. */
static void want_of_memory_leaves_no_upload(void **state) {
    (void)state;
    const struct http_reply script[] = {create, {.match = "DELETE ", .status = 204, .times = -1}};
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 400; allowed++) {
        struct hw_s3_part_upload *upload = NULL;
        struct alloc_fault fault;
        uint64_t part_bytes = PART_BYTES;
        const struct hw_s3_part_upload_params params = params_of(HW_CHECKSUM_CRC64NVME, SIZE);
        alloc_fault_begin(&fault, allowed);
        struct hw_s3_client *client = NULL;
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 100};
        status = hw_s3_client_new(&options, "bucket", &client, NULL);
        status = status ? status : hw_s3_part_upload_begin(client, &params, &part_bytes, &upload, NULL);
        hw_s3_part_upload_free(upload);
        hw_s3_client_free(client);
        const size_t uploads = http_server_count(server, create.match);
        const size_t aborts = http_server_count(server, "DELETE ");
        http_server_stop(server);
        /* An upload whose id is not known cannot be aborted, nor one without memory to do so. */
        assert_true(alloc_fault_end(&fault) || (uploads > 0 && aborts > 0));
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_in_any_order),
        cmocka_unit_test(conditions_stand_in_the_completion),
        cmocka_unit_test(parts_are_as_large_as_they_must_be),
        cmocka_unit_test(a_part_of_another_object_is_refused),
        cmocka_unit_test(failures_leave_no_upload),
        cmocka_unit_test(want_of_memory_leaves_no_upload),
    };
    return cmocka_run_group_tests_name("s3/part_upload", tests, data_make, data_free);
}
