/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor as a source. */
#include "store/fd_source.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"

static int file_open(const struct scratch *scratch) {
    scratch_write(scratch, "f", "0123456789", 10);
    const int fd = open(scratch_path(scratch, "f"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void ranges_are_read(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t size, offset;
        size_t bytes;
        enum hw_status want;
        const char *text, *says;
    } rows[] = {
        {"all", 10, 0, 10, HW_OK, "0123456789", ""},
        {"a part", 10, 4, 3, HW_OK, "456", ""},
        {"nothing at the end", 10, 10, 0, HW_OK, "", ""},
        {"beyond the end", 10, 8, 3, HW_EIO, "", "a read of 3 bytes reaches beyond the end"},
        {"beyond what counts", 5, 4, 2, HW_EIO, "", "a read of 2 bytes reaches beyond the end"},
        {"an offset that no file has", 10, UINT64_MAX, 1, HW_EIO, "", "a read of 1 byte reaches beyond the end"},
        {"a file that is shorter", 20, 8, 4, HW_ECHANGED, "", "has become shorter"},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source;
        char data[16];
        assert_ok(hw_fd_source_open(file_open(&scratch), rows[i].size, "f", &source, &err), err);
        assert_row_int(rows[i].name, source->ops->read_at(source, rows[i].offset, data, rows[i].bytes, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_bytes(rows[i].name, data, strlen(rows[i].text), rows[i].text, strlen(rows[i].text));
        assert_row_text(rows[i].name, source->name, "f");
        source->ops->close(source);
    }
    scratch_remove(&scratch);
}

/* A copy is closed by itself, and the descriptor goes on. */
static void a_copy_leaves_the_descriptor(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    const int fd = file_open(&scratch);
    for (int i = 0; i < 2; i++) {
        struct hw_source *source;
        char data[3];
        assert_ok(hw_fd_source_dup(fd, 10, "f", &source, &err), err);
        assert_ok(source->ops->read_at(source, 7, data, 3, &err), err);
        assert_memory_equal(data, "789", 3);
        source->ops->close(source);
    }
    assert_int_equal(close(fd), 0);
    struct hw_source *none;
    assert_int_equal(hw_fd_source_dup(-1, 10, "f", &none, &err), HW_EIO);
    assert_row_says("no descriptor", err.message, "cannot read the temporary file again");
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read),
        cmocka_unit_test(a_copy_leaves_the_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
