/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for which flush of a folder, and what each is told. */
#include "store/folder_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/io.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { THREADS = 8 };

static void one_thread_flushes_its_folder(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int errnum;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"it is flushed", IO_ANY, 0, HW_OK, ""},
        {"a file system without fsync of folders", IO_FSYNC, EINVAL, HW_OK, ""},
        {"the disk fails", IO_FSYNC, EIO, HW_EIO, "cannot make the new name last (fsync of the folder)"},
        {"the folder cannot be looked at", IO_FSTAT, EIO, HW_EIO, "cannot look at the folder"},
    };
    struct scratch scratch = scratch_make();
    const int fd = open(scratch.folder, O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_folder_syncs syncs;
        struct hw_error err = HW_ERROR_INIT;
        hw_folder_syncs_init(&syncs);
        faulty_io_start(rows[i].call, rows[i].errnum ? 1 : 0, rows[i].errnum);
        assert_row_int(rows[i].name, hw_folder_syncs_run(&syncs, fd, &err), rows[i].want);
        faulty_io_stop();
        assert_row_int(rows[i].name, strstr(err.message, rows[i].says) != NULL, true);
        assert_row_int(rows[i].name, syncs.waits == NULL, true);
        hw_folder_syncs_release(&syncs);
    }
    close(fd);
    scratch_remove(&scratch);
}

/* Every thread flushes a folder; the first fsync takes so long that all others come meanwhile. */
static struct {
    struct hw_folder_syncs syncs;
    struct hw_io io;
    int fds[2];
    size_t folders; /* that the threads have, in turn */
    int first_errnum, later_errnum;
    atomic_size_t together; /* the most fsyncs that were under way at once */
    atomic_int fsyncs;
    atomic_int under_way;
    atomic_size_t called;
    atomic_size_t failed;
} desk;

static int slow_fsync(int fd) {
    (void)fd;
    const int number = atomic_fetch_add(&desk.fsyncs, 1);
    const size_t together = (size_t)atomic_fetch_add(&desk.under_way, 1) + 1;
    size_t most = atomic_load(&desk.together);
    while (number < (int)desk.folders && most < together &&
           !atomic_compare_exchange_weak(&desk.together, &most, together)) {
    }
    if (number < (int)desk.folders) {
        while (atomic_load(&desk.called) < THREADS || (size_t)atomic_load(&desk.fsyncs) < desk.folders) {
            usleep(100);
        }
        usleep(20000); /* Those who have called come to wait. */
    }
    atomic_fetch_sub(&desk.under_way, 1);
    errno = number < (int)desk.folders ? desk.first_errnum : desk.later_errnum;
    return errno == 0 ? 0 : -1;
}

static void *flusher_main(void *arg) {
    const size_t number = atomic_fetch_add(&desk.called, 1);
    (void)arg;
    if (hw_folder_syncs_run(&desk.syncs, desk.fds[number % desk.folders], NULL) != HW_OK) {
        atomic_fetch_add(&desk.failed, 1);
    }
    return NULL;
}

static void those_who_come_meanwhile_share_the_next_one(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t folders;
        int first_errnum, later_errnum;
        int fsyncs;
        size_t failed;
    } rows[] = {
        {"one folder", 1, 0, 0, 2, 0},
        {"two folders, which do not wait for each other", 2, 0, 0, 4, 0},
        {"the first fsync fails, for its thread alone", 1, EIO, 0, 2, 1},
        {"the second one fails, for all who wait for it", 1, 0, EIO, 2, THREADS - 1},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "d/x", "", 0);
    desk.fds[0] = open(scratch.folder, O_RDONLY | O_DIRECTORY);
    desk.fds[1] = open(scratch_path(&scratch, "d"), O_RDONLY | O_DIRECTORY);
    desk.io = hw_io_system;
    desk.io.fsync = slow_fsync;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pthread_t threads[THREADS];
        desk.folders = rows[i].folders;
        desk.first_errnum = rows[i].first_errnum;
        desk.later_errnum = rows[i].later_errnum;
        atomic_store(&desk.together, 0);
        atomic_store(&desk.fsyncs, 0);
        atomic_store(&desk.called, 0);
        atomic_store(&desk.failed, 0);
        hw_folder_syncs_init(&desk.syncs);
        hw_io_set(&desk.io);
        for (size_t k = 0; k < THREADS; k++) {
            assert_int_equal(pthread_create(&threads[k], NULL, flusher_main, NULL), 0);
        }
        for (size_t k = 0; k < THREADS; k++) {
            pthread_join(threads[k], NULL);
        }
        hw_io_set(NULL);
        assert_row_int(rows[i].name, atomic_load(&desk.fsyncs), rows[i].fsyncs);
        assert_row_int(rows[i].name, atomic_load(&desk.together), rows[i].folders);
        assert_row_int(rows[i].name, atomic_load(&desk.failed), rows[i].failed);
        hw_folder_syncs_release(&desk.syncs);
    }
    close(desk.fds[0]);
    close(desk.fds[1]);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_flushes_its_folder),
        cmocka_unit_test(those_who_come_meanwhile_share_the_next_one),
    };
    return cmocka_run_group_tests_name("store/folder_sync", tests, NULL, NULL);
}
