/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/server_copy.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "support/s3_fixture.h"
#include "support/rows.h"

/* The CRC-64/NVME of "123456789". */
#define CRC "rosUhgp5mIg="
#define SMALL \
    "Content-Length: 9\r\nETag: \"v1\"\r\nx-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-crc64nvme: " CRC "\r\n"
#define COPIED(crc) \
    "<CopyObjectResult><ETag>\"c\"</ETag><ChecksumCRC64NVME>" crc "</ChecksumCRC64NVME></CopyObjectResult>"
#define PRECONDITION "<Error><Code>PreconditionFailed</Code></Error>"

/* A large object of zeros: four parts of 64 MiB and one of 1 MiB. */
#define LARGE (4 * HW_MIB(64) + HW_MIB(1))
#define PARTS 5
#define LARGE_FACTS "Content-Length: 269484032\r\nETag: \"v1\"\r\n"

/* What the scripts need is computed once: the CRC-64/NVME of zeros. */
static struct {
    char part[64]; /* of 64 MiB */
    char last[64]; /* of 1 MiB */
    char whole[64];
} zeros;

static void crc_text(uint64_t bytes, char out[64]) {
    static const uint8_t block[HW_MIB(1)];
    struct hw_checksum sum = {.kind = HW_CHECKSUM_CRC64NVME};
    char text[HW_CHECKSUM_TEXT_BYTES];
    for (uint64_t at = 0; at < bytes; at += sizeof(block)) {
        sum.value = hw_checksum_add(sum.kind, sum.value, block, sizeof(block));
    }
    snprintf(out, 64, "%s", hw_checksum_text(&sum, text));
}

static int zeros_make(void **state) {
    (void)state;
    s3_fixture_environment();
    crc_text(HW_MIB(64), zeros.part);
    crc_text(HW_MIB(1), zeros.last);
    crc_text(LARGE, zeros.whole);
    return 0;
}

/* One copy from "s" to "t", as a task of a run of its own. */
struct copying {
    struct hw_engine_task task;
    struct hw_server_copy copy;
    enum hw_status status;
    struct hw_error error;
};

static void copying_run(struct hw_engine_task *task) {
    struct copying *copying = (struct copying *)task;
    copying->status = hw_server_copy_run(&copying->copy, &copying->error);
}

static enum hw_status copy_in(struct hw_transfer_run *run, struct s3_fixture *fixture, struct copying *copying) {
    struct hw_error err = HW_ERROR_INIT;
    copying->task.run = copying_run;
    copying->error = (struct hw_error)HW_ERROR_INIT;
    copying->copy.run = run;
    copying->copy.source = copying->copy.target = fixture->client;
    copying->copy.source_key = "s";
    copying->copy.target_key = "t";
    assert_ok(hw_engine_add(run->engine, &copying->task, &run->ticker, &err), err);
    hw_engine_wait(run->engine, &run->ticker);
    return copying->status;
}

static enum hw_status copy_run(struct s3_fixture *fixture, struct copying *copying) {
    const struct hw_transfer_options options = {
        .source_store = {.connections_max = 4}, .target_store = {.connections_max = 4}, .memory_bytes = HW_MIB(4)};
    struct hw_transfer_run run;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_transfer_run_start(&run, &options, &err), err);
    const enum hw_status status = copy_in(&run, fixture, copying);
    hw_transfer_run_release(&run);
    return status;
}

/* ------ with one request */

static const struct hw_object_info listed = {.key = "s", .size = 9, .mtime_us = 1, .etag = "v1"};

static const struct {
    const char *name;
    bool known; /* A listing has told of it. */
    bool create_only;
    struct http_reply replies[3];
    enum hw_status want;
    size_t heads, puts;
    enum hw_checksum_kind proved_by;
    const char *says;
} singles[] = {
    {"a listed one",
     true,
     false,
     {{.match = "PUT ", .status = 200, .body = COPIED(CRC)}},
     HW_OK,
     0,
     1,
     HW_CHECKSUM_NONE,
     ""},
    {"one of which nothing is known",
     false,
     false,
     {{.match = "HEAD ", .status = 200, .headers = SMALL}, {.match = "PUT ", .status = 200, .body = COPIED(CRC)}},
     HW_OK,
     1,
     1,
     HW_CHECKSUM_CRC64NVME,
     ""},
    {"one without checksums",
     false,
     false,
     {{.match = "HEAD ", .status = 200, .headers = "Content-Length: 9\r\nETag: \"v1\"\r\n"},
      {.match = "PUT ", .status = 200, .body = COPIED(CRC)}},
     HW_OK,
     1,
     1,
     HW_CHECKSUM_NONE,
     ""},
    {"a copy that differs once",
     false,
     false,
     {{.match = "HEAD ", .status = 200, .headers = SMALL, .times = -1},
      {.match = "PUT ", .status = 200, .body = COPIED("AAAAAAAAAAA=")},
      {.match = "PUT ", .status = 200, .body = COPIED(CRC)}},
     HW_OK,
     2,
     2,
     HW_CHECKSUM_CRC64NVME,
     ""},
    {"a copy that differs",
     false,
     false,
     {{.match = "HEAD ", .status = 200, .headers = SMALL, .times = -1},
      {.match = "PUT ", .status = 200, .body = COPIED("AAAAAAAAAAA="), .times = -1}},
     HW_ECHECKSUM,
     3,
     3,
     HW_CHECKSUM_NONE,
     "the copy has the crc64nvme AAAAAAAAAAA=, its source has " CRC},
    {"a new one that differs is no other's",
     false,
     true,
     {{.match = "HEAD ", .status = 200, .headers = SMALL, .times = -1},
      {.match = "PUT ", .status = 200, .body = COPIED("AAAAAAAAAAA=")},
      {.match = "PUT ", .status = 412, .body = PRECONDITION, .times = -1}},
     HW_ECHECKSUM,
     1,
     1,
     HW_CHECKSUM_NONE,
     "the copy has the crc64nvme"},
    {"a listed one that was replaced",
     true,
     false,
     {{.match = "PUT ", .status = 412, .body = PRECONDITION},
      {.match = "HEAD /bucket/s", .status = 200, .headers = SMALL},
      {.match = "PUT ", .status = 200, .body = COPIED(CRC)}},
     HW_OK,
     1,
     2,
     HW_CHECKSUM_CRC64NVME,
     ""},
    {"no source",
     false,
     false,
     {{.match = "HEAD ", .status = 404, .times = -1}},
     HW_ENOTFOUND,
     1,
     0,
     HW_CHECKSUM_NONE,
     ""},
    {"a listed source that has gone",
     true,
     false,
     {{.match = "PUT ", .status = 404, .times = -1, .body = "<Error><Code>NoSuchKey</Code></Error>"}},
     HW_ENOTFOUND,
     0,
     1,
     HW_CHECKSUM_NONE,
     ""},
    {"denied",
     true,
     false,
     {{.match = "PUT ", .status = 403, .times = -1, .body = "<Error><Code>AccessDenied</Code></Error>"}},
     HW_EAUTH,
     0,
     1,
     HW_CHECKSUM_NONE,
     ""},
    {"no such operation",
     true,
     false,
     {{.match = "PUT ", .status = 501, .times = -1, .body = "<Error><Code>NotImplemented</Code></Error>"}},
     HW_ESERVER,
     1,
     1,
     HW_CHECKSUM_NONE,
     ""},
};

static void small_objects_take_one_request(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(singles); i++) {
        struct http_reply script[4] = {{.match = "HEAD /bucket/t", .status = 404, .times = -1}};
        size_t count = 1;
        for (; count < 4 && singles[i].replies[count - 1].match; count++) {
            script[count] = singles[i].replies[count - 1];
        }
        struct s3_fixture fixture = s3_fixture_open(script, count, NULL);
        struct copying copying = {
            .copy = {.known = singles[i].known ? &listed : NULL, .create_only = singles[i].create_only}};
        assert_row_int(singles[i].name, copy_run(&fixture, &copying), singles[i].want);
        assert_row_says(singles[i].name, copying.error.message, singles[i].says);
        assert_row_int(singles[i].name, http_server_count(fixture.server, "HEAD "), singles[i].heads);
        assert_row_int(singles[i].name, http_server_count(fixture.server, "PUT "), singles[i].puts);
        if (singles[i].want == HW_OK) {
            assert_row_int(singles[i].name, copying.copy.proved_by, singles[i].proved_by);
            assert_row_int(singles[i].name, copying.copy.size, 9);
            assert_row_text(singles[i].name, copying.copy.etag, "v1");
        }
        const char *head = http_server_head(fixture.server, "PUT ", 0);
        if (head) {
            assert_row_says(singles[i].name, head, "x-amz-copy-source: bucket/s\r\n");
            assert_row_says(singles[i].name, head, "x-amz-copy-source-if-match: \"v1\"\r\n");
        }
        s3_fixture_close(&fixture);
    }
}

/* A plan is of one version, and no other one takes its place. */
static void no_other_version_than_the_planned_one_is_copied(void **state) {
    (void)state;
    static const struct hw_write_options described = {.cache_control = "no-store"};
    static const struct hw_object_info larger = {.key = "s", .size = LARGE, .mtime_us = 1, .etag = "v1"};
    static const struct {
        const char *name;
        const struct hw_object_info *known;
        const struct hw_write_options *write;
        struct http_reply replies[2];
        enum hw_status want;
        size_t heads, puts;
        const char *says;
    } rows[] = {
        {"it is there", &listed, NULL, {{.match = "PUT ", .status = 200, .body = COPIED(CRC)}}, HW_OK, 0, 1, ""},
        {"it was replaced",
         &listed,
         NULL,
         {{.match = "PUT ", .status = 412, .times = -1, .body = PRECONDITION}},
         HW_ECHANGED,
         0,
         1,
         "CopyObject"},
        {"it is there, and described",
         &listed,
         &described,
         {{.match = "HEAD ", .status = 200, .headers = SMALL}, {.match = "PUT ", .status = 200, .body = COPIED(CRC)}},
         HW_OK,
         1,
         1,
         ""},
        {"another one is described",
         &listed,
         &described,
         {{.match = "HEAD ", .status = 200, .times = -1, .headers = "Content-Length: 9\r\nETag: \"v2\"\r\n"}},
         HW_ECHANGED,
         1,
         0,
         "the plan does not hold any more: the source was changed"},
        {"another one of many parts is described",
         &larger,
         NULL,
         {{.match = "HEAD ", .status = 200, .times = -1, .headers = "Content-Length: 269484032\r\nETag: \"v2\"\r\n"}},
         HW_ECHANGED,
         1,
         0,
         "the source was changed"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(rows[i].replies, COUNT_OF(rows[i].replies), NULL);
        struct copying copying = {.copy = {.known = rows[i].known, .write = rows[i].write, .as_planned = true}};
        assert_row_int(rows[i].name, copy_run(&fixture, &copying), rows[i].want);
        assert_row_says(rows[i].name, copying.error.message, rows[i].says);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "HEAD "), rows[i].heads);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "PUT "), rows[i].puts);
        const char *head = http_server_head(fixture.server, "PUT ", 0);
        if (head) {
            assert_row_says(rows[i].name, head, "x-amz-copy-source-if-match: \"v1\"\r\n");
        }
        s3_fixture_close(&fixture);
    }
}

static void descriptions_are_kept_or_replaced(void **state) {
    (void)state;
    static const struct hw_metadata metadata[] = {{"c", "3"}};
    static const struct {
        const char *name;
        struct hw_write_options write;
        const char *says[4];
        const char *says_not;
        size_t heads;
    } rows[] = {
        {"kept", {0}, {"x-amz-metadata-directive: COPY\r\n", "x-amz-tagging-directive: COPY\r\n"}, "x-amz-meta-", 0},
        {"a storage class alone",
         {.storage_class = "GLACIER"},
         {"x-amz-metadata-directive: COPY\r\n", "x-amz-storage-class: GLACIER\r\n"},
         "x-amz-meta-",
         0},
        {"tags",
         {.tagging = "a=b"},
         {"x-amz-metadata-directive: COPY\r\n", "x-amz-tagging-directive: REPLACE\r\n", "x-amz-tagging: a=b\r\n"},
         "x-amz-meta-",
         0},
        {"one header",
         {.cache_control = "no-store"},
         {"x-amz-metadata-directive: REPLACE\r\n", "Cache-Control: no-store\r\n", "Content-Type: text/csv\r\n",
          "x-amz-meta-a: 1\r\n"},
         "x-amz-tagging: a=b",
         1},
        {"metadata",
         {.metadata = metadata, .metadata_count = 1},
         {"x-amz-metadata-directive: REPLACE\r\n", "x-amz-meta-c: 3\r\n", "Content-Type: text/csv\r\n",
          "x-amz-tagging-directive: REPLACE\r\n"},
         "x-amz-meta-a",
         1},
    };
    const struct http_reply script[] = {
        {.match = "HEAD ",
         .status = 200,
         .headers = SMALL "Content-Type: text/csv\r\nx-amz-meta-a: 1\r\nx-amz-tagging-count: 1\r\n"},
        {.match = "?tagging",
         .status = 200,
         .body = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"},
        {.match = "PUT ", .status = 200, .body = COPIED(CRC)}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct copying copying = {.copy = {.known = &listed, .write = &rows[i].write}};
        assert_ok(copy_run(&fixture, &copying), copying.error);
        const char *head = http_server_head(fixture.server, "PUT ", 0);
        for (size_t n = 0; n < COUNT_OF(rows[i].says) && rows[i].says[n]; n++) {
            assert_row_says(rows[i].name, head, rows[i].says[n]);
        }
        assert_row_int(rows[i].name, strstr(head, rows[i].says_not) != NULL, false);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "HEAD "), rows[i].heads);
        s3_fixture_close(&fixture);
    }
}

/* ------ in parts */

#define PART_COPIED "<CopyPartResult><ETag>\"p\"</ETag><ChecksumCRC64NVME>%s</ChecksumCRC64NVME></CopyPartResult>"

/* The replies of a service that copies in parts; their texts live as long as it. */
struct service {
    char facts[256];
    char part[256];
    char last[256];
};

static void service_make(struct service *service, const char *part, const char *last) {
    snprintf(service->facts, sizeof(service->facts),
             LARGE_FACTS "x-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-crc64nvme: %s\r\n", zeros.whole);
    snprintf(service->part, sizeof(service->part), PART_COPIED, part);
    snprintf(service->last, sizeof(service->last), PART_COPIED, last);
}

#define UPLOAD_CREATED "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
#define UPLOAD_COMPLETED "<CompleteMultipartUploadResult><ETag>\"m-5\"</ETag></CompleteMultipartUploadResult>"
#define PLAIN_PART "<CopyPartResult><ETag>\"p\"</ETag></CopyPartResult>"
#define AROUND                                                                                       \
    {.match = "?uploads", .status = 200, .body = UPLOAD_CREATED, .times = -1},                       \
        {.match = "POST /bucket/t?uploadId=", .status = 200, .body = UPLOAD_COMPLETED, .times = -1}, \
        {.match = "DELETE ", .status = 204, .times = -1}, {                                          \
        .match = "GET /bucket/t?", .status = 404, .times = -1                                        \
    }

static void large_objects_are_copied_in_parts(void **state) {
    (void)state;
    static const char *const ranges[PARTS] = {"bytes=0-67108863", "bytes=67108864-134217727",
                                              "bytes=134217728-201326591", "bytes=201326592-268435455",
                                              "bytes=268435456-269484031"};
    struct service service;
    char line[128];
    service_make(&service, zeros.part, zeros.last);
    const struct http_reply script[] = {{.match = "HEAD ", .status = 200, .headers = service.facts},
                                        {.match = "partNumber=5&", .status = 200, .body = service.last},
                                        {.match = "partNumber=", .status = 200, .body = service.part, .times = 4},
                                        AROUND};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct copying copying = {0};
    assert_ok(copy_run(&fixture, &copying), copying.error);
    assert_int_equal(copying.copy.proved_by, HW_CHECKSUM_CRC64NVME);
    assert_int_equal(copying.copy.size, LARGE);
    for (size_t i = 0; i < PARTS; i++) {
        snprintf(line, sizeof(line), "partNumber=%zu&", i + 1);
        const char *head = http_server_head(fixture.server, line, 0);
        snprintf(line, sizeof(line), "x-amz-copy-source-range: %s\r\n", ranges[i]);
        assert_row_says(ranges[i], head, line);
        assert_row_says(ranges[i], head, "x-amz-copy-source-if-match: \"v1\"\r\n");
    }
    snprintf(line, sizeof(line), "x-amz-checksum-crc64nvme: %s\r\n", zeros.whole);
    assert_row_says("completed", http_server_head(fixture.server, "POST /bucket/t?uploadId=", 0), line);
    assert_int_equal(http_server_count(fixture.server, "DELETE "), 0);
    s3_fixture_close(&fixture);
}

/* Tags and metadata of the source are told when the upload is created. */
static void a_copy_in_parts_keeps_its_description(void **state) {
    (void)state;
    struct service service;
    char facts[512];
    service_make(&service, zeros.part, zeros.last);
    snprintf(facts, sizeof(facts), "%sContent-Type: text/csv\r\nx-amz-meta-a: 1\r\nx-amz-tagging-count: 1\r\n",
             service.facts);
    const struct http_reply script[] = {
        {.match = "HEAD ", .status = 200, .headers = facts},
        {.match = "?tagging",
         .status = 200,
         .body = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"},
        {.match = "partNumber=5&", .status = 200, .body = service.last},
        {.match = "partNumber=", .status = 200, .body = service.part, .times = 4},
        AROUND};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct copying copying = {0};
    assert_ok(copy_run(&fixture, &copying), copying.error);
    const char *head = http_server_head(fixture.server, "?uploads", 0);
    assert_row_says("type", head, "Content-Type: text/csv\r\n");
    assert_row_says("metadata", head, "x-amz-meta-a: 1\r\n");
    assert_row_says("tags", head, "x-amz-tagging: k=v\r\n");
    s3_fixture_close(&fixture);
}

/* A service that tells the checksum of the whole source for each part is asked for none. */
static void wrong_checksums_of_parts_are_not_believed(void **state) {
    (void)state;
    for (int good = 0; good < 2; good++) {
        struct service service;
        char other[256];
        service_make(&service, zeros.whole, zeros.whole);
        snprintf(other, sizeof(other),
                 LARGE_FACTS "x-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-crc64nvme: " CRC "\r\n");
        const struct http_reply script[] = {
            {.match = "HEAD /bucket/s", .status = 200, .headers = service.facts, .times = -1},
            {.match = "HEAD /bucket/t", .status = 200, .headers = good ? service.facts : other, .times = -1},
            {.match = "partNumber=", .status = 200, .body = service.part, .times = PARTS},
            {.match = "partNumber=", .status = 200, .body = PLAIN_PART, .times = -1},
            AROUND};
        const struct hw_transfer_options options = {
            .source_store = {.connections_max = 4}, .target_store = {.connections_max = 4}, .memory_bytes = HW_MIB(4)};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_transfer_run run;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_transfer_run_start(&run, &options, &err), err);
        for (size_t object = 0; object < 2; object++) {
            struct copying copying = {0};
            assert_int_equal(copy_in(&run, &fixture, &copying), good ? HW_OK : HW_ECHECKSUM);
            assert_int_equal(copying.copy.proved_by, good ? HW_CHECKSUM_CRC64NVME : HW_CHECKSUM_NONE);
        }
        /* It is learnt once: the second object takes one upload. */
        assert_int_equal(http_server_count(fixture.server, "?uploads"), good ? 3 : 7);
        assert_row_says("first", http_server_head(fixture.server, "?uploads", 0),
                        "x-amz-checksum-algorithm: CRC64NVME");
        assert_null(strstr(http_server_head(fixture.server, "?uploads", 1), "x-amz-checksum-algorithm"));
        assert_int_equal(http_server_count(fixture.server, "DELETE ") > 0, true);
        hw_transfer_run_release(&run);
        s3_fixture_close(&fixture);
    }
}

/* MinIO makes no checksums of parts that it copies, and refuses them where they must have one. */
static void copied_parts_without_checksums_go_in_a_plain_upload(void **state) {
    (void)state;
    struct service service;
    service_make(&service, zeros.part, zeros.last);
    const struct http_reply script[] = {
        {.match = "HEAD ", .status = 200, .headers = service.facts, .times = -1},
        {.match = "?uploads", .status = 200, .body = UPLOAD_CREATED},
        {.match = "?uploads",
         .status = 200,
         .times = -1,
         .body = "<InitiateMultipartUploadResult><UploadId>plain</UploadId></InitiateMultipartUploadResult>"},
        {.match = "&uploadId=plain", .status = 200, .body = PLAIN_PART, .times = -1},
        {.match = "partNumber=",
         .status = 400,
         .times = -1,
         .body =
             "<Error><Code>InvalidArgument</Code><Message>(checksum missing, want \"CRC64NVME\", got \"\")</Message>"
             "</Error>"},
        AROUND};
    const struct hw_transfer_options options = {
        .source_store = {.connections_max = 4}, .target_store = {.connections_max = 4}, .memory_bytes = HW_MIB(4)};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_transfer_run run;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_transfer_run_start(&run, &options, &err), err);
    for (size_t object = 1; object <= 2; object++) {
        struct copying copying = {0};
        assert_int_equal(copy_in(&run, &fixture, &copying), HW_OK);
        assert_int_equal(copying.copy.proved_by, HW_CHECKSUM_CRC64NVME);
        /* It is learnt once: the second object takes one upload. */
        assert_int_equal(http_server_count(fixture.server, "?uploads"), object + 1);
        assert_int_equal(http_server_count(fixture.server, "&uploadId=plain"), object * PARTS);
    }
    assert_null(strstr(http_server_head(fixture.server, "?uploads", 1), "x-amz-checksum-algorithm"));
    assert_true(http_server_count(fixture.server, "DELETE /bucket/t?uploadId=u ") > 0);
    hw_transfer_run_release(&run);
    s3_fixture_close(&fixture);
}

static const struct {
    const char *name;
    struct http_reply fault; /* before the good replies */
    bool create_only;
    enum hw_status want;
    size_t uploads;
    bool aborted;
} faults[] = {
    {"the source is replaced between two parts",
     {.match = "partNumber=3&", .status = 412, .body = PRECONDITION},
     false,
     HW_OK,
     2,
     true},
    {"it is replaced each time",
     {.match = "partNumber=3&", .status = 412, .body = PRECONDITION, .times = -1},
     false,
     HW_ECHANGED,
     3,
     true},
    {"a part is denied", {.match = "partNumber=3&", .status = 403, .times = -1}, false, HW_EAUTH, 1, true},
    {"the source is gone", {.match = "partNumber=3&", .status = 404, .times = -1}, false, HW_ENOTFOUND, 1, true},
    {"no upload", {.match = "?uploads", .status = 403, .times = -1}, false, HW_EAUTH, 1, false},
    {"it is there already",
     {.match = "POST /bucket/t?uploadId=", .status = 412, .body = PRECONDITION, .times = -1},
     true,
     HW_EEXISTS,
     1,
     true},
};

static void failures_leave_no_upload(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct service service;
        service_make(&service, zeros.part, zeros.last);
        const struct http_reply script[] = {
            faults[i].fault,
            {.match = "HEAD /bucket/t", .status = 404, .times = -1},
            {.match = "HEAD ", .status = 200, .headers = service.facts, .times = -1},
            {.match = "partNumber=5&", .status = 200, .body = service.last, .times = -1},
            {.match = "partNumber=", .status = 200, .body = service.part, .times = -1},
            AROUND};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct copying copying = {.copy = {.create_only = faults[i].create_only}};
        assert_row_int(faults[i].name, copy_run(&fixture, &copying), faults[i].want);
        assert_row_int(faults[i].name, http_server_count(fixture.server, "?uploads"), faults[i].uploads);
        assert_row_int(faults[i].name, http_server_count(fixture.server, "DELETE ") > 0, faults[i].aborted);
        s3_fixture_close(&fixture);
    }
}

static void objects_that_no_upload_holds_are_refused(void **state) {
    (void)state;
    const struct http_reply head = {
        .match = "HEAD ", .status = 200, .headers = "Content-Length: 53687091200001\r\nETag: \"v1\"\r\n"};
    struct s3_fixture fixture = s3_fixture_open(&head, 1, NULL);
    struct copying copying = {0};
    assert_int_equal(copy_run(&fixture, &copying), HW_ELIMIT);
    assert_row_says("size", copying.error.message, "does not fit in 10000 parts");
    assert_int_equal(http_server_count(fixture.server, ""), 1);
    s3_fixture_close(&fixture);
}

/* ------ what it takes */

/* One request up to 256 MiB; else parts of 64 MiB, 10,000 at most, and two for the upload. */
static void requests_are_known_before(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bytes, want;
    } rows[] = {
        {"empty", 0, 1},
        {"the largest with one request", HW_MIB(256), 1},
        {"a byte more", HW_MIB(256) + 1, 5 + 2},
        {"five parts", HW_MIB(320), 5 + 2},
        {"larger parts", UINT64_C(1) << 40, 10000 + 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_server_copy_requests(rows[i].bytes), rows[i].want);
    }
}

/* ------ whether it is possible */

static void one_set_of_credentials_reaches_both_sides(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_store_options source, target;
        bool want;
    } rows[] = {
        {"nothing said", {0}, {0}, true},
        {"one profile", {.profile = "a"}, {.profile = "a"}, true},
        {"two profiles", {.profile = "a"}, {.profile = "b"}, false},
        {"a profile on one side", {.profile = "a"}, {0}, false},
        {"one endpoint", {.endpoint_url = "http://h"}, {.endpoint_url = "http://h"}, true},
        {"two endpoints", {.endpoint_url = "http://h"}, {.endpoint_url = "http://i"}, false},
        {"an endpoint on one side", {0}, {.endpoint_url = "http://i"}, false},
        {"no keys for the source", {.no_sign_request = true}, {0}, false},
        {"no keys at all", {.no_sign_request = true}, {.no_sign_request = true}, false},
        {"two regions", {.region = "a"}, {.region = "b"}, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_server_copy_possible(&rows[i].source, &rows[i].target), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_objects_take_one_request),
        cmocka_unit_test(no_other_version_than_the_planned_one_is_copied),
        cmocka_unit_test(descriptions_are_kept_or_replaced),
        cmocka_unit_test(large_objects_are_copied_in_parts),
        cmocka_unit_test(a_copy_in_parts_keeps_its_description),
        cmocka_unit_test(wrong_checksums_of_parts_are_not_believed),
        cmocka_unit_test(copied_parts_without_checksums_go_in_a_plain_upload),
        cmocka_unit_test(failures_leave_no_upload),
        cmocka_unit_test(objects_that_no_upload_holds_are_refused),
        cmocka_unit_test(requests_are_known_before),
        cmocka_unit_test(one_set_of_credentials_reaches_both_sides),
    };
    return cmocka_run_group_tests_name("transfer/server_copy", tests, zeros_make, NULL);
}
