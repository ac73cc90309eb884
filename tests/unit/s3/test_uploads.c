/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/uploads.h"

#include "core/clock.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define UPLOAD(key, id)                                     \
    "<Upload><Key>" key "</Key><UploadId>" id "</UploadId>" \
    "<Initiated>1970-01-01T00:00:02.000Z</Initiated></Upload>"
#define UPLOADS(inside) "<ListMultipartUploadsResult>" inside "</ListMultipartUploadsResult>"
#define MORE(key, id)                                                       \
    "<IsTruncated>true</IsTruncated><NextKeyMarker>" key "</NextKeyMarker>" \
    "<NextUploadIdMarker>" id "</NextUploadIdMarker>"
#define PART(number, more) "<Part><PartNumber>" number "</PartNumber><Size>10</Size>" more "</Part>"
#define PARTS(inside) "<ListPartsResult>" inside "</ListPartsResult>"

static const struct {
    const char *name;
    const char *first;
    const char *second; /* behind the upload p/a, 1 */
    enum hw_status want;
    const char *uploads;
    const char *says;
} uploads[] = {
    {"none", UPLOADS(""), "", HW_OK, "", ""},
    {"one page", UPLOADS(UPLOAD("p/a", "1") UPLOAD("p/a", "2")), "", HW_OK, "p/a@1 p/a@2 ", ""},
    {"two pages", UPLOADS(MORE("p/a", "1") UPLOAD("p/a", "1")), UPLOADS(UPLOAD("p/b", "2")), HW_OK, "p/a@1 p/b@2 ", ""},
    {"encoded", UPLOADS("<EncodingType>url</EncodingType>" MORE("p%2Fa", "1") UPLOAD("p%2Fa+%2B", "1")),
     UPLOADS(UPLOAD("p/b", "2")), HW_OK, "p/a +@1 p/b@2 ", ""},
    {"another key", UPLOADS(UPLOAD("q", "1")), "", HW_EPROTOCOL, "", "the key \"q\" does not begin with the prefix"},
    {"no id", UPLOADS("<Upload><Key>p/a</Key></Upload>"), "", HW_EPROTOCOL, "", "an upload without a key or an id"},
    {"no key", UPLOADS("<Upload><UploadId>1</UploadId></Upload>"), "", HW_EPROTOCOL, "", "without a key or an id"},
    {"no place to go on", UPLOADS("<IsTruncated>true</IsTruncated>"), "", HW_EPROTOCOL, "", "but not where"},
    {"a place that stays", UPLOADS(MORE("p/a", "1") UPLOAD("p/a", "1")), UPLOADS(MORE("p/a", "1")), HW_EPROTOCOL,
     "p/a@1 ", "does not move on"},
    {"cut off", "<ListMultipartUploadsResult>", "", HW_EPROTOCOL, "",
     "ListMultipartUploads: the reply is no listing: not XML"},
    {"somebody's page", "<html/>", "", HW_EPROTOCOL, "", "no root element ListMultipartUploadsResult"},
};

static enum hw_status upload_note(void *ctx, const struct hw_s3_open_upload *upload, struct hw_error *err) {
    assert_int_equal(upload->initiated_us, 2000000);
    return hw_buf_printf(ctx, err, "%s@%s ", upload->key, upload->id);
}

static void uploads_are_listed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(uploads); i++) {
        const struct http_reply script[] = {
            {.match = "&prefix=p%2F&key-marker=p%2Fa&upload-id-marker=1 ",
             .times = -1,
             .status = 200,
             .body = uploads[i].second},
            {.match = "GET /bucket?uploads=", .times = -1, .status = 200, .body = uploads[i].first},
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = hw_s3_uploads_list(fixture.client, "p/", upload_note, &text, &err);
        assert_row_int(uploads[i].name, status, uploads[i].want);
        assert_row_bytes(uploads[i].name, text.data, text.size, uploads[i].uploads, strlen(uploads[i].uploads));
        assert_row_says(uploads[i].name, err.message, uploads[i].says);
        s3_fixture_close(&fixture);
    }
}

/* A directory bucket lists the uploads of a folder, in no order. */
static const struct {
    const char *name;
    const char *pages[3];
    enum hw_status want;
    const char *uploads;
    const char *says;
} directories[] = {
    {"no order",
     {UPLOADS(MORE("p/b", "2") UPLOAD("p/c", "1") UPLOAD("p/b", "2")), UPLOADS(MORE("p/a", "3") UPLOAD("p/a1", "3")),
      UPLOADS(UPLOAD("p/a2", "4"))},
     HW_OK,
     "p/a1@3 p/a2@4 ",
     ""},
    {"a place that comes twice",
     {UPLOADS(MORE("p/b", "2") UPLOAD("p/a", "1")), UPLOADS(MORE("p/c", "3") UPLOAD("p/a", "2")),
      UPLOADS(MORE("p/b", "2") UPLOAD("p/a", "3"))},
     HW_EPROTOCOL,
     "p/a@1 p/a@2 ",
     "the place where the next page begins comes twice"},
    {"no place to go on", {UPLOADS("<IsTruncated>true</IsTruncated>"), "", ""}, HW_EPROTOCOL, "", "but not where"},
    {"another folder", {UPLOADS(UPLOAD("q/a", "1")), "", ""}, HW_EPROTOCOL, "", "does not begin with the prefix"},
};

static void uploads_of_directory_buckets_are_listed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(directories); i++) {
        struct http_reply script[COUNT_OF(directories[i].pages)];
        struct hw_s3_client *client = NULL;
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t n = 0; n < COUNT_OF(script); n++) {
            script[n] = (struct http_reply){.status = 200, .body = directories[i].pages[n], .match = "&prefix=p%2F"};
        }
        script[0].times = directories[i].pages[1][0] ? 0 : -1;
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options options = {
            .endpoint_url = http_server_url(server), .retry_for_ms = 500, .no_sign_request = true};
        assert_ok(hw_s3_client_new(&options, "bkt--usw2-az1--x-s3", &client, &err), err);
        enum hw_status status = hw_s3_uploads_list(client, "p/a", upload_note, &text, &err);
        assert_row_int(directories[i].name, status, directories[i].want);
        assert_row_bytes(directories[i].name, text.data, text.size, directories[i].uploads,
                         strlen(directories[i].uploads));
        assert_row_says(directories[i].name, err.message, directories[i].says);
        hw_s3_client_free(client);
        http_server_stop(server);
    }
}

static const struct {
    const char *name;
    const char *first;
    const char *second; /* behind part 1 */
    enum hw_status want;
    const char *parts; /* number, ETag and checksum */
    const char *says;
} parts[] = {
    {"none", PARTS(""), "", HW_OK, "", ""},
    {"one page", PARTS(PART("1", "<ETag>\"e\"</ETag>") PART("10000", "")), "", HW_OK, "1\"e\"none 10000none ", ""},
    {"two pages", PARTS("<IsTruncated>true</IsTruncated>" PART("1", "")), PARTS(PART("2", "")), HW_OK, "1none 2none ",
     ""},
    /* The sums are those of "123456789", from the catalogue of CRCs. */
    {"the best checksum",
     PARTS(PART("1", "<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32><ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME>"
                     "<ChecksumCRC32C>4waSgw==</ChecksumCRC32C>")),
     "", HW_OK, "1crc64nvme ", ""},
    {"one checksum", PARTS(PART("1", "<ChecksumCRC32C>4waSgw==</ChecksumCRC32C>")), "", HW_OK, "1crc32c ", ""},
    /* By Python's hashlib. */
    {"SHA-256", PARTS(PART("1", "<ChecksumSHA256>FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=</ChecksumSHA256>")), "",
     HW_OK, "1sha256 ", ""},
    {"a checksum that is none", PARTS(PART("1", "<ChecksumCRC32>?</ChecksumCRC32>")), "", HW_OK, "1none ", ""},
    {"no number", PARTS("<Part><Size>1</Size></Part>"), "", HW_EPROTOCOL, "", "a part without a number or a size"},
    {"no size", PARTS("<Part><PartNumber>1</PartNumber></Part>"), "", HW_EPROTOCOL, "", "without a number or a size"},
    {"number 0", PARTS(PART("0", "")), "", HW_EPROTOCOL, "", "beyond 1 to 10000"},
    {"number 10001", PARTS(PART("10001", "")), "", HW_EPROTOCOL, "", "beyond 1 to 10000"},
    {"a number twice", PARTS(PART("2", "") PART("2", "")), "", HW_EPROTOCOL, "", "part 2 stands behind part 2"},
    {"back on the next page", PARTS("<IsTruncated>true</IsTruncated>" PART("1", "")), PARTS(PART("1", "")),
     HW_EPROTOCOL, "1none ", "part 1 stands behind part 1"},
    {"more, but none here", PARTS("<IsTruncated>true</IsTruncated>"), "", HW_EPROTOCOL, "", "this one has no part"},
    {"cut off", "<ListPartsResult>", "", HW_EPROTOCOL, "", "ListParts: not XML"},
};

static enum hw_status part_note(void *ctx, const struct hw_s3_listed_part *part, struct hw_error *err) {
    assert_int_equal(part->size, 10);
    return hw_buf_printf(ctx, err, "%u%s%s ", part->number, part->etag, hw_checksum_name(part->checksum.kind));
}

static void parts_are_listed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct http_reply script[] = {
            {.match = "GET /bucket/k%20k?uploadId=u&part-number-marker=1 ",
             .times = -1,
             .status = 200,
             .body = parts[i].second},
            {.match = "GET /bucket/k%20k?uploadId=u ", .times = -1, .status = 200, .body = parts[i].first},
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        HW_AUTO(hw_buf) text = {0};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = hw_s3_parts_list(fixture.client, "k k", "u", part_note, &text, &err);
        assert_row_int(parts[i].name, status, parts[i].want);
        assert_row_bytes(parts[i].name, text.data, text.size, parts[i].parts, strlen(parts[i].parts));
        assert_row_says(parts[i].name, err.message, parts[i].says);
        s3_fixture_close(&fixture);
    }
}

#define NO_UPLOAD "<Error><Code>NoSuchUpload</Code></Error>"
#define DENIED "<Error><Code>AccessDenied</Code></Error>"

static const struct {
    const char *name;
    struct http_reply aborts, parts;
    enum hw_status want;
    size_t aborts_count;
    const char *says;
} ends[] = {
    {"at once", {.status = 204}, {.status = 404, .body = NO_UPLOAD}, HW_OK, 1, ""},
    {"gone before", {.status = 404, .body = NO_UPLOAD}, {0}, HW_OK, 1, ""},
    {"never", {.status = 204}, {.status = 200, .body = PARTS(PART("1", ""))}, HW_EFAILED, 5, "aborted 5 times"},
    {"no bucket", {.status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>"}, {0}, HW_ENOTFOUND, 1, "bucket"},
    {"refused", {.status = 403, .body = DENIED}, {0}, HW_EAUTH, 1, "AbortMultipartUpload: refused"},
    {"no look", {.status = 204}, {.status = 403, .body = DENIED}, HW_EAUTH, 1, "ListParts: refused"},
};

static void an_upload_is_gone_or_it_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct http_reply script[] = {ends[i].aborts, ends[i].parts};
        script[0].match = "DELETE /bucket/k?uploadId=u ";
        script[1].match = "GET /bucket/k?uploadId=u ";
        script[0].times = script[1].times = -1;
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(ends[i].name, hw_s3_upload_end(fixture.client, "k", "u", &err), ends[i].want);
        assert_row_int(ends[i].name, http_server_count(fixture.server, "DELETE "), ends[i].aborts_count);
        assert_row_says(ends[i].name, err.message, ends[i].says);
        s3_fixture_close(&fixture);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uploads_are_listed),
        cmocka_unit_test(uploads_of_directory_buckets_are_listed),
        cmocka_unit_test(parts_are_listed),
        cmocka_unit_test(an_upload_is_gone_or_it_is_said),
    };
    return cmocka_run_group_tests_name("s3/uploads", tests, environment_set, NULL);
}
