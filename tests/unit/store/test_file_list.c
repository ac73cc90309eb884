/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "store/store_file.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

struct listing {
    char line[65536]; /* key=size, each followed by a space */
    size_t used;
    int objects;
    int stop_at; /* this object fails; 0: none */
};

static enum hw_status listing_add(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listing *listing = ctx;
    listing->objects++;
    if (listing->objects == listing->stop_at) {
        return hw_fail(err, HW_ECANCELLED, "enough");
    }
    listing->used += (size_t)snprintf(listing->line + listing->used, sizeof(listing->line) - listing->used,
                                      "%s=%" PRIu64 " ", info->key, info->size);
    assert_true(info->mtime_us > 0);
    assert_string_equal(info->etag, "");
    return HW_OK;
}

static enum hw_status list(const char *root, const char *prefix, struct listing *listing, struct hw_error *err) {
    struct hw_store *store;
    assert_ok(hw_store_file_open(root, NULL, &store, err), *err);
    enum hw_status status = store->ops->list(store, prefix, listing_add, listing, err);
    store->ops->close(store);
    return status;
}

static void folder_fill(const struct scratch *scratch) {
    static const char *const files[] = {"a/b",       "a/c/d",         "a.txt",     "a-1",
                                        "ab",        "a0/x",          "b/.hidden", "b/.hawser-0011223344556677.part",
                                        "b/.hawsed", ".hawser-dir/x", "z\xff"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        scratch_write(scratch, files[i], "0123456789", i % 10);
    }
    scratch_write(scratch, "outside/real/file", "xyz", 3);
    assert_int_equal(mkdir(scratch_path(scratch, "empty"), 0777), 0);
    assert_int_equal(mkfifo(scratch_path(scratch, "b/pipe"), 0666), 0);
    assert_int_equal(symlink("../outside/real", scratch_path(scratch, "b/linked")), 0);
    assert_int_equal(symlink("../a.txt", scratch_path(scratch, "b/link.txt")), 0);
    assert_int_equal(symlink("nowhere", scratch_path(scratch, "b/dangling")), 0);
    assert_int_equal(symlink("self", scratch_path(scratch, "b/self")), 0);
    assert_int_equal(symlink("../../a", scratch_path(scratch, "a/c/loop")), 0);
}

static void keys_come_in_byte_order(void **state) {
    (void)state;
    static const struct {
        const char *name, *prefix, *want;
    } rows[] = {
        {"everything", "",
         "a-1=3 a.txt=2 a/b=0 a/c/d=1 a0/x=5 ab=4 b/.hawsed=8 b/.hidden=6 b/link.txt=2 b/linked/file=3 "
         "outside/real/file=3 z\xff=0 "},
        {"folder", "a/", "a/b=0 a/c/d=1 "},
        {"start of names", "a", "a-1=3 a.txt=2 a/b=0 a/c/d=1 a0/x=5 ab=4 "},
        {"start of names, one folder down", "b/.h", "b/.hawsed=8 b/.hidden=6 "},
        {"one file", "a.txt", "a.txt=2 "},
        {"through a linked folder", "b/linked/f", "b/linked/file=3 "},
        {"empty folder", "empty/", ""},
        {"no such folder", "gone/x", ""},
        {"a file is no folder", "ab/x", ""},
        {"no such name", "q", ""},
        {"up and down", "empty/../a/b", "empty/../a/b=0 "},
        {"temporaries are not ours to see", "b/.hawser-", ""},
    };
    struct scratch scratch = scratch_make();
    folder_fill(&scratch);
    int files = open_files();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct listing listing = {.used = 0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(list(scratch.folder, rows[i].prefix, &listing, &err), err);
        assert_row_text(rows[i].name, listing.line, rows[i].want);
    }
    assert_int_equal(open_files(), files);
    scratch_remove(&scratch);
}

static void working_directory_is_a_store(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct listing listing = {.used = 0};
    struct hw_error err = HW_ERROR_INIT;
    char before[1024];
    scratch_write(&scratch, "b", "1", 1);
    scratch_write(&scratch, "a/x", "12", 2);

    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(scratch.folder), 0);
    enum hw_status status = list("", "", &listing, &err);
    assert_int_equal(chdir(before), 0);
    assert_ok(status, err);
    assert_string_equal(listing.line, "a/x=2 b=1 ");
    scratch_remove(&scratch);
}

/* As the rows above, without b/link.txt, and what the links to folders lead to. */
static void links_are_left_out(void **state) {
    (void)state;
    static const struct {
        const char *name, *prefix, *want;
        uint64_t links;
    } rows[] = {
        {"everything", "",
         "a-1=3 a.txt=2 a/b=0 a/c/d=1 a0/x=5 ab=4 b/.hawsed=8 b/.hidden=6 outside/real/file=3 z\xff=0 ", 5},
        {"a path that is a link", "b/linked/", "b/linked/file=3 ", 0},
        {"start of names", "b/li", "", 2},
    };
    struct scratch scratch = scratch_make();
    folder_fill(&scratch);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct listing listing = {0};
        const struct hw_store_options options = {.links_left_out = true};
        struct hw_store *store;
        assert_ok(hw_store_file_open(scratch.folder, &options, &store, &err), err);
        assert_ok(store->ops->list(store, rows[i].prefix, listing_add, &listing, &err), err);
        assert_row_text(rows[i].name, listing.line, rows[i].want);
        assert_row_int(rows[i].name, hw_store_file_links_left_out(store), rows[i].links);
        store->ops->close(store);
    }
    scratch_remove(&scratch);
}

static void callback_ends_the_listing(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct listing listing = {.stop_at = 2};
    struct hw_error err = HW_ERROR_INIT;
    folder_fill(&scratch);
    assert_int_equal(list(scratch.folder, "", &listing, &err), HW_ECANCELLED);
    assert_string_equal(err.message, "enough");
    assert_string_equal(listing.line, "a-1=3 ");
    scratch_remove(&scratch);
}

/* A folder `depth` folders below the scratch folder, with a file in it. */
static void nest(const struct scratch *scratch, int depth) {
    char name[2 * HW_PATH_DEPTH_MAX + 16];
    int used = 0;
    for (int i = 0; i < depth; i++) {
        used += snprintf(name + used, sizeof(name) - (size_t)used, "d/");
    }
    snprintf(name + used, sizeof(name) - (size_t)used, "f");
    scratch_write(scratch, name, "1", 1);
}

static void depth_is_limited(void **state) {
    (void)state;
    for (int depth = HW_PATH_DEPTH_MAX; depth <= HW_PATH_DEPTH_MAX + 1; depth++) {
        struct scratch scratch = scratch_make();
        struct listing listing = {.used = 0};
        struct hw_error err = HW_ERROR_INIT;
        bool allowed = depth == HW_PATH_DEPTH_MAX;
        nest(&scratch, depth);
        assert_int_equal(list(scratch.folder, "", &listing, &err), allowed ? HW_OK : HW_ELIMIT);
        assert_int_equal(listing.objects, allowed);
        assert_row_says("message", err.message, allowed ? "" : "more than 128 folders in each other");
        scratch_remove(&scratch);
    }
}

static void many_names_are_sorted(void **state) {
    (void)state;
    enum { FILES = 1000 };
    struct scratch scratch = scratch_make();
    struct listing listing = {.used = 0};
    struct hw_error err = HW_ERROR_INIT;
    char want[65536];
    size_t used = 0;
    for (int i = 0; i < FILES; i++) {
        char name[16];
        snprintf(name, sizeof(name), "%04d", i * 7 % FILES);
        scratch_write(&scratch, name, "", 0);
        used += (size_t)snprintf(want + used, sizeof(want) - used, "%04d=0 ", i);
    }
    assert_ok(list(scratch.folder, "", &listing, &err), err);
    assert_string_equal(listing.line, want);
    scratch_remove(&scratch);
}

/* A listing that cannot see a folder must fail: a short list would look like a complete one. */
static void faults_are_not_short_lists(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at, errnum;
        enum hw_status want;
        const char *says;
        int objects;
    } rows[] = {
        {"first folder denied", IO_OPENAT, 1, EACCES, HW_EIO, "cannot open the folder: Permission denied", 0},
        {"second folder denied", IO_OPENAT, 2, EACCES, HW_EIO, "cannot open the folder: Permission denied", 1},
        {"second folder gone meanwhile", IO_OPENAT, 2, ENOENT, HW_OK, "", 2},
        {"second folder is a file meanwhile", IO_OPENAT, 2, ENOTDIR, HW_OK, "", 2},
        {"interrupted", IO_OPENAT, 2, EINTR, HW_OK, "", 3},
        {"no descriptors", IO_OPENAT, 2, EMFILE, HW_EIO, "cannot open the folder: Too many open files", 1},
        {"cannot look at it", IO_FSTAT, 2, EIO, HW_EIO, "cannot read the folder: Input/output error", 1},
    };
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "a", "", 0);
    scratch_write(&scratch, "b/x", "", 0);
    scratch_write(&scratch, "c", "", 0);
    int files = open_files();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct listing listing = {.used = 0};
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(rows[i].call, rows[i].at, rows[i].errnum);
        enum hw_status status = list(scratch.folder, "", &listing, &err);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, listing.objects, rows[i].objects);
        if (status != HW_OK) {
            assert_row_text(rows[i].name, err.object, rows[i].at == 1 ? scratch.folder : scratch_path(&scratch, "b/"));
        }
        assert_row_int(rows[i].name, open_files(), files);
    }
    scratch_remove(&scratch);
}

/* Links that lead to each other make 2^n ways through n folders: it ends, and says so. */
static void a_lattice_of_links_ends(void **state) {
    (void)state;
    enum { LEVELS = 18 };
    struct scratch scratch = scratch_make();
    struct listing listing = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (int i = 0; i < LEVELS; i++) {
        char folder[16], name[32], to[32];
        snprintf(folder, sizeof(folder), "d%02d", i);
        assert_int_equal(mkdir(scratch_path(&scratch, folder), 0777), 0);
        snprintf(to, sizeof(to), "../d%02d", i + 1);
        snprintf(name, sizeof(name), "d%02d/a", i);
        assert_int_equal(symlink(to, scratch_path(&scratch, name)), 0);
        snprintf(name, sizeof(name), "d%02d/b", i);
        assert_int_equal(symlink(to, scratch_path(&scratch, name)), 0);
    }
    assert_int_equal(mkdir(scratch_path(&scratch, "d18"), 0777), 0);
    assert_int_equal(list(scratch_path(&scratch, "d00/"), "", &listing, &err), HW_ELIMIT);
    assert_row_says("lattice", err.message, "more than 65536 links to folders");
    assert_ok(list(scratch_path(&scratch, "d10/"), "", &listing, &err), err);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_in_byte_order),
        cmocka_unit_test(links_are_left_out),
        cmocka_unit_test(working_directory_is_a_store),
        cmocka_unit_test(callback_ends_the_listing),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(a_lattice_of_links_ends),
        cmocka_unit_test(many_names_are_sorted),
        cmocka_unit_test(faults_are_not_short_lists),
    };
    return cmocka_run_group_tests_name("store/file_list", tests, NULL, NULL);
}
