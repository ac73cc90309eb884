/* SPDX-License-Identifier: Apache-2.0 */
#include "web/reply.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define DATE "Date: Sat, 21 Nov 2026 13:20:45 GMT\r\n"
#define LONG_AGO "Last-Modified: Sat, 21 Nov 2026 13:20:43 GMT\r\n"
#define JUST_NOW "Last-Modified: Sat, 21 Nov 2026 13:20:44 GMT\r\n"

static const struct {
    const char *name;
    const char *headers;
    const char *etag;
    const char *modified;
    bool strong;
    bool pinned;
} facts[] = {
    {"nothing", "", "", "", false, false},
    {"a strong ETag", "ETag: \"e\"\r\n", "\"e\"", "", true, true},
    {"a weak ETag", "ETag: W/\"e\"\r\n" DATE JUST_NOW, "W/\"e\"", "Sat, 21 Nov 2026 13:20:44 GMT", false, false},
    {"a weak ETag and an old date", "ETag: W/\"e\"\r\n" DATE LONG_AGO, "W/\"e\"", "Sat, 21 Nov 2026 13:20:43 GMT",
     false, true},
    {"no ETag of the standard", "ETag: e\r\n", "e", "", false, false},
    {"one quote", "ETag: \"\r\n", "\"", "", false, false},
    {"an old date", DATE LONG_AGO, "", "Sat, 21 Nov 2026 13:20:43 GMT", false, true},
    {"a date of just now", DATE JUST_NOW, "", "Sat, 21 Nov 2026 13:20:44 GMT", false, false},
    {"an old date without a clock", LONG_AGO, "", "Sat, 21 Nov 2026 13:20:43 GMT", false, false},
    {"no date", DATE "Last-Modified: yesterday\r\n", "", "", false, false},
};

static void facts_come_from_headers(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        HW_AUTO(hw_http_response) response = s3_response(206, facts[i].headers, "");
        struct hw_web_facts got;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_web_facts_read(&response, &got, &err), err);
        assert_row_text(facts[i].name, got.etag, facts[i].etag);
        assert_row_text(facts[i].name, got.modified, facts[i].modified);
        assert_row_int(facts[i].name, got.strong, facts[i].strong);
        assert_row_int(facts[i].name, got.pinned, facts[i].pinned);
        assert_row_int(facts[i].name, got.mtime_us != 0, facts[i].modified[0] != '\0');
    }
}

static const struct {
    const char *encoding;
    enum hw_status want;
    bool packed;
} encodings[] = {
    {"Content-Encoding: identity\r\n", HW_OK, false},
    {"Content-Encoding: GZIP\r\n", HW_OK, true},
    {"Content-Encoding: x-gzip\r\n", HW_OK, true},
    {"Content-Encoding: zstd\r\n", HW_OK, true},
    {"Content-Encoding:\r\n", HW_OK, false},
    {"Content-Encoding: br\r\n", HW_EUNSUPPORTED, false},
    {"Content-Encoding: deflate\r\n", HW_EUNSUPPORTED, false},
};

static void packings_that_nobody_would_see_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(encodings); i++) {
        HW_AUTO(hw_http_response) response = s3_response(200, encodings[i].encoding, "");
        struct hw_web_facts got = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(encodings[i].encoding, hw_web_facts_read(&response, &got, &err), encodings[i].want);
        assert_row_int(encodings[i].encoding, got.packed, encodings[i].packed);
        assert_row_says(encodings[i].encoding, err.message, encodings[i].want ? "which was not asked for" : "");
    }
}

static const struct {
    const char *name;
    struct hw_web_facts one;
    struct hw_web_facts other;
    bool same;
} pairs[] = {
    {"strong", {.etag = "\"e\"", .strong = true}, {.etag = "\"e\"", .strong = true, .modified = "x"}, true},
    {"another", {.etag = "\"e\"", .strong = true}, {.etag = "\"f\"", .strong = true}, false},
    {"gone", {.etag = "\"e\"", .strong = true}, {.etag = ""}, false},
    {"times", {.modified = "x"}, {.modified = "x"}, true},
    {"other times", {.modified = "x"}, {.modified = "y"}, false},
    {"weak and times", {.etag = "W/\"e\"", .modified = "x"}, {.etag = "W/\"f\"", .modified = "x"}, false},
    {"packed meanwhile", {.etag = "\"e\"", .strong = true}, {.etag = "\"e\"", .strong = true, .packed = true}, false},
};

static void versions_are_compared(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_row_int(pairs[i].name, hw_web_facts_same(&pairs[i].one, &pairs[i].other), pairs[i].same);
    }
}

static const struct {
    int http_status;
    bool queried;
    enum hw_status want;
    const char *says;
} faults[] = {
    {401, false, HW_EAUTH, "who asks"},
    {403, false, HW_EAUTH, "refuses to hand"},
    {403, true, HW_EAUTH, "the signature may have expired"},
    {400, true, HW_EFAILED, "the signature may have expired"},
    {400, false, HW_EFAILED, "refuses the request"},
    {404, true, HW_ENOTFOUND, "no such object"},
    {410, false, HW_ENOTFOUND, "no more"},
    {408, false, HW_ENETWORK, "waited"},
    {412, false, HW_ECHANGED, "replaced"},
    {416, false, HW_ECHANGED, "shorter"},
    {429, false, HW_ETHROTTLED, "less often"},
    {500, false, HW_ESERVER, "the server fails"},
    {503, false, HW_ESERVER, "the server fails"},
    {204, false, HW_EPROTOCOL, "no object"},
    {304, false, HW_EPROTOCOL, "no object"},
};

static void statuses_have_words(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        HW_AUTO(hw_http_response) response = s3_response(faults[i].http_status, "", "<html>canary</html>");
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(faults[i].says, hw_web_reply_fail(&response, faults[i].queried, &err), faults[i].want);
        assert_row_int(faults[i].says, err.http_status, faults[i].http_status);
        assert_row_says(faults[i].says, err.message, faults[i].says);
        assert_null(strstr(err.message, "canary"));
        assert_row_int(faults[i].says, strstr(err.message, "signature") != NULL,
                       faults[i].queried && faults[i].http_status != 404);
    }
}

static void pauses_are_asked_for_in_seconds(void **state) {
    (void)state;
    static const struct {
        const char *headers;
        int64_t want_ms;
    } rows[] = {{"", 0},
                {"Retry-After: 7\r\n", 7000},
                {"Retry-After: -7\r\n", 0},
                {"Retry-After: Sat, 21 Nov 2026 13:20:45 GMT\r\n", 0},
                {"Retry-After: 99999999999999\r\n", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_http_response) response = s3_response(503, rows[i].headers, "");
        assert_row_int(rows[i].headers, hw_web_retry_after_ms(&response), rows[i].want_ms);
    }
    for (int status = 299; status <= 309; status++) {
        const bool want = status >= 301 && status != 304 && status != 305 && status != 306 && status <= 308;
        assert_row_int("redirect", hw_web_redirect(status), want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_from_headers),         cmocka_unit_test(packings_that_nobody_would_see_are_refused),
        cmocka_unit_test(versions_are_compared),           cmocka_unit_test(statuses_have_words),
        cmocka_unit_test(pauses_are_asked_for_in_seconds),
    };
    return cmocka_run_group_tests_name("web/reply", tests, NULL, NULL);
}
