/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_sync.h"

#include <errno.h>
#include <stdio.h>

#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/*
 * Sinks that share a flush: none waits for the disk itself, and a settled one has no descriptor
 * open.
 */
static void many_are_flushed_together(void **state) {
    (void)state;
    enum { FILES = 5 };
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store_sync sync = HW_STORE_SYNC_INIT;
    const struct hw_sink_options options = {.one_of_many = true, .sync = &sync};
    struct hw_store *store;
    struct hw_sink *sinks[FILES];
    assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
    int files = open_files();
    faulty_io_start(IO_ANY, 0, 0);
    assert_ok(hw_store_sync_run(&sync, &err), err); /* nothing to do yet */
    for (int i = 0; i < FILES; i++) {
        char key[16];
        snprintf(key, sizeof(key), "d/%d/x", i);
        assert_ok(store->ops->sink_open(store, key, &options, &sinks[i], &err), err);
        assert_ok(sinks[i]->ops->write(sinks[i], key, 3, &err), err);
        assert_int_equal(open_files() - files, 2);
        assert_ok(sinks[i]->ops->settle(sinks[i], &err), err);
        assert_int_equal(open_files() - files, 1);
    }
    /* of the folders above the first, before anything had joined */
    assert_int_equal(faulty_io_calls(IO_FSYNC), 2);
    assert_ok(hw_store_sync_run(&sync, &err), err);
    for (int i = 0; i < FILES; i++) {
        assert_ok(sinks[i]->ops->finish(sinks[i], &err), err);
    }
    assert_int_equal(faulty_io_calls(IO_FSYNC), 2);
    assert_int_equal(faulty_io_calls(IO_SYNCFS), 1);
    faulty_io_stop();
    faulty_io_start(IO_SYNCFS, 1, EIO);
    assert_int_equal(hw_store_sync_run(&sync, &err), HW_EIO);
    assert_row_says("message", err.message, "bring all files to the disk");
    faulty_io_stop();
    for (int i = 0; i < FILES; i++) {
        sinks[i]->ops->free(sinks[i]);
    }
    hw_store_sync_release(&sync);
    assert_int_equal(open_files(), files);
    assert_string_equal(scratch_names(&scratch), "d/ d/0/ d/0/x d/1/ d/1/x d/2/ d/2/x d/3/ d/3/x d/4/ d/4/x ");
    assert_true(scratch_holds(&scratch, "d/3/x", "d/3", 3));
    store->ops->close(store);
    scratch_remove(&scratch);
}

/* What lies on another file system is not flushed with the rest. */
static void another_file_system_is_flushed_for_itself(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store_sync sync = HW_STORE_SYNC_INIT;
    const struct hw_sink_options options = {.one_of_many = true, .sync = &sync};
    struct hw_store *store;
    struct hw_sink *sinks[2];
    assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
    assert_ok(store->ops->sink_open(store, "a/x", &options, &sinks[0], &err), err);
    sync.device++;
    faulty_io_start(IO_ANY, 0, 0);
    assert_ok(store->ops->sink_open(store, "b/x", &options, &sinks[1], &err), err);
    assert_int_equal(faulty_io_calls(IO_FSYNC), 1);
    assert_ok(sinks[1]->ops->finish(sinks[1], &err), err);
    assert_int_equal(faulty_io_calls(IO_FSYNC), 3);
    faulty_io_stop();
    sinks[1]->ops->free(sinks[1]);
    sinks[0]->ops->free(sinks[0]);
    assert_string_equal(scratch_names(&scratch), "b/ b/x ");
    hw_store_sync_release(&sync);
    store->ops->close(store);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_are_flushed_together),
        cmocka_unit_test(another_file_system_is_flushed_for_itself),
    };
    return cmocka_run_group_tests_name("store/file_sync", tests, NULL, NULL);
}
