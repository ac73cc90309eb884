/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/versions.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define VERSION(key, id) "<Version><Key>" key "</Key><VersionId>" id "</VersionId><Size>1</Size></Version>"
#define MORE(key, id)                                                       \
    "<IsTruncated>true</IsTruncated><NextKeyMarker>" key "</NextKeyMarker>" \
    "<NextVersionIdMarker>" id "</NextVersionIdMarker>"
#define PAGE(inside) "<ListVersionsResult>" inside "</ListVersionsResult>"

static const struct {
    const char *name;
    const char *first;
    const char *second; /* for key-marker=p%2Fa */
    enum hw_status want;
    const char *entries;
    const char *says;
} rows[] = {
    {"one page", PAGE(VERSION("p/a", "2") VERSION("p/a", "1")), PAGE(""), HW_OK, "p/a@2 p/a@1 ", ""},
    {"two pages", PAGE(MORE("p/a", "2") VERSION("p/a", "2")), PAGE(VERSION("p/a", "1")), HW_OK, "p/a@2 p/a@1 ", ""},
    {"another key", PAGE(VERSION("q", "1")), PAGE(""), HW_EPROTOCOL, "",
     "the key \"q\" does not begin with the prefix"},
    {"no place to go on", PAGE("<IsTruncated>true</IsTruncated>"), PAGE(""), HW_EPROTOCOL, "", "but not where"},
    {"a place that stays", PAGE(MORE("p/a", "2") VERSION("p/a", "2")), PAGE(MORE("p/a", "2") VERSION("p/a", "1")),
     HW_EPROTOCOL, "p/a@2 ", "does not move on"},
    {"cut off", "<ListVersionsResult>", PAGE(""), HW_EPROTOCOL, "", "ListObjectVersions: the reply is no listing"},
    {"somebody's page", "<html/>", PAGE(""), HW_EPROTOCOL, "", "no root element ListVersionsResult"},
};

static enum hw_status entry_note(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "%s@%s ", entry->key, entry->version_id);
}

static void listing_is_whole_or_fails(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {
            {.match = "&prefix=p%2F&delimiter=%2F&key-marker=p%2Fa&version-id-marker=2 ",
             .times = -1,
             .status = 200,
             .body = rows[i].second},
            {.match = "GET /bucket?versions=", .times = -1, .status = 200, .body = rows[i].first},
        };
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        HW_AUTO(hw_buf) entries = {0};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = hw_s3_versions_list(fixture.client, "p/", "/", entry_note, &entries, &err);
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_bytes(rows[i].name, entries.data, entries.size, rows[i].entries, strlen(rows[i].entries));
        assert_row_says(rows[i].name, err.message, rows[i].says);
        s3_fixture_close(&fixture);
    }
}

static enum hw_status entry_refuse(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err) {
    (void)ctx;
    return hw_fail(err, HW_ECANCELLED, "not %s", entry->key);
}

static void callers_have_the_last_word(void **state) {
    (void)state;
    const struct http_reply reply = {.times = -1, .status = 200, .body = PAGE(VERSION("a", "1"))};
    struct s3_fixture fixture = s3_fixture_open(&reply, 1, NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_s3_versions_list(fixture.client, "", NULL, entry_refuse, NULL, &err), HW_ECANCELLED);
    assert_string_equal(err.message, "not a");
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing_is_whole_or_fails),
        cmocka_unit_test(callers_have_the_last_word),
    };
    return cmocka_run_group_tests_name("s3/versions", tests, environment_set, NULL);
}
