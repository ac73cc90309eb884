/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/call_log.h"

#include <stdatomic.h>
#include <stdio.h>

#include "core/clock.h"
#include "s3/object.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* Notes the lines, each as "level event operation object attempt status request-id message". */
static void note(void *ctx, const struct hw_log_record *record) {
    char *text = ctx;
    const size_t used = strlen(text);
    snprintf(text + used, 2048 - used, "%d %s %s %s %u %d %s %s|", (int)record->level, record->event, record->operation,
             record->object, record->attempt, record->http_status, record->request_id, record->message);
    assert_true(record->seconds >= 0);
    assert_int_equal(record->error != NULL, record->level == HW_LOG_WARN);
}

static int64_t fixed_us(void *ctx) {
    return atomic_fetch_add((_Atomic int64_t *)ctx, 1000) + 1000;
}

static void fixed_sleep(void *ctx, int64_t ms) {
    atomic_fetch_add((_Atomic int64_t *)ctx, ms * 1000);
}

#define ID(n) "x-amz-request-id: R" n "\r\n"

static void tries_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct http_reply replies[2];
        enum hw_log_level level;
        enum hw_status want;
        const char *log;
    } rows[] = {
        {"good",
         {{.status = 204, .headers = ID("1"), .times = -1}},
         HW_LOG_DEBUG,
         HW_OK,
         "4 request.done DeleteObject s3://bucket/k 1 204 R1 |"},
        {"good, not asked for", {{.status = 204, .headers = ID("1"), .times = -1}}, HW_LOG_INFO, HW_OK, ""},
        {"the second is good",
         {{.status = 503, .headers = ID("1")}, {.status = 204, .headers = ID("2"), .times = -1}},
         HW_LOG_DEBUG,
         HW_OK,
         "2 request.retry DeleteObject s3://bucket/k 1 503 R1 DeleteObject: server error|"
         "4 request.done DeleteObject s3://bucket/k 2 204 R2 |"},
        {"refused",
         {{.status = 403, .headers = ID("1"), .body = "<Error><Code>AccessDenied</Code></Error>", .times = -1}},
         HW_LOG_WARN,
         HW_EAUTH,
         "2 request.failed DeleteObject s3://bucket/k 1 403 R1 DeleteObject: refused: these keys may not do this: the "
         "policy of the user or of the bucket lacks the permission, or the object is not there and listing the bucket "
         "is not allowed|"},
        {"refused, not asked for",
         {{.status = 403, .headers = ID("1"), .body = "<Error><Code>AccessDenied</Code></Error>", .times = -1}},
         HW_LOG_ERROR,
         HW_EAUTH,
         ""},
        {"a secret comes back",
         {{.status = 400,
           .headers = ID("1"),
           .body = "<Error><Code>X</Code><Message>" S3_FIXTURE_SECRET "</Message></Error>",
           .times = -1}},
         HW_LOG_DEBUG,
         HW_EFAILED,
         "***"},
    };
    _Atomic int64_t ticks = 0;
    hw_clock_set(&(struct hw_clock){fixed_us, fixed_us, fixed_sleep, &ticks});
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[2048] = "";
        const struct hw_log log = {.level = rows[i].level, .write = note, .ctx = text};
        const size_t count = rows[i].replies[1].status > 0 ? 2 : 1;
        struct s3_fixture fixture = s3_fixture_open(rows[i].replies, count, &(struct hw_store_options){.log = &log});
        enum hw_status status = hw_s3_object_delete(fixture.client, "k", NULL);
        if (strcmp(rows[i].log, "***") == 0) {
            assert_row_says(rows[i].name, text, "***");
        } else {
            assert_row_int(rows[i].name, status, rows[i].want);
            assert_row_text(rows[i].name, text, rows[i].log);
        }
        assert_null(strstr(text, S3_FIXTURE_SECRET));
        s3_fixture_close(&fixture);
    }
    hw_clock_set(NULL);
}

static void pause_note(void *ctx, const struct hw_log_record *record) {
    snprintf(ctx, 64, "%s %.2f %.9s", record->event, record->retry_in_seconds, record->error->message);
}

static void pauses_are_told(void **state) {
    (void)state;
    static const struct {
        int64_t delay_ms;
        const char *want;
    } rows[] = {{410, "request.retry 0.41 bad"}, {0, "request.retry 0.00 bad"}, {-1, "request.failed 0.00 bad"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[64] = "";
        const struct hw_log log = {.level = HW_LOG_WARN, .write = pause_note, .ctx = text};
        const struct hw_http_response none = {0};
        const struct hw_s3_try attempt = {.object = "o", .operation = "GetObject", .attempt = 1, .response = &none};
        struct hw_error err = HW_ERROR_INIT;
        snprintf(err.message, sizeof(err.message), "bad");
        hw_s3_log_failed(&log, &attempt, &err, rows[i].delay_ms);
        assert_row_text(rows[i].want, text, rows[i].want);
    }
}

int main(void) {
    s3_fixture_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(tries_are_told), cmocka_unit_test(pauses_are_told)};
    return cmocka_run_group_tests_name("s3/call_log", tests, NULL, NULL);
}
