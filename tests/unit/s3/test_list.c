/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/list.h"

#include "core/limits.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define OBJECT(key)       \
    "<Contents><Key>" key \
    "</Key><LastModified>2026-11-21T13:20:45.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size></Contents>"
#define PAGE(inside) "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" inside "</ListBucketResult>"
#define MORE(token) "<IsTruncated>true</IsTruncated><NextContinuationToken>" token "</NextContinuationToken>"
#define ENCODED "<EncodingType>url</EncodingType>"

static const struct {
    const char *name;
    struct http_reply first;
    /* to whoever comes with a token; used up, that one gets a last page with "b" */
    struct http_reply second;
    enum hw_status want;
    const char *keys; /* all that were handed out, ';' after each */
    const char *says;
} rows[] = {
    {"one page", {.body = PAGE("<IsTruncated>false</IsTruncated>" OBJECT("a") OBJECT("b"))}, {0}, HW_OK, "a;b;", ""},
    {"no object", {.body = PAGE("<IsTruncated>false</IsTruncated>")}, {0}, HW_OK, "", ""},
    {"two pages", {.body = PAGE(MORE("t/1=") OBJECT("a"))}, {.body = PAGE(OBJECT("b"))}, HW_OK, "a;b;", ""},
    {"a page without an object", {.body = PAGE(MORE("t"))}, {.body = PAGE(OBJECT("b"))}, HW_OK, "b;", ""},
    {"encoded keys", {.body = PAGE(OBJECT("a+b%2Bc%25%01%0A%C3%A9") ENCODED)}, {0}, HW_OK, "a b+c%\x01\n\xc3\xa9;", ""},
    {"keys as they are", {.body = PAGE(OBJECT("a+b%2Bc"))}, {0}, HW_OK, "a+b%2Bc;", ""},
    {"broken encoding",
     {.body = PAGE(OBJECT("a%2") ENCODED), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "not followed by two hex digits"},
    {"a NUL in a key", {.body = PAGE(OBJECT("a%00b") ENCODED), .times = -1}, {0}, HW_EPROTOCOL, "", "NUL byte"},
    {"the token repeats",
     {.body = PAGE(MORE("t") OBJECT("a"))},
     {.body = PAGE(MORE("t") OBJECT("b")), .times = -1},
     HW_EPROTOCOL,
     "a;",
     "token repeats"},
    {"the page repeats",
     {.body = PAGE(MORE("t") OBJECT("a"))},
     {.body = PAGE(MORE("u") OBJECT("a")), .times = -1},
     HW_EPROTOCOL,
     "a;",
     "goes back to \"a\""},
    {"more without a token",
     {.body = PAGE("<IsTruncated>true</IsTruncated>" OBJECT("a")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "but not where"},
    {"a second page fails",
     {.body = PAGE(MORE("t") OBJECT("a"))},
     {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     HW_EAUTH,
     "a;",
     "ListObjectsV2: refused"},
    {"a second page fails once", {.body = PAGE(MORE("t") OBJECT("a"))}, {.status = 503}, HW_OK, "a;b;", ""},
    {"a page is cut off",
     {.body = "<ListBucketResult>" OBJECT("a"), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "the reply is no listing: not XML"},
    {"an error in a 200",
     {.body = "<Error><Code>InternalError</Code></Error>", .times = -1},
     {0},
     HW_ESERVER,
     "",
     "ListObjectsV2: an <Error> inside HTTP 200: server error"},
    {"no key",
     {.body = PAGE("<Contents><Size>1</Size></Contents>"), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "without a key or a size"},
    {"no size",
     {.body = PAGE("<Contents><Key>k</Key></Contents>"), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "without a key or a size"},
    {"a size of 2^64",
     {.body = PAGE("<Contents><Key>k</Key><Size>18446744073709551616</Size></Contents>"), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "\"18446744073709551616\" is no size"},
    {"a negative size",
     {.body = PAGE("<Contents><Key>k</Key><Size>-1</Size></Contents>"), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "\"-1\" is no size"},
    {"a document type",
     {.body = "<!DOCTYPE a><ListBucketResult/>", .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "no root element ListBucketResult; its body begins with \"<!DOCTYPE"},
    {"a document type behind the declaration",
     {.body = "<ListBucketResult><!DOCTYPE a></ListBucketResult>", .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "the reply is no listing: not XML"},
    {"IsTruncated in capitals",
     {.body = PAGE("<IsTruncated>TRUE</IsTruncated>" OBJECT("a")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "IsTruncated is \"TRUE\", neither true nor false"},
    {"IsTruncated without a value",
     {.body = PAGE("<IsTruncated/>" OBJECT("a")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "IsTruncated is \"\""},
    {"a token, but IsTruncated is missing",
     {.body = PAGE("<NextContinuationToken>t</NextContinuationToken>" OBJECT("a")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "a token tells where to go on"},
    {"a token, but no more pages",
     {.body = PAGE("<IsTruncated>false</IsTruncated><NextContinuationToken>t</NextContinuationToken>" OBJECT("a")),
      .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "a token tells where to go on"},
    {"a token once, then the page as it should be",
     {.body = PAGE("<NextContinuationToken>t</NextContinuationToken>" OBJECT("a"))},
     {0},
     HW_OK,
     "b;",
     ""},
    {"as many as it says", {.body = PAGE("<KeyCount>2</KeyCount>" OBJECT("a") OBJECT("b"))}, {0}, HW_OK, "a;b;", ""},
    {"fewer than it says",
     {.body = PAGE("<KeyCount>3</KeyCount>" OBJECT("a") OBJECT("b")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "a page of 2 objects says that it has 3"},
    {"more than it says",
     {.body = PAGE("<KeyCount>1</KeyCount>" OBJECT("a") OBJECT("b")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "a page of 2 objects says that it has 1"},
    {"a count that is none",
     {.body = PAGE("<KeyCount>two</KeyCount>" OBJECT("a")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "\"two\" is no KeyCount"},
    {"keys out of order",
     {.body = PAGE(OBJECT("b") OBJECT("a")), .times = -1},
     {0},
     HW_EPROTOCOL,
     "",
     "a page goes back to \"a\""},
    {"a key twice", {.body = PAGE(OBJECT("a") OBJECT("a")), .times = -1}, {0}, HW_EPROTOCOL, "", "goes back to \"a\""},
    {"keys in the order of bytes",
     {.body = PAGE(OBJECT("B") OBJECT("a") OBJECT("a/b") OBJECT("\xc3\xa9"))},
     {0},
     HW_OK,
     "B;a;a/b;\xc3\xa9;",
     ""},
};

static enum hw_status entry_note(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    assert_int_equal(entry->size, 3);
    assert_int_equal(entry->mtime_us, 1795267245000000);
    assert_string_equal(entry->etag, "\"e\"");
    return hw_buf_printf(ctx, err, "%s;", entry->key);
}

static void listing_is_whole_or_fails(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[] = {
            rows[i].second,
            {.match = "&continuation-token=t", .status = 200, .body = PAGE(OBJECT("b"))},
            rows[i].first,
            {.status = 200, .body = PAGE(OBJECT("b"))},
        };
        script[0].match = "&continuation-token=t";
        script[0].status = script[0].status ? script[0].status : 200;
        script[2].status = 200;
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        HW_AUTO(hw_buf) keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = hw_s3_list(fixture.client, &(struct hw_s3_list_options){0}, entry_note, &keys, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_bytes(rows[i].name, keys.data, keys.size, rows[i].keys, strlen(rows[i].keys));
        assert_row_says(rows[i].name, status ? err.message : "", rows[i].says);
        s3_fixture_close(&fixture);
    }
}

static void tokens_and_prefixes_are_sent_encoded(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "continuation-token", .status = 200, .body = PAGE(OBJECT("x y/b"))},
        {.status = 200, .body = PAGE(MORE("a+/=") OBJECT("x y/a"))},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    HW_AUTO(hw_buf) keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_list(fixture.client, &(struct hw_s3_list_options){.prefix = "x y/"}, entry_note, &keys, &err), err);
    assert_int_equal(
        http_server_count(fixture.server, "GET /bucket?list-type=2&encoding-type=url&prefix=x%20y%2F HTTP"), 1);
    assert_int_equal(http_server_count(fixture.server, "&prefix=x%20y%2F&continuation-token=a%2B%2F%3D HTTP"), 1);
    s3_fixture_close(&fixture);
}

static const struct {
    const char *name;
    const char *prefix;
    const char *page;
    enum hw_status want;
} prefixes[] = {
    {"below it", "raw/", PAGE(OBJECT("raw/") OBJECT("raw/a")), HW_OK},
    {"shorter than it", "raw/", PAGE(OBJECT("a")), HW_EPROTOCOL},
    {"its beginning", "raw/", PAGE(OBJECT("raw")), HW_EPROTOCOL},
    {"another folder's", "raw/", PAGE(OBJECT("raw/a") OBJECT("secret/other.csv")), HW_EPROTOCOL},
    {"encoded", "r+w/", PAGE(ENCODED OBJECT("r%2Bw/a")), HW_OK},
    {"encoded, another", "r+w/", PAGE(ENCODED OBJECT("r+w/a")), HW_EPROTOCOL},
};

static void keys_begin_with_the_prefix(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        const struct http_reply reply = {.status = 200, .times = -1, .body = prefixes[i].page};
        struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
        HW_AUTO(hw_buf) keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_list_options options = {.prefix = prefixes[i].prefix};
        enum hw_status status = hw_s3_list(fixture.client, &options, entry_note, &keys, &err);
        assert_row_int(prefixes[i].name, status, prefixes[i].want);
        if (status != HW_OK) {
            assert_row_int(prefixes[i].name, keys.size, 0);
            assert_row_says(prefixes[i].name, err.message, "does not begin with the prefix \"r");
        }
        s3_fixture_close(&fixture);
    }
}

static enum hw_status entry_count(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    (void)entry;
    ++*(size_t *)ctx;
    return *(size_t *)ctx == 10 ? hw_fail(err, HW_ECANCELLED, "ten are enough") : HW_OK;
}

static void pages_have_a_limit_and_callers_the_last_word(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) body = {0};
    assert_ok(hw_buf_append_text(&body, "<ListBucketResult>", &err), err);
    for (size_t i = 0; i <= HW_LIST_PAGE_OBJECTS_MAX; i++) {
        assert_ok(hw_buf_printf(&body, &err, "<Contents><Key>%06zu</Key><Size>3</Size></Contents>", i), err);
        if (i + 1 == HW_LIST_PAGE_OBJECTS_MAX || i == HW_LIST_PAGE_OBJECTS_MAX) {
            size_t size = body.size;
            assert_ok(hw_buf_append_text(&body, "</ListBucketResult>", &err), err);
            const struct http_reply reply = {.status = 200, .body = (const char *)body.data, .body_bytes = body.size};
            struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
            size_t count = 0;
            bool beyond = i == HW_LIST_PAGE_OBJECTS_MAX;
            assert_int_equal(hw_s3_list(fixture.client, &(struct hw_s3_list_options){0}, entry_count, &count, &err),
                             beyond ? HW_ELIMIT : HW_ECANCELLED);
            assert_row_says("limit", err.message, beyond ? "a page of more than 10000 objects" : "ten are enough");
            assert_int_equal(count, beyond ? 0 : 10);
            s3_fixture_close(&fixture);
            body.size = size;
        }
    }
}

#define PREFIX(text) "<CommonPrefixes><Prefix>" text "</Prefix></CommonPrefixes>"

static const struct {
    const char *name;
    const char *page;
    enum hw_status want;
    const char *entries;
    const char *says;
} levels[] = {
    {"objects and prefixes in one order", PAGE(OBJECT("p/b") OBJECT("p/d") PREFIX("p/a/") PREFIX("p/c/")), HW_OK,
     "p/a/ p/b p/c/ p/d ", ""},
    {"prefixes alone", PAGE(PREFIX("p/a/") PREFIX("p/c/")), HW_OK, "p/a/ p/c/ ", ""},
    {"a '-' is before a '/'", PAGE(PREFIX("p/a-b/") PREFIX("p/a/")), HW_OK, "p/a-b/ p/a/ ", ""},
    {"encoded", PAGE(ENCODED PREFIX("p/a+b%2B/")), HW_OK, "p/a b+/ ", ""},
    {"counted with the objects", PAGE("<KeyCount>2</KeyCount>" OBJECT("p/b") PREFIX("p/a/")), HW_OK, "p/a/ p/b ", ""},
    {"not counted", PAGE("<KeyCount>1</KeyCount>" OBJECT("p/b") PREFIX("p/a/")), HW_OK, "p/a/ p/b ", ""},
    {"counted as three", PAGE("<KeyCount>3</KeyCount>" OBJECT("p/b") PREFIX("p/a/")), HW_EPROTOCOL, "",
     "says that it has 3"},
    {"out of order", PAGE(PREFIX("p/c/") PREFIX("p/a/")), HW_EPROTOCOL, "", "goes back to \"p/a/\""},
    {"of another folder", PAGE(PREFIX("q/")), HW_EPROTOCOL, "", "does not begin with the prefix \"p/\""},
    {"without a name", PAGE("<CommonPrefixes/>"), HW_EPROTOCOL, "", "without a key"},
    {"an object before the start", PAGE(OBJECT("p/0")), HW_EPROTOCOL, "", "goes back to \"p/0\""},
    {"the start itself", PAGE(OBJECT("p/9")), HW_EPROTOCOL, "", "goes back to \"p/9\""},
    {"a prefix before the start", PAGE(PREFIX("p/8/")), HW_OK, "p/8/ ", ""},
};

static enum hw_status level_note(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    const bool prefix = entry->key[strlen(entry->key) - 1] == '/';
    assert_int_equal(entry->kind, prefix ? HW_S3_ENTRY_PREFIX : HW_S3_ENTRY_OBJECT);
    return hw_buf_printf(ctx, err, "%s ", entry->key);
}

static void one_level_has_prefixes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const bool start = strstr(levels[i].name, "start") != NULL;
        const struct http_reply reply = {.status = 200, .times = -1, .body = levels[i].page};
        struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
        HW_AUTO(hw_buf) entries = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_s3_list_options options = {
            .prefix = "p/", .delimiter = "/", .keys_max = 50, .start_after = start ? "p/9" : NULL};
        enum hw_status status = hw_s3_list(fixture.client, &options, level_note, &entries, &err);
        assert_row_int(levels[i].name, status, levels[i].want);
        assert_row_bytes(levels[i].name, entries.data, entries.size, levels[i].entries, strlen(levels[i].entries));
        assert_row_says(levels[i].name, status ? err.message : "", levels[i].says);
        assert_row_int(
            levels[i].name,
            http_server_count(fixture.server, start ? "&max-keys=50&prefix=p%2F&delimiter=%2F&start-after=p%2F9 "
                                                    : "&max-keys=50&prefix=p%2F&delimiter=%2F ") > 0,
            true);
        s3_fixture_close(&fixture);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing_is_whole_or_fails),
        cmocka_unit_test(keys_begin_with_the_prefix),
        cmocka_unit_test(one_level_has_prefixes),
        cmocka_unit_test(tokens_and_prefixes_are_sent_encoded),
        cmocka_unit_test(pages_have_a_limit_and_callers_the_last_word),
    };
    return cmocka_run_group_tests_name("s3/list", tests, environment_set, NULL);
}
