/* SPDX-License-Identifier: Apache-2.0 */
#include "web/object.h"

#include <stdio.h>

#include "core/alloc.h"
#include "support/http_server.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

enum { PART_BYTES = 10, SCRIPT_MAX = 4 };

#define TEXT "0123456789abcdefghijklmnopqrstuvwxyz"
#define OLD "Date: Sat, 21 Nov 2026 13:20:45 GMT\r\nLast-Modified: Sat, 21 Nov 2026 11:20:45 GMT\r\n"
#define OTHER "Date: Sat, 21 Nov 2026 13:20:45 GMT\r\nLast-Modified: Sat, 21 Nov 2026 11:20:46 GMT\r\n"
#define FIRST "Content-Range: bytes 0-9/36\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"

static const struct {
    const char *name;
    struct http_reply script[SCRIPT_MAX];
    enum hw_status want_open;
    enum hw_status want_read;
    size_t requests;
    const char *says;   /* in the message */
    const char *second; /* in the head of the second request */
} rows[] = {
    {"ranges by a strong ETag",
     {{.status = 200, .body = TEXT, .body_bytes = 36, .ranged = true, .times = -1, .headers = "ETag: \"e\"\r\n"}},
     HW_OK,
     HW_OK,
     4,
     "",
     "If-Match: \"e\"\r\n"},
    {"ranges by the time of the last change",
     {{.status = 200, .body = TEXT, .body_bytes = 36, .ranged = true, .times = -1, .headers = OLD}},
     HW_OK,
     HW_OK,
     4,
     "",
     "If-Unmodified-Since: Sat, 21 Nov 2026 11:20:45 GMT\r\n"},
    {"ranges that nothing pins",
     {{.status = 200, .body = TEXT, .body_bytes = 36, .ranged = true, .times = -1}},
     HW_OK,
     HW_OK,
     2,
     "",
     "GET /a HTTP/1.1\r\n"},
    {"a weak ETag pins nothing",
     {{.status = 200, .body = TEXT, .body_bytes = 36, .ranged = true, .times = -1, .headers = "ETag: W/\"e\"\r\n"}},
     HW_OK,
     HW_OK,
     2,
     "",
     ""},
    {"no ranges", {{.status = 200, .body = TEXT, .times = -1}}, HW_OK, HW_OK, 1, "", ""},
    {"in chunks",
     {{.status = 200,
       .unframed = true,
       .headers = CHUNKED,
       .body = "1a\r\n0123456789abcdefghijklmnop\r\na\r\nqrstuvwxyz\r\n0\r\n\r\n",
       .times = -1}},
     HW_OK,
     HW_OK,
     1,
     "",
     ""},
    {"in chunks, cut once",
     {{.status = 200,
       .unframed = true,
       .headers = CHUNKED,
       .body = "1a\r\n0123456789abcdefghijklmnop\r\n",
       .cut = true,
       .cut_after = 32},
      {.status = 200, .body = TEXT}},
     HW_OK,
     HW_OK,
     2,
     "",
     ""},
    {"in chunks, cut for ever",
     {{.status = 200,
       .unframed = true,
       .headers = CHUNKED,
       .body = "1a\r\n0123456789abcdefghijklmnop\r\n",
       .cut = true,
       .cut_after = 32,
       .times = -1}},
     HW_ENETWORK,
     HW_OK,
     3,
     "",
     ""},
    {"cut once",
     {{.status = 200, .body = TEXT, .cut = true, .cut_after = 20}, {.status = 200, .body = TEXT}},
     HW_OK,
     HW_OK,
     2,
     "",
     ""},
    {"cut for ever",
     {{.status = 200, .body = TEXT, .cut = true, .cut_after = 20, .times = -1}},
     HW_ENETWORK,
     HW_OK,
     3,
     "shorter than it says",
     ""},
    {"an end that only the connection tells",
     {{.status = 200, .body = TEXT, .unframed = true, .cut = true, .cut_after = 36, .times = -1}},
     HW_EPROTOCOL,
     HW_OK,
     3,
     "does not tell its length",
     ""},
    {"the wrong range first",
     {{.status = 206, .body = "123456789a", .headers = "Content-Range: bytes 1-10/36\r\n", .times = -1}},
     HW_EPROTOCOL,
     HW_OK,
     3,
     "the range 1-10 came where 10 from the beginning",
     ""},
    {"a shorter range first",
     {{.status = 206, .body = "01234", .headers = "Content-Range: bytes 0-4/36\r\n", .times = -1}},
     HW_EPROTOCOL,
     HW_OK,
     3,
     "the range 0-4",
     ""},
    {"a range without its place",
     {{.status = 206, .body = "0123456789", .times = -1}},
     HW_EPROTOCOL,
     HW_OK,
     3,
     "does not tell which range",
     ""},
    {"a range longer than was asked for",
     {{.status = 206, .body = TEXT, .headers = "Content-Range: bytes 0-35/36\r\n", .times = -1}},
     HW_EPROTOCOL,
     HW_OK,
     3,
     "longer than the range",
     ""},
    {"a range of an unknown size",
     {{.status = 206, .body = "0123456789", .headers = "Content-Range: bytes 0-9/*\r\n"},
      {.status = 200, .body = TEXT}},
     HW_OK,
     HW_OK,
     2,
     "",
     ""},
    {"a range where none was asked for",
     {{.status = 206, .body = "0123456789", .headers = FIRST, .times = -1}},
     HW_EPROTOCOL,
     HW_OK,
     4,
     "HTTP 206 came where no range was asked for",
     ""},
    {"another version by its ETag",
     {{.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n"},
      {.status = 206,
       .body = "abcdefghij",
       .headers = "Content-Range: bytes 10-19/36\r\nETag: \"f\"\r\n",
       .times = -1}},
     HW_OK,
     HW_ECHANGED,
     0,
     "replaced while it was read",
     ""},
    {"another version by its time",
     {{.status = 206, .body = "0123456789", .headers = FIRST OLD},
      {.status = 206, .body = "abcdefghij", .headers = "Content-Range: bytes 10-19/36\r\n" OTHER, .times = -1}},
     HW_OK,
     HW_ECHANGED,
     0,
     "replaced while it was read",
     ""},
    {"another version by its size",
     {{.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n"},
      {.status = 206,
       .body = "abcdefghij",
       .headers = "Content-Range: bytes 10-19/37\r\nETag: \"e\"\r\n",
       .times = -1}},
     HW_OK,
     HW_ECHANGED,
     0,
     "replaced while it was read",
     ""},
    {"412",
     {{.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n"}, {.status = 412, .times = -1}},
     HW_OK,
     HW_ECHANGED,
     0,
     "replaced while it was read",
     ""},
    {"416",
     {{.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n"}, {.status = 416, .times = -1}},
     HW_OK,
     HW_ECHANGED,
     0,
     "a shorter one",
     ""},
    {"a later range at the wrong place",
     {{.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n"},
      {.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n", .times = -1}},
     HW_OK,
     HW_EPROTOCOL,
     0,
     "the range 0-9 came where 10 from offset",
     ""},
    {"the whole where a range was asked for",
     {{.status = 206, .body = "0123456789", .headers = FIRST "ETag: \"e\"\r\n"},
      {.status = 200, .body = TEXT, .headers = "ETag: \"e\"\r\n", .times = -1}},
     HW_OK,
     HW_EPROTOCOL,
     0,
     "longer than the 10 bytes",
     ""},
    {"packed as nobody knows",
     {{.status = 200, .body = TEXT, .headers = "Content-Encoding: br\r\n", .times = -1}},
     HW_EUNSUPPORTED,
     HW_OK,
     1,
     "packed as \"br\"",
     ""},
    {"not there", {{.status = 404, .times = -1}}, HW_ENOTFOUND, HW_OK, 1, "no such object", ""},
};

static size_t script_count(const struct http_reply *script) {
    size_t count = 0;
    while (count < SCRIPT_MAX && script[count].status) {
        count++;
    }
    return count;
}

static void objects_come_whole_or_fail(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(rows[i].script, script_count(rows[i].script));
        const struct hw_store_options options = {.attempts_max = 3, .retry_for_ms = 2000};
        struct hw_web_client *client = NULL;
        struct hw_web_object *object = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char address[128];
        char back[sizeof(TEXT)] = "";
        snprintf(address, sizeof(address), "%s/a", http_server_url(server));
        assert_ok(hw_web_client_new(&options, &client, &err), err);
        assert_row_int(rows[i].name, hw_web_object_open(client, address, PART_BYTES, &object, &err), rows[i].want_open);
        if (object) {
            assert_row_int(rows[i].name, hw_web_object_facts(object)->size, strlen(TEXT));
            assert_row_int(rows[i].name, hw_web_object_read_at(object, 0, back, strlen(TEXT), &err), rows[i].want_read);
            assert_row_text(rows[i].name, rows[i].want_read ? TEXT : back, TEXT);
        }
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].requests > 0) {
            assert_row_int(rows[i].name, http_server_count(server, "GET "), rows[i].requests);
        }
        if (rows[i].second[0]) {
            assert_row_says(rows[i].name, http_server_head(server, "GET ", 1), rows[i].second);
        }
        hw_web_object_close(object);
        hw_web_client_free(client);
        http_server_stop(server);
    }
}

static void an_empty_object_is_proved_to_be_empty(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 416, .headers = "Content-Range: bytes */0\r\n"},
                                        {.status = 200, .body = "", .times = -1}};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_web_client *client = NULL;
    struct hw_web_object *object = NULL;
    struct hw_error err = HW_ERROR_INIT;
    char address[128];
    snprintf(address, sizeof(address), "%s/a", http_server_url(server));
    assert_ok(hw_web_client_new(&(struct hw_store_options){0}, &client, &err), err);
    assert_ok(hw_web_object_open(client, address, PART_BYTES, &object, &err), err);
    assert_int_equal(hw_web_object_facts(object)->size, 0);
    assert_int_equal(http_server_count(server, "GET "), 2);
    hw_web_object_in_order(object);
    hw_web_object_close(object);
    hw_web_client_free(client);
    http_server_stop(server);
}

static void the_place_where_it_came_from_is_told(void **state) {
    (void)state;
    const struct http_reply script[] = {{.match = "GET /a ", .status = 302, .headers = "Location: /b?t=canary\r\n"},
                                        {.match = "GET /b?t=canary ", .status = 200, .body = TEXT}};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_web_client *client = NULL;
    struct hw_web_object *object = NULL;
    struct hw_error err = HW_ERROR_INIT;
    char address[128];
    char want[128];
    snprintf(address, sizeof(address), "%s/a", http_server_url(server));
    snprintf(want, sizeof(want), "%s/b?...", http_server_url(server));
    assert_ok(hw_web_client_new(&(struct hw_store_options){0}, &client, &err), err);
    assert_ok(hw_web_object_open(client, address, PART_BYTES, &object, &err), err);
    assert_string_equal(hw_web_object_moved(object), want);
    hw_web_object_close(object);
    hw_web_client_free(client);
    http_server_stop(server);
}

static const struct {
    const char *name;
    struct http_reply reply;
    uint64_t size;
    const char *etag;
} stats[] = {
    {"a range",
     {.status = 200, .body = TEXT, .body_bytes = 36, .ranged = true, .headers = "ETag: \"e\"\r\n"},
     36,
     "\"e\""},
    {"no ranges", {.status = 200, .body = TEXT, .headers = "ETag: W/\"e\"\r\n"}, 36, "W/\"e\""},
    {"in chunks", {.status = 200, .unframed = true, .headers = CHUNKED, .body = "1\r\n0\r\n0\r\n\r\n"}, 0, ""},
    {"empty", {.status = 416, .headers = "Content-Range: bytes */0\r\n"}, 0, ""},
};

static void facts_take_one_request(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stats); i++) {
        struct http_server *server = http_server_start(&stats[i].reply, 1);
        struct hw_web_client *client = NULL;
        struct hw_web_facts facts = {0};
        struct hw_error err = HW_ERROR_INIT;
        char address[128];
        snprintf(address, sizeof(address), "%s/a", http_server_url(server));
        assert_ok(hw_web_client_new(&(struct hw_store_options){0}, &client, &err), err);
        assert_ok(hw_web_object_stat(client, address, &facts, &err), err);
        assert_row_int(stats[i].name, facts.size, stats[i].size);
        assert_row_text(stats[i].name, facts.etag, stats[i].etag);
        assert_row_says(stats[i].name, http_server_head(server, "GET ", 0), "Range: bytes=0-0\r\n");
        hw_web_client_free(client);
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
        cmocka_unit_test(objects_come_whole_or_fail),
        cmocka_unit_test(an_empty_object_is_proved_to_be_empty),
        cmocka_unit_test(the_place_where_it_came_from_is_told),
        cmocka_unit_test(facts_take_one_request),
    };
    return cmocka_run_group_tests_name("web/object", tests, environment_set, NULL);
}
