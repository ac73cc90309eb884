/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/objects.h>

#include <stdio.h>

#include "core/buf.h"
#include "core/clock.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define UPLOAD(key, id, initiated) \
    "<Upload><Key>" key "</Key><UploadId>" id "</UploadId><Initiated>" initiated "</Initiated></Upload>"
#define PARTS(size)                                                                                                 \
    "<ListPartsResult><Part><PartNumber>1</PartNumber><Size>" size "</Size></Part><Part><PartNumber>2</PartNumber>" \
    "<Size>1</Size></Part></ListPartsResult>"
#define ERROR_BODY(code) "<Error><Code>" code "</Code></Error>"
#define PATH "GET /bucket/"

/* Uploads of an hour ago, of now, and of an unknown time; "gone" ends between listing and look. */
static const struct http_reply listing = {
    .match = "GET /bucket?uploads=",
    .times = -1,
    .status = 200,
    .body = "<ListMultipartUploadsResult>" UPLOAD("a/gone", "g", "2026-01-01T00:00:00Z")
        UPLOAD("a/new", "n", "2026-01-01T01:00:00Z") UPLOAD("a/old", "o", "2026-01-01T00:00:00Z")
            UPLOAD("a/when", "w", "?") "</ListMultipartUploadsResult>"};

static const struct {
    const char *name;
    const char *path;
    struct hw_uploads_options uploads;
    enum hw_status parts_fail; /* of "a/old" */
    enum hw_status abort_fails;
    enum hw_status want;
    const char *told;
} rows[] = {
    {"all", "s3://bucket/a/", {0}, HW_OK, HW_OK, HW_OK, "a/new n 11 open;a/old o 11 open;a/when w 11 open;"},
    {"a wildcard", "s3://bucket/*w", {0}, HW_OK, HW_OK, HW_OK, "a/new n 11 open;"},
    {"old ones", "s3://bucket/a/", {.older_than_ms = 3600 * 1000}, HW_OK, HW_OK, HW_OK, "a/old o 11 open;"},
    {"those of two hours", "s3://bucket/a/", {.older_than_ms = 7200 * 1000}, HW_OK, HW_OK, HW_OK, ""},
    {"abort", "s3://bucket/a/", {.abort = true, .older_than_ms = 1000}, HW_OK, HW_OK, HW_OK, "a/old o 11 aborted;"},
    {"no look",
     "s3://bucket/a/",
     {0},
     HW_EAUTH,
     HW_OK,
     HW_EPARTIAL,
     "a/new n 11 open;a/old o 0 refused;a/when w 11 open;"},
    {"the only one fails", "s3://bucket/*old", {.abort = true}, HW_OK, HW_EAUTH, HW_EAUTH, "a/old o 11 refused;"},
    {"longer than there is time", "s3://bucket/a/", {.older_than_ms = INT64_MAX}, HW_OK, HW_OK, HW_OK, ""},
    {"no time", "s3://bucket/a/", {.older_than_ms = -1}, HW_OK, HW_OK, HW_EUSAGE, ""},
    {"local", "folder", {0}, HW_OK, HW_OK, HW_EUSAGE, ""},
};

static enum hw_status upload_note(void *ctx, const struct hw_open_upload *upload, struct hw_error *err) {
    assert_int_equal(upload->error != NULL, upload->status != HW_OK);
    assert_false(upload->status && upload->aborted);
    return hw_buf_printf(ctx, err, "%s %s %d %s;", upload->path + strlen("s3://bucket/"), upload->upload_id,
                         (int)upload->bytes,
                         upload->status    ? hw_status_text(upload->status)
                         : upload->aborted ? "aborted"
                                           : "open");
}

static int64_t now_us(void *ctx) {
    (void)ctx;
    return INT64_C(1767229200000000); /* 2026-01-01T01:00:00Z */
}

static int64_t monotonic_us(void *ctx) {
    (void)ctx;
    return 1;
}

static void no_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    (void)ms;
}

static const struct hw_clock one_oclock = {now_us, monotonic_us, no_sleep, NULL};

static void uploads_are_listed_and_aborted(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const bool seen_once = rows[i].uploads.abort && !rows[i].abort_fails;
        const struct http_reply script[] = {
            listing,
            {.match = PATH "a/gone?", .times = -1, .status = 404, .body = ERROR_BODY("NoSuchUpload")},
            {.match = PATH "a/old?",
             .times = seen_once ? 1 : -1,
             .status = rows[i].parts_fail ? 403 : 200,
             .body = rows[i].parts_fail ? ERROR_BODY("AccessDenied") : PARTS("10")},
            {.match = PATH "a/old?", .times = -1, .status = 404, .body = ERROR_BODY("NoSuchUpload")},
            {.match = PATH, .times = -1, .status = 200, .body = PARTS("10")},
            {.match = "DELETE /bucket/a/old?uploadId=o ",
             .times = -1,
             .status = rows[i].abort_fails ? 403 : 204,
             .body = rows[i].abort_fails ? ERROR_BODY("AccessDenied") : NULL},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_objects_options options = {.store = {.endpoint_url = http_server_url(server)}};
        HW_AUTO(hw_buf) told = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_clock_set(&one_oclock);
        enum hw_status status = hw_uploads_list(rows[i].path, &options, &rows[i].uploads, upload_note, &told, &err);
        hw_clock_set(NULL);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_int(rows[i].name, err.status, rows[i].want);
        assert_row_bytes(rows[i].name, told.data, told.size, rows[i].told, strlen(rows[i].told));
        assert_row_int(rows[i].name, http_server_count(server, "DELETE ") > 0, rows[i].uploads.abort);
        http_server_stop(server);
    }
}

/* Makes a listing of so many uploads. */
static void many_make(struct hw_buf *page, unsigned count) {
    assert_int_equal(hw_buf_printf(page, NULL, "<ListMultipartUploadsResult>"), HW_OK);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(hw_buf_printf(page, NULL, UPLOAD("k%03u", "u%03u", "2026-01-01T00:00:00Z"), i, i), HW_OK);
    }
    assert_int_equal(hw_buf_printf(page, NULL, "</ListMultipartUploadsResult>"), HW_OK);
}

/* Whoever is told stops at the tenth upload: no other one is aborted. */
static enum hw_status ten_note(void *ctx, const struct hw_open_upload *upload, struct hw_error *err) {
    unsigned *told = ctx;
    char key[8];
    snprintf(key, sizeof(key), "k%03u", *told);
    assert_string_equal(upload->path + strlen("s3://bucket/"), key);
    return ++*told == 10 ? hw_fail(err, HW_EIO, "enough") : HW_OK;
}

static void no_upload_is_aborted_ahead(void **state) {
    (void)state;
    HW_AUTO(hw_buf) page = {0};
    unsigned told = 0;
    many_make(&page, 200);
    const struct http_reply script[] = {
        {.match = "GET /bucket?uploads=", .status = 200, .body = (const char *)page.data},
        {.match = "GET /bucket/k", .status = 200, .times = -1, .body = "<ListPartsResult></ListPartsResult>"},
        {.match = "DELETE /bucket/k", .status = 404, .times = -1, .body = ERROR_BODY("NoSuchUpload")},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    const struct hw_objects_options options = {.store = {.endpoint_url = http_server_url(server)}};
    const struct hw_uploads_options uploads = {.abort = true};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_uploads_list("s3://bucket", &options, &uploads, ten_note, &told, &err), HW_EIO);
    assert_int_equal(told, 10);
    assert_int_equal(http_server_count(server, "DELETE "), 10);
    http_server_stop(server);
}

static void a_bucket_that_is_not_there_is_said(void **state) {
    (void)state;
    const struct http_reply reply = {.times = -1, .status = 404, .body = ERROR_BODY("NoSuchBucket")};
    struct http_server *server = http_server_start(&reply, 1);
    const struct hw_objects_options options = {.store = {.endpoint_url = http_server_url(server)}};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_uploads_list("s3://bucket", &options, NULL, upload_note, NULL, &err), HW_ENOTFOUND);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uploads_are_listed_and_aborted),
        cmocka_unit_test(no_upload_is_aborted_ahead),
        cmocka_unit_test(a_bucket_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests_name("objects/uploads", tests, environment_set, NULL);
}
