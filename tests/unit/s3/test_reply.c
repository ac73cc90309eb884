/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/reply.h"

#include <stdio.h>

#include "s3/copy.h"
#include "s3/list.h"
#include "s3/multipart.h"
#include "s3/object.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* ------ every operation, sent through the client */

static enum hw_status entry_pass(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    (void)ctx;
    (void)entry;
    (void)err;
    return HW_OK;
}

static enum hw_status list_run(struct hw_s3_client *client, struct hw_error *err) {
    return hw_s3_list(client, &(struct hw_s3_list_options){0}, entry_pass, NULL, err);
}

static enum hw_status head_run(struct hw_s3_client *client, struct hw_error *err) {
    struct hw_s3_object object;
    return hw_s3_object_head(client, "k", NULL, &object, err);
}

static enum hw_status first_run(struct hw_s3_client *client, struct hw_error *err) {
    char data[256];
    const struct hw_s3_object known = {.size = 9, .etag = "e"};
    const struct hw_s3_first first = {.key = "k", .data = data, .bytes = sizeof(data), .known = &known};
    struct hw_s3_object object;
    size_t bytes;
    return hw_s3_object_discover(client, &first, &object, &bytes, err);
}

static enum hw_status range_run(struct hw_s3_client *client, struct hw_error *err) {
    char data[256];
    const struct hw_s3_object object = {.size = 1000, .etag = "\"e\""};
    struct hw_s3_get get = {.object = &object, .offset = 3, .bytes = sizeof(data)};
    enum hw_status status = hw_s3_get_start(&get, client, "k", data, err);
    status = status ? status : hw_s3_get_wait(&get, err);
    hw_s3_get_release(&get);
    return status;
}

static enum hw_status put_run(struct hw_s3_client *client, struct hw_error *err) {
    const struct hw_s3_put_params params = {.key = "k", .body = "abc", .body_bytes = 3};
    char etag[HW_S3_ETAG_BYTES];
    return hw_s3_object_put(client, &params, etag, err);
}

static enum hw_status delete_run(struct hw_s3_client *client, struct hw_error *err) {
    return hw_s3_object_delete(client, "k", err);
}

static enum hw_status create_run(struct hw_s3_client *client, struct hw_error *err) {
    struct hw_s3_upload upload = {.client = client, .key = "k"};
    return hw_s3_upload_create(&upload, &(struct hw_s3_create_params){0}, err);
}

static enum hw_status part_run(struct hw_s3_client *client, struct hw_error *err) {
    struct hw_s3_upload upload = {.client = client, .key = "k", .id = "u"};
    const struct hw_s3_part_params params = {.number = 1, .body = "abc", .body_bytes = 3};
    struct hw_s3_call call = {0};
    char etag[HW_S3_ETAG_BYTES];
    HW_TRY(hw_s3_upload_part_start(&upload, &call, &params, err));
    return hw_s3_upload_part_wait(&call, etag, err);
}

static enum hw_status complete_run(struct hw_s3_client *client, struct hw_error *err) {
    const struct hw_s3_part part = {.etag = "\"p\"", .checksum = {.kind = HW_CHECKSUM_CRC64NVME, .value = 7}};
    const struct hw_s3_upload_sum sum = {&part, 1, 9, part.checksum, false, NULL};
    struct hw_s3_upload upload = {.client = client, .key = "k", .id = "u"};
    char etag[HW_S3_ETAG_BYTES];
    return hw_s3_upload_complete(&upload, &sum, etag, err);
}

static enum hw_status copy_run(struct hw_s3_client *client, struct hw_error *err) {
    const struct hw_s3_copy_params params = {.source = {.bucket = "from", .key = "s"}, .key = "k"};
    const struct hw_s3_object source = {.size = 7};
    struct hw_s3_made made;
    return hw_s3_object_copy(client, &params, &source, &made, err);
}

static enum hw_status copy_part_run(struct hw_s3_client *client, struct hw_error *err) {
    const struct hw_s3_upload upload = {.client = client, .key = "k", .id = "u"};
    const struct hw_s3_copy_part_params params = {.source = {.bucket = "from", .key = "s"}, .number = 1};
    struct hw_s3_part part;
    return hw_s3_part_copy(&upload, &params, &part, err);
}

static enum hw_status tags_run(struct hw_s3_client *client, struct hw_error *err) {
    HW_AUTO(hw_buf) tags = {0};
    return hw_s3_object_tags(client, "k", NULL, &tags, err);
}

static const struct {
    const char *name;
    const char *request; /* in its first line */
    enum hw_status (*run)(struct hw_s3_client *client, struct hw_error *err);
} operations[] = {
    {"ListObjectsV2", "GET /bucket?", list_run},
    {"HeadObject", "HEAD /bucket/k", head_run},
    {"GetObject", "GET /bucket/k", first_run},
    {"GetObject", "GET /bucket/k", range_run},
    {"PutObject", "PUT /bucket/k", put_run},
    {"DeleteObject", "DELETE /bucket/k", delete_run},
    {"CreateMultipartUpload", "POST /bucket/k?uploads", create_run},
    {"UploadPart", "PUT /bucket/k?partNumber", part_run},
    {"CompleteMultipartUpload", "POST /bucket/k?uploadId", complete_run},
    {"CopyObject", "PUT /bucket/k", copy_run},
    {"UploadPartCopy", "PUT /bucket/k?partNumber", copy_part_run},
    {"GetObjectTagging", "GET /bucket/k?tagging", tags_run},
};

#define ETAG "ETag: \"e\"\r\n"
#define ID "x-amz-request-id: R7\r\n"
#define PAGE "<html><head><title>Please log in</title></head></html>"
#define ERROR_BODY(code) "<?xml version=\"1.0\"?>\n<Error><Code>" code "</Code></Error>"

/*
 * What each operation makes of a reply, one letter an operation in the order of the table above:
 * '.' good, 'p' HW_EPROTOCOL, 's' HW_ESERVER, 't' HW_ETHROTTLED, 'a' HW_EAUTH, 'n' HW_ENOTFOUND. A
 * small letter 'p', 's' or 't' is tried three times. HEAD has no body, so it cannot tell some of
 * them.
 */
static const struct {
    const char *name;
    struct http_reply reply;
    const char *want;
    const char *says; /* in the message of every 'p' but HEAD's */
} rows[] = {
    {"a page", {.status = 200, .headers = ID, .body = PAGE}, "pppppppppppp", "HTTP 200"},
    {"a page of somebody with ETags", {.status = 200, .headers = ID ETAG, .body = PAGE}, "p.pppppppppp", ""},
    {"a page that begins with white space", {.status = 200, .headers = ID, .body = "\n " PAGE}, "pppppppppppp", ""},
    {"bytes", {.status = 200, .headers = ID, .body = "\x01\x02\"x"}, "pppppppppppp", ""},
    {"nothing", {.status = 200, .headers = ID}, "ppppp.pppppp", "HTTP 200"},
    {"nothing but an ETag", {.status = 200, .headers = ID ETAG}, "p.pp..p.pppp", ""},
    {"an empty ETag", {.status = 200, .headers = ID "ETag: \"\"\r\n"}, "ppppp.pppppp", ""},
    {"a service's hiccup", {.status = 200, .headers = ID, .body = ERROR_BODY("InternalError")}, "spppssssssss", ""},
    {"a throttle", {.status = 200, .headers = ID, .body = ERROR_BODY("SlowDown")}, "tppptttttttt", ""},
    {"a refusal in a 200",
     {.status = 200, .headers = ID, .body = ERROR_BODY("AccessDenied")},
     "ppppppppa"
     "aap",
     ""},
    {"not found in a 200",
     {.status = 200, .headers = ID, .body = ERROR_BODY("NoSuchKey")},
     "ppppppppn"
     "nnp",
     ""},
    {"an error nobody knows", {.status = 200, .headers = ID, .body = ERROR_BODY("Novelty")}, "pppppppppppp", ""},
    {"created", {.status = 201, .headers = ID ETAG}, "pppppppppppp", "HTTP 201 is not the HTTP status of success"},
    {"accepted", {.status = 202, .headers = ID ETAG}, "pppppppppppp", "HTTP 202 is not the HTTP status of success"},
    {"not authoritative", {.status = 203, .headers = ID ETAG}, "pppppppppppp", "HTTP 203"},
    {"no content", {.status = 204, .headers = ID ETAG}, "ppppp.pppppp", "HTTP 204"},
    {"partial", {.status = 206, .headers = ID ETAG}, "pppppppppppp", ""},
    {"another root", {.status = 200, .headers = ID ETAG, .body = "<a:Result xmlns:a=\"u\"/>"}, "p.pppppppppp", ""},
    {"a proxy's refusal", {.status = 403, .headers = ID, .body = PAGE}, "papppppppppp", "it begins with \"<html>"},
    {"a proxy's not found", {.status = 404, .headers = ID, .body = PAGE}, "pnpppppppppp", "HTTP 404"},
    {"a proxy that is overloaded", {.status = 503, .headers = ID, .body = PAGE}, "ssssssssssss", ""},
};

static enum hw_status status_of(char letter) {
    switch (letter) {
    case 'p':
        return HW_EPROTOCOL;
    case 's':
        return HW_ESERVER;
    case 't':
        return HW_ETHROTTLED;
    case 'a':
        return HW_EAUTH;
    case 'n':
        return HW_ENOTFOUND;
    default:
        return HW_OK;
    }
}

static void reply_try(size_t row, size_t operation) {
    const char letter = rows[row].want[operation];
    const bool is_head = operations[operation].run == head_run;
    /*
     * Writes look at the object when all is over, first ranges when it differs from what is known:
     * it is as known.
     */
    struct http_reply script[] = {{.match = is_head ? "none" : "HEAD ", .times = -1}, rows[row].reply};
    char name[128];
    struct hw_error err = HW_ERROR_INIT;
    script[0].status = 200;
    script[0].headers = ETAG "Content-Length: 9\r\n";
    script[1].times = -1;
    snprintf(name, sizeof(name), "%s, %s (%zu)", rows[row].name, operations[operation].name, operation);

    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    enum hw_status status = operations[operation].run(fixture.client, &err);
    assert_row_int(name, status, status_of(letter));
    assert_row_int(name, http_server_count(fixture.server, operations[operation].request),
                   strchr("pst", letter) ? 3 : 1);
    if (letter == 'p') {
        assert_row_says(name, err.message, operations[operation].name);
        assert_row_says(name, err.message, "3 tries");
        assert_row_text(name, err.request_id, "R7");
        assert_row_int(name, err.http_status, rows[row].reply.status);
        assert_row_says(name, err.message, is_head ? "" : rows[row].says);
    }
    s3_fixture_close(&fixture);
}

static void no_operation_believes_what_is_not_its_reply(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        for (size_t operation = 0; operation < COUNT_OF(operations); operation++) {
            reply_try(row, operation);
        }
    }
}

static void the_body_is_told_quoted_and_cut(void **state) {
    (void)state;
    const struct http_reply reply = {
        .status = 200, .times = -1, .headers = ETAG, .body = "a\x1b[31m\"b" PAGE PAGE PAGE};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(part_run(fixture.client, &err), HW_EPROTOCOL);
    assert_row_says("body", err.message,
                    "UploadPart: unexpected reply: HTTP 200 has a body, which should be empty; its body begins with "
                    "\"a\\x1b[31m\\\"b<html>");
    assert_row_says("cut", err.message, "...\"");
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_operation_believes_what_is_not_its_reply),
        cmocka_unit_test(the_body_is_told_quoted_and_cut),
    };
    return cmocka_run_group_tests_name("s3/reply", tests, environment_set, NULL);
}
