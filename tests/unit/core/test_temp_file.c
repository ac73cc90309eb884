/* SPDX-License-Identifier: Apache-2.0 */
#include "core/temp_file.h"

#include <stdlib.h>
#include <unistd.h>

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
    assert_int_equal(hw_temp_file_told(HW_OK, NULL), HW_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_file_without_a_name),
                                       cmocka_unit_test(faults_name_the_folder)};
    return cmocka_run_group_tests_name("core/temp_file", tests, NULL, NULL);
}
