/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/random.h"
#include "store/file_sink.h"
#include "store/file_system.h"
#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { BIG_BYTES = (17 << 20) + 12345 };

static uint8_t *big_bytes(void) {
    uint8_t *data = malloc(BIG_BYTES);
    uint32_t seed = 1;
    for (size_t i = 0; i < BIG_BYTES; i++) {
        seed = seed * 1664525 + 1013904223;
        data[i] = (uint8_t)(seed >> 24);
    }
    return data;
}

/* Writes `bytes` bytes in pieces of `piece` and publishes them. */
static enum hw_status publish(const char *root, const char *key, bool create_only, const void *data, size_t bytes,
                              size_t piece, struct hw_error *err) {
    const struct hw_sink_options options = {.create_only = create_only};
    struct hw_store *store;
    struct hw_sink *sink = NULL;

    enum hw_status status = hw_store_file_open(root, NULL, &store, err);
    if (status != HW_OK) {
        return status;
    }
    status = store->ops->sink_open(store, key, &options, &sink, err);
    for (size_t at = 0; status == HW_OK && at < bytes; at += piece) {
        status = sink->ops->write(sink, (const uint8_t *)data + at, hw_min_size(piece, bytes - at), err);
    }
    if (status == HW_OK) {
        assert_int_equal(sink->written, bytes);
        status = sink->ops->finish(sink, err);
    }
    if (sink) {
        assert_string_equal(sink->etag, "");
        sink->ops->free(sink);
    }
    store->ops->close(store);
    return status;
}

static void bytes_arrive_whatever_their_pieces(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes, piece, short_bytes;
    } rows[] = {
        {"empty", 0, 1, 0},
        {"one byte", 1, 1, 0},
        {"small pieces", 1 << 20, 1000, 0},
        {"a buffer exactly", 256 << 10, 256 << 10, 0},
        {"one less than a buffer", (256 << 10) - 1, (256 << 10) - 1, 0},
        {"odd pieces around the buffer", 3 << 20, (256 << 10) + 1, 0},
        {"pieces of half a buffer and one", 3 << 20, (128 << 10) + 1, 0},
        {"one large piece over two write-backs", BIG_BYTES, BIG_BYTES, 0},
        {"large pieces", BIG_BYTES, 3 << 20, 0},
        {"short writes", 1 << 20, 300000, 4099},
    };
    uint8_t *data = big_bytes();
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(IO_ANY, 0, 0);
        faulty_io_short(rows[i].short_bytes);
        assert_ok(publish(scratch.folder, "x.bin", false, data, rows[i].bytes, rows[i].piece, &err), err);
        faulty_io_stop();
        assert_row_int(rows[i].name, scratch_holds(&scratch, "x.bin", data, rows[i].bytes), true);
        assert_row_text(rows[i].name, scratch_names(&scratch), "x.bin ");
        assert_row_int(rows[i].name, faulty_io_calls(IO_SYNC_FILE_RANGE), rows[i].bytes / (8 << 20));
        assert_row_int(rows[i].name, faulty_io_calls(IO_FSYNC), 2); /* file and folder */
    }
    scratch_remove(&scratch);
    free(data);
}

static void mode_follows_the_umask(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct stat info;
    mode_t before = umask(027);
    enum hw_status status = publish(scratch.folder, "d/x", false, "abc", 3, 3, &err);
    umask(before);
    assert_ok(status, err);
    assert_int_equal(stat(scratch_path(&scratch, "d/x"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(stat(scratch_path(&scratch, "d"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0750);
    scratch_remove(&scratch);
}

/* What a sink finds at its final name, and what becomes of it. */
static const struct {
    const char *key;
    bool create_only;
    enum hw_status want;
    const char *says;
} targets[] = {
    {"new", false, HW_OK, ""},
    {"file", false, HW_OK, ""},
    {"link", false, HW_OK, ""},
    {"dangling", false, HW_OK, ""},
    {"p/q/r/new", false, HW_OK, ""},
    {"new", true, HW_OK, ""},
    {"file", true, HW_EEXISTS, "exists already"},
    {"dangling", true, HW_EEXISTS, "exists already"},
    {"folder", false, HW_EUSAGE, "is a directory; end it in '/' to write into it"},
    {"folder-link", false, HW_EUSAGE, "is a directory"},
    {"folder/", false, HW_EUSAGE, "is a folder, but a file is needed"},
    {"", false, HW_EUSAGE, "is a folder, but a file is needed"},
    {"folder/..", false, HW_EUSAGE, "is a directory"},
    {"pipe", false, HW_EUSAGE, "is a device or pipe, which a file would replace"},
    {"null-link", false, HW_EUSAGE,
     "is a link of the system, which a file would replace; '-' writes to standard output"},
    {"stdout-link", false, HW_EUSAGE, "is a link of the system"},
    {"file/x", false, HW_EIO, "cannot open the folder to write into: Not a directory"},
    {"file/x/y", false, HW_EIO, "cannot open the folder to write into: Not a directory"},
    {"dangling/x", false, HW_EIO, "cannot open the folder to write into: No such file or directory"},
    {"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
     "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
     false, HW_EIO, "cannot look at what is there: File name too long"},
};

static void targets_fill(const struct scratch *scratch) {
    scratch_write(scratch, "file", "old", 3);
    scratch_write(scratch, "elsewhere", "else", 4);
    assert_int_equal(mkdir(scratch_path(scratch, "folder"), 0777), 0);
    assert_int_equal(mkfifo(scratch_path(scratch, "pipe"), 0666), 0);
    assert_int_equal(symlink("elsewhere", scratch_path(scratch, "link")), 0);
    assert_int_equal(symlink("nowhere", scratch_path(scratch, "dangling")), 0);
    assert_int_equal(symlink("folder", scratch_path(scratch, "folder-link")), 0);
    assert_int_equal(symlink("/dev/null", scratch_path(scratch, "null-link")), 0);
    assert_int_equal(symlink("/proc/self/fd/1", scratch_path(scratch, "stdout-link")), 0);
}

static void targets_are_replaced_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        char before[4096];
        targets_fill(&scratch);
        snprintf(before, sizeof(before), "%s", scratch_names(&scratch));
        int files = open_files();

        assert_row_int(targets[i].key,
                       publish(scratch.folder, targets[i].key, targets[i].create_only, "new", 3, 3, &err),
                       targets[i].want);
        assert_row_says(targets[i].key, err.message, targets[i].says);
        if (targets[i].want == HW_OK) {
            struct stat info;
            assert_row_int(targets[i].key, scratch_holds(&scratch, targets[i].key, "new", 3), true);
            assert_int_equal(lstat(scratch_path(&scratch, targets[i].key), &info), 0);
            assert_row_int(targets[i].key, S_ISREG(info.st_mode), true);
        } else {
            assert_row_says(targets[i].key, scratch_path(&scratch, targets[i].key), scratch.folder);
            assert_row_text(targets[i].key, scratch_names(&scratch), before);
            assert_row_int(targets[i].key, scratch_holds(&scratch, "file", "old", 3), true);
        }
        assert_row_int(targets[i].key, scratch_holds(&scratch, "elsewhere", "else", 4), true);
        assert_row_int(targets[i].key, open_files(), files);
        scratch_remove(&scratch);
    }
}

static void abort_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *key, *left;
    } rows[] = {
        {"x", "keep/ keep/file "},
        {"keep/x", "keep/ keep/file "},
        {"keep/file", "keep/ keep/file "},
        {"keep/p/q/r/x", "keep/ keep/file "},
        {"new/../keep/x", "keep/ keep/file "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store;
        struct hw_sink *sink;
        scratch_write(&scratch, "keep/file", "old", 3);
        assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
        assert_ok(store->ops->sink_open(store, rows[i].key, &(struct hw_sink_options){0}, &sink, &err), err);
        assert_ok(sink->ops->write(sink, "abc", 3, &err), err);
        sink->ops->free(sink);
        store->ops->close(store);
        assert_row_text(rows[i].key, scratch_names(&scratch), rows[i].left);
        assert_row_int(rows[i].key, scratch_holds(&scratch, "keep/file", "old", 3), true);
        scratch_remove(&scratch);
    }
}

/*
 * The time that the sink tells is that of the file; another's file in the place of the temporary is
 * not published.
 */
static void what_was_written_is_published(void **state) {
    (void)state;
    for (int swapped = 0; swapped < 2; swapped++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store;
        struct hw_sink *sink;
        struct stat info;
        char temporary[128];
        assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
        assert_ok(store->ops->sink_open(store, "x", &(struct hw_sink_options){0}, &sink, &err), err);
        assert_ok(sink->ops->write(sink, "abc", 3, &err), err);
        snprintf(temporary, sizeof(temporary), "%.*s", (int)strcspn(scratch_names(&scratch), " "),
                 scratch_names(&scratch));
        if (swapped) {
            assert_int_equal(rename(scratch_path(&scratch, temporary), scratch_path(&scratch, "away")), 0);
            scratch_write(&scratch, temporary, "evil", 4);
        }
        assert_int_equal(sink->ops->finish(sink, &err), swapped ? HW_EIO : HW_OK);
        if (swapped) {
            assert_row_says("swapped", err.message, "another has put a file in the place of the temporary one");
        } else {
            assert_int_equal(stat(scratch_path(&scratch, "x"), &info), 0);
            assert_int_equal(sink->mtime_us, hw_file_mtime_us(&info));
        }
        sink->ops->free(sink);
        store->ops->close(store);
        assert_int_equal(access(scratch_path(&scratch, "x"), F_OK) == 0, !swapped);
        scratch_remove(&scratch);
    }
}

static void folder_in_use_by_another_stays(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    struct hw_sink *one, *two;
    assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
    const struct hw_write_options tagged = {.tagging = "a=b"};
    assert_int_equal(store->ops->sink_open(store, "d/one", &(struct hw_sink_options){.write = &tagged}, &one, &err),
                     HW_EUSAGE);
    assert_row_says("tags", err.message, "a local file has no tags");
    assert_ok(store->ops->sink_open(store, "d/one", &(struct hw_sink_options){0}, &one, &err), err);
    assert_ok(store->ops->sink_open(store, "d/two", &(struct hw_sink_options){0}, &two, &err), err);
    one->ops->free(one);
    assert_ok(two->ops->finish(two, &err), err);
    two->ops->free(two);
    store->ops->close(store);
    assert_string_equal(scratch_names(&scratch), "d/ d/two ");
    scratch_remove(&scratch);
}

/* The kernel says once that a name of our own is taken, and once that the folder has gone. */
static void lost_races_are_run_again(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int at, errnum;
    } rows[] = {
        {"temporary name taken", 2, EEXIST},
        {"folder gone before the temporary", 2, ENOENT},
        {"folder gone before it is opened", 1, ENOENT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        int files = open_files();
        faulty_io_start(IO_OPENAT, rows[i].at, rows[i].errnum);
        assert_ok(publish(scratch.folder, "x", false, "new", 3, 3, &err), err);
        assert_row_int(rows[i].name, faulty_io_stop(), IO_OPENAT);
        assert_row_text(rows[i].name, scratch_names(&scratch), "x ");
        assert_row_int(rows[i].name, open_files(), files);
        scratch_remove(&scratch);
    }
}

static void exclusive_without_renameat2(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int errnum;
        bool taken;
        enum io_call also;
        enum hw_status want;
    } rows[] = {
        {"link takes its place", EINVAL, false, IO_ANY, HW_OK},
        {"link takes its place on an old kernel", ENOSYS, false, IO_ANY, HW_OK},
        {"name taken", EINVAL, true, IO_ANY, HW_EEXISTS},
        {"other fault", EIO, false, IO_ANY, HW_EIO},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        if (rows[i].taken) {
            scratch_write(&scratch, "x", "old", 3);
        }
        faulty_io_start(IO_RENAMEAT2, 1, rows[i].errnum);
        enum hw_status status = publish(scratch.folder, "x", true, "new", 3, 3, &err);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].want);
        if (status == HW_OK || rows[i].taken) {
            assert_row_int(rows[i].name, scratch_holds(&scratch, "x", rows[i].taken ? "old" : "new", 3), true);
        }
        assert_row_text(rows[i].name, scratch_names(&scratch), status == HW_OK || rows[i].taken ? "x " : "");
        scratch_remove(&scratch);
    }
}

static void fault_check(const char *row, const struct scratch *scratch, enum hw_status status,
                        const struct hw_error *err, const uint8_t *data, bool renamed) {
    if (status != HW_OK) {
        assert_row_int(row, status, HW_EIO);
        assert_row_text(row, err->object, scratch_path(scratch, "d/e/x"));
        assert_row_int(row, err->message[0] != '\0', true);
    }
    bool is_new = status == HW_OK || renamed;
    assert_row_int(
        row, is_new ? scratch_holds(scratch, "d/e/x", data, BIG_BYTES) : scratch_holds(scratch, "d/e/x", "old", 3),
        true);
}

/*
 * Fails each call in turn until a run has fewer: the final name holds the old bytes or all the new
 * ones, and nothing else is there.
 */
static void faults_sweep(int errnum, bool old_there) {
    uint8_t *data = big_bytes();
    int files = open_files();
    bool hit = true;
    int failures = 0;

    for (int k = 1; hit; k++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        char row[64];
        if (old_there) {
            scratch_write(&scratch, "d/e/x", "old", 3);
        }
        faulty_io_start(IO_ANY, k, errnum);
        enum hw_status status = publish(scratch.folder, "d/e/x", false, data, BIG_BYTES, 6 << 20, &err);
        enum io_call call = faulty_io_stop();
        hit = call != IO_ANY;
        snprintf(row, sizeof(row), "call %d (%s), errno %d", k, faulty_io_name(call), errnum);

        bool renamed = faulty_io_calls(IO_RENAMEAT) > 0 && call != IO_RENAMEAT;
        if (old_there || status == HW_OK || renamed) {
            fault_check(row, &scratch, status, &err, data, renamed);
        }
        assert_row_text(row, scratch_names(&scratch), old_there || status == HW_OK || renamed ? "d/ d/e/ d/e/x " : "");
        assert_row_int(row, open_files(), files);
        /*
         * unlinkat: the folders that were made are tried to be taken away even when the file is in
         * them.
         */
        bool harmless = call == IO_ANY || call == IO_CLOSE || call == IO_UNLINKAT || call == IO_SYNC_FILE_RANGE ||
                        errnum == EINTR || errnum == EINVAL;
        if (!harmless) {
            assert_row_int(row, status, HW_EIO);
        }
        failures += status != HW_OK;
        scratch_remove(&scratch);
    }
    assert_true(failures >= 6);
    free(data);
}

static void no_fault_tears_the_object(void **state) {
    (void)state;
    static const int errnums[] = {ENOSPC, EIO, EDQUOT, EROFS, EACCES};
    for (size_t i = 0; i < COUNT_OF(errnums); i++) {
        faults_sweep(errnums[i], true);
    }
    faults_sweep(EIO, false);
}

static void faults_say_what_they_are(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at, errnum;
        const char *says;
    } rows[] = {
        {"disk full", IO_WRITE, 2, ENOSPC, "cannot write"},
        {"disk full, the reason", IO_WRITE, 2, ENOSPC, "No space left on device"},
        {"fsync", IO_FSYNC, 2, EIO, "cannot bring the bytes to the disk (fsync): Input/output error"},
        {"fsync of the folder", IO_FSYNC, 3, EIO,
         "cannot make the new name last (fsync of the folder): Input/output error"},
        {"fsync of the folder above", IO_FSYNC, 1, EIO, "cannot make the folder to write into: Input/output error"},
        {"rename", IO_RENAMEAT, 1, EACCES, "cannot give the file its name: Permission denied"},
        {"mkdir", IO_MKDIRAT, 1, EROFS, "cannot make the folder to write into: Read-only file system"},
        {"temporary", IO_OPENAT, 5, EACCES, "cannot make a temporary file in the folder: Permission denied"},
        {"close", IO_CLOSE, 3, EIO, "cannot close the file: Input/output error"},
    };
    uint8_t *data = big_bytes();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        mkdir(scratch_path(&scratch, "d"), 0777);
        faulty_io_start(rows[i].call, rows[i].at, rows[i].errnum);
        /* Below the scratch folder, which is there, the folder "e" is made. */
        enum hw_status status = publish(scratch.folder, "d/e/x", false, data, 1 << 20, 300000, &err);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, HW_EIO);
        assert_row_int(rows[i].name, err.sys_errno, rows[i].errnum);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        scratch_remove(&scratch);
    }
    free(data);
}

static void fsync_is_not_tried_twice(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    faulty_io_start(IO_FSYNC, 1, EIO);
    assert_int_equal(publish(scratch.folder, "x", false, "new", 3, 3, &err), HW_EIO);
    assert_int_equal(faulty_io_calls(IO_FSYNC), 1);
    faulty_io_stop();
    assert_string_equal(scratch_names(&scratch), "");
    scratch_remove(&scratch);
}

static void folders_without_fsync_are_lived_with(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    faulty_io_start(IO_FSYNC, 2, EINVAL);
    assert_ok(publish(scratch.folder, "x", false, "new", 3, 3, &err), err);
    assert_int_equal(faulty_io_stop(), IO_FSYNC);
    assert_true(scratch_holds(&scratch, "x", "new", 3));
    scratch_remove(&scratch);
}

static void interrupted_calls_go_on(void **state) {
    (void)state;
    static const struct {
        enum io_call call;
        int count;
    } rows[] = {{IO_OPENAT, 3}, {IO_WRITE, 3}, {IO_CLOSE, 2}};
    uint8_t *data = big_bytes();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int k = 1; k <= rows[i].count; k++) {
            struct scratch scratch = scratch_make();
            struct hw_error err = HW_ERROR_INIT;
            scratch_write(&scratch, "x", "old", 3); /* The file that is there is opened too. */
            faulty_io_start(rows[i].call, k, EINTR);
            assert_ok(publish(scratch.folder, "x", false, data, 1 << 20, 1 << 18, &err), err);
            assert_row_int(faulty_io_name(rows[i].call), faulty_io_stop(), rows[i].call);
            assert_true(scratch_holds(&scratch, "x", data, 1 << 20));
            scratch_remove(&scratch);
        }
    }
    free(data);
}

static void same_random(void *ctx, void *data, size_t bytes) {
    (void)ctx;
    memset(data, 0xab, bytes);
}

static void temporary_has_a_name_of_its_own(void **state) {
    (void)state;
    static const struct hw_random fixed = {same_random, NULL};
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    struct hw_sink *sink;
    assert_ok(hw_store_file_open(scratch.folder, NULL, &store, &err), err);
    hw_random_set(&fixed);
    assert_ok(store->ops->sink_open(store, "x", &(struct hw_sink_options){0}, &sink, &err), err);
    assert_int_equal(strlen(scratch_names(&scratch)), strlen(".hawser-") + 32 + strlen(".part "));
    assert_non_null(strstr(scratch_names(&scratch), "abababab.part "));
    struct hw_sink *second = NULL;
    assert_int_equal(store->ops->sink_open(store, "y", &(struct hw_sink_options){0}, &second, &err), HW_EIO);
    assert_row_says("taken for good", err.message, "cannot make a temporary file in the folder: File exists");
    hw_random_set(NULL);
    assert_int_equal(strlen(scratch_names(&scratch)), strlen(".hawser-") + 32 + strlen(".part "));
    assert_non_null(strstr(scratch_names(&scratch), "abababab.part "));
    sink->ops->free(sink);
    store->ops->close(store);
    scratch_remove(&scratch);
}

static size_t requests_left;

static void *counted_resize(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    if (requests_left == 0) {
        return NULL;
    }
    requests_left--;
    return realloc(block, bytes);
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    static const struct hw_allocator allocator = {counted_resize, NULL};
    struct scratch scratch = scratch_make();
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 50; allowed++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_string_equal(scratch_names(&scratch), "");
        requests_left = allowed;
        hw_allocator_set(&allocator);
        status = publish(scratch.folder, "d/e/x", false, "new", 3, 3, &err);
        hw_allocator_set(NULL);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 1);
    assert_string_equal(scratch_names(&scratch), "d/ d/e/ d/e/x ");
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_arrive_whatever_their_pieces),
        cmocka_unit_test(mode_follows_the_umask),
        cmocka_unit_test(targets_are_replaced_or_refused),
        cmocka_unit_test(abort_leaves_nothing),
        cmocka_unit_test(what_was_written_is_published),
        cmocka_unit_test(folder_in_use_by_another_stays),
        cmocka_unit_test(lost_races_are_run_again),
        cmocka_unit_test(exclusive_without_renameat2),
        cmocka_unit_test(no_fault_tears_the_object),
        cmocka_unit_test(faults_say_what_they_are),
        cmocka_unit_test(fsync_is_not_tried_twice),
        cmocka_unit_test(folders_without_fsync_are_lived_with),
        cmocka_unit_test(interrupted_calls_go_on),
        cmocka_unit_test(temporary_has_a_name_of_its_own),
        cmocka_unit_test(want_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("store/file_sink", tests, NULL, NULL);
}
