/* SPDX-License-Identifier: Apache-2.0 */
#include "store/file_case.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/io.h"
#include "store/file_temp.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* A file system that does not tell upper from lower case in the names of our temporaries. */
static int folding_openat(int dir_fd, const char *path, int flags, mode_t mode) {
    char name[256];
    snprintf(name, sizeof(name), "%s", path);
    if (strncmp(path, HW_FILE_TEMP_PREFIX, strlen(HW_FILE_TEMP_PREFIX)) == 0) {
        for (char *at = name; *at; at++) {
            *at = (char)tolower((unsigned char)*at);
        }
    }
    return hw_io_system.openat(dir_fd, name, flags, mode);
}

static void a_file_system_is_asked(void **state) {
    (void)state;
    static const struct {
        const char *name, *path;
    } rows[] = {
        {"a folder", "d/"},
        {"a file in it", "d/x"},
        {"a folder that is not there", "d/e/f/"},
        {"the folder itself", ""},
    };
    struct scratch scratch = scratch_make();
    struct hw_io folding = hw_io_system;
    folding.openat = folding_openat;
    scratch_write(&scratch, "d/x", "1", 1);
    char names[64];
    snprintf(names, sizeof(names), "%s", scratch_names(&scratch));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const int files = open_files();
        char path[600];
        snprintf(path, sizeof(path), "%s/%s", scratch.folder, rows[i].path);
        assert_row_int(rows[i].name, hw_file_case_folded(path), false);
        hw_io_set(&folding);
        assert_row_int(rows[i].name, hw_file_case_folded(path), true);
        hw_io_set(NULL);
        assert_row_int(rows[i].name, open_files(), files);
        assert_row_text(rows[i].name, scratch_names(&scratch), names);
    }
    scratch_remove(&scratch);
}

static void what_cannot_be_asked_is_told_apart(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    char path[600];
    snprintf(path, sizeof(path), "%s/x", scratch.folder);
    for (int at = 1; at <= 2; at++) {
        faulty_io_start(IO_OPENAT, at, EACCES);
        const bool folded = hw_file_case_folded(path);
        faulty_io_stop();
        assert_false(folded);
    }
    assert_string_equal(scratch_names(&scratch), "");
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_system_is_asked),
        cmocka_unit_test(what_cannot_be_asked_is_told_apart),
    };
    return cmocka_run_group_tests_name("store/file_case", tests, NULL, NULL);
}
