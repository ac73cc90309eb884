/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"

enum { LINES_MAX = 4 };

static int file_of(const struct scratch *scratch, const void *data, size_t bytes) {
    scratch_write(scratch, "list", data, bytes);
    const int fd = open(scratch_path(scratch, "list"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void lines_come_one_by_one(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *lines[LINES_MAX];
    } rows[] = {
        {"", {NULL}},
        {"a", {"a"}},
        {"a\n", {"a"}},
        {"\n", {""}},
        {"a\n\nb", {"a", "", "b"}},
        {"a\r\nb\n", {"a\r", "b"}},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_batch_lines lines = {.fd = file_of(&scratch, rows[i].text, strlen(rows[i].text))};
        hw_view line;
        bool found = true;
        for (size_t at = 0; found; at++) {
            assert_ok(hw_batch_lines_next(&lines, &line, &found, &err), err);
            assert_row_int(rows[i].text, found, rows[i].lines[at] != NULL);
            if (found) {
                assert_row_bytes(rows[i].text, line.data, line.size, rows[i].lines[at], strlen(rows[i].lines[at]));
                assert_row_int(rows[i].text, lines.number, at + 1);
            }
        }
        close(lines.fd);
        hw_batch_lines_release(&lines);
    }
    scratch_remove(&scratch);
}

/* Lines that are longer than one read, and those at the limit. */
static void long_lines_are_whole_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        enum hw_status want;
    } rows[] = {
        {"several reads", 200000, HW_OK},
        {"the most", HW_BATCH_LINE_BYTES_MAX, HW_OK},
        {"one more", HW_BATCH_LINE_BYTES_MAX + 1, HW_ELIMIT},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) text = {0};
        assert_ok(hw_buf_append(&text, "x\n", 2, &err), err);
        for (size_t at = 0; at < rows[i].bytes; at++) {
            assert_ok(hw_buf_append_byte(&text, (uint8_t)('a' + at % 26), &err), err);
        }
        assert_ok(hw_buf_append(&text, "\ny", 2, &err), err);
        struct hw_batch_lines lines = {.fd = file_of(&scratch, text.data, text.size)};
        hw_view line;
        bool found;
        assert_ok(hw_batch_lines_next(&lines, &line, &found, &err), err);
        assert_row_int(rows[i].name, hw_batch_lines_next(&lines, &line, &found, &err), rows[i].want);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, line.data, line.size, text.data + 2, rows[i].bytes);
            assert_ok(hw_batch_lines_next(&lines, &line, &found, &err), err);
            assert_row_bytes(rows[i].name, line.data, line.size, "y", 1);
        } else {
            assert_row_says(rows[i].name, err.message, "line 2 is longer than 1048576 bytes");
        }
        close(lines.fd);
        hw_batch_lines_release(&lines);
    }
    scratch_remove(&scratch);
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void a_stop_ends_the_wait_for_a_pipe(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    int fds[2];
    hw_view line;
    bool found;
    assert_int_equal(pipe(fds), 0);
    struct hw_batch_lines lines = {.fd = fds[0], .stop = {always, NULL}};
    assert_int_equal(hw_batch_lines_next(&lines, &line, &found, &err), HW_ECANCELLED);
    hw_batch_lines_release(&lines);
    close(fds[0]);
    close(fds[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_one_by_one),
        cmocka_unit_test(long_lines_are_whole_or_refused),
        cmocka_unit_test(a_stop_ends_the_wait_for_a_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
