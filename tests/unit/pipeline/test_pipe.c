/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* A copy takes several blocks. */
enum { BLOCK_BYTES = 256 << 10, TEXT_BYTES = 3 * BLOCK_BYTES + 17 };

static struct scratch scratch;

/* Spools lie in a folder of their own, of which nothing must be seen. */
static int folder_make(void **state) {
    (void)state;
    scratch = scratch_make();
    return setenv("TMPDIR", scratch.folder, 1);
}

static int folder_remove(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return unsetenv("TMPDIR");
}

/* Bytes whose places can be told apart; 251 is prime to the block. */
static void text_fill(uint8_t *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        text[i] = (uint8_t)(i * 7 % 251);
    }
}

/* A file without a name that holds `bytes` bytes, read from its start. */
static int input_make(const uint8_t *text, size_t bytes) {
    int fd = open(scratch.folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, bytes), bytes);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* Says true from the `at`-th question on; 0: never. */
struct asked {
    int at;
    int count;
};

static bool asked_cancelled(void *ctx) {
    struct asked *asked = ctx;
    asked->count++;
    return asked->at > 0 && asked->count >= asked->at;
}

static const struct hw_io_stop no_stop = {0};

/* ------ sources */

static void a_pipe_is_read_again_and_anywhere(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        size_t each; /* bytes of a read and a write at most; 0: no limit */
    } rows[] = {
        {"nothing", 0, 0},        {"a byte", 1, 0}, {"a block", BLOCK_BYTES, 0}, {"several blocks", TEXT_BYTES, 0},
        {"few at once", 5000, 7},
    };
    static uint8_t text[TEXT_BYTES], got[TEXT_BYTES];
    text_fill(text, TEXT_BYTES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const size_t bytes = rows[i].bytes;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source;
        const int before = open_files();
        int fd = input_make(text, bytes);
        faulty_io_start(IO_ANY, 0, 0);
        faulty_io_short(rows[i].each);
        assert_ok(hw_pipe_source_open(fd, &no_stop, &source, &err), err);
        close(fd); /* it is not needed any more */
        assert_row_int(rows[i].name, source->size, bytes);
        assert_row_text(rows[i].name, source->name, "-");
        assert_row_text(rows[i].name, source->etag, "");
        assert_false(source->remote);
        for (int pass = 0; pass < 2; pass++) {
            memset(got, 0x5a, bytes);
            assert_ok(source->ops->read_at(source, 0, got, bytes, &err), err);
            assert_row_bytes(rows[i].name, got, bytes, text, bytes);
        }
        assert_ok(source->ops->read_at(source, bytes / 3, got, bytes - bytes / 3, &err), err);
        assert_row_bytes(rows[i].name, got, bytes - bytes / 3, text + bytes / 3, bytes - bytes / 3);
        assert_row_int(rows[i].name, source->ops->read_at(source, bytes, got, 1, &err), HW_EIO);
        assert_row_text(rows[i].name, scratch_names(&scratch), "");
        source->ops->close(source);
        faulty_io_stop();
        assert_row_int(rows[i].name, open_files(), before);
    }
}

static void a_source_that_fails_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at;
        int errnum;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"no temporary file", IO_OPENAT, 1, EACCES, HW_EIO, "cannot make a temporary file in"},
        {"the first wait", IO_POLL, 1, EIO, HW_EIO, "cannot wait for a descriptor"},
        {"the first read", IO_READ, 1, EIO, HW_EIO, "cannot read"},
        {"the second read", IO_READ, 2, EIO, HW_EIO, "cannot read"},
        {"the read of the end", IO_READ, 5, EIO, HW_EIO, "cannot read"},
        {"a full disk", IO_WRITE, 2, ENOSPC, HW_EIO, "(TMPDIR names another folder): cannot write 262144 bytes"},
        {"a limit", IO_WRITE, 4, EFBIG, HW_EIO, "ulimit -f"},
    };
    static uint8_t text[TEXT_BYTES];
    text_fill(text, TEXT_BYTES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source = NULL;
        int fd = input_make(text, TEXT_BYTES);
        const int before = open_files();
        faulty_io_start(rows[i].call, rows[i].at, rows[i].errnum);
        assert_row_int(rows[i].name, hw_pipe_source_open(fd, &no_stop, &source, &err), rows[i].want);
        assert_row_int(rows[i].name, faulty_io_stop(), rows[i].call);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, err.sys_errno, rows[i].errnum);
        assert_null(source);
        assert_row_int(rows[i].name, open_files(), before);
        close(fd);
    }
}

/* TMPDIR says where; without one, or with an empty one, that is /var/tmp. */
static void the_folder_is_that_of_the_environment(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *folder; /* NULL: not set */
        const char *says;
    } rows[] = {
        {"one that is not there", "/nowhere/at/all", "cannot make a temporary file in /nowhere/at/all (TMPDIR"},
        {"none", NULL, "cannot make a temporary file in /var/tmp"},
        {"an empty one", "", "cannot make a temporary file in /var/tmp"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source = NULL;
        int fd = input_make(NULL, 0);
        assert_int_equal(rows[i].folder ? setenv("TMPDIR", rows[i].folder, 1) : unsetenv("TMPDIR"), 0);
        faulty_io_start(IO_OPENAT, 1, ENOENT); /* in each: /var/tmp may be there or not */
        assert_row_int(rows[i].name, hw_pipe_source_open(fd, &no_stop, &source, &err), HW_EIO);
        faulty_io_stop();
        assert_row_says(rows[i].name, err.message, rows[i].says);
        close(fd);
        assert_int_equal(setenv("TMPDIR", scratch.folder, 1), 0);
    }
}

/* The question is asked before each block, so that files that never block are stopped as well. */
static void reading_is_stopped(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool pipe; /* one that nobody writes to; else a file */
        int at;    /* the question that is answered with yes; 0: none */
        enum hw_status want;
    } rows[] = {
        {"never", false, 0, HW_OK},
        {"at once", false, 1, HW_ECANCELLED},
        {"between blocks", false, 3, HW_ECANCELLED},
        {"a pipe that is waited for", true, 3, HW_ECANCELLED},
    };
    static uint8_t text[TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source = NULL;
        struct asked asked = {.at = rows[i].at};
        int fds[2] = {-1, -1};
        if (rows[i].pipe) {
            assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
        } else {
            fds[0] = input_make(text, TEXT_BYTES);
        }
        const int before = open_files();
        const struct hw_io_stop stop = {asked_cancelled, &asked};
        assert_row_int(rows[i].name, hw_pipe_source_open(fds[0], &stop, &source, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want == HW_OK ? "" : "stopped before it was done");
        assert_row_int(rows[i].name, asked.count >= (rows[i].at ? rows[i].at : 4), true);
        if (source) {
            source->ops->close(source);
        }
        assert_row_int(rows[i].name, open_files(), before);
        close(fds[0]);
        close(fds[1]);
    }
}

/* ------ stores */

/* Opens a store on `fd`, and a sink of it to which `bytes` bytes are written in two writes. */
static enum hw_status sink_fill(int fd, const struct hw_io_stop *stop, const uint8_t *text, size_t bytes,
                                struct hw_store **out_store, struct hw_sink **out_sink, struct hw_error *err) {
    const struct hw_sink_options options = {0};
    HW_TRY(hw_pipe_store_open(fd, stop, out_store, err));
    HW_TRY((*out_store)->ops->sink_open(*out_store, "any key", &options, out_sink, err));
    HW_TRY((*out_sink)->ops->write(*out_sink, text, bytes / 2, err));
    return (*out_sink)->ops->write(*out_sink, text + bytes / 2, bytes - bytes / 2, err);
}

static void sink_release(struct hw_store *store, struct hw_sink *sink) {
    if (sink) {
        sink->ops->free(sink);
    }
    if (store) {
        store->ops->close(store);
    }
}

/* Nothing comes before the sink is finished, and nothing at all if it is not. */
static void bytes_come_when_the_sink_is_finished(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        bool settled;
        bool finished;
    } rows[] = {
        {"nothing", 0, false, true},          {"several blocks", TEXT_BYTES, false, true},
        {"settled before", 1000, true, true}, {"only settled", 1000, true, false},
        {"freed", TEXT_BYTES, false, false},
    };
    static uint8_t text[TEXT_BYTES], got[TEXT_BYTES + 1];
    text_fill(text, TEXT_BYTES);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store = NULL;
        struct hw_sink *sink = NULL;
        int fd = input_make(NULL, 0);
        const int before = open_files();
        assert_ok(sink_fill(fd, &no_stop, text, rows[i].bytes, &store, &sink, &err), err);
        assert_row_text(rows[i].name, store->root, "-");
        assert_row_int(rows[i].name, sink->written, rows[i].bytes);
        assert_row_text(rows[i].name, sink->etag, "");
        assert_ok(rows[i].settled ? sink->ops->settle(sink, &err) : HW_OK, err);
        assert_row_int(rows[i].name, pread(fd, got, sizeof(got), 0), 0);
        assert_ok(rows[i].finished ? sink->ops->finish(sink, &err) : HW_OK, err);
        assert_row_text(rows[i].name, scratch_names(&scratch), "");
        sink_release(store, sink);
        const size_t want = rows[i].finished ? rows[i].bytes : 0;
        const ssize_t bytes = pread(fd, got, sizeof(got), 0);
        assert_row_bytes(rows[i].name, got, (size_t)bytes, text, want);
        assert_row_int(rows[i].name, open_files(), before);
        close(fd);
    }
}

static void a_sink_that_fails_tells_it(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at;
        int errnum;
        const char *says;
        bool finishes; /* It is the finish that fails. */
    } rows[] = {
        {"no temporary file", IO_OPENAT, 1, EACCES, "cannot make a temporary file in", false},
        {"the first write", IO_WRITE, 1, ENOSPC, "a temporary file in", false},
        {"the second write", IO_WRITE, 2, ENOSPC, "cannot write", false},
        {"the file cannot be read", IO_READ, 1, EIO, "cannot read", true},
        {"the output's first write", IO_WRITE, 3, EPIPE, "the output: cannot write", true},
        {"the output's last write", IO_WRITE, 6, EPIPE, "cannot write 17 bytes", true},
    };
    static uint8_t text[TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store = NULL;
        struct hw_sink *sink = NULL;
        int fd = input_make(NULL, 0);
        const int before = open_files();
        faulty_io_start(rows[i].call, rows[i].at, rows[i].errnum);
        enum hw_status status = sink_fill(fd, &no_stop, text, TEXT_BYTES, &store, &sink, &err);
        assert_row_int(rows[i].name, status, rows[i].finishes ? HW_OK : HW_EIO);
        if (rows[i].finishes) {
            assert_row_int(rows[i].name, sink->ops->finish(sink, &err), HW_EIO);
        }
        assert_row_int(rows[i].name, faulty_io_stop(), rows[i].call);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, err.sys_errno, rows[i].errnum);
        sink_release(store, sink);
        assert_row_int(rows[i].name, open_files(), before);
        close(fd);
    }
}

/* A temporary file that has lost its second half. */
static ssize_t half_read(int fd, void *data, size_t bytes) {
    const ssize_t got = read(fd, data, bytes);
    assert_true(lseek(fd, 0, SEEK_END) >= 0);
    return got / 2;
}

/* The output is not what was written then, and that is told. */
static void a_file_that_ends_early_is_told(void **state) {
    (void)state;
    static uint8_t text[1000];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    struct hw_sink *sink = NULL;
    struct hw_io io = hw_io_system;
    int fd = input_make(NULL, 0);
    assert_ok(sink_fill(fd, &no_stop, text, sizeof(text), &store, &sink, &err), err);
    io.read = half_read;
    hw_io_set(&io);
    const enum hw_status status = sink->ops->finish(sink, &err);
    hw_io_set(NULL);
    assert_int_equal(status, HW_EIO);
    assert_row_text("short", err.message, "the temporary file has 500 bytes, wrote 1000");
    sink_release(store, sink);
    close(fd);
}

/* The file's descriptor is the lowest that is free; a pipe takes its place. */
static void a_file_that_cannot_be_read_again_is_told(void **state) {
    (void)state;
    static uint8_t text[1000];
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    struct hw_sink *sink = NULL;
    int fds[2];
    int fd = input_make(NULL, 0);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    const int file_fd = dup(fd);
    close(file_fd);
    assert_ok(sink_fill(fd, &no_stop, text, sizeof(text), &store, &sink, &err), err);
    assert_int_equal(dup2(fds[0], file_fd), file_fd);
    assert_int_equal(sink->ops->finish(sink, &err), HW_EIO);
    assert_row_says("seek", err.message, "cannot read the temporary file again");
    assert_int_equal(err.sys_errno, ESPIPE);
    sink_release(store, sink);
    close(fds[0]);
    close(fds[1]);
    close(fd);
}

/* The question that the store was opened with is copied, and asked while the output is written. */
static void writing_is_stopped(void **state) {
    (void)state;
    for (int piped = 0; piped < 2; piped++) {
        static uint8_t text[TEXT_BYTES]; /* more than a pipe holds that nobody reads */
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store = NULL;
        struct hw_sink *sink = NULL;
        struct asked asked = {.at = piped ? 4 : 2};
        struct hw_io_stop stop = {asked_cancelled, &asked};
        int fds[2] = {-1, -1};
        if (piped) {
            assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
        } else {
            fds[1] = input_make(NULL, 0);
        }
        const int before = open_files();
        assert_ok(sink_fill(fds[1], &stop, text, TEXT_BYTES, &store, &sink, &err), err);
        assert_int_equal(asked.count, 0); /* what lies in the file never waits */
        stop = no_stop;
        assert_int_equal(sink->ops->finish(sink, &err), HW_ECANCELLED);
        assert_row_says("stop", err.message, "stopped before it was done");
        sink_release(store, sink);
        assert_int_equal(open_files(), before);
        close(fds[0]);
        close(fds[1]);
    }
}

static enum hw_status object_seen(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    (void)ctx;
    (void)info;
    return hw_fail(err, HW_EIO, "there is an object");
}

static void a_pipe_holds_no_objects(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    struct hw_object_info info = {.size = 77};
    struct hw_source *source = NULL;
    char etag[128] = "before";
    assert_ok(hw_pipe_store_open(1, &no_stop, &store, &err), err);
    assert_ok(store->ops->list(store, "", object_seen, NULL, &err), err);
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"stat", "source", "remove"};
        err = (struct hw_error)HW_ERROR_INIT;
        const enum hw_status status = i == 0   ? store->ops->stat(store, "-", &info, etag, &err)
                                      : i == 1 ? store->ops->source_open(store, "-", NULL, &source, &err)
                                               : store->ops->remove(store, "-", &err);
        assert_row_int(names[i], status, HW_ENOTFOUND);
        assert_row_text(names[i], err.message, "a pipe holds no objects");
    }
    assert_int_equal(info.size, 77);
    assert_string_equal(etag, "before");
    assert_null(source);
    store->ops->close(store);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const size_t faults_of[] = {2, 3}; /* source, block; store, sink, block */
    static uint8_t text[100];
    for (int sinks = 0; sinks < 2; sinks++) {
        bool fired = true;
        size_t faults = 0;
        for (size_t successes = 0; fired; successes++) {
            struct alloc_fault fault;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_store *store = NULL;
            struct hw_sink *sink = NULL;
            struct hw_source *source = NULL;
            int fd = input_make(text, sinks ? 0 : sizeof(text));
            const int before = open_files();
            alloc_fault_begin(&fault, successes);
            enum hw_status status = sinks ? sink_fill(fd, &no_stop, text, sizeof(text), &store, &sink, &err)
                                          : hw_pipe_source_open(fd, &no_stop, &source, &err);
            if (sinks && status == HW_OK) {
                status = sink->ops->finish(sink, &err);
            }
            sink_release(store, sink);
            if (source) {
                source->ops->close(source);
            }
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
            assert_int_equal(open_files(), before);
            close(fd);
            faults += fired;
        }
        assert_int_equal(faults, faults_of[sinks]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_read_again_and_anywhere),
        cmocka_unit_test(a_source_that_fails_leaves_nothing),
        cmocka_unit_test(the_folder_is_that_of_the_environment),
        cmocka_unit_test(reading_is_stopped),
        cmocka_unit_test(bytes_come_when_the_sink_is_finished),
        cmocka_unit_test(a_sink_that_fails_tells_it),
        cmocka_unit_test(a_file_that_ends_early_is_told),
        cmocka_unit_test(a_file_that_cannot_be_read_again_is_told),
        cmocka_unit_test(writing_is_stopped),
        cmocka_unit_test(a_pipe_holds_no_objects),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/pipe", tests, folder_make, folder_remove);
}
