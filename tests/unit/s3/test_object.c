/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/object.h"

#include "core/alloc.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* rosUhgp5mIg= is the CRC-64/NVME of "123456789". */
#define CRC UINT64_C(0xae8b14860a799888)

static const struct {
    const char *name;
    struct http_reply reply;
    const char *head; /* headers of what HEAD then says, NULL: it is not asked */
    enum hw_status want;
    uint64_t size;
    const char *data;
    const char *says;
    size_t tries;
} discoveries[] = {
    {"a whole object",
     {.status = 206, .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\n", .body = "123456789"},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     1},
    {"the start of one",
     {.status = 206, .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-9/11\r\n", .body = "0123456789"},
     NULL,
     HW_OK,
     11,
     "0123456789",
     "",
     1},
    {"no ranges there, whole",
     {.status = 200, .headers = "ETag: \"e\"\r\n", .body = "123456789"},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     1},
    {"no ranges there, larger",
     {.status = 200, .times = -1, .headers = "ETag: \"e\"\r\n", .body = "0123456789a"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "longer than the 10 bytes",
     3},
    {"no ranges, no length",
     {.status = 200, .times = -1, .headers = "ETag: \"e\"\r\n", .body = "12345", .unframed = true},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "does not tell its length",
     3},
    {"an empty object", {.status = 416}, "ETag: \"e\"\r\nContent-Length: 0\r\n", HW_OK, 0, "", "", 1},
    {"416 of an object with bytes",
     {.status = 416},
     "ETag: \"e\"\r\nContent-Length: 5\r\n",
     HW_EPROTOCOL,
     0,
     "",
     "finds no byte in an object of 5",
     1},
    {"no ranges there, and an empty object",
     {.status = 200, .headers = "ETag: \"e\"\r\n"},
     "ETag: \"e\"\r\nContent-Length: 0\r\n",
     HW_OK,
     0,
     "",
     "",
     1},
    {"an empty reply of an object with bytes",
     {.status = 200, .headers = "ETag: \"e\"\r\n"},
     "ETag: \"e\"\r\nContent-Length: 5\r\n",
     HW_EPROTOCOL,
     0,
     "",
     "finds no byte in an object of 5",
     1},
    {"a checksum that is right",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
      .body = "123456789"},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     1},
    {"a checksum that is wrong",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
      .body = "123456780",
      .times = -1},
     NULL,
     HW_ECHECKSUM,
     0,
     "",
     "the bytes that came have the crc64nvme ",
     3},
    {"a checksum of the whole beside a part",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-9/11\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
      .body = "0123456789"},
     NULL,
     HW_OK,
     11,
     "0123456789",
     "",
     1},
    {"no Content-Range",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\n", .body = "123456789"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "does not tell which range",
     3},
    {"another range",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\nContent-Range: bytes 1-9/10\r\n", .body = "123456789"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "but calls them 1-9",
     3},
    {"a range longer than its bytes",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-9/10\r\n", .body = "123456789"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "but calls them",
     3},
    {"fewer bytes than there are",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-4/20\r\n", .body = "12345"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "5 bytes came of an object of 20 where 10",
     3},
    {"no ETag to pin to",
     {.status = 206, .times = -1, .headers = "Content-Range: bytes 0-9/11\r\n", .body = "0123456789"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "no ETag",
     3},
    {"no ETag of a whole object",
     {.status = 206, .times = -1, .headers = "Content-Range: bytes 0-8/9\r\n", .body = "123456789"},
     NULL,
     HW_EPROTOCOL,
     0,
     "",
     "has no ETag",
     3},
    {"an error in a 200 once",
     {.status = 200, .body = "<Error><Code>InternalError</Code></Error>"},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     2},
    {"a CRC-32 that is right",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\nx-amz-checksum-crc32: y/Q5Jg==\r\n",
      .body = "123456789"},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     1},
    {"a bit that flipped, by its CRC-32",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\nx-amz-checksum-crc32: y/Q5Jg==\r\n",
      .body = "123456788",
      .times = -1},
     NULL,
     HW_ECHECKSUM,
     0,
     "",
     "have the crc32 ",
     3},
    {"a bit that flipped, by its CRC-32C",
     {.status = 200,
      .headers = "ETag: \"e\"\r\nx-amz-checksum-crc32c: 4waSgw==\r\nx-amz-checksum-type: FULL_OBJECT\r\n",
      .body = "023456789",
      .times = -1},
     NULL,
     HW_ECHECKSUM,
     0,
     "",
     "the service says 4waSgw==",
     3},
    {"a checksum of parts says nothing",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\nx-amz-checksum-crc32: AAAAAA==\r\n"
                 "x-amz-checksum-type: COMPOSITE\r\n",
      .body = "123456789"},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     1},
    {"cut once",
     {.status = 206,
      .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\n",
      .body = "123456789",
      .cut = true,
      .cut_after = 4,
      .times = 2},
     NULL,
     HW_OK,
     9,
     "123456789",
     "",
     3},
    {"not there",
     {.status = 404, .body = "<Error><Code>NoSuchKey</Code></Error>"},
     NULL,
     HW_ENOTFOUND,
     0,
     "",
     "GetObject: not found",
     1},
};

static void first_range_tells_the_object(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(discoveries); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD ", .status = discoveries[i].head ? 200 : 500, .headers = discoveries[i].head},
            discoveries[i].reply,
            {.status = 206,
             .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\n",
             .body = "123456789"}, /* once that is used up */
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_s3_object object = {0};
        struct hw_error err = HW_ERROR_INIT;
        char data[10];
        size_t bytes = 0;
        const struct hw_s3_first first = {.key = "k", .data = data, .bytes = sizeof(data)};
        enum hw_status status = hw_s3_object_discover(fixture.client, &first, &object, &bytes, &err);
        assert_row_int(discoveries[i].name, status, discoveries[i].want);
        assert_row_says(discoveries[i].name, status ? err.message : "", discoveries[i].says);
        assert_row_int(discoveries[i].name, object.size, discoveries[i].size);
        assert_row_bytes(discoveries[i].name, data, bytes, discoveries[i].data, strlen(discoveries[i].data));
        assert_row_int(discoveries[i].name, http_server_count(fixture.server, "GET "), discoveries[i].tries);
        assert_row_says(discoveries[i].name, http_server_head(fixture.server, "GET ", 0), "Range: bytes=0-9\r\n");
        assert_null(strstr(http_server_head(fixture.server, "GET ", 0), "If-Match"));
        s3_fixture_close(&fixture);
    }
}

#define NINE "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\n"
static const struct {
    const char *name;
    struct hw_s3_object known;
    const char *headers; /* of the reply, whose body is "123456789" */
    const char *head;    /* headers of what HEAD then says; NULL: it is not asked */
    enum hw_status want;
    size_t gets;
    const char *says;
} known_rows[] = {
    {"as known", {.size = 9, .etag = "\"e\""}, NINE, NULL, HW_OK, 1, ""},
    {"as listed, without quotes", {.size = 9, .etag = "e"}, NINE, NULL, HW_OK, 1, ""},
    {"listed without an ETag", {.size = 9}, NINE, NULL, HW_OK, 1, ""},
    {"of another size, listed without an ETag",
     {.size = 8},
     NINE,
     "ETag: \"f\"\r\nContent-Length: 8\r\n",
     HW_EPROTOCOL,
     3,
     "it is not this object"},
    {"replaced meanwhile", {.size = 8, .etag = "d"}, NINE, "ETag: \"e\"\r\nContent-Length: 9\r\n", HW_OK, 1, ""},
    {"another ETag",
     {.size = 9, .etag = "d"},
     NINE,
     "ETag: \"d\"\r\nContent-Length: 9\r\n",
     HW_EPROTOCOL,
     3,
     "an object of 9 bytes with the ETag \"\\\"e\\\"\", HeadObject tells of 9 bytes and \"\\\"d\\\"\""},
    {"another size",
     {.size = 8300000, .etag = "e"},
     NINE,
     "ETag: \"e\"\r\nContent-Length: 8300000\r\n",
     HW_EPROTOCOL,
     3,
     "it is not this object"},
    {"a page with an ETag of its own",
     {.size = 8300000, .etag = "d"},
     "ETag: \"p\"\r\n",
     "ETag: \"d\"\r\nContent-Length: 8300000\r\n",
     HW_EPROTOCOL,
     3,
     "it is not this object"},
};

static void a_reply_is_of_the_object_that_is_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known_rows); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD ", .times = -1, .status = known_rows[i].head ? 200 : 500, .headers = known_rows[i].head},
            {.times = -1,
             .status = strstr(known_rows[i].headers, "Content-Range") ? 206 : 200,
             .headers = known_rows[i].headers,
             .body = "123456789"},
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        char data[10];
        const struct hw_s3_first first = {
            .key = "k", .data = data, .bytes = sizeof(data), .known = &known_rows[i].known};
        struct hw_s3_object object = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t bytes = 0;
        enum hw_status status = hw_s3_object_discover(fixture.client, &first, &object, &bytes, &err);
        assert_row_int(known_rows[i].name, status, known_rows[i].want);
        assert_row_says(known_rows[i].name, status ? err.message : "", known_rows[i].says);
        assert_row_text(known_rows[i].name, object.etag, status ? "" : "\"e\"");
        assert_row_int(known_rows[i].name, http_server_count(fixture.server, "GET "), known_rows[i].gets);
        s3_fixture_close(&fixture);
    }
}

static const struct {
    const char *name;
    struct http_reply reply;
    enum hw_status want;
    const char *says;
} gets[] = {
    {"right", {.status = 206, .headers = "ETag: \"e\"\r\nContent-Range: bytes 3-7/20\r\n", .body = "34567"}, HW_OK, ""},
    {"right but for the ETag",
     {.status = 206, .times = -1, .headers = "Content-Range: bytes 3-7/20\r\n", .body = "34567"},
     HW_EPROTOCOL,
     "HTTP 206 has no ETag"},
    {"412", {.status = 412, .times = -1}, HW_ECHANGED, "GetObject: changed while it was read"},
    {"If-Match is ignored",
     {.status = 206, .headers = "ETag: \"f\"\r\nContent-Range: bytes 3-7/20\r\n", .body = "34567"},
     HW_ECHANGED,
     "was replaced"},
    {"another size",
     {.status = 206, .headers = "ETag: \"e\"\r\nContent-Range: bytes 3-7/21\r\n", .body = "34567"},
     HW_ECHANGED,
     "was replaced"},
    {"another range",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\nContent-Range: bytes 4-8/20\r\n", .body = "34567"},
     HW_EPROTOCOL,
     "but calls them 4-8"},
    {"a shorter range",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\nContent-Range: bytes 3-6/20\r\n", .body = "3456"},
     HW_EPROTOCOL,
     "4 bytes came where 5"},
    {"a longer range",
     {.status = 206, .times = -1, .headers = "ETag: \"e\"\r\nContent-Range: bytes 3-8/20\r\n", .body = "345678"},
     HW_EPROTOCOL,
     "longer than the 5 bytes"},
    {"the range is ignored",
     {.status = 200, .times = -1, .headers = "ETag: \"e\"\r\n", .body = "01234"},
     HW_EPROTOCOL,
     "(HTTP 200) does not tell which range"},
    {"gone", {.status = 404, .body = "<Error><Code>NoSuchKey</Code></Error>"}, HW_ENOTFOUND, "not found"},
    {"shrunk", {.status = 416}, HW_ECHANGED, "changed"},
};

static void later_ranges_are_the_pinned_object_or_nothing(void **state) {
    (void)state;
    const struct hw_s3_object object = {.size = 20, .etag = "\"e\""};
    for (size_t i = 0; i < COUNT_OF(gets); i++) {
        struct s3_fixture fixture = s3_fixture_open(&gets[i].reply, 1, NULL);
        struct hw_s3_get get = {.object = &object, .offset = 3, .bytes = 5};
        struct hw_error err = HW_ERROR_INIT;
        char data[5];
        assert_ok(hw_s3_get_start(&get, fixture.client, "k", data, &err), err);
        assert_row_int(gets[i].name, hw_s3_get_wait(&get, &err), gets[i].want);
        assert_row_says(gets[i].name, err.message, gets[i].says);
        if (gets[i].want == HW_OK) {
            assert_row_bytes(gets[i].name, data, 5, "34567", 5);
        }
        hw_s3_get_release(&get);
        assert_row_says(gets[i].name, http_server_head(fixture.server, "GET ", 0),
                        "Range: bytes=3-7\r\nIf-Match: \"e\"\r\n");
        s3_fixture_close(&fixture);
    }
}

#define EXISTS "<Error><Code>PreconditionFailed</Code></Error>"
static const struct {
    const char *name;
    struct http_reply first;
    struct http_reply then;
    const char *head; /* headers of what HEAD says */
    bool create_only;
    enum hw_status want;
    const char *says; /* the ETag where it is good */
} puts_[] = {
    {"put", {.status = 200, .headers = "ETag: \"e\"\r\n"}, {0}, NULL, false, HW_OK, "\"e\""},
    {"put, the service's sum is ours",
     {.status = 200, .headers = "ETag: \"e\"\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n"},
     {0},
     NULL,
     false,
     HW_OK,
     "\"e\""},
    {"put, the service's sum is another",
     {.status = 200, .headers = "ETag: \"e\"\r\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n", .times = -1},
     {0},
     NULL,
     false,
     HW_ECHECKSUM,
     "CRC64NVME rosUhgp5mIg= was sent, the service has AAAAAAAAAAA="},
    {"exists",
     {.status = 412, .body = EXISTS},
     {0},
     "ETag: \"f\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n",
     true,
     HW_EEXISTS,
     "exists already"},
    {"exists, and is what was sent: somebody below sent it twice",
     {.status = 412, .body = EXISTS},
     {0},
     "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
     true,
     HW_OK,
     "\"e\""},
    {"all replies lost, the object is there",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
     false,
     HW_OK,
     "\"e\""},
    {"all replies lost, another object is there",
     {.reset = true, .times = -1},
     {0},
     "ETag: \"e\"\r\nContent-Length: 8\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
     false,
     HW_ENETWORK,
     "3 tries"},
    {"all replies are pages, the object is there",
     {.status = 200, .body = "<html/>", .times = -1},
     {0},
     "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
     false,
     HW_OK,
     "\"e\""},
    {"all replies are pages, no object is there",
     {.status = 200, .body = "<html/>", .times = -1},
     {0},
     NULL,
     false,
     HW_EPROTOCOL,
     "3 tries: PutObject: unexpected reply: HTTP 200 has no ETag; its body begins with \"<html/>\""},
    {"refused, whatever is there",
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     {0},
     "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
     false,
     HW_EAUTH,
     "refused"},
    {"made by a try whose reply was lost",
     {.reset = true},
     {.status = 412, .body = EXISTS},
     "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
     true,
     HW_OK,
     "\"e\""},
    {"a lost reply, but another's object",
     {.reset = true},
     {.status = 412, .body = EXISTS},
     "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n",
     true,
     HW_EEXISTS,
     "exists already"},
    {"a lost reply, an object without a sum",
     {.reset = true},
     {.status = 412, .body = EXISTS},
     "ETag: \"e\"\r\nContent-Length: 9\r\n",
     true,
     HW_EEXISTS,
     "exists"},
    {"a lost reply, no precondition",
     {.reset = true},
     {.status = 200, .headers = "ETag: \"e\"\r\n"},
     NULL,
     false,
     HW_OK,
     "\"e\""},
    {"a conflict passes",
     {.status = 409, .body = "<Error><Code>ConditionalRequestConflict</Code></Error>"},
     {.status = 200, .headers = "ETag: \"e\"\r\n"},
     NULL,
     true,
     HW_OK,
     "\"e\""},
};

static void a_put_is_done_once_or_fails(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(puts_); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD ", .status = puts_[i].head ? 200 : 404, .headers = puts_[i].head},
            puts_[i].first,
            puts_[i].then};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        const struct hw_s3_put_params params = {.key = "k",
                                                .body = "123456789",
                                                .body_bytes = 9,
                                                .checksum = {HW_CHECKSUM_CRC64NVME, .value = CRC},
                                                .create_only = puts_[i].create_only};
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_S3_ETAG_BYTES] = "";
        assert_row_int(puts_[i].name, hw_s3_object_put(fixture.client, &params, etag, &err), puts_[i].want);
        assert_row_says(puts_[i].name, puts_[i].want ? err.message : etag, puts_[i].says);
        size_t bytes;
        const char *body = http_server_body(fixture.server, "PUT ", 0, &bytes);
        assert_row_bytes(puts_[i].name, body, bytes, "123456789", 9);
        s3_fixture_close(&fixture);
    }
}

static void facts_need_a_size_and_an_etag(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "HEAD /bucket/good", .status = 200, .headers = "ETag: \"e\"\r\nContent-Length: 123456789012\r\n"},
        {.match = "HEAD /bucket/unsized",
         .status = 200,
         .times = -1,
         .headers = "ETag: \"e\"\r\nTransfer-Encoding: chunked\r\n",
         .unframed = true},
        {.match = "HEAD /bucket/unnamed", .status = 200, .times = -1, .headers = "Content-Length: 5\r\n"},
        {.match = "HEAD /bucket/none", .status = 404},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_s3_object object;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_head(fixture.client, "good", NULL, &object, &err), err);
    assert_int_equal(object.size, 123456789012);
    assert_int_equal(hw_s3_object_head(fixture.client, "unsized", NULL, &object, &err), HW_EPROTOCOL);
    assert_row_says("unsized", err.message, "does not tell the object's size");
    assert_int_equal(hw_s3_object_head(fixture.client, "unnamed", NULL, &object, &err), HW_EPROTOCOL);
    assert_row_says("unnamed", err.message, "tries: HeadObject: unexpected reply: HTTP 200 has no ETag");
    assert_int_equal(hw_s3_object_head(fixture.client, "none", NULL, &object, &err), HW_ENOTFOUND);
    assert_row_says("none", err.message, "HeadObject: not found");
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

static void versions_are_asked_for_by_their_ids(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "HEAD /bucket/k?versionId=v%2F1 ",
         .status = 200,
         .headers = "ETag: \"e\"\r\nContent-Length: 9\r\nx-amz-meta-a: 1\r\nx-amz-version-id: v/1\r\n",
         .times = -1},
        {.match = "GET /bucket/k?versionId=v%2F1 ",
         .status = 206,
         .headers = "ETag: \"e\"\r\nContent-Range: bytes 0-8/9\r\n",
         .body = "123456789",
         .times = -1},
        {.match = "DELETE /bucket/k?versionId=v%2F1 ", .status = 204},
        {.match = "GET /bucket/k?tagging=&versionId=v%2F1 ",
         .status = 200,
         .body = "<Tagging><TagSet><Tag><Key>a b</Key><Value>c</Value></Tag></TagSet></Tagging>"},
        {.match = "PUT /bucket/k?tagging=&versionId=v%2F1 ", .status = 200},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    HW_AUTO(hw_s3_description) description = {0};
    HW_AUTO(hw_buf) tags = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_object object;
    char data[10];
    size_t bytes = 0;
    assert_ok(hw_s3_object_describe(fixture.client, "k", "v/1", &description, &err), err);
    assert_string_equal(description.version_id, "v/1");
    assert_string_equal(description.metadata[0].value, "1");
    const struct hw_s3_first first = {.key = "k", .data = data, .bytes = sizeof(data), .version_id = "v/1"};
    assert_ok(hw_s3_object_discover(fixture.client, &first, &object, &bytes, &err), err);
    assert_int_equal(bytes, 9);
    struct hw_s3_get get = {.object = &object, .offset = 0, .bytes = 9, .version_id = "v/1"};
    assert_ok(hw_s3_get_start(&get, fixture.client, "k", data, &err), err);
    assert_ok(hw_s3_get_wait(&get, &err), err);
    hw_s3_get_release(&get);
    assert_ok(hw_s3_version_delete(fixture.client, "k", "v/1", &err), err);
    assert_ok(hw_s3_object_tags(fixture.client, "k", "v/1", &tags, &err), err);
    assert_string_equal((const char *)tags.data, "a%20b=c");
    assert_ok(hw_s3_object_tag(fixture.client, "k", "v/1", "a=b", &err), err);
    s3_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_asked_for_by_their_ids),
        cmocka_unit_test(first_range_tells_the_object),
        cmocka_unit_test(a_reply_is_of_the_object_that_is_known),
        cmocka_unit_test(later_ranges_are_the_pinned_object_or_nothing),
        cmocka_unit_test(a_put_is_done_once_or_fails),
        cmocka_unit_test(facts_need_a_size_and_an_etag),
    };
    return cmocka_run_group_tests_name("s3/object", tests, environment_set, NULL);
}
