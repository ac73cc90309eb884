/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for descriptors, and being told to stop waiting. */
#include "core/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/clock.h"
#include "support/faulty_io.h"
#include "support/rows.h"

enum { TEXT_BYTES = 1 << 20 }; /* more than any pipe holds */

/* A pipe that nobody reads; the writing end does not block. */
static void pipe_make(int fds[2], bool nonblocking) {
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    if (nonblocking) {
        assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
        assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
    }
}

/* What the other end of a pipe does, a moment later. */
struct peer {
    int fd;
    size_t bytes; /* read or written */
    char *text;
};

static void *peer_read(void *arg) {
    struct peer *peer = arg;
    size_t got = 0;
    hw_clock_sleep_ms(50);
    while (got < peer->bytes) {
        ssize_t part = read(peer->fd, peer->text + got, peer->bytes - got);
        if (part <= 0) {
            break;
        }
        got += (size_t)part;
    }
    peer->bytes = got;
    return NULL;
}

static void *peer_write(void *arg) {
    struct peer *peer = arg;
    hw_clock_sleep_ms(50);
    peer->bytes = (size_t)write(peer->fd, peer->text, peer->bytes);
    close(peer->fd);
    return NULL;
}

static char *text_make(void) {
    static char text[TEXT_BYTES];
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = (char)(i * 31 + i / 251);
    }
    return text;
}

static enum hw_status write_all(int fd, const void *data, size_t bytes, const struct hw_io_stop *stop,
                                struct hw_error *err) {
    (void)stop;
    return hw_io_write_all(fd, data, bytes, err);
}

static void a_slow_reader_gets_every_byte(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_status (*write)(int fd, const void *data, size_t bytes, const struct hw_io_stop *stop,
                                struct hw_error *err);
        bool nonblocking;
        int interrupted; /* this many of the calls to wait are */
    } rows[] = {
        {"a pipe", write_all, false, 0},
        {"a pipe that does not block", write_all, true, 0},
        {"until a stop", hw_io_write_until, false, 0},
        {"until a stop, does not block", hw_io_write_until, true, 0},
        {"signals while it waits", hw_io_write_until, false, 3},
        {"signals while it waits, does not block", write_all, true, 1},
    };
    const char *text = text_make();
    static char got[TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_io_stop never = {0};
        int fds[2];
        pthread_t thread;
        pipe_make(fds, false);
        assert_int_equal(fcntl(fds[1], F_SETFL, rows[i].nonblocking ? O_NONBLOCK : 0), 0);
        struct peer peer = {fds[0], TEXT_BYTES, got};
        assert_int_equal(pthread_create(&thread, NULL, peer_read, &peer), 0);
        faulty_io_start(IO_POLL, rows[i].interrupted, EINTR);
        enum hw_status status = rows[i].write(fds[1], text, TEXT_BYTES, &never, &err);
        faulty_io_stop();
        close(fds[1]);
        pthread_join(thread, NULL);
        assert_row_int(rows[i].name, status, HW_OK);
        assert_row_bytes(rows[i].name, got, peer.bytes, text, TEXT_BYTES);
        close(fds[0]);
    }
}

static void input_that_is_late_is_waited_for(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    char hello[] = "hello";
    char got[16];
    size_t bytes;
    int fds[2];
    pthread_t thread;
    pipe_make(fds, true);
    struct peer peer = {fds[1], sizeof(hello), hello};
    assert_int_equal(pthread_create(&thread, NULL, peer_write, &peer), 0);
    assert_ok(hw_io_read_once(fds[0], got, sizeof(got), &bytes, &err), err);
    assert_memory_equal(got, hello, bytes);
    pthread_join(thread, NULL);
    assert_ok(hw_io_readable_wait(fds[0], &(struct hw_io_stop){0}, &err), err); /* the end, too */
    assert_ok(hw_io_read_once(fds[0], got, sizeof(got), &bytes, &err), err);
    assert_int_equal(bytes, 0);
    close(fds[0]);
}

/* True from the `*ctx`-th question on. */
static bool cancelled_after(void *ctx) {
    int *left = ctx;
    return --*left <= 0;
}

static void a_stop_ends_the_wait(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool writes;
        int asked;       /* the question that is answered by yes */
        int interrupted; /* the call to wait that a signal interrupts; 0: none */
        int errnum;
        enum hw_status want;
    } rows[] = {
        {"nobody reads", true, 1, 0, 0, HW_ECANCELLED},
        {"nobody reads, asked again", true, 2, 0, 0, HW_ECANCELLED},
        {"nobody writes", false, 1, 0, 0, HW_ECANCELLED},
        {"nobody writes, a signal is no input", false, 1, 2, EINTR, HW_ECANCELLED},
        {"nobody reads, a signal is no room", true, 1, 1, EINTR, HW_ECANCELLED},
        {"the wait itself fails", false, 1, 1, ENOMEM, HW_ENOMEM},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        int left = rows[i].asked;
        const struct hw_io_stop stop = {cancelled_after, &left};
        int fds[2];
        pipe_make(fds, false);
        int64_t started_us = hw_clock_monotonic_us();
        faulty_io_start(IO_POLL, rows[i].interrupted, rows[i].errnum);
        enum hw_status status = rows[i].writes ? hw_io_write_until(fds[1], text_make(), TEXT_BYTES, &stop, &err)
                                               : hw_io_readable_wait(fds[0], &stop, &err);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_int(rows[i].name, err.status, rows[i].want);
        assert_row_int(rows[i].name, hw_clock_monotonic_us() - started_us < 1000000, true);
        close(fds[0]);
        close(fds[1]);
    }
}

static void faults_of_write_say_why(void **state) {
    (void)state;
    static const struct {
        int errnum;
        const char *says;
    } rows[] = {
        {ENOSPC, "cannot write 5 bytes: No space left on device"},
        {EFBIG, "the file size limit is reached (see ulimit -f): File too large"},
    };
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(IO_WRITE, 1, rows[i].errnum);
        assert_row_int(rows[i].says, hw_io_write_all(fd, "hello", 5, &err), HW_EIO);
        faulty_io_stop();
        assert_row_says(rows[i].says, err.message, rows[i].says);
    }
    close(fd);
}

/* Bytes come to their place, over calls that are short or interrupted, and beside what is there. */
static void bytes_are_written_in_place(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t short_bytes;
        int errnum; /* of the first call; 0: it succeeds */
        enum hw_status want;
        const char *says;
    } rows[] = {{"at once", 0, 0, HW_OK, ""},
                {"byte by byte", 1, 0, HW_OK, ""},
                {"a signal", 0, EINTR, HW_OK, ""},
                {"a full disk", 0, ENOSPC, HW_EIO, "cannot write 5 bytes at offset 3: No space left"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[11] = "";
        struct hw_error err = HW_ERROR_INIT;
        FILE *file = tmpfile();
        assert_int_equal(write(fileno(file), "0123456789", 10), 10);
        faulty_io_start(IO_PWRITE, rows[i].errnum != 0, rows[i].errnum);
        faulty_io_short(rows[i].short_bytes);
        assert_row_int(rows[i].name, hw_io_pwrite_all(fileno(file), "hello", 5, 3, &err), rows[i].want);
        faulty_io_stop();
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_int_equal(pread(fileno(file), got, 10, 0), 10);
        assert_row_text(rows[i].name, got, rows[i].want == HW_OK ? "012hello89" : "0123456789");
        fclose(file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_reader_gets_every_byte), cmocka_unit_test(input_that_is_late_is_waited_for),
        cmocka_unit_test(a_stop_ends_the_wait),          cmocka_unit_test(faults_of_write_say_why),
        cmocka_unit_test(bytes_are_written_in_place),
    };
    return cmocka_run_group_tests_name("core/io", tests, NULL, NULL);
}
