/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log_line.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/rows.h"

/* 2026-11-21T12:00:00Z in seconds, by `date -u -d ... +%s`. */
#define NOW_US (INT64_C(1795262400) * 1000000)
#define EMPTY .object = "", .message = "", .operation = "", .request_id = ""

static void lines_have_what_applies(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_log_record record;
        const char *want;
    } rows[] = {
        {"nothing but the event",
         {EMPTY, .level = HW_LOG_INFO, .event = "run.end"},
         "2026-11-21T12:00:00Z info run.end"},
        {"a request",
         {.level = HW_LOG_WARN,
          .event = "request.retry",
          .object = "s3://b/k",
          .message = "SlowDown",
          .operation = "GetObject",
          .request_id = "VQ2N",
          .attempt = 2,
          .http_status = 503,
          .bytes = 7,
          .seconds = 0.0125,
          .retry_in_seconds = 0.41},
         "2026-11-21T12:00:00Z warn request.retry GetObject s3://b/k: SlowDown, HTTP 503, try 2, 7 bytes, 0.013 s, "
         "next in 0.41 s, request VQ2N"},
        {"an object",
         {.level = HW_LOG_ERROR,
          .event = "object.failed",
          .object = "a.csv",
          .message = "",
          .operation = "",
          .request_id = ""},
         "2026-11-21T12:00:00Z error object.failed a.csv"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HW_LOG_LINE_BYTES];
        hw_log_line(&rows[i].record, NOW_US, text);
        assert_row_text(rows[i].name, text, rows[i].want);
    }
}

static void long_lines_are_cut(void **state) {
    (void)state;
    static char message[2 * HW_LOG_LINE_BYTES];
    char text[HW_LOG_LINE_BYTES];
    memset(message, 'x', sizeof(message) - 1);
    struct hw_log_record record = {EMPTY, .level = HW_LOG_DEBUG, .event = "request.done"};
    record.message = message;
    record.attempt = 1;
    hw_log_line(&record, NOW_US, text);
    assert_int_equal(strlen(text), HW_LOG_LINE_BYTES - 1);
    assert_row_says("start", text, "2026-11-21T12:00:00Z debug request.done: xxx");
}

/* What a service says may hold what a terminal would obey. */
static void lines_are_harmless_and_whole(void **state) {
    (void)state;
    int ends[2];
    char text[256] = "";
    assert_int_equal(pipe(ends), 0);
    struct hw_cli cli = {.err_fd = ends[1]};
    const struct hw_log_record record = {
        .level = HW_LOG_WARN, .event = "e", .object = "", .operation = "", .request_id = "", .message = "a\x1b[2Jb\nc"};
    hw_log_line_write(&cli, &record);
    close(ends[1]);
    assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
    close(ends[0]);
    assert_null(strchr(text, '\x1b'));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_what_applies),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(lines_are_harmless_and_whole),
    };
    return cmocka_run_group_tests_name("cli/log_line", tests, NULL, NULL);
}
