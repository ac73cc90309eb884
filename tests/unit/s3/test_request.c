/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request.h"

#include <stdlib.h>

#include "core/limits.h"
#include "s3/reply.h"
#include "support/rows.h"

/* The request as text: "METHOD path?query", headers, body. */
static void request_write(const struct hw_s3_request *request, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    hw_buf_clear(out);
    assert_ok(hw_buf_printf(out, &err, "%s %s?%s\n", request->method, (const char *)request->path.data,
                            (const char *)request->query.data),
              err);
    for (size_t i = 0; i < request->headers_count; i++) {
        assert_ok(hw_buf_printf(out, &err, "%s: %s\n", request->headers[i].name, request->headers[i].value), err);
    }
    assert_ok(hw_buf_append(out, request->body, request->body_bytes, &err), err);
    assert_ok(hw_buf_end_text(out, &err), err);
}

/*
 * 0xae8b14860a799888 is the CRC-64/NVME of "123456789", rosUhgp5mIg= its base64 (CRC catalogue, and
 * S3's reference).
 */
#define CRC UINT64_C(0xae8b14860a799888)

static enum hw_status build(size_t which, struct hw_s3_request *request, struct hw_error *err) {
    static const struct hw_s3_part parts[] = {{"\"e1\"", CRC}, {"<odd&>", 0}};
    switch (which) {
    case 0:
        return hw_s3_request_list(request, &(struct hw_s3_list_params){.prefix = ""}, err);
    case 1:
        return hw_s3_request_list(
            request, &(struct hw_s3_list_params){.prefix = "a b/+%\xc3\xa9", .token = "t/=+", .keys_max = 7}, err);
    case 2:
        return hw_s3_request_head(request, "a/b c+d%e?f#g\xc3\xa9/../x", err);
    case 3:
        return hw_s3_request_get(request, "k", &(struct hw_s3_range){.offset = 5, .bytes = 10, .etag = "\"e\""}, err);
    case 4:
        return hw_s3_request_get(request, "/k", &(struct hw_s3_range){.bytes = 1}, err);
    case 5:
        return hw_s3_request_put(
            request, &(struct hw_s3_put_params){.key = "k", .body = "123456789", .body_bytes = 9, .crc64nvme = CRC},
            err);
    case 6:
        return hw_s3_request_put(
            request, &(struct hw_s3_put_params){.key = "k", .content_type = "text/csv", .create_only = true}, err);
    case 7:
        return hw_s3_request_create_upload(request, "k", NULL, err);
    case 8:
        return hw_s3_request_part(request,
                                  &(struct hw_s3_part_params){.key = "k",
                                                              .upload_id = "u/1",
                                                              .number = 10000,
                                                              .body = "123456789",
                                                              .body_bytes = 9,
                                                              .crc64nvme = CRC},
                                  err);
    case 9:
        return hw_s3_request_complete(request,
                                      &(struct hw_s3_complete_params){.key = "k",
                                                                      .upload_id = "u",
                                                                      .parts = parts,
                                                                      .parts_count = 2,
                                                                      .object_bytes = 18,
                                                                      .crc64nvme = CRC,
                                                                      .create_only = true},
                                      err);
    case 12:
        return hw_s3_request_put(request, &(struct hw_s3_put_params){.key = "k", .if_match = "\"e\""}, err);
    case 10:
        return hw_s3_request_abort(request, "k", "u", err);
    default:
        return hw_s3_request_delete(request, "k", err);
    }
}

static const struct {
    const char *operation;
    const char *text;
    enum hw_status on_precondition;
} rows[] = {
    {"ListObjectsV2", "GET ?list-type=2&encoding-type=url\n", HW_EFAILED},
    {"ListObjectsV2",
     "GET ?list-type=2&encoding-type=url&max-keys=7&prefix=a%20b%2F%2B%25%C3%A9&continuation-token=t%2F%3D%2B\n",
     HW_EFAILED},
    {"HeadObject", "HEAD /a/b%20c%2Bd%25e%3Ff%23g%C3%A9/../x?\nx-amz-checksum-mode: ENABLED\n", HW_EFAILED},
    {"GetObject", "GET /k?\nRange: bytes=5-14\nIf-Match: \"e\"\nx-amz-checksum-mode: ENABLED\n", HW_ECHANGED},
    {"GetObject", "GET //k?\nRange: bytes=0-0\nx-amz-checksum-mode: ENABLED\n", HW_ECHANGED},
    {"PutObject", "PUT /k?\nContent-Type: application/octet-stream\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\n123456789",
     HW_EFAILED},
    {"PutObject", "PUT /k?\nContent-Type: text/csv\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\nIf-None-Match: *\n",
     HW_EEXISTS},
    {"CreateMultipartUpload",
     "POST /k?uploads=\nContent-Type: application/octet-stream\nx-amz-checksum-algorithm: CRC64NVME\n"
     "x-amz-checksum-type: FULL_OBJECT\n",
     HW_EFAILED},
    {"UploadPart", "PUT /k?partNumber=10000&uploadId=u%2F1\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\n123456789",
     HW_EFAILED},
    {"CompleteMultipartUpload",
     "POST /k?uploadId=u\nContent-Type: application/xml\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\n"
     "x-amz-checksum-type: FULL_OBJECT\n"
     "x-amz-mp-object-size: 18\nIf-None-Match: *\n"
     "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
     "<Part><PartNumber>1</PartNumber><ETag>&quot;e1&quot;</ETag>"
     "<ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME></Part>"
     "<Part><PartNumber>2</PartNumber><ETag>&lt;odd&amp;&gt;</ETag>"
     "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></Part>"
     "</CompleteMultipartUpload>",
     HW_EEXISTS},
    {"AbortMultipartUpload", "DELETE /k?uploadId=u\n", HW_EFAILED},
    {"DeleteObject", "DELETE /k?\n", HW_EFAILED},
    {"PutObject",
     "PUT /k?\nContent-Type: application/octet-stream\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\nIf-Match: \"e\"\n",
     HW_ECHANGED},
};

static void requests_are_what_the_service_documents(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_request) request = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(build(i, &request, &err), err);
        request_write(&request, &text);
        assert_row_text(rows[i].operation, (const char *)text.data, rows[i].text);
        assert_row_text(rows[i].operation, request.rule->operation, rows[i].operation);
        assert_row_int(rows[i].operation, request.on_precondition, rows[i].on_precondition);
        assert_row_int(rows[i].operation, request.must_end,
                       request.rule == &hw_s3_reply_rules[HW_S3_ABORT_UPLOAD] ||
                           request.rule == &hw_s3_reply_rules[HW_S3_CREATE_UPLOAD]);
    }
}

/* The S3 API reference for CreateSession. */
static void sessions_are_asked_for_by_mode(void **state) {
    (void)state;
    static const char *const texts[] = {
        "GET ?session=\nx-amz-create-session-mode: ReadWrite\n",
        "GET ?session=\nx-amz-create-session-mode: ReadOnly\n",
    };
    HW_AUTO(hw_buf) text = {0};
    for (size_t read_only = 0; read_only < COUNT_OF(texts); read_only++) {
        HW_AUTO(hw_s3_request) request = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_s3_request_create_session(&request, read_only == 1, &err), err);
        request_write(&request, &text);
        assert_row_text("session", (const char *)text.data, texts[read_only]);
        assert_ptr_equal(request.rule, &hw_s3_reply_rules[HW_S3_CREATE_SESSION]);
    }
}

static void keys_have_limits(void **state) {
    (void)state;
    char key[HW_S3_KEY_BYTES_MAX + 2];
    struct hw_error err = HW_ERROR_INIT;
    memset(key, 'k', sizeof(key));
    for (size_t bytes = HW_S3_KEY_BYTES_MAX; bytes <= HW_S3_KEY_BYTES_MAX + 1; bytes++) {
        HW_AUTO(hw_s3_request) request = {0};
        key[bytes] = '\0';
        assert_int_equal(hw_s3_request_delete(&request, key, &err), bytes > HW_S3_KEY_BYTES_MAX ? HW_ELIMIT : HW_OK);
        key[bytes] = 'k';
    }
    assert_row_says("long", err.message, "has 1025 bytes, S3 allows 1024");
    HW_AUTO(hw_s3_request) request = {0};
    assert_int_equal(hw_s3_request_head(&request, "", &err), HW_EUSAGE);
    assert_row_says("empty", err.message, "an object needs a name");
    HW_AUTO(hw_s3_request) beyond = {0};
    assert_int_equal(hw_s3_request_get(&beyond, "k", &(struct hw_s3_range){.offset = UINT64_MAX, .bytes = 1}, &err),
                     HW_EUSAGE);
    assert_row_says("range", err.message, "does not fit");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_what_the_service_documents),
        cmocka_unit_test(sessions_are_asked_for_by_mode),
        cmocka_unit_test(keys_have_limits),
    };
    return cmocka_run_group_tests_name("s3/request", tests, NULL, NULL);
}
