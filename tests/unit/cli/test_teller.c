/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/teller.h"

#include <errno.h>
#include <stdio.h>

#include "core/clock.h"
#include "support/rows.h"
#include "unit/cli/teller_fixture.h"

static struct hw_error error_of(enum hw_status status, const char *object, const char *message) {
    struct hw_error error = HW_ERROR_INIT;
    error.status = status;
    snprintf(error.object, sizeof(error.object), "%s", object);
    snprintf(error.message, sizeof(error.message), "%s", message);
    return error;
}

static void number_write(struct hw_json_writer *json, const void *what) {
    hw_json_number(json, NULL, *(const int *)what);
}

static void lines_go_where_they_belong(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_run_args args;
        const char *out;
        const char *err;
    } rows[] = {
        {"plain", {0}, "", "hawser: error: a: bad\nhawser: warning: w: odd\nhawser: note 1\n"},
        {"verbose",
         {.verbose = true},
         "",
         "hawser: error: a: bad\nhawser: warning: w: odd\nhawser: note 1\nhawser: detail 2\n"},
        {"quiet", {.quiet = true, .verbose = true}, "", "hawser: error: a: bad\nhawser: warning: w: odd\n"},
        {"JSON", {.json = true}, "7\n", "hawser: error: a: bad\nhawser: warning: w: odd\nhawser: note 1\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const int seven = 7;
        const struct hw_error error = error_of(HW_EFAILED, "", "bad");
        const struct hw_error warning = error_of(HW_EFAILED, "w", "odd");
        struct teller_fixture fixture;
        teller_fixture_start(&fixture, &rows[i].args);
        hw_teller_error(&fixture.teller, "a", &error);
        hw_teller_warning(&fixture.teller, &warning);
        hw_teller_note(&fixture.teller, "note %d", 1);
        hw_teller_detail(&fixture.teller, "detail %d", 2);
        hw_teller_json(&fixture.teller, number_write, &seven);
        assert_row_text(rows[i].name, teller_fixture_written(fixture.outs[0]), rows[i].out);
        assert_row_text(rows[i].name, teller_fixture_written(fixture.errs[0]), rows[i].err);
        teller_fixture_end(&fixture);
    }
}

static int64_t clock_us(void *ctx) {
    return *(int64_t *)ctx;
}

static void clock_sleep(void *ctx, int64_t ms) {
    (void)ctx, (void)ms;
}

#define WAITS "hawser: note: s3://b/k: no connection; waiting, and trying again (--retry-for)\n"

static void a_run_that_waits_says_so_once_a_minute(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_run_args args;
        const char *event;
        unsigned attempt;
        int64_t seconds[3]; /* the times at which it is logged */
        const char *err;
    } rows[] = {
        {"the first tries", {0}, "request.retry", 2, {1, 2, 3}, ""},
        {"the third", {0}, "request.retry", 3, {1, 2, 60}, WAITS},
        {"a minute later", {0}, "request.retry", 9, {1, 60, 61}, WAITS WAITS},
        {"quiet", {.quiet = true}, "request.retry", 3, {1, 2, 3}, ""},
        {"given up", {0}, "request.failed", 3, {1, 2, 3}, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t now_us = 0;
        struct teller_fixture fixture;
        const struct hw_log_record record = {.level = HW_LOG_WARN,
                                             .event = rows[i].event,
                                             .object = "s3://b/k",
                                             .message = "no connection",
                                             .attempt = rows[i].attempt,
                                             .operation = "GetObject",
                                             .request_id = ""};
        hw_clock_set(&(struct hw_clock){clock_us, clock_us, clock_sleep, &now_us});
        teller_fixture_start(&fixture, &rows[i].args);
        for (size_t k = 0; k < COUNT_OF(rows[i].seconds); k++) {
            now_us = rows[i].seconds[k] * 1000000;
            hw_teller_log(&fixture.teller, &record);
        }
        assert_row_text(rows[i].name, teller_fixture_written(fixture.errs[0]), rows[i].err);
        teller_fixture_end(&fixture);
    }
    hw_clock_set(NULL);
}

static void the_end_agrees_with_what_was_told(void **state) {
    (void)state;
    const struct hw_error none = HW_ERROR_INIT;
    const struct hw_error first = error_of(HW_EDATA, "a", "ragged");
    const struct hw_error other = error_of(HW_EIO, "", "disk full");
    struct hw_error unread = error_of(HW_EIO, "a", "broken pipe");
    unread.sys_errno = EPIPE;
    const struct hw_error stop = error_of(HW_ECANCELLED, "a", "stopped");
    const struct {
        const char *name;
        const struct hw_error *told; /* NULL: nothing */
        enum hw_status status;
        const struct hw_error *err;
        enum hw_status want;
        enum hw_status want_err; /* HW_OK: it is not told again */
    } rows[] = {
        {"all well", NULL, HW_OK, &none, HW_OK, HW_OK},
        {"success beside an error", &first, HW_OK, &none, HW_EPARTIAL, HW_OK},
        {"partly done", &first, HW_EPARTIAL, &other, HW_EPARTIAL, HW_OK},
        {"the object's own error", &first, HW_EDATA, &first, HW_EDATA, HW_OK},
        {"another error", &first, HW_EIO, &other, HW_EIO, HW_EIO},
        {"an error of the run", NULL, HW_EIO, &other, HW_EIO, HW_EIO},
        {"nobody reads the output", &unread, HW_EIO, &unread, HW_EIO, HW_EIO},
        {"a stop is told for the run", &stop, HW_ECANCELLED, &stop, HW_ECANCELLED, HW_ECANCELLED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct teller_fixture fixture;
        struct hw_error err = *rows[i].err;
        teller_fixture_start(&fixture, &(struct hw_run_args){0});
        if (rows[i].told) {
            hw_teller_error(&fixture.teller, "a", rows[i].told);
        }
        if (rows[i].told == &unread) {
            assert_row_text(rows[i].name, teller_fixture_written(fixture.errs[0]), "");
        }
        assert_row_int(rows[i].name, hw_teller_unread(&fixture.teller), rows[i].told == &unread);
        assert_row_int(rows[i].name, hw_teller_status(&fixture.teller, rows[i].status), rows[i].want);
        assert_row_int(rows[i].name, hw_teller_finish(&fixture.teller, rows[i].status, &err), rows[i].want);
        assert_row_int(rows[i].name, err.status, rows[i].want_err);
        teller_fixture_end(&fixture);
    }
}

/* The lines that standard output took are the first ones, without a gap. */
static void a_full_stdout_ends_the_lines(void **state) {
    (void)state;
    const int seven = 7;
    struct hw_error err = HW_ERROR_INIT;
    struct teller_fixture fixture;
    teller_fixture_start(&fixture, &(struct hw_run_args){.json = true});
    const int pipe_fd = fixture.cli.out_fd;
    fixture.cli.out_fd = open("/dev/full", O_WRONLY);
    hw_teller_json(&fixture.teller, number_write, &seven);
    close(fixture.cli.out_fd);
    fixture.cli.out_fd = pipe_fd;
    hw_teller_json(&fixture.teller, number_write, &seven);
    assert_string_equal(teller_fixture_written(fixture.outs[0]), "");
    assert_int_equal(hw_teller_finish(&fixture.teller, HW_OK, &err), HW_EIO);
    assert_row_says("full", err.message, "standard output: cannot write");
    teller_fixture_end(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_where_they_belong),
        cmocka_unit_test(a_run_that_waits_says_so_once_a_minute),
        cmocka_unit_test(the_end_agrees_with_what_was_told),
        cmocka_unit_test(a_full_stdout_ends_the_lines),
    };
    return cmocka_run_group_tests_name("cli/teller", tests, NULL, NULL);
}
