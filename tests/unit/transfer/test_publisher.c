/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/publisher.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

#include <hawser/store.h>

#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { FILES = 40 };

struct ended {
    atomic_uint good;
    atomic_uint bad;
    struct hw_error error;
};

static void count_end(void *ctx, enum hw_status status, const struct hw_error *error) {
    struct ended *ended = ctx;
    if (status) {
        ended->error = *error;
        atomic_fetch_add(&ended->bad, 1);
    } else {
        atomic_fetch_add(&ended->good, 1);
    }
}

/* Opens and settles a file, which waits for its name. */
static struct hw_sink *settled(struct hw_store *store, struct hw_publisher *publisher, const char *name,
                               bool create_only) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sink *sink = NULL;
    const struct hw_sink_options options = {
        .one_of_many = true, .sync = hw_publisher_sync(publisher), .create_only = create_only};
    assert_ok(store->ops->sink_open(store, name, &options, &sink, &err), err);
    assert_ok(sink->ops->write(sink, name, strlen(name), &err), err);
    assert_ok(sink->ops->settle(sink, &err), err);
    return sink;
}

struct desk {
    struct scratch scratch;
    struct hw_store *store;
    struct hw_publisher *publisher;
    struct ended ended;
    struct hw_publication publications[FILES];
};

static void desk_open(struct desk *desk) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_store_options options = {0};
    *desk = (struct desk){.scratch = scratch_make()};
    assert_ok(hw_store_file_open(desk->scratch.folder, &options, &desk->store, &err), err);
    assert_ok(hw_publisher_new(&desk->publisher, &err), err);
}

static void desk_add(struct desk *desk, unsigned i, const char *name, bool create_only) {
    desk->publications[i] = (struct hw_publication){
        .sink = settled(desk->store, desk->publisher, name, create_only), .done = count_end, .ctx = &desk->ended};
    hw_publisher_add(desk->publisher, &desk->publications[i]);
}

static void desk_close(struct desk *desk) {
    hw_publisher_free(desk->publisher);
    hw_store_close(desk->store);
    scratch_remove(&desk->scratch);
}

static void files_get_their_names(void **state) {
    (void)state;
    struct desk desk;
    char name[32];
    desk_open(&desk);
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "d%u/f%u", i % 3, i);
        desk_add(&desk, i, name, false);
    }
    hw_publisher_wait(desk.publisher);
    assert_int_equal(atomic_load(&desk.ended.good), FILES);
    assert_int_equal(atomic_load(&desk.ended.bad), 0);
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "d%u/f%u", i % 3, i);
        assert_true(scratch_holds(&desk.scratch, name, name, strlen(name)));
    }
    desk_close(&desk);
}

static void one_that_fails_leaves_the_others(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    scratch_write(&desk.scratch, "b", "old", 3);
    desk_add(&desk, 0, "a", false);
    desk_add(&desk, 1, "b", true);
    desk_add(&desk, 2, "c", false);
    hw_publisher_wait(desk.publisher);
    assert_int_equal(atomic_load(&desk.ended.good), 2);
    assert_int_equal(atomic_load(&desk.ended.bad), 1);
    assert_int_equal(desk.ended.error.status, HW_EEXISTS);
    assert_string_equal(scratch_names(&desk.scratch), "a b c ");
    assert_true(scratch_holds(&desk.scratch, "b", "old", 3));
    desk_close(&desk);
}

/* Bytes that may be lost get no name, and names that may be lost are no success. */
static void a_flush_that_fails_fails_for_all(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int at; /* the flush that fails */
        const char *want_names;
    } rows[] = {{"the bytes", 1, ""}, {"the names", 2, "a "}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        desk_open(&desk);
        struct hw_sink *sink = settled(desk.store, desk.publisher, "a", false);
        faulty_io_start(IO_SYNCFS, rows[i].at, EIO);
        desk.publications[0] = (struct hw_publication){.sink = sink, .done = count_end, .ctx = &desk.ended};
        hw_publisher_add(desk.publisher, &desk.publications[0]);
        hw_publisher_wait(desk.publisher);
        faulty_io_stop();
        assert_row_int(rows[i].name, atomic_load(&desk.ended.good), 0);
        assert_row_int(rows[i].name, atomic_load(&desk.ended.bad), 1);
        assert_row_int(rows[i].name, desk.ended.error.status, HW_EIO);
        assert_row_text(rows[i].name, scratch_names(&desk.scratch), rows[i].want_names);
        desk_close(&desk);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_get_their_names),
        cmocka_unit_test(one_that_fails_leaves_the_others),
        cmocka_unit_test(a_flush_that_fails_fails_for_all),
    };
    return cmocka_run_group_tests_name("transfer/publisher", tests, NULL, NULL);
}
