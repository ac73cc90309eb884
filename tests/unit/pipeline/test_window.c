/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/window.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "planned.h"
#include "support/faulty_io.h"

enum { OBJECTS_MAX = 8 };

/* Whoever lists: so many objects, then the end. */
struct putter {
    struct planned *planned;
    struct hw_window *window;
    size_t count;
    size_t put;
    size_t full; /* objects that found the window to have been full */
    enum hw_status status;
};

static void *putter_main(void *arg) {
    struct putter *putter = arg;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < putter->count && putter->status == HW_OK; i++) {
        char key[32];
        bool full = false;
        snprintf(key, sizeof(key), "in/%06zu.csv", i);
        putter->status = hw_window_reserve(putter->window, &full, &err);
        if (putter->status == HW_OK) {
            putter->status = hw_window_put(putter->window, planned_object(putter->planned, key), &err);
            putter->put++;
            putter->full += full;
        }
    }
    hw_window_end(putter->window, putter->status, &err);
    return NULL;
}

static void objects_come_in_their_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t count;
        bool whole;
        size_t want_full;
        bool want_file;
    } rows[] = {
        {"none", 0, false, 0, false},
        {"few", 5, false, 0, false},
        {"as many as there is room", OBJECTS_MAX, false, 0, false},
        {"one more", OBJECTS_MAX + 1, false, 1, false},
        {"many", 5000, false, 5000 - OBJECTS_MAX, false},
        {"whole, none", 0, true, 0, false},
        {"whole, few", OBJECTS_MAX, true, 0, false},
        {"whole, one more", OBJECTS_MAX + 1, true, 0, true},
        {"whole, many", 5000, true, 0, true},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct planned planned;
        struct planned_store store = {0};
        struct hw_window window;
        struct hw_error err = HW_ERROR_INIT;
        pthread_t thread;
        struct hw_plan_object *object;
        const struct hw_window_options options = {.objects_max = OBJECTS_MAX, .whole = rows[r].whole};
        planned_make(&planned, &store, 1);
        hw_window_init(&window, &options);
        struct putter putter = {.planned = &planned, .window = &window, .count = rows[r].count};
        assert_int_equal(pthread_create(&thread, NULL, putter_main, &putter), 0);
        assert_ok(hw_window_wait(&window, NULL, NULL, &err), err);
        const bool ended = rows[r].whole || rows[r].count <= OBJECTS_MAX;
        assert_row_int(rows[r].name, hw_window_sums(&window).objects, ended ? rows[r].count : OBJECTS_MAX);
        assert_row_int(rows[r].name, window.synced.file.written > 0, rows[r].want_file);
        for (size_t i = 0; i < rows[r].count;) {
            char key[32];
            snprintf(key, sizeof(key), "in/%06zu.csv", i);
            if (hw_window_look(&window, &object) == HW_WINDOW_OBJECT) {
                assert_row_text(rows[r].name, object->key, key);
                assert_ptr_equal(hw_window_take(&window), object);
                hw_free(object);
                i++;
            }
        }
        pthread_join(thread, NULL);
        assert_row_int(rows[r].name, hw_window_look(&window, &object), HW_WINDOW_END);
        assert_row_int(rows[r].name, putter.full, rows[r].want_full);
        assert_row_int(rows[r].name, hw_window_sums(&window).objects, rows[r].count);
        assert_row_int(rows[r].name, hw_window_sums(&window).bytes, 10 * rows[r].count);
        assert_ok(hw_window_status(&window, &err), err);
        hw_window_release(&window);
        hw_plan_release(&planned.plan);
    }
}

/* In the same order, and no file is made where they take little memory. */
static void objects_can_be_taken_twice(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, OBJECTS_MAX + 1, 60000};
    for (size_t r = 0; r < COUNT_OF(counts); r++) {
        struct planned planned;
        struct planned_store store = {0};
        struct hw_window window;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_plan_object *object;
        planned_make(&planned, &store, 1);
        hw_window_init(&window, &(struct hw_window_options){.objects_max = OBJECTS_MAX, .whole = true, .twice = true});
        struct putter putter = {.planned = &planned, .window = &window, .count = counts[r]};
        putter_main(&putter);
        for (int time = 0; time < 2; time++) {
            for (size_t i = 0; i < counts[r]; i++) {
                char key[32];
                snprintf(key, sizeof(key), "in/%06zu.csv", i);
                assert_int_equal(hw_window_look(&window, &object), HW_WINDOW_OBJECT);
                assert_string_equal(object->key, key);
                assert_ptr_equal(hw_window_take(&window), object);
                hw_free(object);
            }
            assert_int_equal(hw_window_look(&window, &object), HW_WINDOW_END);
            if (time == 0) {
                hw_window_again(&window);
            }
        }
        assert_int_equal(window.synced.file.written > 0, counts[r] == 60000);
        assert_int_equal(hw_window_sums(&window).objects, counts[r]);
        assert_ok(hw_window_status(&window, &err), err);
        hw_window_release(&window);
        hw_plan_release(&planned.plan);
    }
}

static void tick_count(void *ctx) {
    ++*(size_t *)ctx;
}

static void *late_end_main(void *arg) {
    const struct timespec pause = {.tv_nsec = 5 * HW_TICK_US * INT64_C(1000) / 2};
    const struct hw_error none = HW_ERROR_INIT;
    nanosleep(&pause, NULL);
    hw_window_end(arg, HW_OK, &none);
    return NULL;
}

/* Whoever waits for a listing that takes long calls somebody meanwhile. */
static void whoever_waits_ticks(void **state) {
    (void)state;
    const struct hw_window_options options = {.objects_max = OBJECTS_MAX};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_window window;
    pthread_t thread;
    size_t ticks = 0;
    hw_window_init(&window, &options);
    assert_int_equal(hw_window_sums(&window).ended, false);
    assert_int_equal(pthread_create(&thread, NULL, late_end_main, &window), 0);
    assert_ok(hw_window_wait(&window, tick_count, &ticks, &err), err);
    assert_true(ticks >= 1);
    assert_int_equal(hw_window_sums(&window).ended, true);
    pthread_join(thread, NULL);
    hw_window_release(&window);
}

static enum hw_status each_count(void *ctx, const struct hw_plan_object *object, struct hw_error *err) {
    size_t *left = ctx;
    (void)object;
    (*left)--;
    return *left > 0 ? HW_OK : hw_fail(err, HW_EUSAGE, "enough");
}

/* All that wait are handed out, those in the file too, and still can be taken. */
static void all_can_be_looked_at(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t count, stop_after;
        enum hw_status want;
    } rows[] = {
        {"in memory", 5, 100, HW_OK},
        {"in the file too", 100, 200, HW_OK},
        {"stops in memory", 100, 3, HW_EUSAGE},
        {"stops in the file", 100, 50, HW_EUSAGE},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct planned planned;
        struct planned_store store = {0};
        struct hw_window window;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_plan_object *object;
        size_t left = rows[r].stop_after;
        size_t taken = 0;
        planned_make(&planned, &store, 1);
        hw_window_init(&window, &(struct hw_window_options){.objects_max = OBJECTS_MAX, .whole = true});
        struct putter putter = {.planned = &planned, .window = &window, .count = rows[r].count};
        putter_main(&putter);
        assert_row_int(rows[r].name, hw_window_each(&window, each_count, &left, &err), rows[r].want);
        assert_row_int(rows[r].name, left, rows[r].want == HW_OK ? rows[r].stop_after - rows[r].count : 0);
        for (; hw_window_look(&window, &object) == HW_WINDOW_OBJECT; taken++) {
            hw_free(hw_window_take(&window));
        }
        assert_row_int(rows[r].name, taken, rows[r].count);
        hw_window_release(&window);
        hw_plan_release(&planned.plan);
    }
}

/* Whoever waits for room goes when nobody takes any more; what was not taken is freed. */
static void a_stop_lets_go(void **state) {
    (void)state;
    struct planned planned;
    struct planned_store store = {0};
    struct hw_window window;
    struct hw_error err = HW_ERROR_INIT;
    pthread_t thread;
    planned_make(&planned, &store, 1);
    hw_window_init(&window, &(struct hw_window_options){.objects_max = OBJECTS_MAX});
    struct putter putter = {.planned = &planned, .window = &window, .count = 100};
    assert_int_equal(pthread_create(&thread, NULL, putter_main, &putter), 0);
    assert_ok(hw_window_wait(&window, NULL, NULL, &err), err);
    hw_window_stop(&window);
    pthread_join(thread, NULL);
    assert_int_equal(putter.status, HW_ECANCELLED);
    assert_int_equal(putter.put, OBJECTS_MAX);
    assert_int_equal(hw_window_status(&window, &err), HW_ECANCELLED);
    hw_window_release(&window);
    hw_plan_release(&planned.plan);
}

/* Faults of the file end the listing, or what is taken, and are told. */
static void faults_of_the_file_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int errnum;
        size_t want_taken;
    } rows[] = {{"no file", IO_OPENAT, EACCES, OBJECTS_MAX},
                {"no room", IO_WRITE, ENOSPC, OBJECTS_MAX},
                {"no reading", IO_PREAD, EIO, OBJECTS_MAX}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct planned planned;
        struct planned_store store = {0};
        struct hw_window window;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_plan_object *object;
        size_t taken = 0;
        planned_make(&planned, &store, 1);
        hw_window_init(&window, &(struct hw_window_options){.objects_max = OBJECTS_MAX, .whole = true});
        struct putter putter = {.planned = &planned, .window = &window, .count = 20};
        faulty_io_start_forever(rows[r].call, 1, rows[r].errnum);
        putter_main(&putter);
        for (; taken <= 20 && hw_window_look(&window, &object) == HW_WINDOW_OBJECT; taken++) {
            hw_free(hw_window_take(&window));
        }
        faulty_io_stop();
        assert_row_int(rows[r].name, hw_window_status(&window, &err), HW_EIO);
        assert_row_int(rows[r].name, taken <= rows[r].want_taken, true);
        hw_window_release(&window);
        hw_plan_release(&planned.plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_come_in_their_order),
        cmocka_unit_test(objects_can_be_taken_twice),
        cmocka_unit_test(whoever_waits_ticks),
        cmocka_unit_test(all_can_be_looked_at),
        cmocka_unit_test(a_stop_lets_go),
        cmocka_unit_test(faults_of_the_file_are_told),
    };
    return cmocka_run_group_tests_name("pipeline/window", tests, NULL, NULL);
}
