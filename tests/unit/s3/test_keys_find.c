/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/keys_find.h"

#include <stdio.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define OBJECT(key, size) "<Contents><Key>" key "</Key><ETag>&quot;e&quot;</ETag><Size>" size "</Size></Contents>"
#define PAGE(inside) "<ListBucketResult>" inside "</ListBucketResult>"
#define MORE "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"

enum { KEYS_MAX = 4 };

static const struct {
    const char *name;
    const char *keys[KEYS_MAX];
    struct http_reply first;
    struct http_reply second; /* to whoever comes with a token */
    enum hw_status want;
    const char *found; /* the number of each key that was found, and its size */
    const char *asks;  /* a part of the first line of the first request */
    const char *lacks; /* NULL: nothing is missing in it */
    size_t lists;
} rows[] = {
    {"in any order",
     {"p/c", "p/a", "p/b"},
     {.body = PAGE(OBJECT("p/a", "1") OBJECT("p/b", "2") OBJECT("p/c", "3"))},
     {0},
     HW_OK,
     "1:1 2:2 0:3 ",
     "&prefix=p%2F&start-after=p%2F%60~ ",
     NULL,
     1},
    {"one that is not there",
     {"p/1", "p/2", "p/4"},
     {.body = PAGE(OBJECT("p/1", "1") OBJECT("p/3", "3") OBJECT("p/4", "4"))},
     {0},
     HW_OK,
     "0:1 2:4 ",
     "&start-after=p%2F0~ ",
     NULL,
     1},
    {"the last one is not there",
     {"p/1", "p/2"},
     {.body = PAGE(OBJECT("p/1", "1"))},
     {0},
     HW_OK,
     "0:1 ",
     "&prefix=p%2F&",
     NULL,
     1},
    {"one twice",
     {"a", "a", "b"},
     {.body = PAGE(OBJECT("a", "1") OBJECT("b", "2"))},
     {0},
     HW_OK,
     "0:1 1:1 2:2 ",
     "&start-after=%60~ ",
     "prefix=a",
     1},
    {"one that all others begin with",
     {"p", "p/1", "p2"},
     {.body = PAGE(OBJECT("p", "1") OBJECT("p/1", "2") OBJECT("p2", "3"))},
     {0},
     HW_OK,
     "0:1 1:2 2:3 ",
     "&prefix=p ",
     "start-after",
     1},
    {"characters of several bytes are not cut",
     {"p/x\xc3\xa4", "p/x\xc3\xb6"},
     {.body = PAGE(OBJECT("p/x\xc3\xa4", "1") OBJECT("p/x\xc3\xb6", "2"))},
     {0},
     HW_OK,
     "0:1 1:2 ",
     "&prefix=p%2Fx ",
     "start-after",
     1},
    {"a character of several bytes is left out",
     {"p/x\xc3\xa4", "p/y"},
     {.body = PAGE(OBJECT("p/x\xc3\xa4", "1") OBJECT("p/y", "2"))},
     {0},
     HW_OK,
     "0:1 1:2 ",
     "&start-after=p%2Fx ",
     NULL,
     1},
    {"on the second page",
     {"a", "b", "c"},
     {.body = PAGE(MORE OBJECT("a", "1"))},
     {.body = PAGE(OBJECT("c", "3"))},
     HW_OK,
     "0:1 2:3 ",
     "list-type=2",
     NULL,
     2},
    {"the second page fails",
     {"a", "b", "c"},
     {.body = PAGE(MORE OBJECT("a", "1"))},
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     HW_EAUTH,
     "0:1 ",
     "list-type=2",
     NULL,
     2},
    {"no listing",
     {"a", "b"},
     {.status = 403, .body = "<Error><Code>InvalidAccessKeyId</Code></Error>"},
     {0},
     HW_EAUTH,
     "",
     "list-type=2",
     NULL,
     1},
    {"a service that begins elsewhere",
     {"p/2", "p/3"},
     {.body = PAGE(OBJECT("p/0", "1") OBJECT("p/2", "2")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "&start-after=p%2F1~ ",
     NULL,
     3},
};

static void keys_are_found_in_a_listing(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[] = {rows[i].second, rows[i].first};
        struct hw_s3_sought sought[KEYS_MAX] = {{0}};
        struct hw_error err = HW_ERROR_INIT;
        char found[64] = "";
        size_t count = 0;
        script[0].match = "continuation-token";
        script[1].match = "list-type=2";
        for (size_t n = 0; n < COUNT_OF(script); n++) {
            script[n].status = script[n].status ? script[n].status : 200;
        }
        for (; count < KEYS_MAX && rows[i].keys[count]; count++) {
            sought[count] = (struct hw_s3_sought){.key = rows[i].keys[count], .number = count};
        }
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        assert_row_int(rows[i].name, hw_s3_keys_find(fixture.client, sought, count, &err), rows[i].want);
        for (size_t n = 0; n < count; n++) {
            const size_t at = strlen(found);
            if (sought[n].found) {
                snprintf(found + at, sizeof(found) - at, "%zu:%" PRIu64 " ", sought[n].number, sought[n].size);
            }
        }
        assert_row_text(rows[i].name, found, rows[i].found);
        const char *head = http_server_head(fixture.server, "list-type=2", 0);
        assert_row_says(rows[i].name, head, rows[i].asks);
        assert_row_int(rows[i].name, rows[i].lacks && strstr(head, rows[i].lacks), false);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "list-type=2"), rows[i].lists);
        s3_fixture_close(&fixture);
    }
}

/* Makes a page of so many other keys that lie between "k/" and "k/z". */
static void page_make(struct hw_buf *page, unsigned from, unsigned count) {
    hw_buf_clear(page);
    assert_int_equal(hw_buf_printf(page, NULL,
                                   "<ListBucketResult><IsTruncated>true</IsTruncated>"
                                   "<NextContinuationToken>%u</NextContinuationToken>",
                                   from + count),
                     HW_OK);
    for (unsigned i = from; i < from + count; i++) {
        assert_int_equal(hw_buf_printf(page, NULL, OBJECT("k/%06u", "1"), i), HW_OK);
    }
    assert_int_equal(hw_buf_printf(page, NULL, "</ListBucketResult>"), HW_OK);
}

/* Keys that lie far apart are not worth a listing of what is between them. */
static void a_long_way_is_given_up(void **state) {
    (void)state;
    HW_AUTO(hw_buf) first = {0};
    HW_AUTO(hw_buf) second = {0};
    struct hw_error err = HW_ERROR_INIT;
    page_make(&first, 0, 1000);
    page_make(&second, 1000, 100);
    const struct http_reply script[] = {
        {.match = "continuation-token", .status = 200, .body = (const char *)second.data},
        {.match = "continuation-token", .status = 500, .times = -1},
        {.match = "list-type=2", .status = 200, .body = (const char *)first.data},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    /* Two are passed, for whose sake 16 keys each may be seen beside the first 1,000. */
    struct hw_s3_sought sought[] = {{.key = "k/000000"}, {.key = "k/000500/"}, {.key = "k/z"}};
    assert_ok(hw_s3_keys_find(fixture.client, sought, COUNT_OF(sought), &err), err);
    assert_true(sought[0].found);
    assert_false(sought[1].found);
    assert_false(sought[2].found);
    s3_fixture_close(&fixture);
}

static void no_key_is_no_request(void **state) {
    (void)state;
    const struct http_reply none = {.match = "nothing", .status = 500};
    struct hw_error err = HW_ERROR_INIT;
    struct s3_fixture fixture = s3_fixture_open(&none, 1, NULL);
    assert_ok(hw_s3_keys_find(fixture.client, NULL, 0, &err), err);
    assert_int_equal(http_server_count(fixture.server, "/"), 0);
    s3_fixture_close(&fixture);
}

/* A directory bucket lists keys in no order, and only whole folders. */
static void no_directory_bucket_is_searched(void **state) {
    (void)state;
    const struct http_reply none = {.match = "nothing", .status = 500};
    struct hw_s3_client *client = NULL;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_s3_sought sought[] = {{.key = "a"}, {.key = "b"}};
    struct http_server *server = http_server_start(&none, 1);
    const struct hw_store_options options = {
        .endpoint_url = http_server_url(server), .retry_for_ms = 2000, .no_sign_request = true};
    assert_ok(hw_s3_client_new(&options, "bkt--usw2-az1--x-s3", &client, &err), err);
    assert_ok(hw_s3_keys_find(client, sought, COUNT_OF(sought), &err), err);
    assert_false(sought[0].found);
    assert_int_equal(http_server_count(server, "/"), 0);
    hw_s3_client_free(client);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_in_a_listing),
        cmocka_unit_test(a_long_way_is_given_up),
        cmocka_unit_test(no_key_is_no_request),
        cmocka_unit_test(no_directory_bucket_is_searched),
    };
    return cmocka_run_group_tests_name("s3/keys_find", tests, environment_set, NULL);
}
