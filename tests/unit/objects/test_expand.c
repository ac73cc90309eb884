/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/expand.h"

#include <stdlib.h>
#include <unistd.h>

#include <hawser/memory.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "support/rows.h"
#include "support/scratch.h"

static enum hw_status name_add(void *ctx, const struct hw_expanded *object, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "%s ", object->name);
}

/* Opens a path and lists it, if it names several. `out` gets the names below the folder. */
static enum hw_status names_of(struct hw_store_set *set, const char *path, const struct hw_expand_options *options,
                               struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_expand) expand = {0};
    HW_TRY(hw_expand_open(&expand, path, set, options, err));
    if (!expand.several) {
        return hw_buf_printf(out, err, "one:%s", expand.name);
    }
    return hw_expand_list(&expand, NULL, name_add, out, err);
}

struct row {
    const char *label;
    const char *path;
    struct hw_expand_options options;
    const char *want; /* the names, or words of the error */
    enum hw_status status;
};

static void rows_run(struct hw_store_set *set, const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        assert_row_int(rows[i].label, names_of(set, rows[i].path, &rows[i].options, &got, &err), rows[i].status);
        if (rows[i].status == HW_OK) {
            assert_row_text(rows[i].label, got.size > 0 ? (const char *)got.data : "", rows[i].want);
        } else {
            assert_row_says(rows[i].label, err.message, rows[i].want);
            assert_row_text(rows[i].label, err.object, rows[i].path);
        }
    }
}

static void paths_name_objects(void **state) {
    (void)state;
    static const char *const keys[] = {"a", "d/x", "d/y/z", "dir", "w*ld", "wild/a1", "wild/b/a2", "wildness/a3"};
    static const struct row rows[] = {
        {"one object", "mem://d/x", {0}, "one:x", HW_OK},
        {"one without folders", "mem://a", {0}, "one:a", HW_OK},
        {"a prefix", "mem://d/", {0}, "x y/z ", HW_OK},
        {"all", "mem://", {0}, "a d/x d/y/z dir w*ld wild/a1 wild/b/a2 wildness/a3 ", HW_OK},
        {"a wildcard", "mem://d/*", {0}, "x y/z ", HW_OK},
        {"a wildcard in a name", "mem://wild/a*", {0}, "a1 ", HW_OK},
        {"a wildcard over folders", "mem://wild*a*", {0}, "wild/a1 wild/b/a2 wildness/a3 ", HW_OK},
        {"one character", "mem://d/?", {0}, "x ", HW_OK},
        {"raw", "mem://w*ld", {.raw = true}, "one:w*ld", HW_OK},
        {"not raw", "mem://w*ld", {0}, "w*ld ", HW_OK},
        {"a folder without '/'", "mem://d", {.folder = true}, "x y/z ", HW_OK},
        {"no match", "mem://q*", {0}, "nothing matches", HW_ENOTFOUND},
        {"nothing below", "mem://q/", {0}, "no object below", HW_ENOTFOUND},
        {"no store", "nowhere://a", {0}, "unknown scheme", HW_EUSAGE},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_ok(hw_memory_store_put(store, keys[i], "1", 1, &err), err);
    }
    struct hw_store *const stores[] = {store};
    const struct hw_store_options options = {.stores = stores, .stores_count = 1};
    struct hw_store_set set = {.options = &options};
    rows_run(&set, rows, COUNT_OF(rows));
    hw_store_set_release(&set);
    hw_memory_store_free(store);
}

/* What a filter leaves out is there all the same. */
static void none_is_no_fault_of_a_listing(void **state) {
    (void)state;
    static const char *const z[] = {"z"};
    static const struct {
        const char *path;
        struct hw_filter filter;
        const char *want;
        bool some;
    } rows[] = {
        {"mem://d/", {0}, "x ", true},
        {"mem://d/", {.include = z, .include_count = 1}, "", true},
        {"mem://q/", {0}, "", false},
        {"mem://d/q*", {0}, "", false},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    assert_ok(hw_memory_store_put(store, "d/x", "1", 1, &err), err);
    struct hw_store *const stores[] = {store};
    const struct hw_store_options options = {.stores = stores, .stores_count = 1};
    struct hw_store_set set = {.options = &options};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_expand) expand = {0};
        HW_AUTO(hw_buf) got = {0};
        bool some = !rows[i].some;
        assert_ok(hw_expand_open(&expand, rows[i].path, &set, NULL, &err), err);
        assert_ok(hw_expand_each(&expand, &rows[i].filter, name_add, &got, &some, &err), err);
        assert_row_text(rows[i].path, got.size > 0 ? (const char *)got.data : "", rows[i].want);
        assert_row_int(rows[i].path, some, rows[i].some);
    }
    hw_store_set_release(&set);
    hw_memory_store_free(store);
}

static void local_paths_name_files(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"a file", "f.csv", {0}, "one:f.csv", HW_OK},
        {"a folder", "d/", {0}, "e/g.csv h.csv ", HW_OK},
        {"a folder without '/'", "d", {0}, "e/g.csv h.csv ", HW_OK},
        {"an empty folder", "empty/", {0}, "", HW_OK},
        {"a wildcard", "d/*.csv", {0}, "e/g.csv h.csv ", HW_OK},
        {"a file named like a wildcard", "s*r", {0}, "one:s*r", HW_OK},
        {"no match", "d/*.txt", {0}, "nothing matches", HW_ENOTFOUND},
        {"no folder", "nope/", {0}, "no such folder", HW_ENOTFOUND},
        {"a file is no folder", "f.csv", {.folder = true}, "a file, not a folder", HW_ENOTFOUND},
        {"a file that is missing is for its reader to tell", "nope", {0}, "one:nope", HW_OK},
    };
    struct scratch scratch = scratch_make();
    char *before = getcwd(NULL, 0);
    const struct hw_store_options options = {0};
    struct hw_store_set set = {.options = &options};
    scratch_write(&scratch, "f.csv", "1", 1);
    scratch_write(&scratch, "s*r", "1", 1);
    scratch_write(&scratch, "star", "1", 1);
    scratch_write(&scratch, "d/h.csv", "1", 1);
    scratch_write(&scratch, "d/e/g.csv", "1", 1);
    scratch_write(&scratch, "empty/x", "1", 1);
    assert_int_equal(unlink(scratch_path(&scratch, "empty/x")), 0);
    assert_int_equal(chdir(scratch.folder), 0);
    rows_run(&set, rows, COUNT_OF(rows));
    assert_int_equal(chdir(before), 0);
    free(before);
    hw_store_set_release(&set);
    scratch_remove(&scratch);
}

static void a_bucket_is_a_place_of_several(void **state) {
    (void)state;
    const struct hw_store_options options = {.endpoint_url = "http://127.0.0.1:1", .no_sign_request = true};
    struct hw_store_set set = {.options = &options};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_expand) expand = {0};
    assert_ok(hw_expand_open(&expand, "s3://one", &set, NULL, &err), err);
    assert_true(expand.several);
    assert_string_equal(expand.key, "");
    assert_int_equal(expand.base_at, 0);
    hw_store_set_release(&set);
}

static void paths_of_a_list_are_below_a_folder(void **state) {
    (void)state;
    static const struct {
        const char *folder, *path, *want; /* the key, or words of the error */
        enum hw_status status;
    } rows[] = {
        {"mem://d/", "x", "d/x", HW_OK},
        {"mem://d/", "./x//y", "d/./x//y", HW_OK},
        {"mem://", "../x", "../x", HW_OK},
        {"mem://d/", "x/", "is a folder", HW_EUSAGE},
        {"mem://d/", "", "is a folder", HW_EUSAGE},
        {"src/", "a/b.c", "src/a/b.c", HW_OK},
        {"src/", "./a//b", "src/a/b", HW_OK},
        {"src/", "a b*", "src/a b*", HW_OK},
        {"src/", "s3://b/k", "src/s3:/b/k", HW_OK},
        {"src/", "..a", "src/..a", HW_OK},
        {"src/", "../x", "leads out of the folder", HW_EUSAGE},
        {"src/", "a/..", "leads out of the folder", HW_EUSAGE},
        {"src/", "a/../b", "leads out of the folder", HW_EUSAGE},
        {"src/", "/etc/passwd", "leads out of the folder", HW_EUSAGE},
        {"src/", "a/", "is a folder", HW_EUSAGE},
        {"src/", ".", "is a folder", HW_EUSAGE},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    struct hw_store *const stores[] = {store};
    const struct hw_store_options options = {.stores = stores, .stores_count = 1};
    struct hw_store_set set = {.options = &options};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_expand) folder = {0};
        char *key = NULL;
        err = (struct hw_error)HW_ERROR_INIT;
        assert_ok(hw_expand_open(&folder, rows[i].folder, &set, NULL, &err), err);
        assert_row_int(rows[i].path, hw_expand_key_below(&folder, rows[i].path, &key, &err), rows[i].status);
        assert_row_says(rows[i].path, key ? key : err.message, rows[i].want);
        assert_row_int(rows[i].path, key ? strlen(key) == strlen(rows[i].want) : true, true);
        hw_free(key);
    }
    hw_store_set_release(&set);
    hw_memory_store_free(store);
}

static void keys_are_those_of_the_path(void **state) {
    (void)state;
    static const struct {
        const char *path, *key;
        bool want;
    } rows[] = {
        {"mem://a", "a", true},     {"mem://a", "ab", false},     {"mem://d/", "d/x", true},
        {"mem://d/", "e/x", false}, {"mem://d/*x", "d/yx", true}, {"mem://d/*x", "d/y", false},
    };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store = NULL;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    struct hw_store *const stores[] = {store};
    const struct hw_store_options options = {.stores = stores, .stores_count = 1};
    struct hw_store_set set = {.options = &options};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_expand) expand = {0};
        assert_ok(hw_expand_open(&expand, rows[i].path, &set, NULL, &err), err);
        assert_row_int(rows[i].key, hw_expand_names(&expand, rows[i].key), rows[i].want);
        struct hw_error fault = HW_ERROR_INIT;
        assert_row_int(rows[i].key, hw_expand_version(&expand, &fault), HW_EUSAGE);
        assert_row_says(rows[i].key, fault.message, "a version is that of one object");
    }
    hw_store_set_release(&set);
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_name_objects),
        cmocka_unit_test(none_is_no_fault_of_a_listing),
        cmocka_unit_test(local_paths_name_files),
        cmocka_unit_test(a_bucket_is_a_place_of_several),
        cmocka_unit_test(paths_of_a_list_are_below_a_folder),
        cmocka_unit_test(keys_are_those_of_the_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
