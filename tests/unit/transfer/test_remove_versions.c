/* SPDX-License-Identifier: Apache-2.0 */
/* Removing versions: hw_remove of hawser/transfer.h with a version, or with all of them. */
#include <hawser/transfer.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define LISTED(key, id) \
    "<Version><Key>" key "</Key><VersionId>" id "</VersionId><Size>2</Size><ETag>\"e\"</ETag></Version>"
#define MARKER(key, id) "<DeleteMarker><Key>" key "</Key><VersionId>" id "</VersionId></DeleteMarker>"
#define GONE(key, id) "<Deleted><Key>" key "</Key><VersionId>" id "</VersionId></Deleted>"
#define LIST(inside) "<ListVersionsResult>" inside "<IsTruncated>false</IsTruncated></ListVersionsResult>"
#define FACTS "ETag: \"e\"\r\nContent-Length: 2\r\n"

struct row {
    const char *name;
    const char *path;
    struct hw_transfer_options options;
    struct http_reply replies[2];
    enum hw_status want;
    /* What is told of objects, each with its version; then words of the error. */
    const char *told;
    const char *says;
    /* A part of the body of DeleteObjects, or NULL: no such request is sent. */
    const char *deleted;
};

static const char *const excluded[] = {"b*"};

static const struct row rows[] = {
    {"one version",
     "s3://bucket/p/a",
     {.version_id = "v/1"},
     {{.match = "HEAD /bucket/p/a?versionId=v%2F1 ", .status = 200, .headers = FACTS},
      {.match = "POST /bucket?delete= ", .status = 200, .body = "<DeleteResult>" GONE("p/a", "v/1") "</DeleteResult>"}},
     HW_OK,
     "s3://bucket/p/a@v/1 0 2;",
     "",
     "<Object><Key>p/a</Key><VersionId>v/1</VersionId></Object>"},
    {"the marker of what was deleted",
     "s3://bucket/p/a",
     {.version_id = "m"},
     {{.match = "HEAD /bucket/p/a?versionId=m ", .status = 405, .headers = "x-amz-delete-marker: true\r\n"},
      {.match = "POST /bucket?delete= ", .status = 200, .body = "<DeleteResult>" GONE("p/a", "m") "</DeleteResult>"}},
     HW_OK,
     "s3://bucket/p/a@m 0 0;",
     "",
     "<VersionId>m</VersionId>"},
    {"a version that is not there",
     "s3://bucket/p/a",
     {.version_id = "none"},
     {{.match = "HEAD /bucket/p/a?versionId=none ", .status = 404}, {0}},
     HW_ENOTFOUND,
     "s3://bucket/p/a@- 2 0;",
     "HeadObject",
     NULL},
    {"a version of several",
     "s3://bucket/p/",
     {.version_id = "v"},
     {{0}, {0}},
     HW_EUSAGE,
     "s3://bucket/p/@- 2 0;",
     "a version is that of one object",
     NULL},
    {"a version and all of them",
     "s3://bucket/p/a",
     {.version_id = "v", .all_versions = true},
     {{0}, {0}},
     HW_EUSAGE,
     "",
     "not all versions",
     NULL},
    {"all versions of one object",
     "s3://bucket/p/a",
     {.all_versions = true},
     {{.match = "GET /bucket?versions=&encoding-type=url&prefix=p%2Fa ",
       .status = 200,
       .body = LIST(MARKER("p/a", "3") LISTED("p/a", "2") LISTED("p/a", "null") LISTED("p/ab", "1"))},
      {.match = "POST /bucket?delete= ",
       .status = 200,
       .body = "<DeleteResult>" GONE("p/a", "2") GONE("p/a", "3") GONE("p/a", "null") "</DeleteResult>"}},
     HW_OK,
     "s3://bucket/p/a@2 0 2;s3://bucket/p/a@3 0 0;s3://bucket/p/a@null 0 2;",
     "",
     "<Object><Key>p/a</Key><VersionId>2</VersionId></Object><Object><Key>p/a</Key><VersionId>3</VersionId></Object>"
     "<Object><Key>p/a</Key><VersionId>null</VersionId></Object></Delete>"},
    {"all versions below a prefix, but for some",
     "s3://bucket/p/",
     {.all_versions = true, .exclude = excluded, .exclude_count = 1},
     {{.match = "GET /bucket?versions=&encoding-type=url&prefix=p%2F ",
       .status = 200,
       .body = LIST(LISTED("p/a", "1") LISTED("p/b", "2"))},
      {.match = "POST /bucket?delete= ", .status = 200, .body = "<DeleteResult>" GONE("p/a", "1") "</DeleteResult>"}},
     HW_OK,
     "s3://bucket/p/a@1 0 2;",
     "",
     "<Object><Key>p/a</Key><VersionId>1</VersionId></Object></Delete>"},
    {"a dry run",
     "s3://bucket/p/",
     {.all_versions = true, .dry_run = true},
     {{.match = "GET /bucket?versions=&encoding-type=url&prefix=p%2F ",
       .status = 200,
       .body = LIST(LISTED("p/a", "1"))},
      {0}},
     HW_OK,
     "s3://bucket/p/a@1 3 2;",
     "",
     NULL},
    {"no version at all",
     "s3://bucket/p/a",
     {.all_versions = true},
     {{.match = "GET /bucket?versions=", .status = 200, .body = LIST(LISTED("p/ab", "1"))}, {0}},
     HW_ENOTFOUND,
     "s3://bucket/p/a@- 2 0;",
     "no version",
     NULL},
    {"a version without an id",
     "s3://bucket/p/a",
     {.all_versions = true},
     {{.match = "GET /bucket?versions=",
       .status = 200,
       .body = LIST("<Version><Key>p/a</Key><Size>2</Size></Version>")},
      {0}},
     HW_EPROTOCOL,
     "s3://bucket/p/a@- 2 0;",
     "",
     NULL},
    {"all versions of a file",
     "README.md",
     {.all_versions = true},
     {{0}, {0}},
     HW_EUSAGE,
     "README.md@- 2 0;",
     "only objects of S3 have versions",
     NULL},
};

static void object_note(void *ctx, const struct hw_transfer_object *object) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_printf(ctx, &err, "%s@%s %d %" PRIu64 ";", object->path,
                            object->version_id ? object->version_id : "-", (int)object->outcome, object->size),
              err);
}

static void versions_are_removed_for_good(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        HW_AUTO(hw_buf) told = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct http_server *server = http_server_start(row->replies, COUNT_OF(row->replies));
        struct hw_transfer_options options = row->options;
        options.size = sizeof(options);
        options.target_store = (struct hw_store_options){.endpoint_url = http_server_url(server), .retry_for_ms = 300};
        options.ctx = &told;
        options.on_object = object_note;
        assert_row_int(row->name, hw_remove(&row->path, 1, &options, NULL, &err), row->want);
        assert_row_bytes(row->name, told.data, told.size, row->told, strlen(row->told));
        assert_row_says(row->name, err.message, row->says);
        size_t bytes;
        const char *body = http_server_body(server, "POST ", 0, &bytes);
        assert_row_int(row->name, body != NULL, row->deleted != NULL);
        if (row->deleted) {
            assert_row_says(row->name, body, row->deleted);
        }
        http_server_stop(server);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(versions_are_removed_for_good)};
    return cmocka_run_group_tests_name("transfer/remove_versions", tests, environment_set, NULL);
}
