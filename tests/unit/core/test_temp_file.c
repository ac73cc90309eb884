/* SPDX-License-Identifier: Apache-2.0 */
#include "core/temp_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* It lies in TMPDIR, has no name there, and can be written and read. */
static void a_file_without_a_name(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    static const struct {
        const char *name, *folder;
        enum hw_status want;
    } rows[] = {{"there", "", HW_OK}, {"not there", "missing", HW_EIO}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[2] = "";
        int fd = -1;
        setenv("TMPDIR", scratch_path(&scratch, rows[i].folder), 1);
        assert_row_int(rows[i].name, hw_temp_file_open(&fd, &err), rows[i].want);
        assert_row_text(rows[i].name, scratch_names(&scratch), "");
        if (rows[i].want == HW_OK) {
            assert_int_equal(pwrite(fd, "ab", 2, 0), 2);
            assert_int_equal(pread(fd, got, 2, 0), 2);
            assert_memory_equal(got, "ab", 2);
            close(fd);
        } else {
            assert_row_says(rows[i].name, err.message, "cannot make a temporary file in");
        }
    }
    scratch_remove(&scratch);
}

/* A folder is named, and the file is there, unless its file system makes none without a name. */
static void a_file_in_a_folder(void **state) {
    (void)state;
    unsetenv("TMPDIR");
    struct scratch scratch = scratch_make();
    static const struct {
        const char *name, *folder;
        int errnum; /* of the first call that opens a file; 0: it does */
        enum hw_status want;
        bool moved; /* The file is in the folder of all temporary files. */
        const char *says;
    } rows[] = {
        {"there", "", 0, HW_OK, false, ""},
        {"not there", "missing", 0, HW_EIO, false, "cannot make a temporary file in /"},
        {"a file system without such files", "", EOPNOTSUPP, HW_OK, true, ""},
        {"a kernel that takes it for a folder", "", EISDIR, HW_OK, true, ""},
        {"a full disk", "", ENOSPC, HW_EIO, false, "cannot make a temporary file in /"},
    };
    setenv("TMPDIR", scratch_path(&scratch, ""), 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char path[512];
        const char *folder = path;
        int fd = -1;
        snprintf(path, sizeof(path), "%s", scratch_path(&scratch, rows[i].folder));
        faulty_io_start(IO_OPENAT, rows[i].errnum ? 1 : 0, rows[i].errnum);
        assert_row_int(rows[i].name, hw_temp_file_open_in(&folder, &fd, &err), rows[i].want);
        faulty_io_stop();
        assert_row_int(rows[i].name, folder == NULL, rows[i].moved);
        assert_row_text(rows[i].name, scratch_names(&scratch), "");
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_int_equal(pwrite(fd, "ab", 2, 0), 2);
            close(fd);
        }
    }
    const char *none = NULL;
    int fd = -1;
    assert_int_equal(hw_temp_file_open_in(&none, &fd, NULL), HW_OK);
    close(fd);
    scratch_remove(&scratch);
}

/* A fault of input or output says where the file lies; others have nothing to do with the place. */
static void faults_name_the_folder(void **state) {
    (void)state;
    static const struct {
        const char *name, *folder;
        enum hw_status status;
        const char *want;
    } rows[] = {
        {"a full disk", "/elsewhere", HW_EIO,
         "a temporary file in /elsewhere (TMPDIR names another folder): cannot write"},
        {"a folder that is not named", "", HW_EIO,
         "a temporary file in /var/tmp (TMPDIR names another folder): cannot write"},
        {"stopped", "/elsewhere", HW_ECANCELLED, "cannot write"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        setenv("TMPDIR", rows[i].folder, 1);
        hw_error_set(&err, rows[i].status, "cannot write");
        assert_row_int(rows[i].name, hw_temp_file_told(rows[i].status, &err), rows[i].status);
        assert_row_text(rows[i].name, err.message, rows[i].want);
    }
    struct hw_error err = HW_ERROR_INIT;
    hw_error_set(&err, HW_EIO, "cannot write");
    assert_int_equal(hw_temp_file_told_in(HW_EIO, "/out", &err), HW_EIO);
    assert_string_equal(err.message, "a temporary file in /out: cannot write");
    assert_int_equal(hw_temp_file_told(HW_OK, NULL), HW_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_without_a_name),
        cmocka_unit_test(a_file_in_a_folder),
        cmocka_unit_test(faults_name_the_folder),
    };
    return cmocka_run_group_tests_name("core/temp_file", tests, NULL, NULL);
}
