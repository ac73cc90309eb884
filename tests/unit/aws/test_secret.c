/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/secret.h"

#include <errno.h>
#include <sys/stat.h>

#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

static void files_are_read_up_to_a_limit(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_secret secret = {0};
    scratch_write(&scratch, "token", "abc\n", 4);
    assert_ok(hw_secret_file_read(scratch_path(&scratch, "token"), 4, &secret.text, &err), err);
    assert_string_equal((const char *)secret.text.data, "abc\n");
    assert_int_equal(secret.text.size, 4);
    hw_secret_release(&secret);
    assert_null(secret.text.data);
    assert_int_equal(hw_secret_file_read(scratch_path(&scratch, "token"), 3, &secret.text, &err), HW_ELIMIT);
    assert_row_says("long", err.message, "larger than 3 bytes");
    assert_string_equal(err.object, scratch_path(&scratch, "token"));
    assert_int_equal(hw_secret_file_read(scratch_path(&scratch, "none"), 3, &secret.text, &err), HW_ENOTFOUND);
    assert_int_equal(hw_secret_file_read(scratch.folder, 3, &secret.text, &err), HW_ENOTFOUND);
    assert_row_says("folder", err.message, "it is a folder");
    assert_null(secret.text.data);
    scratch_remove(&scratch);
}

static void a_file_is_replaced_as_a_whole(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct stat info;
    scratch_write(&scratch, "token", "old", 3);
    assert_ok(hw_secret_file_replace(scratch_path(&scratch, "token"), HW_VIEW("newer"), &err), err);
    assert_true(scratch_holds(&scratch, "token", "newer", 5));
    assert_string_equal(scratch_names(&scratch), "token ");
    assert_int_equal(stat(scratch_path(&scratch, "token"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(hw_secret_file_replace(scratch_path(&scratch, "no/token"), HW_VIEW("x"), &err), HW_ENOTFOUND);
    assert_row_says("no folder", err.message, "cannot make a file beside it");
    scratch_remove(&scratch);
}

static void faults_leave_the_file_as_it_was(void **state) {
    (void)state;
    static const enum io_call reads[] = {IO_OPENAT, IO_FSTAT, IO_READ};
    static const enum io_call writes[] = {IO_OPENAT, IO_WRITE, IO_FSYNC, IO_CLOSE, IO_RENAMEAT};
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    const int files = open_files();
    scratch_write(&scratch, "token", "old", 3);
    for (size_t i = 0; i < COUNT_OF(writes); i++) {
        faulty_io_start(writes[i], 1, ENOSPC);
        assert_row_int(faulty_io_name(writes[i]),
                       hw_secret_file_replace(scratch_path(&scratch, "token"), HW_VIEW("new"), &err), HW_EIO);
        assert_row_int(faulty_io_name(writes[i]), faulty_io_stop(), writes[i]);
        assert_true(scratch_holds(&scratch, "token", "old", 3));
        assert_row_text(faulty_io_name(writes[i]), scratch_names(&scratch), "token ");
    }
    for (size_t i = 0; i < COUNT_OF(reads); i++) {
        struct hw_buf text = {0};
        faulty_io_start(reads[i], 1, EACCES);
        assert_row_int(faulty_io_name(reads[i]), hw_secret_file_read(scratch_path(&scratch, "token"), 9, &text, &err),
                       HW_EIO);
        assert_row_int(faulty_io_name(reads[i]), faulty_io_stop(), reads[i]);
        assert_null(text.data);
    }
    assert_int_equal(open_files(), files);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_up_to_a_limit),
        cmocka_unit_test(a_file_is_replaced_as_a_whole),
        cmocka_unit_test(faults_leave_the_file_as_it_was),
    };
    return cmocka_run_group_tests_name("aws/secret", tests, NULL, NULL);
}
