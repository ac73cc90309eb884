/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/sigv4.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "support/corpus.h"
#include "support/rows.h"

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum { HEADERS_MAX = 16 };

/*
 * The examples of the S3 API reference, "Signature Calculations for the Authorization Header", and
 * of AWS's SigV4 test suite.
 */
static const struct hw_sigv4_scope s3_scope = {.region = "us-east-1", .service = "s3", .timestamp = "20130524T000000Z"};
static const struct hw_sigv4_scope suite_scope = {
    .region = "us-east-1", .service = "service", .timestamp = "20150830T123600Z", .normalise_path = true};
static const struct hw_credentials s3_keys = {.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                                              .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
static const struct hw_credentials suite_keys = {.access_key_id = "AKIDEXAMPLE",
                                                 .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

static const struct {
    const char *name;
    const struct hw_sigv4_scope *scope;
    const struct hw_credentials *keys;
    const char *method, *path, *query, *payload_sha256;
    struct hw_sigv4_header headers[HEADERS_MAX];
    const char *want;
} example_rows[] = {
    {"S3: GET object with a range",
     &s3_scope,
     &s3_keys,
     "GET",
     "/test.txt",
     "",
     EMPTY_SHA256,
     {{"Host", "examplebucket.s3.amazonaws.com"},
      {"Range", "bytes=0-9"},
      {"x-amz-content-sha256", EMPTY_SHA256},
      {"x-amz-date", "20130524T000000Z"}},
     "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
     "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
     "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
    {"S3: PUT object",
     &s3_scope,
     &s3_keys,
     "PUT",
     "/test%24file.text",
     "",
     "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
     {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
      {"Host", "examplebucket.s3.amazonaws.com"},
      {"x-amz-date", "20130524T000000Z"},
      {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
      {"x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"}},
     "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
     "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, "
     "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
    {"S3: GET bucket lifecycle, a name without '='",
     &s3_scope,
     &s3_keys,
     "GET",
     "/",
     "lifecycle",
     EMPTY_SHA256,
     {{"Host", "examplebucket.s3.amazonaws.com"},
      {"x-amz-date", "20130524T000000Z"},
      {"x-amz-content-sha256", EMPTY_SHA256}},
     "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
     "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
     "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
    {"S3: list objects, parameters out of order",
     &s3_scope,
     &s3_keys,
     "GET",
     "",
     "prefix=J&max-keys=2",
     EMPTY_SHA256,
     {{"Host", "examplebucket.s3.amazonaws.com"},
      {"x-amz-date", "20130524T000000Z"},
      {"x-amz-content-sha256", EMPTY_SHA256}},
     "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
     "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
     "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    {"suite: get-vanilla",
     &suite_scope,
     &suite_keys,
     "GET",
     "/",
     "",
     EMPTY_SHA256,
     {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}},
     "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
     "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"suite: get-header-key-duplicate",
     &suite_scope,
     &suite_keys,
     "GET",
     "/",
     "",
     EMPTY_SHA256,
     {{"Host", "example.amazonaws.com"},
      {"My-Header1", "value2"},
      {"My-Header1", "value2"},
      {"My-Header1", "value1"},
      {"X-Amz-Date", "20150830T123600Z"}},
     "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
     "SignedHeaders=host;my-header1;x-amz-date, "
     "Signature=c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
};

static size_t headers_count(const struct hw_sigv4_header headers[HEADERS_MAX]) {
    size_t count = 0;
    while (count < HEADERS_MAX && headers[count].name) {
        count++;
    }
    return count;
}

static void published_examples_sign_as_published(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(example_rows); i++) {
        const char *name = example_rows[i].name;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) value = {0};
        struct hw_sigv4_request request = {
            .method = example_rows[i].method,
            .path = example_rows[i].path,
            .query = example_rows[i].query,
            .headers = example_rows[i].headers,
            .headers_count = headers_count(example_rows[i].headers),
            .payload_sha256 = example_rows[i].payload_sha256,
        };

        assert_ok(hw_sigv4_authorization(&request, example_rows[i].scope, example_rows[i].keys, NULL, &value, &err),
                  err);
        assert_ok(hw_buf_end_text(&value, &err), err);
        assert_row_text(name, (const char *)value.data, example_rows[i].want);
    }
}

#define TAIL "\nhost\nUNSIGNED-PAYLOAD"

static const struct {
    const char *name;
    bool normalise;
    const char *path, *query;
    struct hw_sigv4_header header;
    const char *want;
} canonical_rows[] = {
    {"S3 keeps the path", false, "/a//b/../%7E", "", {"Host", "h"}, "GET\n/a//b/../%7E\n\nhost:h\n" TAIL},
    {"other services do not", true, "/a//b/../%7E", "", {"Host", "h"}, "GET\n/a/%257E\n\nhost:h\n" TAIL},
    {"dots above the root", true, "/../../a/.", "", {"Host", "h"}, "GET\n/a\n\nhost:h\n" TAIL},
    {"dots that look like names", true, "/.../..a/", "", {"Host", "h"}, "GET\n/.../..a/\n\nhost:h\n" TAIL},
    {"empty path", true, "", "", {"Host", "h"}, "GET\n/\n\nhost:h\n" TAIL},
    {"name sorts before a longer name, '=' not compared",
     false,
     "/",
     "a-b=1&a=2&a%2Db=0",
     {"Host", "h"},
     "GET\n/\na=2&a-b=0&a-b=1\nhost:h\n" TAIL},
    {"either hex case, a slash, a plus",
     false,
     "/",
     "k=%c3%bc&p=a/b+c",
     {"Host", "h"},
     "GET\n/\nk=%C3%BC&p=a%2Fb%2Bc\nhost:h\n" TAIL},
    {"empty pieces, empty names, '=' in the value",
     false,
     "/",
     "&&=x&a=b=c&",
     {"Host", "h"},
     "GET\n/\n=x&a=b%3Dc\nhost:h\n" TAIL},
    {"blanks trimmed and collapsed", false, "/", "", {"HoST", " \t a  \t b "}, "GET\n/\n\nhost:a b\n" TAIL},
    {"blank value", false, "/", "", {"host", "   "}, "GET\n/\n\nhost:\n" TAIL},
};

static void requests_have_one_canonical_form(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(canonical_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) names = {0};
        struct hw_sigv4_scope scope = {.normalise_path = canonical_rows[i].normalise};
        struct hw_sigv4_request request = {
            .method = "GET",
            .path = canonical_rows[i].path,
            .query = canonical_rows[i].query,
            .headers = &canonical_rows[i].header,
            .headers_count = 1,
            .payload_sha256 = "UNSIGNED-PAYLOAD",
        };

        assert_ok(hw_sigv4_canonical_request(&request, &scope, &text, &names, &err), err);
        assert_ok(hw_buf_end_text(&text, &err), err);
        assert_row_text(canonical_rows[i].name, (const char *)text.data, canonical_rows[i].want);
    }
}

static const struct {
    const char *name;
    struct hw_sigv4_header header;
    const char *query, *timestamp;
    bool anonymous;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"line break in a value",
     {"x-amz-meta-a", "secret\r\nhost: evil"},
     "",
     "20130524T000000Z",
     false,
     HW_EUSAGE,
     "header \"x-amz-meta-a\" cannot go on the wire"},
    {"DEL in a value", {"a", "\177"}, "", "20130524T000000Z", false, HW_EUSAGE, "cannot go on the wire"},
    {"colon in a name", {"a:b", "v"}, "", "20130524T000000Z", false, HW_EUSAGE, "header \"a:b\" cannot go on the wire"},
    {"no name", {"", "v"}, "", "20130524T000000Z", false, HW_EUSAGE, "cannot go on the wire"},
    {"bad escape in the query",
     {"a", "v"},
     "a=%4",
     "20130524T000000Z",
     false,
     HW_EPROTOCOL,
     "the query of the request: a % is not followed by two hex digits"},
    {"timestamp of HTTP",
     {"a", "v"},
     "",
     "2013-05-24T00:00:00Z",
     false,
     HW_EUSAGE,
     "does not have the form 20150830T123600Z"},
    {"timestamp without Z", {"a", "v"}, "", "20130524T0000000", false, HW_EUSAGE, "does not have the form"},
    {"timestamp too short", {"a", "v"}, "", "2013", false, HW_EUSAGE, "does not have the form"},
    {"anonymous", {"a", "v"}, "", "20130524T000000Z", true, HW_EAUTH, "no credentials"},
};

static void what_cannot_be_signed_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const char *name = bad_rows[i].name;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) value = {0};
        struct hw_sigv4_request request = {
            .method = "GET",
            .path = "/",
            .query = bad_rows[i].query,
            .headers = &bad_rows[i].header,
            .headers_count = 1,
            .payload_sha256 = EMPTY_SHA256,
        };
        struct hw_sigv4_scope scope = {.region = "us-east-1", .service = "s3", .timestamp = bad_rows[i].timestamp};
        struct hw_credentials nobody = {0};

        assert_int_equal(hw_buf_append_text(&value, "kept", NULL), HW_OK);
        assert_row_int(
            name,
            hw_sigv4_authorization(&request, &scope, bad_rows[i].anonymous ? &nobody : &s3_keys, NULL, &value, &err),
            bad_rows[i].want);
        assert_row_says(name, err.message, bad_rows[i].says);
        assert_null(strstr(err.message, "secret"));
        assert_row_bytes(name, value.data, value.size, "kept", 4);
    }
}

/* Each scope has a key of its own: what it was made for is all that two differ in. */
static void a_key_is_that_of_its_scope(void **state) {
    (void)state;
    static const struct hw_sigv4_scope scopes[] = {
        {.region = "us-east-1", .service = "s3", .timestamp = "20130524T000000Z"},
        {.region = "us-east-1", .service = "s3", .timestamp = "20130525T000000Z"},
        {.region = "us-east-2", .service = "s3", .timestamp = "20130525T000000Z"},
        {.region = "us-east-2", .service = "s3express", .timestamp = "20130525T000000Z"},
        {.region = "us-east-2", .service = "s3express", .timestamp = "20130525T000000Z", .several_regions = true},
    };
    struct hw_sigv4_key key = {0};
    uint8_t before[sizeof(key.bytes)] = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        struct hw_sigv4_key fresh = {0};
        assert_ok(hw_sigv4_key_for(&key, &scopes[i], &s3_keys, 1, &err), err);
        assert_ok(hw_sigv4_key_for(&fresh, &scopes[i], &s3_keys, 1, &err), err);
        assert_memory_equal(key.bytes, fresh.bytes, sizeof(key.bytes));
        assert_memory_not_equal(key.bytes, before, sizeof(before));
        memcpy(before, key.bytes, sizeof(before));
    }
    assert_ok(hw_sigv4_key_for(&key, &scopes[4], &suite_keys, 1, &err), err);
    assert_memory_equal(key.bytes, before, sizeof(before));
    assert_ok(hw_sigv4_key_for(&key, &scopes[4], &suite_keys, 2, &err), err);
    assert_memory_not_equal(key.bytes, before, sizeof(before));
}

struct failing_memory {
    int fail_at; /* 1: the first request fails */
    int requests;
};

static void *failing_resize(void *ctx, void *block, size_t bytes) {
    struct failing_memory *memory = ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    memory->requests++;
    return memory->requests == memory->fail_at ? NULL : realloc(block, bytes);
}

static void every_refused_allocation_is_survived(void **state) {
    (void)state;
    struct hw_sigv4_header headers[] = {{"Host", "h"}, {"Range", "bytes=0-9"}};
    struct hw_sigv4_request request = {"GET", "/a/../b", "x=1&y=2", headers, COUNT_OF(headers), EMPTY_SHA256};
    enum hw_status status = HW_ENOMEM;
    int failures = 0;

    while (status == HW_ENOMEM) {
        struct failing_memory memory = {.fail_at = failures + 1};
        struct hw_allocator allocator = {failing_resize, &memory};
        struct hw_buf value = {0};

        hw_allocator_set(&allocator);
        status = hw_sigv4_authorization(&request, &suite_scope, &suite_keys, NULL, &value, NULL);
        hw_buf_release(&value);
        hw_allocator_set(NULL);
        failures += status == HW_ENOMEM;
    }
    assert_int_equal(status, HW_OK);
    assert_in_range(failures, 5, 1000);
}

/*
 * AWS's test suite: one folder a case. `token` is the header that get-vanilla-with-session-token's
 * request file leaves out.
 */
static const struct {
    const char *folder;
    const char *token;
} suite_rows[] = {
    {"get-header-key-duplicate", NULL},
    {"get-header-value-multiline", NULL},
    {"get-header-value-order", NULL},
    {"get-header-value-trim", NULL},
    {"get-unreserved", NULL},
    {"get-utf8", NULL},
    {"get-vanilla", NULL},
    {"get-vanilla-empty-query-key", NULL},
    {"get-vanilla-query", NULL},
    {"get-vanilla-query-order-encoded", NULL},
    {"get-vanilla-query-order-key", NULL},
    {"get-vanilla-query-order-key-case", NULL},
    {"get-vanilla-query-order-value", NULL},
    {"get-vanilla-query-unreserved", NULL},
    {"get-vanilla-utf8-query", NULL},
    {"get-vanilla-with-session-token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"},
    {"normalize-path/get-relative", NULL},
    {"normalize-path/get-relative-relative", NULL},
    {"normalize-path/get-slash", NULL},
    {"normalize-path/get-slash-dot-slash", NULL},
    {"normalize-path/get-slash-pointless-dot", NULL},
    {"normalize-path/get-slashes", NULL},
    {"normalize-path/get-space", NULL},
    {"normalize-path/get-special-character", NULL},
    {"post-header-key-case", NULL},
    {"post-header-key-sort", NULL},
    {"post-header-value-case", NULL},
    {"post-sts-token/post-sts-header-after", NULL},
    {"post-sts-token/post-sts-header-before", NULL},
    {"post-vanilla", NULL},
    {"post-vanilla-empty-query-value", NULL},
    {"post-vanilla-query", NULL},
    {"post-x-www-form-urlencoded", NULL},
    {"post-x-www-form-urlencoded-parameters", NULL},
};

/* A file of a case as text without line ends behind it; released by the caller. */
static void suite_file(const char *folder, const char *suffix, struct hw_buf *out) {
    const char *slash = strrchr(folder, '/');
    char path[2048];
    snprintf(path, sizeof(path), "%s/%s/%s.%s", corpus_path("sigv4"), folder, slash ? slash + 1 : folder, suffix);
    if (!corpus_read(path, out)) {
        fail_msg("%s cannot be read", path);
    }
    bool body_matters = strcmp(suffix, "req") == 0;
    while (!body_matters && out->size > 0 && out->data[out->size - 1] == '\n') {
        out->size--;
    }
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
}

struct parsed_request {
    struct hw_sigv4_request request;
    struct hw_sigv4_header headers[HEADERS_MAX];
    char payload_sha256[HW_SHA256_HEX_BYTES];
};

/*
 * Cuts the text of a request file in place. A folded header line becomes a part of the line before
 * it.
 */
static void request_parse(char *text, struct parsed_request *out) {
    *out = (struct parsed_request){
        .request = {.headers = out->headers, .payload_sha256 = out->payload_sha256, .query = ""}};
    char *body = strstr(text, "\n\n");
    if (body) {
        *body = '\0';
        body += 2;
    }
    for (char *fold = strstr(text, "\n "); fold; fold = strstr(fold, "\n ")) {
        *fold = ' ';
    }
    char *rest = text;
    char *line = strsep(&rest, "\n");
    char *space = strchr(line, ' ');
    char *version = strstr(line, " HTTP/1.1");
    assert_non_null(space);
    assert_non_null(version);
    *space = *version = '\0';
    out->request.method = line;
    out->request.path = space + 1;
    char *query = strchr(space + 1, '?');
    if (query) {
        *query = '\0';
        out->request.query = query + 1;
    }
    while ((line = strsep(&rest, "\n")) && *line) {
        char *colon = strchr(line, ':');
        assert_non_null(colon);
        *colon = '\0';
        assert_in_range(out->request.headers_count, 0, HEADERS_MAX - 2);
        out->headers[out->request.headers_count++] = (struct hw_sigv4_header){line, colon + 1};
    }
    uint8_t sum[HW_SHA256_BYTES];
    hw_sha256_of(body ? body : "", body ? strlen(body) : 0, sum);
    hw_hex(sum, sizeof(sum), out->payload_sha256);
}

static void suite_case(const char *folder, const char *token) {
    HW_AUTO(hw_buf) request_text = {0};
    HW_AUTO(hw_buf) want_request = {0};
    HW_AUTO(hw_buf) want_string = {0};
    HW_AUTO(hw_buf) want_value = {0};
    HW_AUTO(hw_buf) got = {0};
    HW_AUTO(hw_buf) names = {0};
    struct parsed_request parsed;
    struct hw_error err = HW_ERROR_INIT;

    suite_file(folder, "req", &request_text);
    suite_file(folder, "creq", &want_request);
    suite_file(folder, "sts", &want_string);
    suite_file(folder, "authz", &want_value);
    request_parse((char *)request_text.data, &parsed);
    if (token) {
        parsed.headers[parsed.request.headers_count++] = (struct hw_sigv4_header){"X-Amz-Security-Token", token};
    }

    assert_ok(hw_sigv4_canonical_request(&parsed.request, &suite_scope, &got, &names, &err), err);
    assert_ok(hw_buf_end_text(&got, &err), err);
    assert_row_text(folder, (char *)got.data, (char *)want_request.data);
    assert_ok(hw_sigv4_string_to_sign(hw_buf_view(&want_request), &suite_scope, &got, &err), err);
    assert_ok(hw_buf_end_text(&got, &err), err);
    assert_row_text(folder, (char *)got.data, (char *)want_string.data);
    assert_ok(hw_sigv4_authorization(&parsed.request, &suite_scope, &suite_keys, NULL, &got, &err), err);
    assert_ok(hw_buf_end_text(&got, &err), err);
    assert_row_text(folder, (char *)got.data, (char *)want_value.data);
}

static void the_suite_of_aws_passes(void **state) {
    (void)state;
    if (!corpus_path("sigv4")) {
        corpus_skip("sigv4");
    }
    for (size_t i = 0; i < COUNT_OF(suite_rows); i++) {
        suite_case(suite_rows[i].folder, suite_rows[i].token);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_sign_as_published), cmocka_unit_test(requests_have_one_canonical_form),
        cmocka_unit_test(what_cannot_be_signed_is_refused),     cmocka_unit_test(a_key_is_that_of_its_scope),
        cmocka_unit_test(every_refused_allocation_is_survived), cmocka_unit_test(the_suite_of_aws_passes),
    };
    return cmocka_run_group_tests_name("aws/sigv4", tests, NULL, NULL);
}
