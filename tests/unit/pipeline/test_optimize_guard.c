/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_guard.h"

#include <stdio.h>
#include <sys/stat.h>

#include "store/store_file.h"
#include "support/alloc_fault.h"
#include "support/scratch.h"
#include "unit/pipeline/optimize_desk.h"

/* The folders of tables, with what stands beside the files. */
static const struct {
    const char *name;
    const char *there;
    const char *key;
    const char *says; /* "": the file is free */
} rows[] = {
    {"nothing", "lake/notes.txt", "lake/t/a.parquet", ""},
    {"Delta", "lake/t/_delta_log/00000000000000000000.json", "lake/t/a.parquet",
     "it belongs to a Delta table (_delta_log/) in \"mem://lake/t/\": its log would be false once the file is another; "
     "name a destination elsewhere"},
    {"Delta, below a partition", "lake/t/_delta_log/0.json", "lake/t/day=1/hour=2/a.parquet", "a Delta table"},
    {"Delta of a table beside it", "lake/t/_delta_log/0.json", "lake/u/a.parquet", ""},
    {"Delta of a table below", "lake/t/_delta_log/0.json", "lake/a.parquet", ""},
    {"a name that begins like Delta's", "lake/t/_delta_log_old/0.json", "lake/t/a.parquet", ""},
    {"Delta in the root", "_delta_log/0.json", "a.parquet", "a Delta table (_delta_log/) in \"mem://\""},
    {"Iceberg", "lake/t/metadata/v1.metadata.json", "lake/t/data/a.parquet",
     "an Iceberg table (metadata/*.metadata.json) in \"mem://lake/t/\""},
    {"a folder that is called metadata", "lake/t/metadata/about.json", "lake/t/data/a.parquet", ""},
    {"Hudi", "lake/t/.hoodie/hoodie.properties", "lake/t/a.parquet", "a Hudi table (.hoodie/) in \"mem://lake/t/\""},
    {"a summary", "lake/t/_metadata", "lake/t/a.parquet", "a folder with a summary of its files (_metadata)"},
    {"another name", "lake/t/_metadata2", "lake/t/a.parquet", ""},
    {"a summary of schemas alone", "lake/t/_common_metadata", "lake/t/a.parquet", ""},
};

static void files_of_tables_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optimize_desk desk;
        struct hw_optimize_guard guard = {0};
        struct hw_error err = HW_ERROR_INIT;
        optimize_desk_init(&desk);
        desk_put_text(&desk.files, rows[i].there, "x");
        const enum hw_status want = rows[i].says[0] ? HW_EUSAGE : HW_OK;
        /* Twice, as a folder that is free is remembered. */
        assert_row_int(rows[i].name, hw_optimize_guard_check(&guard, desk.files.store, rows[i].key, &err), want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, hw_optimize_guard_check(&guard, desk.files.store, rows[i].key, NULL), want);
        hw_optimize_guard_release(&guard);
        optimize_desk_release(&desk);
    }
}

/* One file of a table keeps the call from touching any; elsewhere they may be written. */
static void a_call_begins_nothing_in_a_table(void **state) {
    (void)state;
    static const char *const sources[] = {"mem://lake/", NULL};
    struct optimize_desk desk;
    HW_AUTO(hw_buf) before = {0};
    optimize_desk_init(&desk);
    optimize_make(&desk, "lake/a.parquet", 1000, 0);
    optimize_copy(&desk, "lake/a.parquet", &before);
    desk_put(&desk.files, "lake/t/b.parquet", before.data, before.size);
    desk_put_text(&desk.files, "lake/t/_delta_log/0.json", "{}");
    assert_int_equal(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){0}), HW_EUSAGE);
    assert_row_says("in place", desk.err.message, "it belongs to a Delta table");
    assert_string_equal(desk.err.object, "mem://lake/t/b.parquet");
    optimize_check_told("in place", &desk, "");
    optimize_check_bytes("in place", &desk, "lake/a.parquet", hw_buf_view(&before));
    assert_ok(optimize_run(&desk, sources, sources[0], &(struct hw_optimize_options){.dry_run = true}), desk.err);
    assert_ok(optimize_run(&desk, sources, "mem://out/", &(struct hw_optimize_options){0}), desk.err);
    assert_true(optimize_size(&desk, "out/t/b.parquet") > 0);
    optimize_desk_release(&desk);
}

/* The table may lie above the folder in which a path begins. */
static void local_files_are_looked_at_up_to_the_root(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    struct hw_optimize_guard guard = {0};
    struct hw_store *store;
    struct hw_error err = HW_ERROR_INIT;
    char root[512];
    assert_int_equal(mkdir(scratch_path(&scratch, "t"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(&scratch, "t/_delta_log"), 0777), 0);
    assert_int_equal(mkdir(scratch_path(&scratch, "t/day=1"), 0777), 0);
    scratch_write(&scratch, "t/_delta_log/0.json", "{}", 2);
    scratch_write(&scratch, "t/day=1/a.parquet", "x", 1);
    scratch_write(&scratch, "free.parquet", "x", 1);
    snprintf(root, sizeof(root), "%s/", scratch_path(&scratch, "t/day=1"));
    assert_ok(hw_store_file_open(root, NULL, &store, &err), err);
    assert_int_equal(hw_optimize_guard_check(&guard, store, "a.parquet", &err), HW_EUSAGE);
    assert_row_says("a table above", err.message, "it belongs to a Delta table");
    assert_int_equal(hw_optimize_guard_check(&guard, store, "none.parquet", &err), HW_ENOTFOUND);
    hw_store_close(store);
    snprintf(root, sizeof(root), "%s/", scratch_path(&scratch, ""));
    assert_ok(hw_store_file_open(root, NULL, &store, &err), err);
    assert_ok(hw_optimize_guard_check(&guard, store, "free.parquet", &err), err);
    hw_store_close(store);
    hw_optimize_guard_release(&guard);
    scratch_remove(&scratch);
}

static enum hw_status list_fails(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                 struct hw_error *err) {
    (void)store, (void)prefix, (void)each, (void)ctx;
    return hw_fail(err, HW_EIO, "injected");
}

static void what_cannot_be_looked_at_is_no_free_file(void **state) {
    (void)state;
    struct optimize_desk desk;
    struct hw_optimize_guard guard = {0};
    struct hw_error err = HW_ERROR_INIT;
    optimize_desk_init(&desk);
    const struct hw_store_ops *real = desk.files.store->ops;
    struct hw_store_ops ops = *real;
    ops.list = list_fails;
    desk.files.store->ops = &ops;
    assert_int_equal(hw_optimize_guard_check(&guard, desk.files.store, "a/b.parquet", &err), HW_EIO);
    assert_string_equal(err.message, "injected");
    desk.files.store->ops = real;
    hw_optimize_guard_release(&guard);
    optimize_desk_release(&desk);
}

static void missing_memory_is_told(void **state) {
    (void)state;
    struct optimize_desk desk;
    bool fired = true;
    optimize_desk_init(&desk);
    desk_put_text(&desk.files, "lake/t/metadata/about.json", "x");
    for (size_t successes = 0; fired; successes++) {
        struct hw_optimize_guard guard = {0};
        struct alloc_fault fault;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_optimize_guard_check(&guard, desk.files.store, "lake/t/a.parquet", NULL);
        hw_optimize_guard_release(&guard);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    optimize_desk_release(&desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_tables_are_refused),
        cmocka_unit_test(a_call_begins_nothing_in_a_table),
        cmocka_unit_test(local_files_are_looked_at_up_to_the_root),
        cmocka_unit_test(what_cannot_be_looked_at_is_no_free_file),
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_guard", tests, NULL, NULL);
}
