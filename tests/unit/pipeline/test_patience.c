/* SPDX-License-Identifier: Apache-2.0 */
/* A call that is told to stop may go on for ten seconds. */
#include "pipeline/patience.h"

#include "core/clock.h"
#include "support/rows.h"

/* A call, and what its clock shows. */
static bool stops;
static int64_t now_us;

static bool asked(void *ctx) {
    (void)ctx;
    return stops;
}

static int64_t clock_read(void *ctx) {
    (void)ctx;
    return now_us;
}

static void clock_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    now_us += ms * 1000;
}

static const struct hw_clock test_clock = {clock_read, clock_read, clock_sleep, NULL};

static void patience_ends_after_ten_seconds(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool stops;
        int64_t at_us;
        bool ended;
    } rows[] = {
        {"nobody has said stop", false, 5000000, false},
        {"at once", true, 6000000, false},
        {"ten seconds later", true, 16000000, false},
        {"a moment after that", true, 16000001, true},
        {"much later", true, 99000000, true},
    };
    struct hw_patience patience = {.cancelled = asked};
    struct hw_patience never = {0};
    const struct hw_store_options options = {.attempts_max = 3};
    const struct hw_store_options patient = hw_patience_options(&patience, &options);
    assert_int_equal(patient.attempts_max, 3);
    hw_clock_set(&test_clock);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        stops = rows[i].stops;
        now_us = rows[i].at_us;
        assert_row_int(rows[i].name, patient.cancelled(patient.cancelled_ctx), rows[i].ended);
        assert_false(hw_patience_ended(&never));
    }
    hw_clock_set(NULL);
}

/* A remote store that asks whether to stop is of no use once it was told so. */
static void a_store_is_opened_again_where_it_must_be(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *path;
        bool remote, stops;
        enum hw_status want;
        bool opened;
    } rows[] = {
        {"goes on", "file:///", true, false, HW_OK, false},
        {"stopped, but a local one", "file:///", false, true, HW_OK, false},
        {"stopped", "file:///", true, true, HW_OK, true},
        {"stopped, and the path is none", "s3://", true, true, HW_EUSAGE, false},
    };
    const struct hw_store_options options = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_patience patience = {.cancelled = asked};
        const struct hw_store store = {.remote = rows[i].remote};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *own;
        stops = rows[i].stops;
        assert_row_int(rows[i].name, hw_patience_store(&patience, &store, rows[i].path, &options, &own, &err),
                       rows[i].want);
        assert_row_int(rows[i].name, own != NULL, rows[i].opened);
        hw_store_close(own);
    }
    stops = false;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patience_ends_after_ten_seconds),
        cmocka_unit_test(a_store_is_opened_again_where_it_must_be),
    };
    return cmocka_run_group_tests_name("pipeline/patience", tests, NULL, NULL);
}
