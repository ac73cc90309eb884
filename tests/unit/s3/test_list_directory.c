/* SPDX-License-Identifier: Apache-2.0 */
/* Listings of directory buckets, which have no order. */
#include "s3/list.h"

#include <stdio.h>

#include "support/rows.h"
#include "support/s3_fixture.h"

#define BUCKET "bkt--usw2-az1--x-s3"
#define OBJECT(key)       \
    "<Contents><Key>" key \
    "</Key><LastModified>2026-11-21T13:20:45.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size></Contents>"
#define PAGE(inside) "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" inside "</ListBucketResult>"
#define MORE(token) "<IsTruncated>true</IsTruncated><NextContinuationToken>" token "</NextContinuationToken>"

static const struct {
    const char *name;
    const char *prefix;
    struct http_reply pages[4];
    enum hw_status want;
    const char *keys;    /* all that were handed out, ';' after each */
    const char *request; /* in the first line of the first request for a page */
    const char *says;
} rows[] = {
    {"no order",
     "",
     {{.body = PAGE(MORE("t") OBJECT("c") OBJECT("a"))}, {.body = PAGE(OBJECT("b"))}},
     HW_OK,
     "a;b;c;",
     "&encoding-type=url HTTP",
     ""},
    {"behind a key",
     "",
     {{.body = PAGE(OBJECT("c") OBJECT("a") OBJECT("b"))}},
     HW_OK,
     "c;",
     "&encoding-type=url HTTP",
     ""},
    {"a folder", "a/", {{.body = PAGE(OBJECT("a/c") OBJECT("a/b"))}}, HW_OK, "a/b;a/c;", "&prefix=a%2F HTTP", ""},
    {"a part of a name",
     "a/b",
     {{.body = PAGE(OBJECT("a/c") OBJECT("a/b2") OBJECT("a/b1"))}},
     HW_OK,
     "a/b1;a/b2;",
     "&prefix=a%2F HTTP",
     ""},
    {"a part of a name at the top",
     "b",
     {{.body = PAGE(OBJECT("b2") OBJECT("a") OBJECT("b1"))}},
     HW_OK,
     "b1;b2;",
     "&encoding-type=url HTTP",
     ""},
    {"outside of the folder",
     "a/b",
     {{.body = PAGE(OBJECT("b")), .times = -1}},
     HW_EPROTOCOL,
     "",
     "&prefix=a%2F HTTP",
     "does not begin with the prefix \"a/\""},
    {"a key twice",
     "",
     {{.body = PAGE(MORE("t") OBJECT("a"))}, {.body = PAGE(OBJECT("a"))}},
     HW_EPROTOCOL,
     "",
     "",
     "the key \"a\" comes twice"},
    {"tokens that repeat",
     "",
     {{.body = PAGE(MORE("t") OBJECT("c"))},
      {.body = PAGE(MORE("u") OBJECT("b"))},
      {.body = PAGE(MORE("t") OBJECT("a")), .times = -1}},
     HW_EPROTOCOL,
     "",
     "",
     "the continuation token repeats"},
    {"a second page fails",
     "",
     {{.body = PAGE(MORE("t") OBJECT("c"))},
      {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>", .times = -1}},
     HW_EAUTH,
     "",
     "",
     "ListObjectsV2: refused"},
    {"a page that breaks off once",
     "",
     {{.body = PAGE(MORE("t") OBJECT("c"))},
      {.body = "<ListBucketResult>" OBJECT("a")},
      {.body = PAGE(MORE("u"))},
      {.body = PAGE(OBJECT("a"))}},
     HW_OK,
     "a;c;",
     "",
     ""},
};

static enum hw_status entry_note(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "%s;", entry->key);
}

static void listings_are_put_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[COUNT_OF(rows[i].pages)];
        struct hw_s3_client *client = NULL;
        HW_AUTO(hw_buf) keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        size_t pages = 0;
        for (; pages < COUNT_OF(script) && rows[i].pages[pages].body; pages++) {
            script[pages] = rows[i].pages[pages];
            script[pages].status = script[pages].status ? script[pages].status : 200;
        }
        struct http_server *server = http_server_start(script, pages);
        const struct hw_store_options options = {
            .endpoint_url = http_server_url(server), .retry_for_ms = 2000, .no_sign_request = true};
        assert_ok(hw_s3_client_new(&options, BUCKET, &client, &err), err);
        const bool behind = strcmp(rows[i].name, "behind a key") == 0;
        const struct hw_s3_list_options options_of = {.prefix = rows[i].prefix, .start_after = behind ? "b" : NULL};
        enum hw_status status = hw_s3_list(client, &options_of, entry_note, &keys, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, status ? err.message : "", rows[i].says);
        assert_row_bytes(rows[i].name, keys.data, keys.size, rows[i].keys, strlen(rows[i].keys));
        assert_row_int(rows[i].name, http_server_count(server, rows[i].request) > 0, true);
        hw_s3_client_free(client);
        http_server_stop(server);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listings_are_put_in_order),
    };
    return cmocka_run_group_tests_name("s3/list, directory buckets", tests, environment_set, NULL);
}
