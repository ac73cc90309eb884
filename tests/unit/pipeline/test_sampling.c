/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects are looked at once each, by many threads, and the first one that fails, by its number, is
 * told of.
 */
#include "pipeline/sampling.h"

#include "fake_reader.h"

/* Objects that fail, whichever of them is looked at first. */
struct desk {
    struct fake_reader reader;
    struct hw_table_reader_ops ops;
    struct hw_sampling sampling;
    const size_t *fails; /* numbers of objects */
    size_t fails_count;
    atomic_size_t looked[64];
};

static enum hw_status desk_look(struct hw_table_reader *reader, size_t object, struct hw_error *err) {
    struct desk *desk = (struct desk *)reader;
    atomic_fetch_add(&desk->looked[object], 1);
    for (size_t i = 0; i < desk->fails_count; i++) {
        if (desk->fails[i] == object) {
            return hw_fail(err, object % 2 ? HW_EDATA : HW_ECANCELLED, "object %zu is bad", object);
        }
    }
    return HW_OK;
}

static void desk_open(struct desk *desk, size_t objects, const size_t *fails, size_t fails_count) {
    *desk = (struct desk){.fails = fails, .fails_count = fails_count};
    fake_reader_init(&desk->reader, 1);
    desk->ops = *desk->reader.base.ops;
    desk->ops.look = desk_look;
    desk->reader.base.ops = &desk->ops;
    desk->reader.base.objects_count = objects;
    hw_sampling_init(&desk->sampling, &desk->reader.base);
}

static void each_object_is_claimed_once(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    size_t object;
    struct desk desk;
    desk_open(&desk, 3, NULL, 0);
    for (size_t i = 0; i < 3; i++) {
        assert_false(hw_sampling_over(&desk.sampling));
        assert_true(hw_sampling_claim(&desk.sampling, &object));
        assert_int_equal(object, i);
    }
    assert_false(hw_sampling_claim(&desk.sampling, &object));
    for (size_t i = 3; i-- > 0;) {
        assert_false(hw_sampling_over(&desk.sampling)); /* somebody still looks */
        hw_sampling_look(&desk.sampling, i, NULL);
    }
    assert_true(hw_sampling_over(&desk.sampling));
    assert_ok(hw_sampling_status(&desk.sampling, &err), err);
    hw_sampling_release(&desk.sampling);
    assert_null(desk.sampling.reader);
    hw_sampling_release(&desk.sampling); /* again: nothing */
}

static void no_object_is_over_at_once(void **state) {
    (void)state;
    size_t object;
    struct desk desk;
    desk_open(&desk, 0, NULL, 0);
    assert_true(hw_sampling_over(&desk.sampling));
    assert_false(hw_sampling_claim(&desk.sampling, &object));
    assert_int_equal(hw_sampling_status(&desk.sampling, NULL), HW_OK);
    hw_sampling_release(&desk.sampling);
}

/* Of several that were claimed before the first failed, the lowest number counts. */
static void the_first_failure_by_number_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t fails[3];
        size_t fails_count;
        size_t order[3]; /* in which the first three of four objects are looked at */
        const char *object;
        enum hw_status status;
        const char *says;
    } rows[] = {
        {"one", {1}, 1, {0, 1, 2}, NULL, HW_EDATA, "object 1 is bad"},
        {"two, in order", {0, 1}, 2, {0, 1, 2}, NULL, HW_ECANCELLED, "object 0 is bad"},
        {"two, the later first", {1, 2}, 2, {2, 1, 0}, NULL, HW_EDATA, "object 1 is bad"},
        {"all, the last first", {0, 1, 2}, 3, {2, 0, 1}, NULL, HW_ECANCELLED, "object 0 is bad"},
        {"a stop is a failure", {2}, 1, {0, 1, 2}, NULL, HW_ECANCELLED, "object 2 is bad"},
        {"with the object's name", {1}, 1, {1, 0, 2}, "b.csv", HW_EDATA, "object 1 is bad"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        size_t object;
        struct desk desk;
        desk_open(&desk, 4, rows[i].fails, rows[i].fails_count);
        for (size_t k = 0; k < 3; k++) {
            assert_true(hw_sampling_claim(&desk.sampling, &object));
        }
        for (size_t k = 0; k < 3; k++) {
            hw_sampling_look(&desk.sampling, rows[i].order[k], rows[i].object);
        }
        /* the fourth is left alone */
        assert_row_int(rows[i].name, hw_sampling_claim(&desk.sampling, &object), false);
        assert_row_int(rows[i].name, hw_sampling_over(&desk.sampling), true);
        assert_row_int(rows[i].name, desk.looked[3], 0);
        assert_row_int(rows[i].name, hw_sampling_status(&desk.sampling, &err), rows[i].status);
        assert_row_text(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].object ? rows[i].object : "");
        assert_row_int(rows[i].name, hw_sampling_status(&desk.sampling, NULL), rows[i].status);
        hw_sampling_release(&desk.sampling);
    }
}

/* ------ threads */

enum { CROWD_OBJECTS = 64, CROWD_THREADS = 4 };

static void *crowd_main(void *arg) {
    struct desk *desk = arg;
    size_t object;
    while (hw_sampling_claim(&desk->sampling, &object)) {
        hw_sampling_look(&desk->sampling, object, NULL);
    }
    return NULL;
}

static void a_crowd_looks_at_each_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t fails[2];
        size_t fails_count;
    } rows[] = {{"all go well", {0}, 0}, {"two fail", {21, 40}, 2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pthread_t threads[CROWD_THREADS];
        struct desk desk;
        desk_open(&desk, CROWD_OBJECTS, rows[i].fails, rows[i].fails_count);
        for (size_t k = 0; k < CROWD_THREADS; k++) {
            assert_int_equal(pthread_create(&threads[k], NULL, crowd_main, &desk), 0);
        }
        for (size_t k = 0; k < CROWD_THREADS; k++) {
            pthread_join(threads[k], NULL);
        }
        assert_row_int(rows[i].name, hw_sampling_over(&desk.sampling), true);
        assert_row_int(rows[i].name, hw_sampling_status(&desk.sampling, NULL),
                       rows[i].fails_count > 0 ? HW_EDATA : HW_OK);
        const size_t last = rows[i].fails_count > 0 ? rows[i].fails[0] : CROWD_OBJECTS - 1;
        for (size_t k = 0; k < CROWD_OBJECTS; k++) {
            assert_row_int(rows[i].name, desk.looked[k] <= 1, true);
            assert_row_int(rows[i].name, k > last || desk.looked[k] == 1, true);
        }
        hw_sampling_release(&desk.sampling);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_object_is_claimed_once),
        cmocka_unit_test(no_object_is_over_at_once),
        cmocka_unit_test(the_first_failure_by_number_is_told),
        cmocka_unit_test(a_crowd_looks_at_each_once),
    };
    return cmocka_run_group_tests_name("pipeline/sampling", tests, NULL, NULL);
}
