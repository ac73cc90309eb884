/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_folders.h"

#include "support/alloc_fault.h"
#include "unit/pipeline/join_desk.h"

enum { KEYS_MAX = 6 };

/* A desk with files in two folders, and the sources that are added. */
struct folders_desk {
    struct optimize_desk files;
    struct join_desk join;
    struct hw_optimize_folders folders;
    enum hw_status alone_refuses;
};

static void desk_open(struct folders_desk *desk, const char *target, const struct hw_optimize_options *options) {
    static const char *const copies[] = {"x/1.parquet", "x/2.parquet", "x/3.parquet", "y/1.parquet", "y/2.parquet"};
    HW_AUTO(hw_buf) bytes = {0};
    *desk = (struct folders_desk){.alone_refuses = HW_OK};
    optimize_desk_init(&desk->files);
    optimize_make(&desk->files, "z.parquet", 1000, 0);
    optimize_copy(&desk->files, "z.parquet", &bytes);
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        desk_put(&desk->files.files, copies[i], bytes.data, bytes.size);
    }
    join_desk_open(&desk->join, &desk->files, target, options);
    desk->folders = (struct hw_optimize_folders){.work = &desk->join.work, .crew = desk->join.crew};
}

static void desk_close(struct folders_desk *desk) {
    hw_optimize_folders_release(&desk->folders);
    join_desk_close(&desk->join);
    optimize_desk_release(&desk->files);
}

static enum hw_status key_add(struct folders_desk *desk, const char *key, struct hw_error *err) {
    return hw_optimize_folders_add(&desk->folders, &desk->join.place, key, NULL, err);
}

static enum hw_status alone_told(void *ctx, const struct hw_optimize_source *source, struct hw_error *err) {
    struct folders_desk *desk = ctx;
    return desk->alone_refuses ? hw_fail(err, desk->alone_refuses, "not alone")
                               : hw_buf_printf(&desk->files.told, err, "%s alone\n", source->place.source);
}

static enum hw_status output_told(void *ctx, const struct hw_optimized *told, struct hw_error *err) {
    struct folders_desk *desk = ctx;
    return join_told(&desk->files, told, err);
}

/* ------ sources that are refused */

static const struct {
    const char *name;
    const char *keys[KEYS_MAX];
    const char *target;
    struct hw_optimize_options options;
    const char *says; /* of the last of them */
} refused[] = {
    {"a source in its place",
     {"x/1.parquet"},
     "mem://",
     {.target_bytes = 1000},
     "mem://x/1.parquet cannot be joined or divided in place"},
    {"a source that the output would take the place of",
     {"x/2.parquet", "x/1.parquet"},
     "mem://x/1.parquet",
     {.merge = true},
     "mem://x/1.parquet cannot be joined or divided in place"},
    {"one that is named twice",
     {"x/1.parquet", "x/2.parquet", "x/1.parquet"},
     "mem://out/",
     {.target_bytes = 1000},
     "mem://x/1.parquet is named twice, so that its rows would be there twice"},
    {"one that is named twice, for a merge",
     {"x/1.parquet", "x/1.parquet"},
     "mem://out.parquet",
     {.merge = true},
     "mem://x/1.parquet is named twice"},
    {"one in whose place the report would be",
     {"x/2.parquet"},
     "mem://out/",
     {.target_bytes = 1000, .report_path = "mem://x/2.parquet"},
     "source and report are the same object"},
};

static void sources_are_refused_before_anything_is_done(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct folders_desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, refused[i].target, &refused[i].options);
        for (size_t k = 0; refused[i].keys[k]; k++) {
            assert_row_int(refused[i].name, key_add(&desk, refused[i].keys[k], &err),
                           refused[i].keys[k + 1] ? HW_OK : HW_EUSAGE);
        }
        assert_row_says(refused[i].name, err.message, refused[i].says);
        desk_close(&desk);
    }
}

/* ------ folders */

#define OF_X "  of mem://x/1.parquet mem://x/2.parquet\n"
#define OF_Y "  of mem://y/1.parquet mem://y/2.parquet\n"
#define MADE " rewritten HW_OK rows 2000 groups 2-1 proved\n"
#define X_MADE "mem://x/1.parquet mem://out/x/part-00000.parquet" MADE OF_X
#define Y_MADE "mem://y/1.parquet mem://out/y/part-00000.parquet" MADE OF_Y
#define X_Y \
    { "x/1.parquet", "y/1.parquet", "x/2.parquet", "y/2.parquet" }
#define MIB \
    { .target_bytes = HW_MIB(1) }

static const struct {
    const char *name;
    const char *keys[KEYS_MAX];
    const char *target;
    struct hw_optimize_options options;
    const char *other; /* what the target has */
    enum hw_status alone_refuses;
    enum hw_status want;
    const char *told;
} rows[] = {
    {"nothing", {NULL}, "mem://out/", MIB, NULL, HW_OK, HW_OK, ""},
    {"rows stay in their folder", X_Y, "mem://out/", MIB, NULL, HW_OK, HW_OK, X_MADE Y_MADE},
    {"in a folder the order is that in which they were found",
     {"x/2.parquet", "x/1.parquet"},
     "mem://out/",
     MIB,
     NULL,
     HW_OK,
     HW_OK,
     "mem://x/2.parquet mem://out/x/part-00000.parquet" MADE "  of mem://x/2.parquet mem://x/1.parquet\n"},
    {"one file of a folder stays alone",
     {"z.parquet", "x/1.parquet", "x/2.parquet"},
     "mem://out/",
     MIB,
     NULL,
     HW_OK,
     HW_OK,
     "mem://z.parquet alone\n" X_MADE},
    {"one file that whoever listens does not want", {"z.parquet"}, "mem://out/", MIB, NULL, HW_EFAILED, HW_EFAILED, ""},
    {"all become one",
     X_Y,
     "mem://out.parquet",
     {.merge = true},
     NULL,
     HW_OK,
     HW_OK,
     "mem://x/1.parquet mem://out.parquet rewritten HW_OK rows 4000 groups 4-1 proved\n"
     "  of mem://x/1.parquet mem://y/1.parquet mem://x/2.parquet mem://y/2.parquet\n"},
    {"nowhere",
     X_Y,
     NULL,
     {.target_bytes = HW_MIB(1), .dry_run = true},
     NULL,
     HW_OK,
     HW_OK,
     "mem://x/1.parquet - planned HW_OK rows 2000 groups 2-1 proved\n" OF_X
     "mem://y/1.parquet - planned HW_OK rows 2000 groups 2-1 proved\n" OF_Y},
    {"a file of an earlier run is in the way of its folder", X_Y, "mem://out/", MIB, "out/x/part-00001.parquet", HW_OK,
     HW_OK,
     "mem://x/1.parquet - failed HW_EEXISTS rows 0 groups 0-0\n"
     "  of mem://x/1.parquet mem://x/2.parquet: nothing of its folder is written: the target has "
     "out/x/part-00001.parquet, which this run would not write: its rows would be there twice; remove it, or write to "
     "an empty folder\n" Y_MADE},
    {"a file in a folder of a folder is none of it", X_Y, "mem://out/", MIB, "out/x/deep/a.parquet", HW_OK, HW_OK,
     X_MADE Y_MADE},
    {"a file above the folder is none of it", X_Y, "mem://out/", MIB, "out/a.parquet", HW_OK, HW_OK, X_MADE Y_MADE},
    {"a file in a folder whose name goes on is none of it", X_Y, "mem://out/", MIB, "out/xx/a.parquet", HW_OK, HW_OK,
     X_MADE Y_MADE},
    {"what no reader takes for a file of the folder", X_Y, "mem://out/", MIB, "out/x/_a.parquet", HW_OK, HW_OK,
     X_MADE Y_MADE},
    {"what is no Parquet file", X_Y, "mem://out/", MIB, "out/x/_SUCCESS", HW_OK, HW_OK, X_MADE Y_MADE},
    {"what the run writes itself", X_Y, "mem://out/", MIB, "out/y/part-00000.parquet", HW_OK, HW_OK, X_MADE Y_MADE},
    {"the place of a file that stays alone",
     {"z.parquet"},
     "mem://out/",
     MIB,
     "out/z.parquet",
     HW_OK,
     HW_OK,
     "mem://z.parquet alone\n"},
};

static void folders_are_done_one_after_the_other(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct folders_desk desk;
        struct hw_error err = HW_ERROR_INIT;
        desk_open(&desk, rows[i].target, &rows[i].options);
        const struct hw_optimize_folders_listener listener = {{&desk, output_told}, alone_told};
        desk.alone_refuses = rows[i].alone_refuses;
        if (rows[i].other) {
            desk_put_text(&desk.files.files, rows[i].other, "something");
        }
        for (size_t k = 0; rows[i].keys[k]; k++) {
            assert_ok(key_add(&desk, rows[i].keys[k], &err), err);
        }
        assert_row_int(rows[i].name, hw_optimize_folders_run(&desk.folders, &listener, &err), rows[i].want);
        optimize_check_told(rows[i].name, &desk.files, rows[i].told);
        desk_close(&desk);
    }
}

static enum hw_status list_fails(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                 struct hw_error *err) {
    (void)store;
    (void)prefix;
    (void)each;
    (void)ctx;
    return hw_fail(err, HW_EAUTH, "injected");
}

/* Where nobody can tell what a folder has, nothing is written; a dry run does not ask. */
static void a_target_that_cannot_be_listed_is_told(void **state) {
    (void)state;
    for (int dry = 0; dry < 2; dry++) {
        struct folders_desk desk;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_optimize_options options = {.target_bytes = HW_MIB(1), .dry_run = dry};
        desk_open(&desk, "mem://out/", &options);
        const struct hw_optimize_folders_listener listener = {{&desk, output_told}, alone_told};
        const struct hw_store_ops *real = desk.files.files.store->ops;
        struct hw_store_ops failing = *real;
        failing.list = list_fails;
        assert_ok(key_add(&desk, "x/1.parquet", &err), err);
        assert_ok(key_add(&desk, "x/2.parquet", &err), err);
        desk.files.files.store->ops = &failing;
        assert_int_equal(hw_optimize_folders_run(&desk.folders, &listener, &err), dry ? HW_OK : HW_EAUTH);
        desk.files.files.store->ops = real;
        assert_int_equal(optimize_size(&desk.files, "out/x/part-00000.parquet"), 0);
        desk_close(&desk);
    }
}

/* What a listing has told is kept, as its texts are gone by then. */
static void what_a_listing_told_is_copied(void **state) {
    (void)state;
    struct folders_desk desk;
    struct hw_error err = HW_ERROR_INIT;
    char key[] = "x/1.parquet", etag[] = "e";
    const struct hw_object_info info = {.key = key, .size = 7, .etag = etag};
    desk_open(&desk, "mem://out/", &(struct hw_optimize_options)MIB);
    assert_ok(hw_optimize_folders_add(&desk.folders, &desk.join.place, key, &info, &err), err);
    key[0] = etag[0] = '-';
    const struct hw_optimize_source *source = *(const struct hw_optimize_source **)(void *)desk.folders.sources.data;
    assert_string_equal(source->key, "x/1.parquet");
    assert_string_equal(source->known.key, "x/1.parquet");
    assert_string_equal(source->known.etag, "e");
    assert_int_equal(source->known.size, 7);
    assert_string_equal(source->folder, "out/x/");
    desk_close(&desk);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    const struct hw_object_info info = {.key = "x/1.parquet", .size = 7, .etag = "e"};
    struct folders_desk desk;
    size_t failures = 0;
    desk_open(&desk, "mem://out/", &(struct hw_optimize_options)MIB);
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        struct hw_optimize_folders folders = {.work = &desk.join.work};
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = hw_optimize_folders_add(&folders, &desk.join.place, info.key, &info, NULL);
        hw_optimize_folders_release(&folders);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 3);
    desk_close(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_are_refused_before_anything_is_done),
        cmocka_unit_test(folders_are_done_one_after_the_other),
        cmocka_unit_test(a_target_that_cannot_be_listed_is_told),
        cmocka_unit_test(what_a_listing_told_is_copied),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_folders", tests, NULL, NULL);
}
