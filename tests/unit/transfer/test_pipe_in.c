/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/pipe_in.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "support/faulty_io.h"
#include "unit/transfer/copy_desk.h"

enum { BYTES = 700000 }; /* more than is read at once, and more than a pipe holds */

struct feeder {
    int fd;
    size_t bytes;
};

static void *feeder_run(void *arg) {
    const struct feeder *feeder = arg;
    static uint8_t piece[4096];
    for (size_t at = 0; at < feeder->bytes;) {
        for (size_t i = 0; i < sizeof(piece); i++) {
            piece[i] = (uint8_t)((at + i) % 251);
        }
        const size_t left = feeder->bytes - at;
        const ssize_t wrote = write(feeder->fd, piece, left < sizeof(piece) ? left : sizeof(piece));
        if (wrote <= 0) {
            break;
        }
        at += (size_t)wrote;
    }
    close(feeder->fd);
    return NULL;
}

/* Copies what a pipe brings, and closes it. */
static enum hw_status pipe_copy(struct desk *desk, size_t bytes, const char *destination) {
    int fds[2];
    pthread_t thread;
    assert_int_equal(pipe(fds), 0);
    struct feeder feeder = {fds[1], bytes};
    assert_int_equal(pthread_create(&thread, NULL, feeder_run, &feeder), 0);
    desk->options.input_fd = fds[0];
    enum hw_status status = desk_copy(desk, (const char *const[]){"-", NULL}, destination);
    close(fds[0]);
    pthread_join(thread, NULL);
    return status;
}

static void a_stream_becomes_an_object(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 65536, BYTES};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct desk desk;
        const uint8_t *data;
        size_t bytes;
        desk_open(&desk);
        assert_ok(pipe_copy(&desk, sizes[i], "to://d/t"), desk.error);
        assert_ok(hw_memory_store_get(desk.stores[1], "d/t", (const void **)&data, &bytes, &desk.error), desk.error);
        assert_int_equal(bytes, sizes[i]);
        for (size_t k = 0; k < bytes; k++) {
            assert_int_equal(data[k], k % 251);
        }
        assert_int_equal(desk.result.done, 1);
        assert_int_equal(desk.result.objects, 1);
        assert_int_equal(desk.result.bytes, sizes[i]);
        assert_row_says("told", desk_told(&desk), "cp - -> to://d/t done ");
        desk_close(&desk);
    }
}

static void a_file_gets_the_name_that_was_given(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    scratch_write(&desk.scratch, "d/keep", "", 0);
    assert_int_equal(symlink("d", scratch_path(&desk.scratch, "link")), 0);
    assert_ok(pipe_copy(&desk, 10, "@link/t.csv"), desk.error);
    assert_string_equal(scratch_names(&desk.scratch), "d/ d/keep d/t.csv link ");
    desk_close(&desk);
}

static void faults_leave_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct fake_fault fault;
    } rows[] = {
        {"opening", {FAKE_SINK_OPEN, 1, 1, HW_EAUTH}},      {"writing", {FAKE_WRITE, 1, 1, HW_ENETWORK}},
        {"writing more", {FAKE_WRITE, 3, 1, HW_EIO}},       {"the end", {FAKE_FINISH, 1, 1, HW_ESERVER}},
        {"what is there", {FAKE_FINISH, 1, 1, HW_EEXISTS}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct fake_store target;
        desk_open(&desk);
        fake_store_init(&target, "goal://");
        target.fault = rows[i].fault;
        desk_target_take(&desk, &target);
        assert_row_int(rows[i].name, pipe_copy(&desk, BYTES, "goal://t.csv"), rows[i].fault.status);
        assert_row_int(rows[i].name, target.published == NULL, true);
        assert_row_int(rows[i].name, target.calls[FAKE_FREE], rows[i].fault.call != FAKE_SINK_OPEN);
        assert_row_int(rows[i].name, desk.result.failed, 1);
        assert_row_says(rows[i].name, desk_told(&desk), "cp - -> goal://t.csv failed");
        if (rows[i].fault.call != FAKE_SINK_OPEN) {
            assert_row_text(rows[i].name, target.sink_options.content_type, "text/csv");
            assert_row_int(rows[i].name, target.sink_options.proven, true);
        }
        desk_target_drop(&desk, &target);
        desk_close(&desk);
    }
}

/* A descriptor that cannot be read, and a read that fails, are no end of the stream. */
static void a_read_that_fails_publishes_nothing(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk.options.input_fd = open("/dev/null", O_WRONLY);
    assert_int_equal(desk_copy(&desk, (const char *const[]){"-", NULL}, "to://t"), HW_EIO);
    close(desk.options.input_fd);
    faulty_io_start(IO_READ, 2, EIO);
    assert_int_equal(pipe_copy(&desk, BYTES, "to://t"), HW_EIO);
    faulty_io_stop();
    assert_string_equal(desk_keys(desk.stores[1]), "");
    desk_close(&desk);
}

static bool stop_at_once(void *ctx) {
    (void)ctx;
    return true;
}

/* A stream that brings nothing does not keep the run from ending. */
static void a_stop_ends_the_wait_for_input(void **state) {
    (void)state;
    struct desk desk;
    int fds[2];
    desk_open(&desk);
    assert_int_equal(pipe(fds), 0);
    desk.options.input_fd = fds[0];
    desk.options.cancelled = stop_at_once;
    assert_int_equal(desk_copy(&desk, (const char *const[]){"-", NULL}, "to://t"), HW_ECANCELLED);
    assert_string_equal(desk_keys(desk.stores[1]), "");
    close(fds[0]);
    close(fds[1]);
    desk_close(&desk);
}

static void a_dry_run_reads_nothing(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk);
    desk.options.dry_run = true;
    desk.options.input_fd = -1;
    assert_ok(desk_copy(&desk, (const char *const[]){"-", NULL}, "to://t"), desk.error);
    assert_row_says("told", desk_told(&desk), "cp - -> to://t planned");
    assert_string_equal(desk_keys(desk.stores[1]), "");
    desk_close(&desk);
}

/* The end of a run closes its input, and whoever writes to it sees an error. */
static int signal_ignored(void **state) {
    (void)state;
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_becomes_an_object),     cmocka_unit_test(a_file_gets_the_name_that_was_given),
        cmocka_unit_test(faults_leave_nothing),           cmocka_unit_test(a_read_that_fails_publishes_nothing),
        cmocka_unit_test(a_stop_ends_the_wait_for_input), cmocka_unit_test(a_dry_run_reads_nothing),
    };
    return cmocka_run_group_tests_name("transfer/pipe_in", tests, signal_ignored, NULL);
}
