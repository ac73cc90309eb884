/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/input_peek.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/rows.h"
#include "support/scratch.h"

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static const struct hw_io_stop never = {NULL, NULL};

static void files_are_seen_from_where_they_are(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_input_start start;
    struct hw_error err = HW_ERROR_INIT;
    char left[32];
    scratch_write(&scratch, "in", "0123456789abcdefghij", 20);
    const int fd = open(scratch_path(&scratch, "in"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(hw_input_peek(fd, &never, &start, &err), err);
    assert_row_bytes("start", start.bytes, start.size, "0123456789abcdef", 16);
    assert_true(start.seekable);
    assert_int_equal(read(fd, left, 15), 15);
    assert_ok(hw_input_peek(fd, &never, &start, &err), err);
    assert_row_bytes("behind", start.bytes, start.size, "fghij", 5);
    assert_int_equal(read(fd, left, sizeof(left)), 5);
    assert_ok(hw_input_peek(fd, &never, &start, &err), err);
    assert_int_equal(start.size, 0);
    close(fd);
    scratch_remove(&scratch);
}

static void bytes_stay_in_a_pipe(void **state) {
    (void)state;
    struct hw_input_start start;
    struct hw_error err = HW_ERROR_INIT;
    char left[32];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "PAR1....", 8), 8);
    for (int i = 0; i < 2; i++) {
        assert_ok(hw_input_peek(ends[0], &never, &start, &err), err);
        assert_row_bytes("start", start.bytes, start.size, "PAR1....", 8);
        assert_false(start.seekable);
    }
    assert_int_equal(read(ends[0], left, sizeof(left)), 8);
    close(ends[1]);
    assert_ok(hw_input_peek(ends[0], &never, &start, &err), err);
    assert_int_equal(start.size, 0);
    close(ends[0]);
}

static void what_is_neither_has_nothing_to_be_seen(void **state) {
    (void)state;
    struct hw_input_start start;
    struct hw_error err = HW_ERROR_INIT;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(write(ends[1], "PAR1", 4), 4);
    assert_ok(hw_input_peek(ends[0], &never, &start, &err), err);
    assert_int_equal(start.size, 0);
    assert_false(start.seekable);
    close(ends[0]);
    close(ends[1]);
}

static void waiting_can_be_stopped(void **state) {
    (void)state;
    struct hw_input_start start;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_io_stop stop = {always, NULL};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(hw_input_peek(ends[0], &stop, &start, &err), HW_ECANCELLED);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(hw_input_peek(-1, &never, &start, &err), HW_EIO);
    assert_row_says("closed", err.message, "cannot look at standard input");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_seen_from_where_they_are),
        cmocka_unit_test(bytes_stay_in_a_pipe),
        cmocka_unit_test(what_is_neither_has_nothing_to_be_seen),
        cmocka_unit_test(waiting_can_be_stopped),
    };
    return cmocka_run_group_tests_name("pipeline/input_peek", tests, NULL, NULL);
}
