/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/copy.h"

#include <stdio.h>

#include "core/clock.h"
#include "net/date.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* The MD5 and the CRC-64/NVME of "123456789". */
#define MD5 "25f9e794323b453885f5181f1b624d0b"
#define CRC "rosUhgp5mIg="
#define COPIED                                                                                                         \
    "<CopyObjectResult><LastModified>2026-11-21T13:20:45.000Z</LastModified><ETag>\"e\"</ETag><ChecksumCRC64NVME>" CRC \
    "</ChecksumCRC64NVME></CopyObjectResult>"
#define FAILED "\n<Error><Code>InternalError</Code></Error>"
#define PRECONDITION "<Error><Code>PreconditionFailed</Code></Error>"
#define THERE "ETag: \"f\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: " CRC "\r\n"

static const struct {
    const char *name;
    struct http_reply first;
    struct http_reply then;
    const char *head;    /* headers of HEAD without Last-Modified; NULL: there is no object */
    int64_t changed_ago; /* seconds before now */
    bool create_only;
    const char *source_etag; /* instead of a checksum */
    enum hw_status want;
    size_t puts;
    const char *says; /* the ETag where it is good */
} copies[] = {
    {"good", {.status = 200, .body = COPIED}, {0}, NULL, 0, false, NULL, HW_OK, 1, "\"e\""},
    {"an error in a 200, once",
     {.status = 200, .body = FAILED},
     {.status = 200, .body = COPIED},
     NULL,
     0,
     false,
     NULL,
     HW_OK,
     2,
     "\"e\""},
    {"an error in a 200, for ever",
     {.status = 200, .body = FAILED, .times = -1},
     {0},
     NULL,
     0,
     false,
     NULL,
     HW_ESERVER,
     3,
     "CopyObject: an <Error> inside HTTP 200"},
    {"white space, then nothing",
     {.status = 200, .body = "  \n ", .times = -1},
     {0},
     NULL,
     0,
     false,
     NULL,
     HW_EPROTOCOL,
     3,
     "CopyObject"},
    {"no ETag",
     {.status = 200, .body = "<CopyObjectResult/>", .times = -1},
     {0},
     NULL,
     0,
     false,
     NULL,
     HW_EPROTOCOL,
     3,
     "the result has no ETag"},
    {"a lost reply", {.reset = true, .times = -1}, {0}, THERE, 1, false, NULL, HW_OK, 3, "\"f\""},
    {"a lost reply, no checksums",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"" MD5 "\"\r\nContent-Length: 9\r\n",
     1,
     false,
     MD5,
     HW_OK,
     3,
     "\"" MD5 "\""},
    {"a lost reply, parts",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"" MD5 "-2\"\r\nContent-Length: 9\r\n",
     1,
     false,
     MD5 "-2",
     HW_ENETWORK,
     3,
     "CopyObject"},
    {"a lost reply, KMS",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"" MD5 "\"\r\nContent-Length: 9\r\nx-amz-server-side-encryption: aws:kms\r\n",
     1,
     false,
     MD5,
     HW_ENETWORK,
     3,
     "CopyObject"},
    {"a lost reply, an older object",
     {.reset = true, .times = -1},
     {0},
     THERE,
     1000,
     false,
     NULL,
     HW_ENETWORK,
     3,
     "CopyObject"},
    {"a lost reply, another size",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"f\"\r\nContent-Length: 8\r\nx-amz-checksum-crc64nvme: " CRC "\r\n",
     1,
     false,
     NULL,
     HW_ENETWORK,
     3,
     "CopyObject"},
    {"a lost reply, another sum",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"f\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n",
     1,
     false,
     NULL,
     HW_ENETWORK,
     3,
     "CopyObject"},
    {"the source was replaced",
     {.status = 412, .body = PRECONDITION},
     {0},
     NULL,
     0,
     false,
     NULL,
     HW_ECHANGED,
     1,
     "changed while it was read"},
    {"the source was replaced, and there is none here",
     {.status = 412, .body = PRECONDITION},
     {0},
     NULL,
     0,
     true,
     NULL,
     HW_ECHANGED,
     1,
     "the source was replaced before it was copied"},
    {"there is one",
     {.status = 412, .body = PRECONDITION},
     {0},
     "ETag: \"g\"\r\nContent-Length: 7\r\n",
     1,
     true,
     NULL,
     HW_EEXISTS,
     1,
     "CopyObject"},
    {"ours is there", {.status = 412, .body = PRECONDITION}, {0}, THERE, 1, true, NULL, HW_OK, 1, "\"f\""},
    {"gone",
     {.status = 404, .body = "<Error><Code>NoSuchKey</Code></Error>"},
     {0},
     NULL,
     0,
     false,
     NULL,
     HW_ENOTFOUND,
     1,
     "not found"},
};

static void a_copy_is_made_or_it_fails(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        char headers[256];
        char date[HW_HTTP_DATE_BYTES];
        hw_http_date_text(hw_clock_now_us() - copies[i].changed_ago * 1000000, date);
        snprintf(headers, sizeof(headers), "%sLast-Modified: %s\r\n", copies[i].head ? copies[i].head : "", date);
        struct http_reply script[] = {
            {.match = "HEAD ", .status = copies[i].head ? 200 : 404, .headers = headers, .times = -1},
            copies[i].first,
            copies[i].then,
        };
        script[1].match = script[2].match = "PUT ";
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_object source = {.size = 9, .etag = "\"s\""};
        if (copies[i].source_etag) {
            snprintf(source.etag, sizeof(source.etag), "\"%s\"", copies[i].source_etag);
        } else {
            source.checksum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, "123456789", 9);
        }
        const struct hw_s3_copy_params params = {.source = {.bucket = "from", .key = "s", .etag = source.etag},
                                                 .key = "k",
                                                 .create_only = copies[i].create_only};
        struct hw_s3_made made = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(copies[i].name, hw_s3_object_copy(fixture.client, &params, &source, &made, &err),
                       copies[i].want);
        assert_row_int(copies[i].name, http_server_count(fixture.server, "PUT /bucket/k HTTP"), copies[i].puts);
        assert_row_says(copies[i].name, copies[i].want ? err.message : made.etag, copies[i].says);
        assert_row_says(copies[i].name, http_server_head(fixture.server, "PUT ", 0), "x-amz-copy-source: from/s\r\n");
        s3_fixture_close(&fixture);
    }
}

#define PART(inner) "<CopyPartResult>" inner "</CopyPartResult>"
static const struct {
    const char *name;
    struct http_reply first;
    struct http_reply then;
    enum hw_status want;
    enum hw_checksum_kind kind;
    const char *says;
} parts[] = {
    {"with a checksum",
     {.status = 200, .body = PART("<ETag>\"p\"</ETag><ChecksumCRC64NVME>" CRC "</ChecksumCRC64NVME>")},
     {0},
     HW_OK,
     HW_CHECKSUM_CRC64NVME,
     "\"p\""},
    {"without", {.status = 200, .body = PART("<ETag>\"p\"</ETag>")}, {0}, HW_OK, HW_CHECKSUM_NONE, "\"p\""},
    {"an error in a 200, once",
     {.status = 200, .body = FAILED},
     {.status = 200, .body = PART("<ETag>\"p\"</ETag>")},
     HW_OK,
     HW_CHECKSUM_NONE,
     "\"p\""},
    {"cut, once",
     {.status = 200, .body = "<CopyPartResult><ETag>\"p\"</ETa"},
     {.status = 200, .body = PART("<ETag>\"p\"</ETag>")},
     HW_OK,
     HW_CHECKSUM_NONE,
     "\"p\""},
    {"the source was replaced", {.status = 412, .body = PRECONDITION}, {0}, HW_ECHANGED, HW_CHECKSUM_NONE, "changed"},
    /* MinIO makes no checksums of parts that it copies, and wants them in such an upload. */
    {"a checksum that the service does not make",
     {.status = 400,
      .times = -1,
      .body = "<Error><Code>InvalidArgument</Code><Message>Invalid arguments provided for bucket/k: (checksum missing, "
              "want \"CRC64NVME\", got \"\")</Message></Error>"},
     {0},
     HW_EFAILED,
     HW_CHECKSUM_NONE,
     "(checksum missing, want "},
    {"a checksum that is none",
     {.status = 200, .body = PART("<ETag>\"p\"</ETag><ChecksumSHA1>x</ChecksumSHA1>"), .times = -1},
     {0},
     HW_EPROTOCOL,
     HW_CHECKSUM_NONE,
     "\"x\" is not a SHA1"},
};

static void a_part_is_copied_or_it_fails(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct http_reply script[] = {parts[i].first, parts[i].then};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        const struct hw_s3_upload upload = {.client = fixture.client, .key = "k", .id = "u"};
        const struct hw_s3_copy_part_params params = {
            .source = {.bucket = "from", .key = "s", .etag = "\"s\""}, .number = 3, .offset = 10, .bytes = 5};
        struct hw_s3_part part = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(parts[i].name, hw_s3_part_copy(&upload, &params, &part, &err), parts[i].want);
        assert_row_says(parts[i].name, parts[i].want ? err.message : part.etag, parts[i].says);
        assert_row_int(parts[i].name, part.checksum.kind, parts[i].kind);
        assert_row_says(parts[i].name, http_server_head(fixture.server, "PUT /bucket/k?partNumber=3&uploadId=u ", 0),
                        "x-amz-copy-source-range: bytes=10-14\r\n");
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
        cmocka_unit_test(a_copy_is_made_or_it_fails),
        cmocka_unit_test(a_part_is_copied_or_it_fails),
    };
    return cmocka_run_group_tests_name("s3/copy", tests, environment_set, NULL);
}
