/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

static struct hw_store *store_at(const char *root) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    assert_ok(hw_store_file_open(root, NULL, &store, &err), err);
    return store;
}

static void root_is_as_the_user_writes_it(void **state) {
    (void)state;
    static const struct {
        const char *root, *want;
    } rows[] = {{"/", "/"}, {"", ""}, {"/data", "/data/"}, {"dir/", "dir/"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_at(rows[i].root);
        assert_row_text(rows[i].root, store->root, rows[i].want);
        assert_row_int(rows[i].root, store->remote, false);
        store->ops->close(store);
    }
}

static void time_set(const char *path, time_t seconds, long nanos) {
    const struct timespec times[2] = {{seconds, nanos}, {seconds, nanos}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A key, and what stat and source_open say of it. */
static const struct {
    const char *key;
    enum hw_status want;
    int sys_errno;
    const char *says;
} looks[] = {
    {"file", HW_OK, 0, ""},
    {"link", HW_OK, 0, ""},
    {"folder/../file", HW_OK, 0, ""},
    {"gone", HW_ENOTFOUND, ENOENT, "cannot open the file: No such file or directory"},
    {"file/below", HW_ENOTFOUND, ENOTDIR, "cannot open the file: Not a directory"},
    {"nowhere", HW_ENOTFOUND, ENOENT, "No such file"},
    {"folder", HW_ENOTFOUND, EISDIR, "is a directory; end it in '/' to mean what is in it"},
    {"folder/", HW_ENOTFOUND, EISDIR, "is a directory, where a file is wanted"},
    {"", HW_ENOTFOUND, EISDIR, "is a directory"},
    {"pipe", HW_EUSAGE, 0, "is no regular file; '-' reads what comes through a pipe"},
};

static void look_folder(const struct scratch *scratch) {
    scratch_write(scratch, "file", "abc", 3);
    time_set(scratch_path(scratch, "file"), 1700000000, 123456789);
    assert_int_equal(symlink("file", scratch_path(scratch, "link")), 0);
    assert_int_equal(symlink("gone", scratch_path(scratch, "nowhere")), 0);
    assert_int_equal(mkdir(scratch_path(scratch, "folder"), 0777), 0);
    assert_int_equal(mkfifo(scratch_path(scratch, "pipe"), 0666), 0);
}

static void objects_are_looked_at(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    look_folder(&scratch);
    struct hw_store *store = store_at(scratch.folder);
    int files = open_files();

    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct hw_object_info info = {.key = NULL};
        struct hw_source *source = NULL;
        struct hw_error err = HW_ERROR_INIT;
        char etag[128] = "old";
        assert_row_int(looks[i].key, store->ops->stat(store, looks[i].key, &info, etag, &err), looks[i].want);
        assert_row_says(looks[i].key, err.message, looks[i].says);
        assert_row_int(looks[i].key, err.sys_errno, looks[i].sys_errno);
        if (looks[i].want == HW_OK) {
            assert_row_text(looks[i].key, info.key, looks[i].key);
            assert_row_int(looks[i].key, info.size, 3);
            assert_row_int(looks[i].key, info.mtime_us, INT64_C(1700000000123456));
            assert_row_text(looks[i].key, info.etag, "");
        } else {
            assert_row_text(looks[i].key, err.object, scratch_path(&scratch, looks[i].key));
        }

        err = (struct hw_error)HW_ERROR_INIT;
        assert_row_int(looks[i].key, store->ops->source_open(store, looks[i].key, NULL, &source, &err), looks[i].want);
        assert_row_says(looks[i].key, err.message, looks[i].says);
        assert_row_int(looks[i].key, source != NULL, looks[i].want == HW_OK);
        if (source) {
            assert_row_text(looks[i].key, source->name, scratch_path(&scratch, looks[i].key));
            assert_row_int(looks[i].key, source->size, 3);
            assert_row_int(looks[i].key, source->mtime_us, INT64_C(1700000000123456));
            assert_row_text(looks[i].key, source->etag, "");
            assert_row_int(looks[i].key, source->remote, false);
            source->ops->close(source);
        }
    }
    assert_int_equal(open_files(), files);
    store->ops->close(store);
    scratch_remove(&scratch);
}

static void source_reads_exactly(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t offset;
        size_t bytes;
        enum io_call call;
        int errnum;
        size_t short_bytes;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"all", 0, 10, IO_ANY, 0, 0, HW_OK, ""},
        {"middle", 3, 4, IO_ANY, 0, 0, HW_OK, ""},
        {"nothing at the end", 10, 0, IO_ANY, 0, 0, HW_OK, ""},
        {"byte by byte", 0, 10, IO_ANY, 0, 1, HW_OK, ""},
        {"interrupted", 0, 10, IO_PREAD, EINTR, 3, HW_OK, ""},
        {"beyond the end", 5, 6, IO_ANY, 0, 0, HW_EIO, "a read of 6 bytes reaches beyond the end"},
        {"from beyond the end", 11, 0, IO_ANY, 0, 0, HW_EIO, "reaches beyond the end"},
        {"offset that wraps", UINT64_MAX, 2, IO_ANY, 0, 0, HW_EIO, "reaches beyond the end"},
        {"disk fails", 0, 10, IO_PREAD, EIO, 0, HW_EIO, "cannot read 10 bytes at offset 0: Input/output error"},
        {"look fails", 0, 10, IO_FSTAT, EIO, 0, HW_EIO, "cannot look at the file: Input/output error"},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "file", "0123456789", 10);
    struct hw_store *store = store_at(scratch.folder);
    struct hw_source *source;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(store->ops->source_open(store, "file", NULL, &source, &err), err);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[16] = "";
        err = (struct hw_error)HW_ERROR_INIT;
        faulty_io_start(rows[i].call, rows[i].errnum ? 1 : 0, rows[i].errnum);
        faulty_io_short(rows[i].short_bytes);
        assert_row_int(rows[i].name, source->ops->read_at(source, rows[i].offset, data, rows[i].bytes, &err),
                       rows[i].want);
        faulty_io_stop();
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, data, rows[i].bytes, &"0123456789"[rows[i].offset], rows[i].bytes);
        } else {
            assert_row_text(rows[i].name, err.object, scratch_path(&scratch, "file"));
        }
    }
    source->ops->close(source);
    store->ops->close(store);
    scratch_remove(&scratch);
}

static void change_grow(const char *path) {
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

static void change_shrink(const char *path) {
    assert_int_equal(truncate(path, 5), 0);
}

static void change_bytes(const char *path) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "x", 1, 0), 1);
    close(fd);
}

static void change_remove(const char *path) {
    assert_int_equal(unlink(path), 0);
}

static void change_replace(const char *path) {
    char other[2048];
    snprintf(other, sizeof(other), "%s.new", path);
    int fd = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    assert_int_equal(write(fd, "9876543210", 10), 10);
    close(fd);
    assert_int_equal(rename(other, path), 0);
}

static void change_link(const char *path) {
    char other[2048];
    snprintf(other, sizeof(other), "%s.link", path);
    assert_int_equal(link(path, other), 0);
}

static void source_is_pinned(void **state) {
    (void)state;
    static const struct {
        const char *name;
        void (*change)(const char *path);
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"grown", change_grow, HW_ECHANGED, "the file had 10 bytes when it was opened and has 11 now"},
        {"shrunk below the read", change_shrink, HW_ECHANGED, "the file has become shorter while it was read"},
        {"written to", change_bytes, HW_ECHANGED, "the file was written to while it was read"},
        {"removed", change_remove, HW_OK, ""},
        {"replaced", change_replace, HW_OK, ""},
        {"linked", change_link, HW_OK, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        scratch_write(&scratch, "file", "0123456789", 10);
        time_set(scratch_path(&scratch, "file"), 1700000000, 0);
        struct hw_store *store = store_at(scratch.folder);
        struct hw_source *source;
        struct hw_error err = HW_ERROR_INIT;
        char data[10];
        assert_ok(store->ops->source_open(store, "file", NULL, &source, &err), err);
        assert_ok(source->ops->read_at(source, 0, data, 10, &err), err);

        rows[i].change(scratch_path(&scratch, "file"));
        assert_row_int(rows[i].name, source->ops->read_at(source, 0, data, 10, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, data, 10, "0123456789", 10);
        }
        source->ops->close(source);
        store->ops->close(store);
        scratch_remove(&scratch);
    }
}

static void opening_fails_cleanly(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int errnum;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"denied", IO_OPENAT, EACCES, HW_EIO, "cannot open the file: Permission denied"},
        {"no descriptors", IO_OPENAT, EMFILE, HW_EIO, "cannot open the file: Too many open files"},
        {"interrupted", IO_OPENAT, EINTR, HW_OK, ""},
        {"look fails", IO_FSTAT, EIO, HW_EIO, "cannot look at the file: Input/output error"},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "file", "abc", 3);
    struct hw_store *store = store_at(scratch.folder);
    int files = open_files();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_source *source = NULL;
        faulty_io_start(rows[i].call, 1, rows[i].errnum);
        assert_row_int(rows[i].name, store->ops->source_open(store, "file", NULL, &source, &err), rows[i].want);
        faulty_io_stop();
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, source != NULL, rows[i].want == HW_OK);
        if (source) {
            source->ops->close(source);
        }
        assert_row_int(rows[i].name, open_files(), files);
    }
    store->ops->close(store);
    scratch_remove(&scratch);
}

static void objects_are_removed(void **state) {
    (void)state;
    static const struct {
        const char *key;
        int errnum;
        enum hw_status want;
        const char *says, *left;
    } rows[] = {
        {"file", EROFS, HW_EIO, "cannot remove the file: Read-only file system", "file folder/ folder/x "},
        {"file", 0, HW_OK, "", "folder/ folder/x "},
        {"file", 0, HW_OK, "", "folder/ folder/x "},
        {"folder/x/y", 0, HW_OK, "", "folder/ folder/x "},
        {"folder", 0, HW_EIO, "cannot remove the file: Is a directory", "folder/ folder/x "},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "file", "abc", 3);
    scratch_write(&scratch, "folder/x", "abc", 3);
    struct hw_store *store = store_at(scratch.folder);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(IO_UNLINKAT, rows[i].errnum ? 1 : 0, rows[i].errnum);
        assert_row_int(rows[i].key, store->ops->remove(store, rows[i].key, &err), rows[i].want);
        faulty_io_stop();
        assert_row_says(rows[i].key, err.message, rows[i].says);
        assert_row_text(rows[i].key, scratch_names(&scratch), rows[i].left);
    }
    store->ops->close(store);
    scratch_remove(&scratch);
}

static void objects_behind_links_stay(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t kept_bytes;
        int errnum; /* of unlinkat; 0: it works */
        enum hw_status want;
        const char *says, *left;
    } rows[] = {
        {"d/link/x", 0, 0, HW_EUSAGE, "a link stands on the way to it", "d/ d/f d/file d/link out/ out/x out/y "},
        {"d/link/x", 2, 0, HW_EUSAGE, "a link stands on the way to it", "d/ d/f d/file d/link out/ out/x out/y "},
        {"d/link/x", 7, 0, HW_OK, "", "d/ d/f d/file d/link out/ out/y "},
        {"d/link/../out/y", 7, 0, HW_OK, "", "d/ d/f d/file d/link out/ "},
        {"d/link/x/y", SIZE_MAX, 0, HW_OK, "", "d/ d/f d/file d/link out/ "},
        {"d/no/x", 0, 0, HW_OK, "", "d/ d/f d/file d/link out/ "},
        {"d/f", 0, EACCES, HW_EIO, "cannot remove the file", "d/ d/f d/file d/link out/ "},
        {"d/file", 0, 0, HW_OK, "", "d/ d/f d/link out/ "},
        {"d/f", 0, 0, HW_OK, "", "d/ d/link out/ "},
        {"d/link", 0, 0, HW_OK, "", "d/ out/ "},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "out/x", "abc", 3);
    scratch_write(&scratch, "out/y", "abc", 3);
    scratch_write(&scratch, "d/f", "abc", 3);
    assert_int_equal(symlink("../out", scratch_path(&scratch, "d/link")), 0);
    assert_int_equal(symlink("f", scratch_path(&scratch, "d/file")), 0);
    struct hw_store *store = store_at(scratch.folder);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(IO_UNLINKAT, rows[i].errnum ? 1 : 0, rows[i].errnum);
        assert_row_int(rows[i].key, hw_store_remove_within(store, rows[i].key, rows[i].kept_bytes, &err), rows[i].want);
        faulty_io_stop();
        assert_row_says(rows[i].key, err.message, rows[i].says);
        assert_row_text(rows[i].key, scratch_names(&scratch), rows[i].left);
    }
    store->ops->close(store);
    scratch_remove(&scratch);
}

/* Folders that are empty go, up to the part that is kept, and none that a link leads to. */
static void empty_folders_are_removed(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t kept_bytes;
        const char *left;
    } rows[] = {
        {"d/a/b/f", 2, "d/ d/full/ d/full/x d/link e/ e/s/ "},
        {"d/a/b/f", 4, "d/ d/a/ d/full/ d/full/x d/link e/ e/s/ "},
        {"d/a/b/f", 6, "d/ d/a/ d/a/b/ d/full/ d/full/x d/link e/ e/s/ "},
        {"d/full/f", 2, "d/ d/a/ d/a/b/ d/full/ d/full/x d/link e/ e/s/ "},
        {"d/link/s/f", 2, "d/ d/a/ d/a/b/ d/full/ d/full/x d/link e/ e/s/ "},
        {"d/link/f", 2, "d/ d/a/ d/a/b/ d/full/ d/full/x d/link e/ e/s/ "},
        {"d/link/s/f", 7, "d/ d/a/ d/a/b/ d/full/ d/full/x d/link e/ "},
        {"e/s/f", 0, "d/ d/a/ d/a/b/ d/full/ d/full/x d/link "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_store *store = store_at(scratch.folder);
        scratch_write(&scratch, "d/full/x", "x", 1);
        assert_int_equal(mkdir(scratch_path(&scratch, "d/a"), 0777), 0);
        assert_int_equal(mkdir(scratch_path(&scratch, "d/a/b"), 0777), 0);
        assert_int_equal(mkdir(scratch_path(&scratch, "e"), 0777), 0);
        assert_int_equal(mkdir(scratch_path(&scratch, "e/s"), 0777), 0);
        assert_int_equal(symlink("../e", scratch_path(&scratch, "d/link")), 0);
        store->ops->prune(store, rows[i].key, rows[i].kept_bytes);
        assert_row_text(rows[i].key, scratch_names(&scratch), rows[i].left);
        store->ops->close(store);
        scratch_remove(&scratch);
    }
}

static int64_t slept_ms;

static int64_t no_time(void *ctx) {
    (void)ctx;
    return 0;
}

static void sleep_count(void *ctx, int64_t ms) {
    slept_ms += ms;
    if (ctx && slept_ms > 100) {
        close(*(int *)ctx);
        *(int *)ctx = -1;
    }
}

/* One holder at a time; who waits too long is told; nothing is left in the folder. */
static void folders_are_locked(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = store_at(scratch.folder);
    int first = -1;
    int second = -1;
    assert_int_equal(store->ops->lock(store, "none/", &first, &err), HW_ENOTFOUND);
    assert_ok(store->ops->lock(store, "", &first, &err), err);
    const struct hw_clock waits = {no_time, no_time, sleep_count, NULL};
    hw_clock_set(&waits);
    assert_int_equal(store->ops->lock(store, "", &second, &err), HW_EIO);
    assert_row_says("held", err.message, "another run has kept the folder locked for 120 s");
    assert_in_range(slept_ms, 119000, 121000);
    const struct hw_clock ends = {no_time, no_time, sleep_count, &first};
    hw_clock_set(&ends);
    slept_ms = 0;
    assert_ok(store->ops->lock(store, "", &second, &err), err);
    hw_clock_set(NULL);
    assert_true(second >= 0 && slept_ms > 100);
    close(second);
    assert_string_equal(scratch_names(&scratch), "");
    store->ops->close(store);
    scratch_remove(&scratch);
}

static void links_are_not_gone_through(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t kept_bytes;
        bool want;
    } rows[] = {
        {"out/a/x", 4, true},   {"out/x", 4, true},       {"x", 0, true},      {"out/link/x", 4, false},
        {"out/file", 4, false}, {"out/none/x", 4, false}, {"out/a", 4, false}, {"out/x/y", 4, false},
        {"in/a/x", 3, true},    {"out/none", 4, false},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "out/a/x", "abc", 3);
    scratch_write(&scratch, "out/x", "abc", 3);
    scratch_write(&scratch, "x", "abc", 3);
    assert_int_equal(symlink("a", scratch_path(&scratch, "out/link")), 0);
    assert_int_equal(symlink("x", scratch_path(&scratch, "out/file")), 0);
    /* what the user has named may be a link */
    assert_int_equal(symlink("out", scratch_path(&scratch, "in")), 0);
    struct hw_store *store = store_at(scratch.folder);
    int files = open_files();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool reached = !rows[i].want;
        assert_row_int(rows[i].key, store->ops->reached(store, rows[i].key, rows[i].kept_bytes, &reached, NULL), HW_OK);
        assert_row_int(rows[i].key, reached, rows[i].want);
    }
    assert_int_equal(open_files(), files);
    store->ops->close(store);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_is_as_the_user_writes_it),
        cmocka_unit_test(objects_are_looked_at),
        cmocka_unit_test(source_reads_exactly),
        cmocka_unit_test(source_is_pinned),
        cmocka_unit_test(folders_are_locked),
        cmocka_unit_test(links_are_not_gone_through),
        cmocka_unit_test(opening_fails_cleanly),
        cmocka_unit_test(objects_are_removed),
        cmocka_unit_test(objects_behind_links_stay),
        cmocka_unit_test(empty_folders_are_removed),
    };
    return cmocka_run_group_tests_name("store/store_file", tests, NULL, NULL);
}
