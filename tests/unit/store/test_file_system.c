/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "support/faulty_io.h"
#include "support/rows.h"

static void descriptors_are_closed_on_exec(void **state) {
    (void)state;
    int fd = hw_file_openat(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY, 0);
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
}

static void interrupted_opens_are_made_again(void **state) {
    (void)state;
    faulty_io_start(IO_OPENAT, 1, EINTR);
    int fd = hw_file_openat(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY, 0);
    assert_int_equal(faulty_io_calls(IO_OPENAT), 2);
    faulty_io_stop();
    assert_true(fd >= 0);
    close(fd);
}

static void times_of_change_are_microseconds(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct timespec time;
        int64_t want;
    } rows[] = {
        {"the epoch", {0, 0}, 0},
        {"nanoseconds are cut", {1700000000, 123456789}, INT64_C(1700000000123456)},
        {"before the epoch", {-1, 0}, -1000000},
        {"no clock had it", {INT64_MAX, 0}, 0},
        {"no clock had it either", {INT64_MIN, 0}, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct stat info = {.st_mtim = rows[i].time};
        assert_row_int(rows[i].name, hw_file_mtime_us(&info), rows[i].want);
    }
}

static void files_get_the_facts_that_there_are(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_file_facts facts;
        enum io_call fails;
        const char *says;
        mode_t mode;
        int64_t mtime_ns; /* 0: that of writing */
    } rows[] = {
        {"both", {true, INT64_C(1700000000123456789), true, 0640}, IO_ANY, "", 0640, INT64_C(1700000000123456789)},
        {"before 1970", {true, -1, false, 0}, IO_ANY, "", 0600, -1},
        {"a mode alone", {false, 5, true, 0604}, IO_ANY, "", 0604, 0},
        {"setuid is dropped", {false, 0, true, 04755}, IO_ANY, "", 0755, 0},
        {"nothing", {0}, IO_ANY, "", 0600, 0},
        {"no permission", {true, 1, true, 0640}, IO_FCHMOD, "give the file its permissions", 0600, 0},
        {"no time", {true, 1, false, 0}, IO_FUTIMENS, "give the file its time", 0600, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char path[] = "/tmp/hawser-facts-XXXXXX";
        struct stat info;
        int64_t ns = 0;
        const int fd = mkstemp(path);
        assert_true(fd >= 0);
        if (rows[i].fails != IO_ANY) {
            faulty_io_start(rows[i].fails, 1, EPERM);
        }
        const enum hw_status status = hw_file_facts_set(fd, &rows[i].facts, &err);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].fails == IO_ANY ? HW_OK : HW_EIO);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_int_equal(fstat(fd, &info), 0);
        assert_row_int(rows[i].name, info.st_mode & 07777, rows[i].mode);
        assert_true(hw_file_mtime_ns(&info.st_mtim, &ns));
        if (rows[i].mtime_ns != 0) {
            assert_row_int(rows[i].name, ns, rows[i].mtime_ns);
        } else {
            assert_true(ns > INT64_C(1700000000123456789));
        }
        close(fd);
        unlink(path);
    }
    int64_t ns;
    assert_false(hw_file_mtime_ns(&(struct timespec){INT64_MAX, 0}, &ns));
}

static void paths_are_root_and_key(void **state) {
    (void)state;
    static const char *const rows[][3] = {{"/a/", "b", "/a/b"}, {"", "b", "b"}, {"/", "", "/"}, {"", "", ""}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *path = hw_file_path(rows[i][0], rows[i][1]);
        assert_non_null(path);
        assert_row_text(rows[i][2], path, rows[i][2]);
        hw_free(path);
    }
}

/* ENOENT would be "not found", but it is the disk that fails where something is written. */
static void faults_of_the_disk_are_local(void **state) {
    (void)state;
    static const int errnums[] = {ENOENT, EACCES, ENOSPC, EIO};
    for (size_t i = 0; i < COUNT_OF(errnums); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_file_failed(&err, errnums[i], "make the folder"), HW_EIO);
        assert_int_equal(err.status, HW_EIO);
        assert_int_equal(err.sys_errno, errnums[i]);
        assert_row_says("message", err.message, "cannot make the folder");
        assert_int_equal(hw_file_failed(NULL, errnums[i], "make the folder"), HW_EIO);
    }
}

/* Whatever another user may write to is not ours. */
static void only_files_of_this_user_are_ours(void **state) {
    (void)state;
    const struct {
        const char *name;
        mode_t mode;
        uid_t uid;
        nlink_t links;
        bool want;
    } rows[] = {
        {"a file", S_IFREG | 0600, geteuid(), 1, true},
        {"one of another user", S_IFREG | 0600, geteuid() + 1, 1, false},
        {"one with two names", S_IFREG | 0600, geteuid(), 2, false},
        {"one without a name", S_IFREG | 0600, geteuid(), 0, false},
        {"a pipe", S_IFIFO | 0600, geteuid(), 1, false},
        {"a folder", S_IFDIR | 0600, geteuid(), 1, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct stat info = {.st_mode = rows[i].mode, .st_uid = rows[i].uid, .st_nlink = rows[i].links};
        assert_row_int(rows[i].name, hw_file_is_ours(&info), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_are_closed_on_exec),   cmocka_unit_test(interrupted_opens_are_made_again),
        cmocka_unit_test(times_of_change_are_microseconds), cmocka_unit_test(files_get_the_facts_that_there_are),
        cmocka_unit_test(paths_are_root_and_key),           cmocka_unit_test(faults_of_the_disk_are_local),
        cmocka_unit_test(only_files_of_this_user_are_ours),
    };
    return cmocka_run_group_tests_name("store/file_system", tests, NULL, NULL);
}
