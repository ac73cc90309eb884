/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/described.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define FACTS "Content-Length: 9\r\nETag: \"e\"\r\n"
#define ALL                                                                                                      \
    FACTS "Content-Type: text/csv\r\nContent-Encoding: gzip\r\nContent-Language: de\r\n"                         \
          "Content-Disposition: inline\r\nCache-Control: no-store\r\nExpires: Thu, 01 Dec 2026 16:00:00 GMT\r\n" \
          "x-amz-meta-a: 1\r\nx-amz-meta-b: 2\r\n"
#define TAGS "<Tagging><TagSet><Tag><Key>k 1</Key><Value>v&amp;</Value></Tag></TagSet></Tagging>"

static const char *text_of(const char *text) {
    return text ? text : "none";
}

static const struct hw_metadata given_metadata[] = {{"c", "3"}};
static const struct {
    const char *name;
    const char *headers;
    struct hw_write_options given;
    const char *type, *encoding, *language, *disposition, *cache, *expires;
    size_t metadata;
    const char *first;   /* value of the first entry; NULL: none */
    const char *tagging; /* NULL: none */
    size_t requests;
} kept[] = {
    {"all", ALL, {0}, "text/csv", "gzip", "de", "inline", "no-store", "Thu, 01 Dec 2026 16:00:00 GMT", 2, "1", NULL, 1},
    {"none", FACTS, {0}, "none", "none", "none", "none", "none", "none", 0, NULL, NULL, 1},
    {"texts that are given",
     ALL,
     {.content_type = "a/b",
      .content_encoding = "br",
      .content_language = "fr",
      .content_disposition = "x",
      .cache_control = "y",
      .expires = "z"},
     "a/b",
     "br",
     "fr",
     "x",
     "y",
     "z",
     2,
     "1",
     NULL,
     1},
    {"metadata that is given",
     ALL,
     {.metadata = given_metadata, .metadata_count = 1},
     "text/csv",
     "gzip",
     "de",
     "inline",
     "no-store",
     "Thu, 01 Dec 2026 16:00:00 GMT",
     1,
     "3",
     NULL,
     1},
    {"tags",
     FACTS "x-amz-tagging-count: 1\r\n",
     {0},
     "none",
     "none",
     "none",
     "none",
     "none",
     "none",
     0,
     NULL,
     "k%201=v%26",
     2},
    {"tags that are given",
     FACTS "x-amz-tagging-count: 1\r\n",
     {.tagging = "a=b"},
     "none",
     "none",
     "none",
     "none",
     "none",
     "none",
     0,
     NULL,
     "a=b",
     1},
    {"a storage class that is given",
     FACTS,
     {.storage_class = "GLACIER"},
     "none",
     "none",
     "none",
     "none",
     "none",
     "none",
     0,
     NULL,
     NULL,
     1},
};

static void descriptions_are_kept_but_for_what_is_given(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        const struct http_reply script[] = {{.match = "HEAD ", .status = 200, .headers = kept[i].headers},
                                            {.match = "?tagging", .status = 200, .body = TAGS}};
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct hw_described described = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_described_load(&described, fixture.client, "k", NULL, &kept[i].given, &err), err);
        const struct hw_write_options *got = &described.options;
        assert_row_text(kept[i].name, text_of(got->content_type), kept[i].type);
        assert_row_text(kept[i].name, text_of(got->content_encoding), kept[i].encoding);
        assert_row_text(kept[i].name, text_of(got->content_language), kept[i].language);
        assert_row_text(kept[i].name, text_of(got->content_disposition), kept[i].disposition);
        assert_row_text(kept[i].name, text_of(got->cache_control), kept[i].cache);
        assert_row_text(kept[i].name, text_of(got->expires), kept[i].expires);
        assert_row_int(kept[i].name, got->metadata_count, kept[i].metadata);
        assert_row_text(kept[i].name, kept[i].first ? got->metadata[0].value : "", kept[i].first ? kept[i].first : "");
        assert_row_text(kept[i].name, text_of(got->tagging), text_of(kept[i].tagging));
        assert_row_text(kept[i].name, text_of(got->storage_class), text_of(kept[i].given.storage_class));
        assert_row_int(kept[i].name, http_server_count(fixture.server, ""), kept[i].requests);
        hw_described_release(&described);
        hw_described_release(&described);
        s3_fixture_close(&fixture);
    }
}

static void nothing_may_be_given(void **state) {
    (void)state;
    const struct http_reply head = {.match = "HEAD ", .status = 200, .headers = ALL};
    struct s3_fixture fixture = s3_fixture_open(&head, 1, NULL);
    struct hw_described described = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_described_load(&described, fixture.client, "k", NULL, NULL, &err), err);
    assert_string_equal(described.options.content_type, "text/csv");
    assert_int_equal(described.source.object.size, 9);
    hw_described_release(&described);
    s3_fixture_close(&fixture);
}

static void what_cannot_be_kept_is_a_failure(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct http_reply head, tags;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"no object", {.match = "HEAD ", .status = 404, .times = -1}, {0}, HW_ENOTFOUND, ""},
        {"denied", {.match = "HEAD ", .status = 403, .times = -1}, {0}, HW_EAUTH, ""},
        {"metadata that no header holds",
         {.match = "HEAD ", .status = 200, .headers = FACTS "x-amz-missing-meta: 2\r\n"},
         {0},
         HW_EUNSUPPORTED,
         "2 entries of its metadata cannot be read, so a copy would lose them"},
        {"tags that may not be read",
         {.match = "HEAD ", .status = 200, .headers = FACTS "x-amz-tagging-count: 1\r\n"},
         {.match = "?tagging", .status = 403, .times = -1},
         HW_EAUTH,
         ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {rows[i].head, rows[i].tags};
        struct s3_fixture fixture = s3_fixture_open(script, rows[i].tags.match ? 2 : 1, NULL);
        struct hw_described described = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_described_load(&described, fixture.client, "k", NULL, NULL, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        hw_described_release(&described);
        s3_fixture_close(&fixture);
    }
}

static void what_a_service_would_take_from_the_source_is_known(void **state) {
    (void)state;
    static const struct hw_metadata metadata[] = {{"c", "3"}};
    static const struct {
        const char *name;
        struct hw_write_options given;
        bool want;
    } rows[] = {
        {"nothing", {0}, false},
        {"type", {.content_type = "a/b"}, true},
        {"encoding", {.content_encoding = "br"}, true},
        {"language", {.content_language = "fr"}, true},
        {"disposition", {.content_disposition = "x"}, true},
        {"cache", {.cache_control = "y"}, true},
        {"expires", {.expires = "z"}, true},
        {"metadata", {.metadata = metadata, .metadata_count = 1}, true},
        {"tags have a directive of their own", {.tagging = "a=b"}, false},
        {"a storage class is the copy's alone", {.storage_class = "GLACIER"}, false},
    };
    assert_false(hw_described_replaces(NULL));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_described_replaces(&rows[i].given), rows[i].want);
    }
}

static int environment_make(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptions_are_kept_but_for_what_is_given),
        cmocka_unit_test(nothing_may_be_given),
        cmocka_unit_test(what_cannot_be_kept_is_a_failure),
        cmocka_unit_test(what_a_service_would_take_from_the_source_is_known),
    };
    return cmocka_run_group_tests_name("s3/described", tests, environment_make, NULL);
}
