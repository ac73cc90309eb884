/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads that a killed run has left open, and that another run goes on with. */
#include <stdio.h>

#include "s3/part_upload.h"
#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/s3/uploaded_object.h"

#define UPLOADS(rows) \
    "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" rows "</ListMultipartUploadsResult>"
#define UPLOAD(key, id, hour)                                                          \
    "<Upload><Key>" key "</Key><UploadId>" id "</UploadId><Initiated>2026-01-01T" hour \
    ":00:00.000Z</Initiated></Upload>"
#define LISTED(rows) "<ListPartsResult><IsTruncated>false</IsTruncated>" rows "</ListPartsResult>"
#define LISTED_PART(number, size, rest)                                                                           \
    "<Part><PartNumber>" number "</PartNumber><Size>" size "</Size><ETag>&quot;left-" number "&quot;</ETag>" rest \
    "</Part>"
#define CREATED "<InitiateMultipartUploadResult><UploadId>new</UploadId></InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>&quot;e-3&quot;</ETag></CompleteMultipartUploadResult>"
/* The last part is the text by which checksums are specified; the others are zeros. */
#define LAST_CRC64NVME "<ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME>"
#define LAST_MD5 "<ETag>&quot;25f9e794323b453885f5181f1b624d0b&quot;</ETag>"

static struct hw_s3_part_upload_params params_of(void) {
    return (struct hw_s3_part_upload_params){
        .create = {.key = "k", .content_type = "text/csv", .checksum = HW_CHECKSUM_CRC64NVME},
        .size = SIZE,
        .resume = true,
    };
}

#define OPEN_ONE UPLOADS(UPLOAD("k", "left", "10"))
#define HEAD_GOOD "Content-Length: 10485769\r\nETag: \"e-3\"\r\nContent-Type: text/csv\r\n"

/* The replies that follow those of a row. */
#define REPLIES                                                                                                   \
    {.match = "POST /bucket/k?uploads= ", .status = 200, .body = CREATED, .times = -1},                           \
        {.match = "partNumber=", .status = 200, .headers = "ETag: \"p\"\r\n", .times = -1},                       \
        {.match = "POST /bucket/k?uploadId=", .status = 200, .body = COMPLETED, .times = -1},                     \
        {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD, .times = -1},                                     \
        {.match = "DELETE ", .status = 204, .times = -1}, {                                                       \
        .match = "GET /bucket/k?", .status = 404, .times = -1, .body = "<Error><Code>NoSuchUpload</Code></Error>" \
    }

/* ------ which upload is taken up */

static const struct {
    const char *name;
    const char *uploads; /* the listing; NULL: it is refused */
    const char *parts;   /* NULL: it is refused */
    const char *used;    /* the upload that is completed */
} choices[] = {
    {"none is open", UPLOADS(""), LISTED(""), "new"},
    {"one is open", OPEN_ONE, LISTED(""), "left"},
    {"the newest of two", UPLOADS(UPLOAD("k", "left", "10") UPLOAD("k", "other", "09")), LISTED(""), "left"},
    {"the newest comes last", UPLOADS(UPLOAD("k", "other", "09") UPLOAD("k", "left", "10")), LISTED(""), "left"},
    {"one of a longer key", UPLOADS(UPLOAD("k/more", "other", "10")), LISTED(""), "new"},
    {"uploads may not be listed", NULL, LISTED(""), "new"},
    {"parts may not be listed", OPEN_ONE, NULL, "new"},
    {"no listing of uploads", "<html></html>", LISTED(""), "new"},
    {"no listing of parts", OPEN_ONE, "<html></html>", "new"},
    {"parts in no order", OPEN_ONE, LISTED(LISTED_PART("2", "9", "") LISTED_PART("1", "9", "")), "new"},
};

static void an_open_upload_is_taken_up(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        const struct http_reply script[] = {
            {.match = "GET /bucket?",
             .status = choices[i].uploads ? 200 : 403,
             .body = choices[i].uploads,
             .times = -1},
            {.match = "GET /bucket/k?", .status = choices[i].parts ? 200 : 403, .body = choices[i].parts, .times = 3},
            REPLIES};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        char line[64];
        const struct hw_s3_part_upload_params params = params_of();
        assert_ok(object_send(fixture.client, &params, NULL, &err), err);
        snprintf(line, sizeof(line), "POST /bucket/k?uploadId=%s ", choices[i].used);
        assert_row_int(choices[i].name, http_server_count(fixture.server, line), 1);
        const bool anew = strcmp(choices[i].used, "new") == 0;
        assert_row_int(choices[i].name, http_server_count(fixture.server, "?uploads= "), anew);
        assert_row_int(choices[i].name, http_server_count(fixture.server, "HEAD "), !anew);
        assert_row_int(choices[i].name, http_server_count(fixture.server, "PUT "), PARTS);
        s3_fixture_close(&fixture);
    }
}

/* What else is said of the object was said when the upload was created, and nobody tells it. */
static void no_upload_is_taken_up_for_an_object_of_which_more_is_said(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool resume, create_only, headers;
        const char *if_match;
        size_t listings;
    } rows[] = {
        {"plain", true, false, false, NULL, 1},           {"not asked for", false, false, false, NULL, 0},
        {"new objects only", true, true, false, NULL, 0}, {"instead of a version", true, false, false, "\"v\"", 0},
        {"with headers", true, false, true, NULL, 0},
    };
    const struct http_reply script[] = {{.match = "GET /bucket?", .status = 200, .body = OPEN_ONE, .times = -1},
                                        {.match = "GET /bucket/k?", .status = 200, .body = LISTED(""), .times = 1},
                                        REPLIES};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_s3_headers) headers = {0};
        struct hw_s3_part_upload_params params = params_of();
        assert_ok(hw_s3_headers_copy(&headers, "Cache-Control", "no-store", &err), err);
        params.resume = rows[i].resume;
        params.create_only = rows[i].create_only;
        params.if_match = rows[i].if_match;
        params.create.headers = rows[i].headers ? &headers : NULL;
        assert_ok(object_send(fixture.client, &params, NULL, &err), err);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "GET /bucket?"), rows[i].listings);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "?uploads= "), rows[i].listings == 0);
        s3_fixture_close(&fixture);
    }
}

/* ------ which parts are believed */

static void parts_are_believed_as_far_as_they_are_proved(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *part; /* of the last part */
        bool believed;
    } rows[] = {
        {"its checksum", LISTED_PART("3", "9", LAST_CRC64NVME), true},
        {"its MD5", "<Part><PartNumber>3</PartNumber><Size>9</Size>" LAST_MD5 "</Part>", true},
        {"another checksum", LISTED_PART("3", "9", "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>"), false},
        {"another checksum beside its MD5",
         "<Part><PartNumber>3</PartNumber><Size>9</Size>" LAST_MD5
         "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></Part>",
         false},
        {"a checksum of another kind", LISTED_PART("3", "9", "<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32>"), false},
        {"another MD5",
         "<Part><PartNumber>3</PartNumber><Size>9</Size>"
         "<ETag>&quot;00f9e794323b453885f5181f1b624d0b&quot;</ETag></Part>",
         false},
        {"an ETag that is no MD5", LISTED_PART("3", "9", ""), false},
        {"no ETag", "<Part><PartNumber>3</PartNumber><Size>9</Size>" LAST_CRC64NVME "</Part>", false},
        {"another size", LISTED_PART("3", "8", LAST_CRC64NVME), false},
        {"another number", LISTED_PART("2", "9", LAST_CRC64NVME), false},
        {"a part too many", LISTED_PART("4", "9", LAST_CRC64NVME), false},
        {"none", "", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char body[512];
        snprintf(body, sizeof(body), LISTED("%s"), rows[i].part);
        const struct http_reply script[] = {{.match = "GET /bucket?", .status = 200, .body = OPEN_ONE},
                                            {.match = "GET /bucket/k?", .status = 200, .body = body},
                                            REPLIES};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        size_t bytes;
        const struct hw_s3_part_upload_params params = params_of();
        assert_ok(object_send(fixture.client, &params, NULL, &err), err);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "partNumber=3&"), !rows[i].believed);
        /* The others were not there. */
        assert_row_int(rows[i].name, http_server_count(fixture.server, "PUT "), PARTS - rows[i].believed);
        const char *sent = http_server_body(fixture.server, "POST /bucket/k?uploadId=left ", 0, &bytes);
        const bool md5 = strstr(rows[i].part, "25f9e7") != NULL;
        assert_row_says(rows[i].name, sent, !rows[i].believed ? "p&quot;" : md5 ? "25f9e7" : "left-3");
        /* The checksum of the whole is told whoever has sent the parts. */
        assert_row_says(rows[i].name, http_server_head(fixture.server, "POST /bucket/k?uploadId=left ", 0),
                        "x-amz-checksum-crc64nvme: ");
        s3_fixture_close(&fixture);
    }
}

/* ------ uploads that turn out to be another's */

static const struct {
    const char *name;
    struct http_reply reply; /* comes before the good ones */
    enum hw_status want;
    bool aborted;
} endings[] = {
    {"good", {.match = "no request", .status = 200}, HW_OK, false},
    {"it ends before a part", {.match = "partNumber=2&", .status = 404, .times = -1}, HW_ECHANGED, true},
    {"it takes no such part",
     {.match = "partNumber=2&", .status = 400, .times = -1, .body = "<Error><Code>InvalidRequest</Code></Error>"},
     HW_ECHANGED,
     true},
    {"a part is denied", {.match = "partNumber=2&", .status = 403, .times = -1}, HW_EAUTH, true},
    {"a part is busy for ever", {.match = "partNumber=2&", .status = 503, .times = -1}, HW_ESERVER, true},
    {"it makes no such object",
     {.match = "POST /bucket/k?uploadId=",
      .status = 400,
      .times = -1,
      .body = "<Error><Code>InvalidRequest</Code></Error>"},
     HW_ECHANGED,
     true},
    {"the parts do not make the object",
     {.match = "POST /bucket/k?uploadId=", .status = 400, .times = -1, .body = "<Error><Code>BadDigest</Code></Error>"},
     HW_ECHANGED,
     true},
    {"another content type",
     {.match = "HEAD ", .status = 200, .headers = "Content-Length: 1\r\nETag: \"e\"\r\nContent-Type: text/html\r\n"},
     HW_ECHANGED,
     false},
    {"no content type",
     {.match = "HEAD ", .status = 200, .headers = "Content-Length: 1\r\nETag: \"e\"\r\n"},
     HW_ECHANGED,
     false},
    {"metadata", {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "x-amz-meta-a: b\r\n"}, HW_ECHANGED, false},
    {"metadata that no header holds",
     {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "x-amz-missing-meta: 1\r\n"},
     HW_ECHANGED,
     false},
    {"tags", {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "x-amz-tagging-count: 1\r\n"}, HW_ECHANGED, false},
    {"an encoding",
     {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "Content-Encoding: gzip\r\n"},
     HW_ECHANGED,
     false},
    {"a language",
     {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "Content-Language: de\r\n"},
     HW_ECHANGED,
     false},
    {"a disposition",
     {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "Content-Disposition: inline\r\n"},
     HW_ECHANGED,
     false},
    {"a time for caches",
     {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "Cache-Control: no-store\r\n"},
     HW_ECHANGED,
     false},
    {"an end",
     {.match = "HEAD ", .status = 200, .headers = HEAD_GOOD "Expires: Thu, 01 Dec 2026 16:00:00 GMT\r\n"},
     HW_ECHANGED,
     false},
    {"its description may not be read", {.match = "HEAD ", .status = 403, .times = -1}, HW_ECHANGED, false},
};

static void an_upload_of_another_is_begun_anew(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        const struct http_reply script[] = {endings[i].reply,
                                            {.match = "GET /bucket?", .status = 200, .body = OPEN_ONE},
                                            {.match = "GET /bucket/k?", .status = 200, .body = LISTED("")},
                                            REPLIES};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_part_upload_params params = params_of();
        assert_row_int(endings[i].name, object_send(fixture.client, &params, NULL, &err), endings[i].want);
        assert_row_int(endings[i].name, err.status, endings[i].want);
        assert_row_int(endings[i].name, http_server_count(fixture.server, "DELETE ") > 0, endings[i].aborted);
        s3_fixture_close(&fixture);
    }
}

/* The same failures of an upload of our own are what they are. */
static void failures_of_a_new_upload_stay_what_they_are(void **state) {
    (void)state;
    static const struct {
        struct http_reply reply;
        enum hw_status want;
    } rows[] = {
        {{.match = "partNumber=2&", .status = 404, .times = -1}, HW_ENOTFOUND},
        {{.match = "partNumber=2&", .status = 400, .times = -1, .body = "<Error><Code>InvalidRequest</Code></Error>"},
         HW_EFAILED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {
            rows[i].reply, {.match = "GET /bucket?", .status = 200, .body = UPLOADS("")}, REPLIES};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_part_upload_params params = params_of();
        assert_int_equal(object_send(fixture.client, &params, NULL, &err), rows[i].want);
        s3_fixture_close(&fixture);
    }
}

static bool yes(void *ctx) {
    (void)ctx;
    return true;
}

static void a_stop_ends_the_look(void **state) {
    (void)state;
    const struct http_reply script[] = {{.match = "GET /bucket?", .stall = true, .times = -1}, REPLIES};
    const struct hw_store_options options = {.cancelled = yes};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), &options);
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_s3_part_upload_params params = params_of();
    assert_int_equal(object_send(fixture.client, &params, NULL, &err), HW_ECANCELLED);
    s3_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_upload_is_taken_up),
        cmocka_unit_test(no_upload_is_taken_up_for_an_object_of_which_more_is_said),
        cmocka_unit_test(parts_are_believed_as_far_as_they_are_proved),
        cmocka_unit_test(an_upload_of_another_is_begun_anew),
        cmocka_unit_test(failures_of_a_new_upload_stay_what_they_are),
        cmocka_unit_test(a_stop_ends_the_look),
    };
    return cmocka_run_group_tests_name("s3/part_upload_resume", tests, data_make, data_free);
}
