/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_files.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "unit/pipeline/join_desk.h"

enum { MANY = 150, NONE = 99 };

/* a.parquet has 2000 rows, lake/x/b.parquet 1000, lake/c.pq 1. */
static const struct {
    const char *name;
    const char *keys[4];
    uint64_t memory_bytes;
    enum hw_status want;
    size_t failed; /* NONE: it is about no source */
    const char *says;
    uint64_t rows;
} rows[] = {
    {"one", {"a.parquet"}, HW_MIB(16), HW_OK, NONE, "", 2000},
    {"several", {"lake/c.pq", "a.parquet", "lake/x/b.parquet"}, HW_MIB(16), HW_OK, NONE, "", 3001},
    {"one that is not there", {"a.parquet", "none.parquet"}, HW_MIB(16), HW_ENOTFOUND, 1, "no such object", 0},
    {"one that is no Parquet file",
     {"a.parquet", "lake/c.pq", "csv.parquet"},
     HW_MIB(16),
     HW_EDATA,
     2,
     "does not end with PAR1",
     0},
    {"one that is encrypted", {"secret.parquet", "a.parquet"}, HW_MIB(16), HW_EUNSUPPORTED, 0, "encrypted", 0},
    {"footers that take more than is allowed",
     {"a.parquet", "lake/c.pq"},
     100,
     HW_ELIMIT,
     NONE,
     "the footers of 1 of 2 sources take more than 0 MiB: give more --memory, or fewer sources at once",
     0},
};

static void sources_are_opened_together(void **state) {
    (void)state;
    struct optimize_desk files;
    optimize_desk_fill(&files);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct join_desk desk;
        struct hw_optimize_files opened = {.count = 0};
        uint64_t found = 0;
        size_t failed;
        join_desk_open(&desk, &files, NULL, &(struct hw_optimize_options){0});
        join_desk_add_all(&desk, rows[i].keys);
        assert_row_int(
            rows[i].name,
            hw_optimize_files_open(&opened, desk.sources, desk.count, rows[i].memory_bytes, &failed, &desk.err),
            rows[i].want);
        assert_row_int(rows[i].name, failed, rows[i].failed == NONE ? desk.count : rows[i].failed);
        assert_row_says(rows[i].name, desk.err.message, rows[i].says);
        for (size_t k = 0; rows[i].want == HW_OK && k < opened.count; k++) {
            found += opened.files[k].rows;
        }
        assert_row_int(rows[i].name, found, rows[i].rows);
        hw_optimize_files_release(&opened);
        join_desk_close(&desk);
    }
    optimize_desk_release(&files);
}

/* There are more of them than are open at once; each is still there to be read. */
static void many_sources_are_few_open_ones(void **state) {
    (void)state;
    struct optimize_desk files;
    struct join_desk desk;
    struct hw_optimize_files opened = {.count = 0};
    HW_AUTO(hw_buf) bytes = {0};
    size_t failed;
    optimize_desk_fill(&files);
    optimize_copy(&files, "a.parquet", &bytes);
    join_desk_open(&desk, &files, NULL, &(struct hw_optimize_options){0});
    for (size_t i = 0; i < MANY; i++) {
        char key[32];
        snprintf(key, sizeof(key), "many/%zu.parquet", i);
        desk_put(&files.files, key, bytes.data, bytes.size);
        join_desk_add(&desk, key);
    }
    assert_ok(hw_optimize_files_open(&opened, desk.sources, desk.count, HW_MIB(256), &failed, &desk.err), desk.err);
    assert_int_equal(opened.pool.synced.open, 128);
    for (size_t i = 0; i < MANY; i++) {
        char magic[4];
        struct hw_source *source = opened.opened[i];
        assert_ok(source->ops->read_at(source, 0, magic, sizeof(magic), &desk.err), desk.err);
        assert_memory_equal(magic, "PAR1", sizeof(magic));
    }
    assert_int_equal(opened.pool.synced.open, 128);
    hw_optimize_files_release(&opened);
    join_desk_close(&desk);
    optimize_desk_release(&files);
}

static void a_change_is_seen(void **state) {
    (void)state;
    static const char *const keys[] = {"a.parquet", "lake/c.pq", "lake/x/b.parquet", NULL};
    static const struct {
        const char *name;
        const char *changed, *gone;
        enum hw_status want;
        size_t failed;
    } changes[] = {
        {"nothing", NULL, NULL, HW_OK, NONE},
        {"another version", "lake/c.pq", NULL, HW_ECHANGED, 1},
        {"one that is gone", NULL, "lake/x/b.parquet", HW_ENOTFOUND, 2},
    };
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct optimize_desk files;
        struct join_desk desk;
        struct hw_optimize_files opened = {.count = 0};
        size_t failed = NONE;
        optimize_desk_fill(&files);
        join_desk_open(&desk, &files, NULL, &(struct hw_optimize_options){0});
        join_desk_add_all(&desk, keys);
        assert_ok(hw_optimize_files_open(&opened, desk.sources, desk.count, HW_MIB(16), &failed, &desk.err), desk.err);
        failed = NONE;
        if (changes[i].changed) {
            desk_put_text(&files.files, changes[i].changed, "newer");
        }
        if (changes[i].gone) {
            assert_ok(files.files.store->ops->remove(files.files.store, changes[i].gone, &desk.err), desk.err);
        }
        assert_row_int(changes[i].name, hw_optimize_files_same(&opened, &failed, &desk.err), changes[i].want);
        assert_row_int(changes[i].name, failed, changes[i].failed);
        hw_optimize_files_release(&opened);
        join_desk_close(&desk);
        optimize_desk_release(&files);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct optimize_desk files;
    struct join_desk desk;
    size_t failures = 0;
    optimize_desk_fill(&files);
    join_desk_open(&desk, &files, NULL, &(struct hw_optimize_options){0});
    join_desk_add_all(&desk, rows[1].keys);
    for (bool fired = true; fired; failures++) {
        struct alloc_fault fault;
        struct hw_optimize_files opened = {.count = 0};
        size_t failed;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status =
            hw_optimize_files_open(&opened, desk.sources, desk.count, HW_MIB(16), &failed, NULL);
        hw_optimize_files_release(&opened);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 6);
    join_desk_close(&desk);
    optimize_desk_release(&files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_are_opened_together),
        cmocka_unit_test(many_sources_are_few_open_ones),
        cmocka_unit_test(a_change_is_seen),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_files", tests, NULL, NULL);
}
