/* SPDX-License-Identifier: Apache-2.0 */
/* The runs are in a heap, of which the one with the next row is the first. */
#include "optimize/run_order.h"

#include "core/alloc.h"

/* Rows between two questions whether the work is to be stopped. */
enum { ROWS_UNASKED = 65536 };

/* A run, and its next row. */
struct entrant {
    struct hw_spilled_reader keys;
    struct hw_spilled_reader numbers;
    hw_view key;
    /* The first bytes of the key as a number. */
    uint64_t first;
    uint64_t number;
    size_t run;
    bool more;
};

struct merging {
    const struct hw_run_order_options *options;
    struct hw_run_order *order;
    struct hw_spill_bench bench;
    struct entrant *entrants;
    struct entrant **heap;
    size_t heap_count;
    /* The rows of each run that were taken. */
    uint64_t *taken;
    struct hw_leaf_rows block;
    struct hw_leaf_rows starts;
    /* The next row group, and the number of its first row. */
    size_t group;
    uint64_t group_first;
    uint64_t rows;
};

static enum hw_status merging_init(struct merging *merging, struct hw_error *err);
static void merging_release(struct merging *merging);
static enum hw_status rows_merge(struct merging *merging, struct hw_error *err);

enum hw_status hw_run_order_make(struct hw_run_order *order, const struct hw_run_order_options *options,
                                 struct hw_error *err) {
    struct merging merging = {.options = options, .order = order};
    if (options->runs_count > HW_ORDER_RUNS_MAX) {
        return hw_fail(err, HW_ELIMIT, "the rows would have to be sorted in more than %d parts: --memory is too small",
                       HW_ORDER_RUNS_MAX);
    }
    enum hw_status status = merging_init(&merging, err);
    status = status ? status : rows_merge(&merging, err);
    merging_release(&merging);
    return status;
}

void hw_run_order_release(struct hw_run_order *order) {
    hw_spilled_column_release(&order->rows);
    hw_spilled_column_release(&order->starts);
}

/* ------ the heap */

static bool comes_before(const struct entrant *a, const struct entrant *b) {
    if (a->first != b->first) {
        return a->first < b->first;
    }
    const int order = hw_sort_key_compare(a->key, b->key);
    return order ? order < 0 : a->run < b->run;
}

static void heap_sink(struct merging *merging, size_t at) {
    struct entrant **heap = merging->heap;
    for (size_t child = 2 * at + 1; child < merging->heap_count; child = 2 * at + 1) {
        struct entrant *entrant = heap[at];
        child += child + 1 < merging->heap_count && comes_before(heap[child + 1], heap[child]);
        if (!comes_before(heap[child], entrant)) {
            return;
        }
        heap[at] = heap[child];
        heap[child] = entrant;
        at = child;
    }
}

/* Brings the next row of a run to its front. */
static enum hw_status entrant_peek(struct entrant *entrant, struct hw_error *err) {
    uint64_t bytes = 0;
    bool numbers = false;
    HW_TRY(hw_spilled_reader_peek(&entrant->keys, &entrant->more, err));
    HW_TRY(hw_spilled_reader_peek(&entrant->numbers, &numbers, err));
    if (entrant->more != numbers) {
        return hw_fail(err, HW_EDATA, "a sorted part of the rows has other keys than numbers");
    }
    if (!entrant->more) {
        return HW_OK;
    }
    entrant->key = hw_sort_key_at(&entrant->keys.rows, entrant->keys.row);
    memcpy(&bytes, entrant->key.data, hw_min_size(entrant->key.size, sizeof(bytes)));
    entrant->first = __builtin_bswap64(bytes);
    entrant->number = hw_load_le64(entrant->numbers.rows.values.data + entrant->numbers.row * sizeof(uint64_t));
    return HW_OK;
}

static enum hw_status merging_init(struct merging *merging, struct hw_error *err) {
    const struct hw_run_order_options *options = merging->options;
    const size_t count = options->runs_count;
    merging->entrants = hw_alloc_zero(count, sizeof(*merging->entrants));
    merging->heap = hw_alloc_zero(count, sizeof(*merging->heap));
    merging->taken = hw_alloc_zero(count, sizeof(*merging->taken));
    if (!merging->entrants || !merging->heap || !merging->taken) {
        return hw_fail_nomem(err, count * sizeof(*merging->entrants));
    }
    for (size_t i = 0; i < count; i++) {
        const struct hw_spilled_column *hidden = options->runs[i].columns + options->columns;
        struct entrant *entrant = &merging->entrants[i];
        entrant->keys = (struct hw_spilled_reader){&hidden[HW_RUN_KEYS], options->from, &merging->bench};
        entrant->numbers = (struct hw_spilled_reader){&hidden[HW_RUN_NUMBERS], options->from, &merging->bench};
        entrant->run = i;
        HW_TRY(entrant_peek(entrant, err));
        if (entrant->more) {
            merging->heap[merging->heap_count++] = entrant;
        }
    }
    for (size_t i = merging->heap_count / 2; i-- > 0;) {
        heap_sink(merging, i);
    }
    return hw_leaf_rows_clear(&merging->block, sizeof(uint64_t), err);
}

static void merging_release(struct merging *merging) {
    for (size_t i = 0; merging->entrants && i < merging->options->runs_count; i++) {
        hw_spilled_reader_release(&merging->entrants[i].keys);
        hw_spilled_reader_release(&merging->entrants[i].numbers);
    }
    hw_free(merging->entrants);
    hw_free(merging->heap);
    hw_free(merging->taken);
    hw_leaf_rows_release(&merging->block);
    hw_leaf_rows_release(&merging->starts);
    hw_spill_bench_release(&merging->bench);
}

/* ------ rows */

static enum hw_status row_take(struct merging *merging, struct hw_error *err);
static enum hw_status number_add(struct hw_leaf_rows *rows, uint64_t number, struct hw_error *err);
static enum hw_status group_begin(struct merging *merging, struct hw_error *err);

static enum hw_status rows_merge(struct merging *merging, struct hw_error *err) {
    const struct hw_run_order_options *options = merging->options;
    struct hw_leaf_rows *block = &merging->block;
    while (merging->heap_count > 0) {
        if (merging->rows % ROWS_UNASKED == 0 && options->cancelled && options->cancelled(options->ctx)) {
            return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
        }
        HW_TRY(group_begin(merging, err));
        HW_TRY(row_take(merging, err));
        if (block->values.size >= options->block_bytes) {
            HW_TRY(hw_spilled_column_add(&merging->order->rows, options->to, block, &merging->bench, err));
            HW_TRY(hw_leaf_rows_clear(block, sizeof(uint64_t), err));
        }
    }
    return block->rows > 0 ? hw_spilled_column_add(&merging->order->rows, options->to, block, &merging->bench, err)
                           : HW_OK;
}

static enum hw_status row_take(struct merging *merging, struct hw_error *err) {
    struct entrant *entrant = merging->heap[0];
    HW_TRY(number_add(&merging->block, (uint64_t)entrant->run << HW_ORDER_NUMBER_BITS | entrant->number, err));
    merging->taken[entrant->run]++;
    merging->rows++;
    entrant->keys.row++;
    entrant->numbers.row++;
    HW_TRY(entrant_peek(entrant, err));
    if (!entrant->more) {
        merging->heap[0] = merging->heap[--merging->heap_count];
    }
    heap_sink(merging, 0);
    return HW_OK;
}

static enum hw_status number_add(struct hw_leaf_rows *rows, uint64_t number, struct hw_error *err) {
    rows->rows++;
    rows->entries++;
    rows->count++;
    return hw_buf_append(&rows->values, &number, sizeof(number), err);
}

/* Tells where each run is at the beginning of a row group. */
static enum hw_status group_begin(struct merging *merging, struct hw_error *err) {
    const struct hw_row_cuts *cuts = merging->options->cuts;
    if (!cuts || merging->rows != merging->group_first || merging->group == hw_row_cuts_count(cuts)) {
        return HW_OK;
    }
    merging->group_first += hw_row_cut_at(cuts, merging->group++)->rows;
    HW_TRY(hw_leaf_rows_clear(&merging->starts, sizeof(uint64_t), err));
    for (size_t i = 0; i < merging->options->runs_count; i++) {
        HW_TRY(number_add(&merging->starts, merging->taken[i], err));
    }
    return hw_spilled_column_add(&merging->order->starts, merging->options->to, &merging->starts, &merging->bench, err);
}
