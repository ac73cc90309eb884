/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads over an older version, whose equal parts the service copies. */
#include "s3/part_upload.h"
#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/s3/uploaded_object.h"

/*
 * Two parts are zeros, and the last one is the text by which checksums are specified. Their sums
 * are those of tests/faults/crc64nvme.py and of hashlib.
 */
#define ZERO_SUM "vqf3hRLTlJw="
#define ZERO_MD5 "5f363e0e58a95f06cbe9bbc662c5dfb6"
#define LAST_SUM "rosUhgp5mIg="
#define LAST_MD5 "25f9e794323b453885f5181f1b624d0b"
#define WHOLE_SUM "GXIPJRLNgSs="
#define OTHER_SUM "AQEBAQEBAQE="

#define ETAGGED(etag, more) "<CopyPartResult><ETag>&quot;" etag "&quot;</ETag>" more "</CopyPartResult>"
#define SUMMED(etag, sum) ETAGGED(etag, "<ChecksumCRC64NVME>" sum "</ChecksumCRC64NVME>")
#define ERROR(code) "<Error><Code>" code "</Code></Error>"
#define COPY(number, text) \
    { .match = "PUT /bucket/k?partNumber=" number "&", .status = 200, .body = (text) }
#define REFUSE(number, http, code) \
    { .match = "PUT /bucket/k?partNumber=" number "&", .status = (http), .body = ERROR(code) }
#define CREATED "<InitiateMultipartUploadResult><UploadId>new</UploadId></InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>&quot;e-3&quot;</ETag></CompleteMultipartUploadResult>"
#define HEAD_SIZE "Content-Length: 10485769\r\nETag: \"e-3\"\r\nContent-Type: text/csv\r\n"

/* The replies that follow those of a row. */
#define REPLIES                                                                               \
    {.match = "POST /bucket/k?uploads= ", .status = 200, .body = CREATED, .times = -1},       \
        {.match = "PUT ", .status = 200, .headers = "ETag: \"sent\"\r\n", .times = -1},       \
        {.match = "POST /bucket/k?uploadId=", .status = 200, .body = COMPLETED, .times = -1}, \
        {.match = "HEAD ", .status = 200, .headers = HEAD_SIZE, .times = -1}, {               \
        .match = "DELETE ", .status = 204, .times = -1                                        \
    }

static struct hw_s3_part_upload_params params_of(const struct hw_s3_older *older) {
    return (struct hw_s3_part_upload_params){
        .create = {.key = "k", .content_type = "text/csv", .checksum = HW_CHECKSUM_CRC64NVME},
        .size = SIZE,
        .older = older,
    };
}

static struct hw_s3_older older_of(uint64_t size) {
    return (struct hw_s3_older){.object = {.size = size, .etag = "\"old\""}};
}

/* ------ which parts are sent */

static const struct {
    const char *name;
    struct http_reply copies[5];
    uint64_t size;     /* of the older version; 0: that of ours */
    const char *whole; /* the checksum of the older version; NULL: none is known */
    bool by_etag, needs_sums;
    uint64_t copied, sent;
    enum hw_s3_older_way way;
    bool unsummed;
    enum hw_status why;
    size_t creates;
    const char *third; /* the ETag with which the last part is completed */
} rows[] = {
    {"all are ours",
     {COPY("1", SUMMED("c1", ZERO_SUM)), COPY("2", SUMMED("c2", ZERO_SUM)), COPY("3", SUMMED("c3", LAST_SUM))},
     .copied = SIZE,
     .way = HW_S3_OLDER_BY_SUM,
     .creates = 1,
     .third = "c3"},
    {"one is another",
     {COPY("1", SUMMED("c1", ZERO_SUM)),
      COPY("2", SUMMED("c2", OTHER_SUM)),
      {.match = "partNumber=2&", .status = 200, .headers = "ETag: \"p2\"\r\n"},
      COPY("3", SUMMED("c3", LAST_SUM))},
     .copied = PART_BYTES + 9,
     .sent = PART_BYTES,
     .way = HW_S3_OLDER_BY_SUM,
     .creates = 1,
     .third = "c3"},
    {"the first and the last are others",
     {COPY("1", SUMMED("c1", OTHER_SUM)),
      {.match = "partNumber=1&", .status = 200, .headers = "ETag: \"p1\"\r\n"},
      COPY("2", SUMMED("c2", ZERO_SUM)),
      COPY("3", SUMMED("c3", OTHER_SUM))},
     .copied = PART_BYTES,
     .sent = PART_BYTES + 9,
     .way = HW_S3_OLDER_BY_SUM,
     .creates = 1,
     .third = "sent"},
    {"the last one is new",
     {COPY("1", SUMMED("c1", ZERO_SUM)), COPY("2", SUMMED("c2", ZERO_SUM))},
     .size = SIZE - 1,
     .copied = 2 * PART_BYTES,
     .sent = 9,
     .way = HW_S3_OLDER_BY_SUM,
     .creates = 1,
     .third = "sent"},
    {"an older version of which S3 copies no range",
     {{0}},
     .size = PART_BYTES,
     .sent = SIZE,
     .creates = 1,
     .third = "sent"},
    {"replaced meanwhile",
     {COPY("1", SUMMED("c1", ZERO_SUM)), REFUSE("2", 412, "PreconditionFailed")},
     .copied = PART_BYTES,
     .sent = PART_BYTES + 9,
     .way = HW_S3_OLDER_BY_SUM,
     .why = HW_ECHANGED,
     .creates = 1,
     .third = "sent"},
    {"removed meanwhile",
     {REFUSE("1", 404, "NoSuchKey")},
     .sent = SIZE,
     .why = HW_ENOTFOUND,
     .creates = 1,
     .third = "sent"},
    {"not allowed", {REFUSE("1", 403, "AccessDenied")}, .sent = SIZE, .why = HW_EAUTH, .creates = 1, .third = "sent"},
    {"not implemented",
     {REFUSE("1", 501, "NotImplemented")},
     .sent = SIZE,
     .why = HW_ESERVER,
     .creates = 1,
     .third = "sent"},
    {"no checksum",
     {COPY("1", ETAGGED(ZERO_MD5, "")), COPY("1", ETAGGED(ZERO_MD5, "")), COPY("2", ETAGGED(ZERO_MD5, "")),
      COPY("3", ETAGGED(LAST_MD5, ""))},
     .copied = SIZE,
     .way = HW_S3_OLDER_BY_ETAG,
     .unsummed = true,
     .creates = 2,
     .third = LAST_MD5},
    {"no checksum, another MD5",
     {COPY("1", ETAGGED(ZERO_MD5, "")), COPY("1", ETAGGED(ZERO_MD5, "")), COPY("2", ETAGGED(ZERO_MD5, "")),
      COPY("3", ETAGGED(ZERO_MD5, ""))},
     .copied = 2 * PART_BYTES,
     .sent = 9,
     .way = HW_S3_OLDER_BY_ETAG,
     .unsummed = true,
     .creates = 2,
     .third = "sent"},
    {"refused with checksums",
     {REFUSE("1", 400, "InvalidArgument"), COPY("1", ETAGGED(ZERO_MD5, "")), COPY("2", ETAGGED(ZERO_MD5, "")),
      COPY("3", ETAGGED(LAST_MD5, ""))},
     .copied = SIZE,
     .way = HW_S3_OLDER_BY_ETAG,
     .unsummed = true,
     .creates = 2,
     .third = LAST_MD5},
    {"the checksum of the whole",
     {COPY("1", SUMMED(ZERO_MD5, OTHER_SUM)), COPY("1", ETAGGED(ZERO_MD5, "")), COPY("2", ETAGGED(ZERO_MD5, "")),
      COPY("3", ETAGGED(LAST_MD5, ""))},
     .whole = OTHER_SUM,
     .copied = SIZE,
     .way = HW_S3_OLDER_BY_ETAG,
     .unsummed = true,
     .creates = 2,
     .third = LAST_MD5},
    {"refused with and without checksums",
     {REFUSE("1", 400, "InvalidArgument"), REFUSE("1", 400, "InvalidArgument")},
     .sent = SIZE,
     .why = HW_EFAILED,
     .creates = 3,
     .third = "sent"},
    {"no checksum of a kind that has to be there",
     {COPY("1", ETAGGED(ZERO_MD5, ""))},
     .needs_sums = true,
     .sent = SIZE,
     .why = HW_EUNSUPPORTED,
     .creates = 1,
     .third = "sent"},
    {"neither checksum nor MD5",
     {COPY("1", ETAGGED("x", ""))},
     .sent = SIZE,
     .why = HW_EUNSUPPORTED,
     .creates = 1,
     .third = "sent"},
    {"known to tell no checksums",
     {COPY("1", ETAGGED(ZERO_MD5, "")), COPY("2", ETAGGED(ZERO_MD5, "")), COPY("3", ETAGGED(LAST_MD5, ""))},
     .by_etag = true,
     .copied = SIZE,
     .way = HW_S3_OLDER_BY_ETAG,
     .creates = 1,
     .third = LAST_MD5},
};

static void equal_parts_are_copied_and_others_sent(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {
            rows[i].copies[0].status ? rows[i].copies[0] : (struct http_reply){.match = "-"},
            rows[i].copies[1].status ? rows[i].copies[1] : (struct http_reply){.match = "-"},
            rows[i].copies[2].status ? rows[i].copies[2] : (struct http_reply){.match = "-"},
            rows[i].copies[3].status ? rows[i].copies[3] : (struct http_reply){.match = "-"}, REPLIES};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_s3_older older = older_of(rows[i].size > 0 ? rows[i].size : SIZE);
        struct hw_s3_part_shares shares;
        size_t bytes;
        older.by_etag = rows[i].by_etag;
        older.needs_sums = rows[i].needs_sums;
        if (rows[i].whole) {
            assert_true(hw_checksum_parse(HW_CHECKSUM_CRC64NVME, hw_view_of(rows[i].whole), &older.object.checksum));
        }
        const struct hw_s3_part_upload_params params = params_of(&older);
        assert_ok(object_send(fixture.client, &params, &shares, &err), err);
        assert_row_int(rows[i].name, shares.bytes_copied, rows[i].copied);
        assert_row_int(rows[i].name, shares.bytes_sent, rows[i].sent);
        assert_row_int(rows[i].name, shares.way, rows[i].way);
        assert_row_int(rows[i].name, shares.unsummed, rows[i].unsummed);
        assert_row_int(rows[i].name, shares.why.status, rows[i].why);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "?uploads= "), rows[i].creates);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "DELETE "), rows[i].creates - 1);
        const char *create = http_server_head(fixture.server, "?uploads= ", rows[i].creates - 1);
        const bool summed = rows[i].way != HW_S3_OLDER_BY_ETAG;
        assert_row_int(rows[i].name, strstr(create, "x-amz-checksum-algorithm: CRC64NVME") != NULL, summed);
        const char *complete = http_server_body(fixture.server, "POST /bucket/k?uploadId=", 0, &bytes);
        const char *third = strstr(complete, "<PartNumber>3<");
        assert_row_says(rows[i].name, third, rows[i].third);
        assert_row_int(rows[i].name, strstr(third, LAST_SUM) != NULL, summed);
        s3_fixture_close(&fixture);
    }
}

/* ------ the whole */

static const struct {
    const char *name;
    const char *told; /* of the third part; in an upload without checksums its ETag is its MD5 */
    struct http_reply complete;
    const char *head;
    bool by_etag;
    enum hw_status want;
} ends[] = {
    {"made", SUMMED("c", LAST_SUM), {.status = 200, .body = COMPLETED}, HEAD_SIZE, false, HW_OK},
    {"copied parts are not taken",
     SUMMED("c", LAST_SUM),
     {.status = 400, .body = ERROR("InvalidPart")},
     HEAD_SIZE,
     false,
     HW_ECHANGED},
    {"sent parts are not taken",
     SUMMED("c", OTHER_SUM),
     {.status = 400, .body = ERROR("InvalidPart")},
     HEAD_SIZE,
     false,
     HW_EFAILED},
    {"the checksum of the whole is another",
     SUMMED("c", LAST_SUM),
     {.status = 400, .body = ERROR("BadDigest"), .times = -1},
     HEAD_SIZE,
     false,
     HW_ECHANGED},
    {"compared afterwards",
     ETAGGED(LAST_MD5, ""),
     {.status = 200, .body = COMPLETED},
     HEAD_SIZE "x-amz-checksum-crc64nvme: " WHOLE_SUM "\r\n",
     true,
     HW_OK},
    {"nothing to compare afterwards",
     ETAGGED(LAST_MD5, ""),
     {.status = 200, .body = COMPLETED},
     HEAD_SIZE,
     true,
     HW_OK},
    {"another one afterwards",
     ETAGGED(LAST_MD5, ""),
     {.status = 200, .body = COMPLETED},
     HEAD_SIZE "x-amz-checksum-crc64nvme: " OTHER_SUM "\r\n",
     true,
     HW_ECHECKSUM},
};

/* Only the last part is ours, or may be. */
static void the_whole_is_proved(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct http_reply complete = ends[i].complete;
        complete.match = "POST /bucket/k?uploadId=";
        const char *other = ends[i].by_etag ? ETAGGED(LAST_MD5, "") : SUMMED("c", OTHER_SUM);
        const struct http_reply script[] = {
            COPY("1", other),
            COPY("2", other),
            COPY("3", ends[i].told),
            {.match = "partNumber=1&", .status = 200, .headers = "ETag: \"p1\"\r\n"},
            {.match = "partNumber=2&", .status = 200, .headers = "ETag: \"p2\"\r\n"},
            {.match = "HEAD ", .status = 200, .headers = ends[i].head, .times = -1},
            complete,
            REPLIES,
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_s3_older older = older_of(SIZE);
        struct hw_s3_part_shares shares;
        older.by_etag = ends[i].by_etag;
        const struct hw_s3_part_upload_params params = params_of(&older);
        assert_row_int(ends[i].name, object_send(fixture.client, &params, &shares, &err), ends[i].want);
        assert_row_int(ends[i].name, http_server_count(fixture.server, "HEAD "), ends[i].by_etag);
        s3_fixture_close(&fixture);
    }
}

/* ------ an upload that a killed run has left */

#define OPEN                                                                                                    \
    "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>k</Key><UploadId>left</UploadId>" \
    "<Initiated>2026-01-01T10:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>"
#define LISTED(more)                                                                                        \
    "<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><Size>5242880</Size>" \
    "<ETag>&quot;" ZERO_MD5 "&quot;</ETag>" more "</Part></ListPartsResult>"

/* What is left is not copied over, and says whether the upload has checksums. */
static void an_upload_that_was_left_goes_on(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *parts;
        struct http_reply second, third;
        uint64_t copied;
        enum hw_s3_older_way way;
        enum hw_status why;
    } lefts[] = {
        {"with checksums", LISTED("<ChecksumCRC64NVME>" ZERO_SUM "</ChecksumCRC64NVME>"),
         COPY("2", SUMMED("c2", ZERO_SUM)), COPY("3", SUMMED("c3", LAST_SUM)), PART_BYTES + 9, HW_S3_OLDER_BY_SUM,
         HW_OK},
        {"without", LISTED(""), COPY("2", ETAGGED(ZERO_MD5, "")), COPY("3", ETAGGED(LAST_MD5, "")), PART_BYTES + 9,
         HW_S3_OLDER_BY_ETAG, HW_OK},
        {"that takes no copies",
         LISTED("<ChecksumCRC64NVME>" ZERO_SUM "</ChecksumCRC64NVME>"),
         REFUSE("2", 400, "InvalidArgument"),
         {.match = "-"},
         0,
         HW_S3_OLDER_NONE,
         HW_EUNSUPPORTED},
    };
    for (size_t i = 0; i < COUNT_OF(lefts); i++) {
        const struct http_reply script[] = {
            {.match = "GET /bucket?", .status = 200, .body = OPEN, .times = -1},
            {.match = "GET /bucket/k?", .status = 200, .body = lefts[i].parts, .times = -1},
            lefts[i].second,
            lefts[i].third,
            REPLIES,
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_older older = older_of(SIZE);
        struct hw_s3_part_upload_params params = params_of(&older);
        struct hw_s3_part_shares shares;
        params.resume = true;
        assert_ok(object_send(fixture.client, &params, &shares, &err), err);
        assert_row_int(lefts[i].name, shares.bytes_copied, lefts[i].copied);
        assert_row_int(lefts[i].name, shares.bytes_sent, lefts[i].copied > 0 ? 0 : PART_BYTES + 9);
        assert_row_int(lefts[i].name, shares.way, lefts[i].way);
        assert_row_int(lefts[i].name, shares.why.status, lefts[i].why);
        assert_row_int(lefts[i].name, http_server_count(fixture.server, "?uploads= "), 0);
        assert_row_int(lefts[i].name, http_server_count(fixture.server, "partNumber=1&"), 0);
        s3_fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_parts_are_copied_and_others_sent),
        cmocka_unit_test(the_whole_is_proved),
        cmocka_unit_test(an_upload_that_was_left_goes_on),
    };
    return cmocka_run_group_tests_name("s3/part_upload_older", tests, data_make, data_free);
}
