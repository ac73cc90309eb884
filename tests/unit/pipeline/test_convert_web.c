/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversions of objects of a web server: what they are called, when they are done again, and that
 * no query is told.
 */
#include "conversions.h"
#include "support/http_server.h"
#include "support/s3_fixture.h"

#define CHANGED "Date: Sat, 21 Nov 2026 13:20:45 GMT\r\nLast-Modified: Sat, 21 Nov 2026 11:20:45 GMT\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define CHUNK(text) "9\r\n" text "\r\n0\r\n\r\n"

enum { SOURCES_MAX = 2, NOTES_BYTES = 1024 };

struct told {
    size_t converted;
    size_t skipped;
    struct hw_error error;
    char checksum[16];
    char source[256];
};

static void told_keep(void *ctx, const struct hw_convert_object *object) {
    struct told *told = ctx;
    told->converted += object->outcome == HW_CONVERTED;
    told->skipped += object->outcome == HW_SKIPPED;
    told->error = object->error ? *object->error : (struct hw_error)HW_ERROR_INIT;
    snprintf(told->checksum, sizeof(told->checksum), "%s", object->source_checksum ? object->source_checksum : "-");
    snprintf(told->source, sizeof(told->source), "%s", object->source);
}

static enum hw_status web_convert(const struct scratch *scratch, struct http_server *server,
                                  const char *const paths[SOURCES_MAX], bool merge, struct told *told,
                                  struct hw_error *err) {
    char addresses[SOURCES_MAX][256];
    char target[1024];
    struct hw_convert_result result;
    const char *sources[SOURCES_MAX] = {addresses[0], addresses[1]};
    const struct hw_convert_options options = {
        .formats = HW_FORMAT_CSV,
        .merge = merge,
        .threads = 2,
        .report_path = scratch_path(scratch, "report.json"),
        .source_store = {.attempts_max = 2, .retry_for_ms = 1000},
        .on_object = told_keep,
        .ctx = told,
    };
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        snprintf(addresses[i], sizeof(addresses[i]), "%s%s", http_server_url(server), paths[i] ? paths[i] : "");
    }
    snprintf(target, sizeof(target), "%s", scratch_path(scratch, "out/"));
    *told = (struct told){.error = HW_ERROR_INIT};
    return hw_convert(sources, paths[1] ? 2 : 1, target, &options, &result, err);
}

/* What each run says of itself must not hold the query. */
static void secret_search(const char *name, const struct scratch *scratch) {
    static const char *const files[] = {"report.json", "out/_manifest.json"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char text[16384] = "";
        FILE *file = fopen(scratch_path(scratch, files[i]), "r");
        if (file) {
            assert_row_int(name, fread(text, 1, sizeof(text) - 1, file) > 0, true);
            fclose(file);
        }
        assert_row_int(name, strstr(text, "canary") == NULL, true);
    }
}

static const struct {
    const char *name;
    const char *paths[SOURCES_MAX];
    bool merge;
    struct http_reply reply;
    const char *output;
    size_t converted_again; /* by a second run */
} rows[] = {
    {"a strong ETag", {"/d/my%20a.csv"}, false, {.headers = "ETag: \"e\"\r\n", .ranged = true}, "out/my a.csv", 0},
    {"a strong ETag and a query", {"/a.csv?t=canary"}, false, {.headers = "ETag: \"e\"\r\n"}, "out/a.csv", 0},
    {"a time", {"/a.csv"}, false, {.headers = CHANGED}, "out/a.csv", 0},
    {"a time and a query, which may choose what comes",
     {"/a.csv?t=canary"},
     false,
     {.headers = CHANGED},
     "out/a.csv",
     1},
    {"nothing that tells a version", {"/a.csv"}, false, {.headers = NULL}, "out/a.csv", 1},
    {"a merge of one path",
     {"/a.csv?page=canary1", "/a.csv?page=canary2"},
     true,
     {.headers = "ETag: \"e\"\r\n"},
     "out/merged.csv",
     0},
    {"a merge of what has no version", {"/a.csv", "/b.csv"}, true, {.headers = NULL}, "out/merged.csv", 1},
};

static void objects_are_done_again_where_nothing_says_that_they_are_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply reply = rows[i].reply;
        reply.status = 200;
        reply.times = -1;
        reply.body = "id,x\n1,2\n";
        reply.body_bytes = 9;
        struct http_server *server = http_server_start(&reply, 1);
        struct scratch scratch = scratch_make();
        struct told told;
        struct hw_error err = HW_ERROR_INIT;
        const char *text = rows[i].merge ? "id,x\n1,2\n1,2\n" : "id,x\n1,2\n";
        assert_ok(web_convert(&scratch, server, rows[i].paths, rows[i].merge, &told, &err), err);
        assert_row_int(rows[i].name, told.converted, 1);
        assert_row_text(rows[i].name, told.checksum, "none");
        assert_row_int(rows[i].name, scratch_holds(&scratch, rows[i].output, text, strlen(text)), true);
        secret_search(rows[i].name, &scratch);
        assert_ok(web_convert(&scratch, server, rows[i].paths, rows[i].merge, &told, &err), err);
        assert_row_int(rows[i].name, told.converted, rows[i].converted_again);
        assert_row_int(rows[i].name, told.skipped, 1 - rows[i].converted_again);
        assert_row_int(rows[i].name, strstr(told.source, "canary") == NULL, true);
        secret_search(rows[i].name, &scratch);
        scratch_remove(&scratch);
        http_server_stop(server);
    }
}

static void a_merge_takes_objects_of_unknown_size(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "GET /a.csv ",
         .status = 200,
         .headers = CHUNKED,
         .unframed = true,
         .times = -1,
         .body = CHUNK("id,x\n1,2\n")},
        {.match = "GET /b.csv ",
         .status = 200,
         .headers = CHUNKED,
         .unframed = true,
         .times = -1,
         .body = CHUNK("id,x\n3,4\n")},
    };
    const char *const paths[SOURCES_MAX] = {"/a.csv", "/b.csv"};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct scratch scratch = scratch_make();
    struct told told;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(web_convert(&scratch, server, paths, true, &told, &err), err);
    assert_true(scratch_holds(&scratch, "out/merged.csv", "id,x\n1,2\n3,4\n", 13));
    scratch_remove(&scratch);
    http_server_stop(server);
}

static const struct {
    const char *name;
    const char *paths[SOURCES_MAX];
    const char *body;
    enum hw_status want;
    const char *says;
} faults[] = {
    {"one output of two", {"/a.csv?t=canary1", "/a.csv?t=canary2"}, "id\n1\n", HW_EUSAGE, "would be one output"},
    {"a page", {"/a.csv?t=canary"}, "<!DOCTYPE html><html><body>Sign in</body></html>", HW_EDATA, "HTML"},
    {"a folder", {"/d/?t=canary"}, "", HW_EUSAGE, "this is a folder"},
    {"a glob", {"/*.csv?t=canary"}, "", HW_EUSAGE, "globs find nothing"},
};

static void faults_hold_no_secret(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const struct http_reply reply = {.status = 200, .body = faults[i].body, .times = -1};
        struct http_server *server = http_server_start(&reply, 1);
        struct scratch scratch = scratch_make();
        struct told told;
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = web_convert(&scratch, server, faults[i].paths, false, &told, &err);
        const struct hw_error *fault = told.error.status ? &told.error : &err;
        char line[1024];
        assert_row_int(faults[i].name, status != HW_OK, true);
        assert_row_int(faults[i].name, fault->status, faults[i].want);
        hw_error_format(fault, line, sizeof(line));
        assert_row_says(faults[i].name, line, faults[i].says);
        assert_row_int(faults[i].name, strstr(line, "canary") == NULL, true);
        secret_search(faults[i].name, &scratch);
        scratch_remove(&scratch);
        http_server_stop(server);
    }
}

static void note_keep(void *ctx, const struct hw_note *note) {
    const size_t used = strlen(ctx);
    snprintf((char *)ctx + used, NOTES_BYTES - used, "%s: %s|", note->source, note->text);
}

/* A redirect and data instead of names are told by inference and by reading as by a conversion. */
static void notes_hold_no_secret(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "GET /a?t=canary1 ", .status = 302, .headers = "Location: /b.csv?t=canary2\r\n", .times = -1},
        {.match = "GET /b.csv?t=canary2 ", .status = 200, .body = "1,2\n3,4\n", .times = -1},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    char address[128];
    char want[2][256];
    snprintf(address, sizeof(address), "%s/a?t=canary1", http_server_url(server));
    snprintf(want[0], sizeof(want[0]), "%s/a?...: a redirect has led to %s/b.csv?...|", http_server_url(server),
             http_server_url(server));
    snprintf(want[1], sizeof(want[1]), "%s/a?...: the first record is data", http_server_url(server));
    for (int read = 0; read < 2; read++) {
        char notes[NOTES_BYTES] = "";
        const char *name = read ? "read" : "infer";
        if (read) {
            struct hw_batch_stream *stream = NULL;
            const struct hw_csv_read_options options = {.on_note = note_keep, .ctx = notes};
            assert_ok(hw_csv_read(address, &options, &stream, &err), err);
            stream->free(stream);
        } else {
            char *json = NULL;
            const struct hw_infer_options options = {.on_note = note_keep, .ctx = notes};
            assert_ok(hw_infer(address, &options, &json, &err), err);
            hw_text_free(json);
        }
        assert_row_says(name, notes, want[0]);
        assert_row_says(name, notes, want[1]);
        assert_row_int(name, strstr(notes, "canary") == NULL, true);
    }
    http_server_stop(server);
}

static void nothing_is_written_there(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_convert_result result;
    struct hw_error err = HW_ERROR_INIT;
    const char *source = scratch_path(&scratch, "a.csv");
    scratch_write(&scratch, "a.csv", "id\n1\n", 5);
    assert_int_equal(hw_convert(&source, 1, "https://h/a.parquet", NULL, &result, &err), HW_EUSAGE);
    assert_row_says("destination", err.message, "https:// is only read");
    scratch_remove(&scratch);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_done_again_where_nothing_says_that_they_are_the_same),
        cmocka_unit_test(a_merge_takes_objects_of_unknown_size),
        cmocka_unit_test(faults_hold_no_secret),
        cmocka_unit_test(notes_hold_no_secret),
        cmocka_unit_test(nothing_is_written_there),
    };
    return cmocka_run_group_tests_name("pipeline/convert_web", tests, environment_set, NULL);
}
