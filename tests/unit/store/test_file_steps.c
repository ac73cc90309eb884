/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_steps.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* A tree with links: `link` and `in/link` lead to `out`, and `in/down` to a folder below `in`. */
static struct scratch tree_make(void) {
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "in/sub/deep/file", "x", 1);
    scratch_write(&scratch, "out/file", "x", 1);
    assert_int_equal(symlink("out", scratch_path(&scratch, "link")), 0);
    assert_int_equal(symlink("../out", scratch_path(&scratch, "in/link")), 0);
    assert_int_equal(symlink("sub", scratch_path(&scratch, "in/down")), 0);
    assert_int_equal(symlink("nowhere", scratch_path(&scratch, "in/dangling")), 0);
    return scratch;
}

static void links_are_followed_in_what_is_kept_only(void **state) {
    (void)state;
    static const struct {
        const char *path; /* below the scratch folder */
        size_t kept;      /* of it */
        size_t bytes;     /* of it */
        const char *want; /* the folder; NULL: none is opened */
        int errnum;
    } rows[] = {
        {"in/sub/deep/", 0, 12, "in/sub/deep", 0},
        {"in/sub/deep/", 3, 12, "in/sub/deep", 0},
        {"in/sub/deep/", 12, 12, "in/sub/deep", 0},
        {"in/sub/deep/", 0, 7, "in/sub", 0},
        {"in/sub/deep/", 7, 3, "in", 0},
        {"in/sub/deep/", 0, 0, "", 0},
        {"in/sub/deep", 3, 6, "in/sub", 0},
        {"in/sub/deep", 0, 11, "in/sub/deep", 0},
        {"in/sub/deep/file", 3, 12, "in/sub/deep", 0},
        {"in//sub/", 3, 8, "in/sub", 0},
        {"link/", 5, 5, "out", 0},
        {"in/link/", 8, 8, "out", 0},
        {"in/down/deep/", 8, 13, "in/sub/deep", 0},
        {"link/", 0, 5, NULL, ELOOP},
        {"link", 0, 4, NULL, ELOOP},
        {"in/link/", 3, 8, NULL, ELOOP},
        {"in/link", 3, 7, NULL, ELOOP},
        {"in/down/deep/", 3, 13, NULL, ELOOP},
        {"in/dangling/", 3, 12, NULL, ELOOP},
        {"in/sub/deep/file/", 3, 17, NULL, ENOTDIR},
        {"in/sub/missing/", 3, 15, NULL, ENOENT},
        {"missing/", 8, 8, NULL, ENOENT},
    };
    struct scratch scratch = tree_make();
    const size_t above = strlen(scratch.folder);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stat got, want;
        char path[600];
        const int files = open_files();
        snprintf(path, sizeof(path), "%s%s", scratch.folder, rows[i].path);
        const int fd = hw_file_steps_open(path, above + rows[i].kept, above + rows[i].bytes);
        const int errnum = errno;
        assert_row_int(rows[i].path, fd >= 0, rows[i].want != NULL);
        assert_row_int(rows[i].path, open_files(), files + (fd >= 0));
        if (!rows[i].want) {
            assert_row_int(rows[i].path, errnum, rows[i].errnum);
            continue;
        }
        assert_int_equal(fstat(fd, &got), 0);
        assert_int_equal(stat(scratch_path(&scratch, rows[i].want), &want), 0);
        assert_row_int(rows[i].path, got.st_ino == want.st_ino && got.st_dev == want.st_dev, true);
        /* It can be read and flushed, so it is no mere place. */
        assert_row_int(rows[i].path, fsync(fd), 0);
        close(fd);
    }
    scratch_remove(&scratch);
}

/* Without a folder in the path it is the working directory. */
static void relative_paths_begin_at_the_working_directory(void **state) {
    (void)state;
    static const struct {
        const char *path;
        size_t kept, bytes;
        const char *want;
    } rows[] = {{"x", 0, 0, ""}, {"in/x", 0, 3, "in"}, {"in/sub/x", 3, 7, "in/sub"}, {"in/sub", 0, 6, "in/sub"}};
    struct scratch scratch = tree_make();
    char before[4096];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(scratch.folder), 0);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stat got, want;
        const int fd = hw_file_steps_open(rows[i].path, rows[i].kept, rows[i].bytes);
        assert_row_int(rows[i].path, fd >= 0, true);
        assert_int_equal(fstat(fd, &got), 0);
        assert_int_equal(stat(scratch_path(&scratch, rows[i].want), &want), 0);
        assert_row_int(rows[i].path, got.st_ino == want.st_ino, true);
        close(fd);
    }
    assert_int_equal(chdir(before), 0);
    scratch_remove(&scratch);
}

/* An absolute path begins at the root, however little of it is kept. */
static void absolute_paths_begin_at_the_root(void **state) {
    (void)state;
    struct stat got, want;
    const int fd = hw_file_steps_open("/proc/self/", 0, 6);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &got), 0);
    assert_int_equal(stat("/proc", &want), 0);
    assert_true(got.st_ino == want.st_ino && got.st_dev == want.st_dev);
    close(fd);
    assert_int_equal(hw_file_steps_open("/proc/self/", 0, 11), -1);
    assert_int_equal(errno, ELOOP);
}

/* Whatever call fails, its errno is told and nothing stays open. */
static void faults_are_told(void **state) {
    (void)state;
    struct scratch scratch = tree_make();
    const char *path = scratch_path(&scratch, "in/sub/deep/");
    const size_t kept = strlen(scratch.folder);
    const int files = open_files();
    bool hit = true;
    int failures = 0;
    for (int k = 1; hit; k++) {
        faulty_io_start(IO_ANY, k, EIO);
        const int fd = hw_file_steps_open(path, kept, strlen(path));
        const int errnum = errno;
        const enum io_call call = faulty_io_stop();
        hit = call != IO_ANY;
        assert_row_int(faulty_io_name(call), fd >= 0, !hit || call == IO_CLOSE);
        if (fd < 0) {
            assert_row_int(faulty_io_name(call), errnum, EIO);
            failures++;
        } else {
            close(fd);
        }
        assert_row_int(faulty_io_name(call), open_files(), files);
    }
    assert_true(failures >= 8);
    scratch_remove(&scratch);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct alloc_fault fault;
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_file_steps_open("a/", 0, 2), -1);
    assert_int_equal(errno, ENOMEM);
    assert_true(alloc_fault_end(&fault));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_followed_in_what_is_kept_only),
        cmocka_unit_test(relative_paths_begin_at_the_working_directory),
        cmocka_unit_test(absolute_paths_begin_at_the_root),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("store/file_steps", tests, NULL, NULL);
}
