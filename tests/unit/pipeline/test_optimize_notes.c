/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_notes.h"

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { GROUPS = 2 };

static const struct hw_parquet_sorting sortings[] = {{.column = 1}, {.column = 0}};
static const struct hw_pair_left_out left_out[] = {{HW_VIEW_INIT("pandas"), "it is no JSON"},
                                                   {HW_VIEW_INIT("geo"), "it is too long"}};

#define ORDER "not all row groups of the output are sorted as the source says that it is\n"

/* The order is that of the last row group. */
static const struct {
    const char *name;
    size_t left_out;
    /* The columns by which the source says that it is sorted, and those of the output. */
    size_t sorted, sorted_after;
    bool sorts, bloom, pairs;
    const char *want;
} rows[] = {
    {"nothing is lost", 0, 0, 0, false, false, false, ""},
    {"metadata", 2, 0, 0, false, false, false,
     "the metadata \"pandas\" is left out: it is no JSON\nthe metadata \"geo\" is left out: it is too long\n"},
    {"an order", 0, 1, 0, false, false, false, ORDER},
    {"a part of an order", 0, 2, 1, false, false, false, ORDER},
    {"an order that stays", 0, 2, 2, false, false, false, ""},
    {"another order that was asked for", 0, 2, 1, true, false, false, ""},
    {"filters", 0, 0, 0, false, true, false,
     "bloom filters of BOOLEAN and INT96 columns and of intervals are left out\n"},
    {"metadata of a chunk", 0, 0, 0, false, false, true,
     "metadata of column chunks is left out where it does not hold for all values of a chunk\n"},
    {"all of it", 1, 1, 0, false, true, true,
     "the metadata \"pandas\" is left out: it is no JSON\n" ORDER
     "bloom filters of BOOLEAN and INT96 columns and of intervals are left out\n"
     "metadata of column chunks is left out where it does not hold for all values of a chunk\n"},
};

static enum hw_status notes_make(size_t row, struct hw_arena *arena, struct hw_optimized *told, struct hw_error *err) {
    const struct hw_parquet_group groups[GROUPS] = {
        {.rows = 1},
        {.sorting = sortings, .sorting_count = rows[row].sorted},
    };
    const struct hw_read_file file = {.meta = {.groups = groups, .groups_count = GROUPS}};
    const struct hw_read_file empty = {.meta = {.groups_count = 0}};
    const struct hw_read_file *files[] = {&empty, &file};
    const struct hw_file_plan plan = {
        .pairs = {.left_out = left_out, .left_out_count = rows[row].left_out},
        .blooms_lost = rows[row].bloom,
        .chunk_pairs_lost = rows[row].pairs,
        .sorts = rows[row].sorts,
    };
    told->sorted_count = rows[row].sorted_after;
    return hw_optimize_notes(files, COUNT_OF(files), &plan, arena, told, err);
}

static void what_is_lost_is_told(void **state) {
    (void)state;
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) got = {0};
        struct hw_optimized told = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(notes_make(row, &arena, &told, &err), err);
        for (size_t i = 0; i < told.notes_count; i++) {
            assert_int_equal(hw_buf_printf(&got, NULL, "%s\n", told.notes[i]), HW_OK);
        }
        assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
        assert_row_text(rows[row].name, (const char *)got.data, rows[row].want);
    }
}

static void no_memory_is_told(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_optimized told = {0};
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = notes_make(1, &arena, &told, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_int_equal(told.notes_count, fired ? 0 : 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_lost_is_told),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_notes", tests, NULL, NULL);
}
