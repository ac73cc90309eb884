/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest of a folder in a bucket: shared with other runs, and where it may not be read. */
#include <stdio.h>

#include "conversions.h"
#include "support/http_server.h"
#include "support/s3_fixture.h"

#define NO_MANIFEST "{\"hawser_manifest\": 1, \"objects\": []}"
#define OTHERS                                                                                                \
    "{\"hawser_manifest\": 1, \"objects\": [{\"path\": \"z.parquet\", \"format\": \"parquet\", \"size\": 9, " \
    "\"rows\": 2, \"sha256\": \"ab00000000000000000000000000000000000000000000000000000000000001\", "         \
    "\"crc64nvme\": \"00000000000000cd\", \"etag\": \"zz\", \"source\": \"in/z.csv\", \"source_size\": 7, "   \
    "\"source_etag\": \"\", \"source_mtime_us\": 5, \"options\": \"ef\", \"rejected\": 0}]}"
#define MANIFEST "/bucket/out/_manifest.json "
#define NO_MANIFEST_BYTES "37"
#define OTHERS_BYTES "339"
#define LIST \
    { .match = "GET /bucket?list-type=2", .times = -1, .status = 200, .body = "<ListBucketResult></ListBucketResult>" }
#define OUTPUT                                                                                           \
    {.match = "PUT /bucket/out/a.parquet ", .times = -1, .status = 200, .headers = "ETag: \"o\"\r\n"}, { \
        .match = "HEAD /bucket/out/a.parquet ", .times = -1, .status = 404                               \
    }

struct told {
    size_t warnings;
    struct hw_error warning;
};

static void warning_count(void *ctx, const struct hw_error *warning) {
    struct told *told = ctx;
    told->warnings++;
    told->warning = *warning;
}

static enum hw_status source_convert(struct http_server *server, enum hw_overwrite overwrite, struct told *told,
                                     struct hw_error *err) {
    struct scratch scratch = scratch_make();
    struct hw_convert_result result;
    const char *source = scratch_path(&scratch, "a.csv");
    const struct hw_convert_options options = {
        .overwrite = overwrite,
        .threads = 1,
        .target_store = {.endpoint_url = http_server_url(server), .attempts_max = 1},
        .on_warning = warning_count,
        .ctx = told,
    };
    *told = (struct told){.warning = HW_ERROR_INIT};
    scratch_write(&scratch, "a.csv", "a,b\n1,x\n", 8);
    enum hw_status status = hw_convert(&source, 1, "s3://bucket/out/", &options, &result, err);
    scratch_remove(&scratch);
    return status;
}

/*
 * Another run has written the manifest since this one read it, and once more before it is written.
 */
static void changes_of_others_are_kept(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        LIST,
        OUTPUT,
        {.match = "HEAD " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m1\"\r\nContent-Length: " NO_MANIFEST_BYTES "\r\n"},
        {.match = "GET " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m1\"\r\n",
         .body = NO_MANIFEST,
         .body_bytes = sizeof(NO_MANIFEST) - 1,
         .ranged = true},
        {.match = "HEAD " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m2\"\r\nContent-Length: " NO_MANIFEST_BYTES "\r\n"},
        {.match = "GET " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m2\"\r\n",
         .body = NO_MANIFEST,
         .body_bytes = sizeof(NO_MANIFEST) - 1,
         .ranged = true},
        {.match = "PUT " MANIFEST, .status = 412},
        {.match = "HEAD " MANIFEST, .status = 200, .headers = "ETag: \"m3\"\r\nContent-Length: " OTHERS_BYTES "\r\n"},
        {.match = "GET " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m3\"\r\n",
         .body = OTHERS,
         .body_bytes = sizeof(OTHERS) - 1,
         .ranged = true},
        {.match = "PUT " MANIFEST, .status = 200, .headers = "ETag: \"m4\"\r\n"},
        {.match = "HEAD " MANIFEST, .status = 200, .headers = "ETag: \"m4\"\r\nContent-Length: 400\r\n"},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    size_t bytes;
    assert_ok(source_convert(server, HW_OVERWRITE_AUTO, &told, &err), err);
    assert_int_equal(http_server_count(server, "HEAD " MANIFEST), 4); /* one before each look */
    assert_int_equal(http_server_count(server, "PUT " MANIFEST), 2);
    assert_non_null(strstr(http_server_head(server, "PUT " MANIFEST, 0), "If-Match: \"m2\""));
    assert_non_null(strstr(http_server_head(server, "PUT " MANIFEST, 1), "If-Match: \"m3\""));
    const char *body = http_server_body(server, "PUT " MANIFEST, 1, &bytes);
    assert_non_null(strstr(body, "\"z.parquet\""));
    assert_non_null(strstr(body, "\"a.parquet\""));
    http_server_stop(server);
}

/*
 * The first manifest of a folder, by two runs at once; the second of them finds that of the first.
 */
static void a_first_manifest_is_not_replaced(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        LIST,
        OUTPUT,
        {.match = "HEAD " MANIFEST, .times = 2, .status = 404},
        {.match = "PUT " MANIFEST, .status = 412},
        {.match = "HEAD " MANIFEST,
         .times = -1,
         .status = 200,
         .headers = "ETag: \"m1\"\r\nContent-Length: " OTHERS_BYTES "\r\n"},
        {.match = "GET " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m1\"\r\n",
         .body = OTHERS,
         .body_bytes = sizeof(OTHERS) - 1,
         .ranged = true},
        {.match = "PUT " MANIFEST, .status = 200, .headers = "ETag: \"m2\"\r\n"},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    size_t bytes;
    assert_ok(source_convert(server, HW_OVERWRITE_AUTO, &told, &err), err);
    assert_non_null(strstr(http_server_head(server, "PUT " MANIFEST, 0), "If-None-Match: *"));
    assert_non_null(strstr(http_server_body(server, "PUT " MANIFEST, 1, &bytes), "\"z.parquet\""));
    http_server_stop(server);
}

/*
 * A service told two runs at once that each was the only one: the one whose changes are gone makes
 * them again.
 */
static void changes_that_got_lost_are_made_again(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        LIST,
        OUTPUT,
        {.match = "HEAD " MANIFEST, .times = 2, .status = 404},
        {.match = "PUT " MANIFEST, .status = 200, .headers = "ETag: \"m2\"\r\n"},
        {.match = "HEAD " MANIFEST,
         .times = 2,
         .status = 200,
         .headers = "ETag: \"m3\"\r\nContent-Length: " OTHERS_BYTES "\r\n"},
        {.match = "GET " MANIFEST,
         .status = 200,
         .headers = "ETag: \"m3\"\r\n",
         .body = OTHERS,
         .body_bytes = sizeof(OTHERS) - 1,
         .ranged = true},
        {.match = "PUT " MANIFEST, .status = 200, .headers = "ETag: \"m4\"\r\n"},
        {.match = "HEAD " MANIFEST, .times = -1, .status = 200, .headers = "ETag: \"m4\"\r\nContent-Length: 400\r\n"},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    size_t bytes;
    assert_ok(source_convert(server, HW_OVERWRITE_AUTO, &told, &err), err);
    assert_int_equal(http_server_count(server, "PUT " MANIFEST), 2);
    assert_non_null(strstr(http_server_head(server, "PUT " MANIFEST, 1), "If-Match: \"m3\""));
    const char *body = http_server_body(server, "PUT " MANIFEST, 1, &bytes);
    assert_non_null(strstr(body, "\"z.parquet\""));
    assert_non_null(strstr(body, "\"a.parquet\""));
    http_server_stop(server);
}

/* A service that does not know conditions gets the manifest without one. */
static void a_service_without_conditions_is_lived_with(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        LIST,
        OUTPUT,
        {.match = "GET " MANIFEST, .times = -1, .status = 404},
        {.match = "HEAD " MANIFEST, .times = -1, .status = 404},
        {.match = "PUT " MANIFEST, .status = 501, .body = "<Error><Code>NotImplemented</Code></Error>"},
        {.match = "PUT " MANIFEST, .status = 200, .headers = "ETag: \"m2\"\r\n"},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    assert_ok(source_convert(server, HW_OVERWRITE_AUTO, &told, &err), err);
    assert_null(strstr(http_server_head(server, "PUT " MANIFEST, 1), "If-None-Match: *"));
    http_server_stop(server);
}

/*
 * Where nothing may be read: the error says what to do, and that does it, with a word on what is
 * not known then.
 */
static void a_place_that_takes_and_tells_nothing(void **state) {
    (void)state;
    static const struct http_reply script[] = {
        {.match = "PUT /bucket/out/a.parquet ", .times = -1, .status = 200, .headers = "ETag: \"o\"\r\n"},
        {.match = "PUT " MANIFEST, .times = -1, .status = 200, .headers = "ETag: \"m\"\r\n"},
        {.match = NULL, .times = -1, .status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct told told;
    assert_int_equal(source_convert(server, HW_OVERWRITE_AUTO, &told, &err), HW_EAUTH);
    assert_non_null(strstr(err.message, "--overwrite replace does without it"));
    assert_int_equal(http_server_count(server, "PUT "), 0);
    assert_ok(source_convert(server, HW_OVERWRITE_REPLACE, &told, &err), err);
    assert_int_equal(told.warnings, 2); /* the manifest, and runs that did not end */
    assert_int_equal(http_server_count(server, "PUT " MANIFEST), 1);
    assert_null(strstr(http_server_head(server, "PUT " MANIFEST, 0), "If-"));
    http_server_stop(server);
}

/* What there is at the destination, and how many requests a run of some small files makes. */
static void new_outputs_cost_one_request(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_overwrite overwrite;
        unsigned sources;
        int status;                /* of listings */
        const char *listed;        /* a key; "": none */
        size_t lists, heads, puts; /* of the folder, and of outputs */
    } rows[] = {
        {"one listing", HW_OVERWRITE_AUTO, 40, 200, "", 1, 0, 40},
        {"one is there, of no manifest", HW_OVERWRITE_AUTO, 40, 200, "out/f07.parquet", 1, 1, 40},
        {"it may not be listed", HW_OVERWRITE_AUTO, 40, 403, "", 1, 40, 40},
        {"few outputs", HW_OVERWRITE_AUTO, 31, 200, "", 0, 31, 31},
        {"skip", HW_OVERWRITE_SKIP, 40, 200, "", 0, 40, 40},
        {"replace", HW_OVERWRITE_REPLACE, 40, 200, "", 0, 0, 40},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char listing[300] = "<ListBucketResult></ListBucketResult>";
        if (rows[i].listed[0] != '\0') {
            snprintf(listing, sizeof(listing),
                     "<ListBucketResult><Contents><Key>%s</Key><Size>1</Size></Contents></ListBucketResult>",
                     rows[i].listed);
        }
        const struct http_reply script[] = {
            {.match = "prefix=out%2F HTTP", .times = -1, .status = rows[i].status, .body = listing},
            LIST,
            {.match = "HEAD ", .times = -1, .status = 404},
            {.match = "PUT ", .times = -1, .status = 200, .headers = "ETag: \"o\"\r\n"},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        for (unsigned k = 0; k < rows[i].sources; k++) {
            char name[32];
            snprintf(name, sizeof(name), "f%02u.csv", k);
            scratch_write(&scratch, name, "a,b\n1,x\n", 8);
        }
        const struct hw_convert_options options = {
            .overwrite = rows[i].overwrite,
            .threads = 1,
            .target_store = {.endpoint_url = http_server_url(server), .attempts_max = 1},
        };
        const char *source = scratch_path(&scratch, "");
        assert_ok(hw_convert(&source, 1, "s3://bucket/out/", &options, &result, &err), err);
        assert_row_int(rows[i].name, result.converted, rows[i].sources);
        assert_row_int(rows[i].name, http_server_count(server, "prefix=out%2F HTTP"), rows[i].lists);
        assert_row_int(rows[i].name, http_server_count(server, "HEAD /bucket/out/f"), rows[i].heads);
        assert_row_int(rows[i].name, http_server_count(server, "PUT /bucket/out/f"), rows[i].puts);
        scratch_remove(&scratch);
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
        cmocka_unit_test(changes_of_others_are_kept),
        cmocka_unit_test(a_first_manifest_is_not_replaced),
        cmocka_unit_test(changes_that_got_lost_are_made_again),
        cmocka_unit_test(a_service_without_conditions_is_lived_with),
        cmocka_unit_test(a_place_that_takes_and_tells_nothing),
        cmocka_unit_test(new_outputs_cost_one_request),
    };
    return cmocka_run_group_tests_name("pipeline/convert_folder_s3", tests, environment_set, NULL);
}
