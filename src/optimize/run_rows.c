/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/run_rows.h"

#include "core/alloc.h"

void hw_run_rows_bench_release(struct hw_run_rows_bench *bench) {
    for (size_t i = 0; i < bench->readers_count; i++) {
        hw_spilled_reader_release(&bench->readers[i]);
    }
    hw_free(bench->readers);
    hw_spilled_reader_release(&bench->order);
    hw_leaf_rows_release(&bench->entries);
    hw_leaf_rows_release(&bench->starts);
    hw_leaf_rows_release(&bench->rows);
    hw_buf_release(&bench->numbers);
    hw_spill_bench_release(&bench->spill);
    *bench = (struct hw_run_rows_bench){0};
}

/* Gives a reader another column, and lets it keep its memory. */
static void reader_set(struct hw_spilled_reader *reader, const struct hw_spilled_column *column,
                       struct hw_sort_spill *from, struct hw_spill_bench *bench) {
    reader->column = column;
    reader->spill = from;
    reader->bench = bench;
    reader->row = reader->rows.rows = reader->block = 0;
}

static enum hw_status readers_reserve(struct hw_run_rows_bench *bench, size_t count, struct hw_error *err) {
    if (count <= bench->readers_count) {
        return HW_OK;
    }
    struct hw_spilled_reader *readers = hw_realloc_array(bench->readers, count, sizeof(*readers));
    if (!readers) {
        return hw_fail_nomem(err, count * sizeof(*readers));
    }
    memset(readers + bench->readers_count, 0, (count - bench->readers_count) * sizeof(*readers));
    bench->readers = readers;
    bench->readers_count = count;
    return HW_OK;
}

/* ------ beginning */

static enum hw_status starts_read(struct hw_run_rows *rows, size_t group, struct hw_error *err);

enum hw_status hw_run_rows_begin(struct hw_run_rows *rows, size_t group, uint64_t first, struct hw_error *err) {
    struct hw_run_rows_bench *bench = rows->bench;
    HW_TRY(readers_reserve(bench, rows->runs_count, err));
    HW_TRY(first > 0 ? starts_read(rows, group, err) : HW_OK);
    for (size_t i = 0; i < rows->runs_count; i++) {
        const uint64_t start = first > 0 ? hw_load_le64(bench->starts.values.data + i * sizeof(uint64_t)) : 0;
        reader_set(&bench->readers[i], &rows->runs[i].columns[rows->column], rows->from, &bench->spill);
        HW_TRY(start > 0 ? hw_spilled_reader_go(&bench->readers[i], start, err) : HW_OK);
    }
    return hw_run_numbers_begin(rows->order, rows->order_from, first, bench, err);
}

static enum hw_status starts_read(struct hw_run_rows *rows, size_t group, struct hw_error *err) {
    struct hw_spilled_reader *reader = &rows->bench->order;
    reader_set(reader, &rows->order->starts, rows->order_from, &rows->bench->spill);
    HW_TRY(hw_leaf_rows_clear(&rows->bench->starts, sizeof(uint64_t), err));
    HW_TRY(hw_spilled_reader_go(reader, (uint64_t)group * rows->runs_count, err));
    return hw_spilled_reader_take(reader, rows->runs_count, &rows->bench->starts, err);
}

enum hw_status hw_run_numbers_begin(const struct hw_run_order *order, struct hw_sort_spill *from, uint64_t first,
                                    struct hw_run_rows_bench *bench, struct hw_error *err) {
    reader_set(&bench->order, &order->rows, from, &bench->spill);
    return hw_spilled_reader_go(&bench->order, first, err);
}

/* ------ reading */

enum hw_status hw_run_numbers_next(size_t count, struct hw_run_rows_bench *bench, struct hw_error *err) {
    HW_TRY(hw_leaf_rows_clear(&bench->entries, sizeof(uint64_t), err));
    HW_TRY(hw_spilled_reader_take(&bench->order, count, &bench->entries, err));
    HW_TRY(hw_buf_resize(&bench->numbers, count * sizeof(uint64_t), err));
    const uint64_t *entries = (const uint64_t *)(const void *)bench->entries.values.data;
    uint64_t *numbers = (uint64_t *)(void *)bench->numbers.data;
    for (size_t i = 0; i < count; i++) {
        numbers[i] = entries[i] & HW_ORDER_NUMBER_MAX;
    }
    return HW_OK;
}

/* Takes rows of one run that follow each other, as many as lie in one of its blocks. */
static enum hw_status stretch_take(struct hw_run_rows *rows, const uint64_t *entries, size_t count, size_t *out_taken,
                                   struct hw_error *err) {
    struct hw_run_rows_bench *bench = rows->bench;
    const size_t run = (size_t)(entries[0] >> HW_ORDER_NUMBER_BITS);
    bool more = false;
    size_t same = 1;
    if (run >= rows->runs_count) {
        return hw_fail(err, HW_EDATA, "the order of sorted rows names a part that is not there");
    }
    struct hw_spilled_reader *reader = &bench->readers[run];
    HW_TRY(hw_spilled_reader_peek(reader, &more, err));
    if (!more) {
        return hw_fail(err, HW_EDATA, "the order of sorted rows has more rows than they are");
    }
    if (bench->rows.rows == 0 && bench->rows.width != reader->rows.width) {
        HW_TRY(hw_leaf_rows_clear(&bench->rows, reader->rows.width, err));
    }
    const size_t most = hw_min_size(count, reader->rows.rows - reader->row);
    while (same < most && (size_t)(entries[same] >> HW_ORDER_NUMBER_BITS) == run) {
        same++;
    }
    *out_taken = same;
    return hw_spilled_reader_take(reader, same, &bench->rows, err);
}

enum hw_status hw_run_rows_next(struct hw_run_rows *rows, size_t rows_max, size_t bytes_max, struct hw_error *err) {
    struct hw_run_rows_bench *bench = rows->bench;
    bool more = false;
    HW_TRY(hw_leaf_rows_clear(&bench->rows, bench->rows.width, err));
    HW_TRY(hw_spilled_reader_peek(&bench->order, &more, err));
    /* Entries stay where they are, as long as the rows of one block are enough. */
    const struct hw_spilled_reader *order = &bench->order;
    const size_t most = (size_t)hw_clamp(rows->left, 0, hw_min_size(rows_max, order->rows.rows - order->row));
    const uint64_t *entries = (const uint64_t *)(const void *)order->rows.values.data;
    size_t done = 0;
    if (most == 0) {
        return rows->left > 0 ? hw_fail(err, HW_EDATA, "the order of sorted rows has fewer rows than they are") : HW_OK;
    }
    while (done < most && (done == 0 || hw_rows_bytes(&bench->rows) < bytes_max)) {
        size_t taken = 0;
        HW_TRY(stretch_take(rows, entries + order->row + done, most - done, &taken, err));
        done += taken;
    }
    rows->left -= done;
    return hw_run_numbers_next(done, bench, err);
}
