/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of the values that several files have under a key, and what comes of them together. */
#ifndef HW_TESTS_MERGE_ROWS_H
#define HW_TESTS_MERGE_ROWS_H

#include "optimize/pair_merger.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

enum { MERGE_SOURCES_MAX = 4, MERGE_LEFT_OUT_MAX = 3 };

/* A source's value, NULL where it has none, and its rows. */
struct merge_source {
    const char *value;
    uint64_t first;
    uint64_t count;
    bool part; /* of the rows of its file */
};

struct merge_row {
    const char *name;
    struct merge_source sources[MERGE_SOURCES_MAX];
    size_t count;
    /* NULL: the value of the first, at its place. */
    const char *want;
    /* The sources do not agree; with HW_OPTIMIZE_METADATA_FIRST there is a value all the same. */
    bool differ;
    enum hw_optimize_metadata rule;
    /* Keys that are left out on the way. */
    const char *left_out[MERGE_LEFT_OUT_MAX];
    /* It fails so, instead. */
    enum hw_status status;
    const char *says;
};

#define MERGE_SOURCES(...) \
    .sources = {__VA_ARGS__}, .count = sizeof((struct merge_source[]){__VA_ARGS__}) / sizeof(struct merge_source)

typedef enum hw_status merger_make_fn(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                                      struct hw_pair_merger **out_merger, struct hw_error *err);

/* The merge of a row, with what lives as long. */
struct merge_run {
    struct hw_arena arena;
    struct hw_pairs_source sources[MERGE_SOURCES_MAX];
    struct hw_pairs_merging merging;
    hw_view value;
    bool differ;
};

static inline void merge_run_init(struct merge_run *run, const struct merge_row *row) {
    *run = (struct merge_run){.merging = {.count = row->count, .rule = row->rule}};
    for (size_t i = 0; i < row->count; i++) {
        const struct merge_source *source = &row->sources[i];
        run->sources[i] = (struct hw_pairs_source){
            .name = "a file", .first = source->first, .count = source->count, .whole = !source->part};
    }
    run->merging.sources = run->sources;
    run->merging.arena = &run->arena;
    run->merging.left_out.arena = &run->arena;
}

static inline enum hw_status merge_values(struct merge_run *run, struct hw_pair_merger *merger,
                                          const struct merge_row *row, struct hw_error *err) {
    for (size_t i = 1; i < row->count; i++) {
        bool agrees = false;
        if (row->sources[i].value) {
            HW_TRY(merger->add(merger, i, hw_view_of(row->sources[i].value), &agrees, err));
        }
        run->differ |= !agrees;
    }
    if (run->differ && row->rule != HW_OPTIMIZE_METADATA_FIRST) {
        return HW_OK;
    }
    return merger->finish(merger, !run->differ, &run->value, err);
}

static inline enum hw_status merge_run_do(struct merge_run *run, merger_make_fn *make, const struct merge_row *row,
                                          struct hw_error *err) {
    struct hw_pair_merger *merger;
    HW_TRY(make(&run->merging, "before: ", hw_view_of(row->sources[0].value), &merger, err));
    const enum hw_status status = merge_values(run, merger, row, err);
    if (merger->release) {
        merger->release(merger);
    }
    return status;
}

static inline void merge_left_out_check(const struct merge_run *run, const struct merge_row *row) {
    const struct hw_pair_left_out *items;
    size_t count = 0;
    assert_int_equal(hw_pairs_left_out_items(&run->merging.left_out, &items, NULL), HW_OK);
    while (count < MERGE_LEFT_OUT_MAX && row->left_out[count]) {
        count++;
    }
    assert_row_int(row->name, run->merging.left_out.count, count);
    for (size_t i = 0; i < count; i++) {
        const hw_view want = hw_view_of(row->left_out[i]);
        assert_row_bytes(row->name, items[i].key.data, items[i].key.size, want.data, want.size);
    }
}

/* Runs a row up to its value, which is checked by the caller where the row has one of its own. */
static inline void merge_row_run(merger_make_fn *make, const struct merge_row *row, struct merge_run *run) {
    struct hw_error err = HW_ERROR_INIT;
    merge_run_init(run, row);
    const enum hw_status status = merge_run_do(run, make, row, &err);
    if (row->says) {
        assert_row_int(row->name, status, row->status);
        assert_row_says(row->name, err.message, row->says);
        return;
    }
    if (status != HW_OK) {
        fail_msg("%s: %s", row->name, err.message);
    }
    assert_row_int(row->name, run->differ, row->differ);
    merge_left_out_check(run, row);
    if (!row->differ || row->rule == HW_OPTIMIZE_METADATA_FIRST) {
        assert_row_int(row->name, run->value.data == row->sources[0].value, row->want == NULL);
    }
}

static inline void merge_texts_run(merger_make_fn *make, const struct merge_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct merge_run run;
        merge_row_run(make, &rows[i], &run);
        if (rows[i].want &&
            (run.value.size != strlen(rows[i].want) || memcmp(run.value.data, rows[i].want, run.value.size) != 0)) {
            fail_msg("%s: is\n%.*s\nwant\n%s", rows[i].name, (int)run.value.size, run.value.data, rows[i].want);
        }
        hw_arena_release(&run.arena);
    }
}

/* Whichever allocation fails: it is told. */
static inline void merge_row_sweep(merger_make_fn *make, const struct merge_row *row) {
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct merge_run run;
        struct alloc_fault fault;
        merge_run_init(&run, row);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = merge_run_do(&run, make, row, NULL);
        hw_arena_release(&run.arena);
        fired = alloc_fault_end(&fault);
        assert_row_int(row->name, status, fired ? HW_ENOMEM : HW_OK);
    }
}

#endif
