/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_run.h"

#include <pthread.h>

#include "core/alloc.h"
#include "optimize/key_sort.h"

/* The parts of the memory: keys and what sorts them; the rows of columns; what reads these. */
enum { KEYS_PART = 4, ROWS_PART = 4, READ_PART = 4 };
/* The bytes for each row that its places among entries and values may take. */
enum { PLACES_BYTES = 2 * sizeof(uint32_t) };
/* The most that rows or keys of one column come to, which have to fit in a buffer. */
#define COLUMN_BYTES_MAX HW_MIB(512)
/* After rows did not fit, so much less is tried: 7 of 8. */
enum { LESS_OF = 8 };
enum { ROWS_AHEAD = 16 };

/* A thread's column. */
struct hw_run_member {
    struct hw_column_read_bench read;
    struct hw_spill_bench spill;
    /* All rows of the column; the places of each among entries and values; a block of it. */
    struct hw_leaf_rows rows;
    struct hw_buf entries;
    struct hw_buf values;
    struct hw_leaf_rows block;
    /* The numbers of rows that are looked at. */
    struct hw_buf numbers;
};

/* A run that is made. */
struct making {
    struct hw_sort_run_bench *bench;
    const struct hw_sort_run_options *options;
    const struct hw_sort_run_rows *rows;
    struct hw_run_learned *learned;
    struct hw_column_place *ends;
    struct hw_sort_run run;
    struct {
        pthread_mutex_t lock;
        size_t next;
        /* The rows that fit, of those columns that were read; a column did not fit. */
        uint64_t fit;
        bool full;
        enum hw_status status;
        size_t failed;
        struct hw_error error;
    } synced;
};

/* A column in work. */
struct doing {
    struct making *making;
    struct hw_run_member *member;
    size_t column;
    /* NULL: the column itself is read. */
    const struct hw_sort_key *key;
    struct hw_leaf_rows *out;
    const struct hw_rewrite_leaf *leaf;
    uint64_t seen;
    /* The most bytes, with those that each row takes beside its own. */
    size_t bytes_max;
    size_t row_bytes;
};

/* ------ life */

enum hw_status hw_sort_run_init(struct hw_sort_run *run, const struct hw_rewrite_column *columns, size_t count,
                                struct hw_error *err) {
    struct hw_spilled_column *made = hw_alloc_zero(count + HW_RUN_HIDDEN, sizeof(*made));
    if (!made) {
        return hw_fail_nomem(err, count * sizeof(*made));
    }
    for (size_t i = 0; i < count; i++) {
        made[i].def_max = columns[i].write->def_max;
    }
    *run = (struct hw_sort_run){.columns = made};
    return HW_OK;
}

void hw_sort_run_release(struct hw_sort_run *run, size_t columns) {
    for (size_t i = 0; run->columns && i < columns + HW_RUN_HIDDEN; i++) {
        hw_spilled_column_release(&run->columns[i]);
    }
    hw_free(run->columns);
    *run = (struct hw_sort_run){0};
}

enum hw_status hw_sort_run_bench_init(struct hw_sort_run_bench *bench, const struct hw_sort_run_options *options,
                                      struct hw_error *err) {
    const size_t columns = options->columns_count;
    bench->members_count = options->threads;
    bench->members = hw_alloc_zero(bench->members_count, sizeof(*bench->members));
    /* The places of this run, and those behind it. */
    bench->places = hw_alloc_zero(columns + 1, 2 * sizeof(*bench->places));
    bench->keys = hw_alloc_zero(options->keys_count, sizeof(*bench->keys));
    bench->keys_count = options->keys_count;
    return bench->members && bench->places && bench->keys ? HW_OK
                                                          : hw_fail_nomem(err, columns * sizeof(*bench->places));
}

static void member_release(struct hw_run_member *member) {
    hw_column_read_bench_release(&member->read);
    hw_spill_bench_release(&member->spill);
    hw_leaf_rows_release(&member->rows);
    hw_buf_release(&member->entries);
    hw_buf_release(&member->values);
    hw_leaf_rows_release(&member->block);
    hw_buf_release(&member->numbers);
}

void hw_sort_run_bench_release(struct hw_sort_run_bench *bench) {
    for (size_t i = 0; bench->members && i < bench->members_count; i++) {
        member_release(&bench->members[i]);
    }
    for (size_t i = 0; bench->keys && i < bench->keys_count; i++) {
        hw_leaf_rows_release(&bench->keys[i]);
    }
    hw_free(bench->members);
    hw_free(bench->places);
    hw_free(bench->keys);
    hw_buf_release(&bench->order);
    hw_buf_release(&bench->scratch);
    *bench = (struct hw_sort_run_bench){0};
}

/* ------ a run */

static enum hw_status items_do(struct making *making, hw_crew_work *work, struct hw_error *err);
static hw_crew_work keys_do, columns_do;
static enum hw_status run_end(struct making *making, struct hw_sort_run *out_run, uint64_t *out_fit,
                              struct hw_error *err);

static enum hw_status run_do(struct making *making, struct hw_error *err) {
    struct hw_sort_run_bench *bench = making->bench;
    const struct hw_sort_run_options *options = making->options;
    HW_TRY(hw_sort_run_init(&making->run, options->columns, options->columns_count, err));
    HW_TRY(items_do(making, keys_do, err));
    if (!making->synced.full) {
        HW_TRY(hw_key_sort(bench->keys, bench->keys_count, (size_t)making->rows->rows, &bench->order, &bench->scratch,
                           err));
        hw_buf_release(&bench->scratch);
        HW_TRY(items_do(making, columns_do, err));
    }
    return HW_OK;
}

enum hw_status hw_sort_run_make(struct hw_sort_run_bench *bench, const struct hw_sort_run_options *options,
                                const struct hw_sort_run_rows *rows, struct hw_run_learned *learned,
                                struct hw_sort_run *out_run, uint64_t *out_fit, struct hw_error *err) {
    struct making making = {
        .bench = bench,
        .options = options,
        .rows = rows,
        .ends = bench->places + options->columns_count,
        .synced = {.fit = UINT64_MAX},
    };
    making.learned = hw_alloc_zero(options->columns_count, sizeof(*making.learned));
    pthread_mutex_init(&making.synced.lock, NULL);
    enum hw_status status = making.learned ? run_do(&making, err) : hw_fail_nomem(err, sizeof(*making.learned));
    status = status ? status : run_end(&making, out_run, out_fit, err);
    for (size_t i = 0; status == HW_OK && !making.synced.full && i < options->columns_count; i++) {
        hw_row_sum_join(&learned[i].sum, &making.learned[i].sum);
        hw_narrow_survey_join(&learned[i].survey, &making.learned[i].survey, rows->first);
    }
    hw_sort_run_release(&making.run, options->columns_count);
    pthread_mutex_destroy(&making.synced.lock);
    hw_free(making.learned);
    return status;
}

static enum hw_status run_end(struct making *making, struct hw_sort_run *out_run, uint64_t *out_fit,
                              struct hw_error *err) {
    const uint64_t rows = making->rows->rows;
    *out_fit = making->synced.fit;
    if (making->synced.full) {
        return rows > 1 ? HW_OK
                        : hw_fail(err, HW_ELIMIT, "row %" PRIu64 " is too large to be sorted within --memory",
                                  making->rows->first);
    }
    memcpy(making->bench->places, making->ends, making->options->columns_count * sizeof(*making->ends));
    making->bench->goes_on = true;
    making->run.rows = rows;
    *out_run = making->run;
    making->run = (struct hw_sort_run){0};
    return HW_OK;
}

/* ------ threads */

static enum hw_status items_do(struct making *making, hw_crew_work *work, struct hw_error *err) {
    making->synced.next = 0;
    hw_crew_run(making->options->crew, making->options->threads, work, making);
    const enum hw_status status = making->synced.status;
    return status && !making->synced.full ? hw_error_pass(err, status, &making->synced.error) : HW_OK;
}

/* Takes the next of `count` items. False where there is none, or the run is over. */
static bool item_take(struct making *making, size_t count, size_t *out_item) {
    pthread_mutex_lock(&making->synced.lock);
    const bool takes = making->synced.next < count && !making->synced.full && !making->synced.status;
    *out_item = making->synced.next;
    making->synced.next += takes;
    pthread_mutex_unlock(&making->synced.lock);
    return takes;
}

/* The failure of the first column counts. */
static void item_end(struct making *making, size_t item, enum hw_status status, const struct hw_error *error) {
    pthread_mutex_lock(&making->synced.lock);
    if (status && (!making->synced.status || item < making->synced.failed)) {
        making->synced.status = status;
        making->synced.failed = item;
        making->synced.error = *error;
    }
    pthread_mutex_unlock(&making->synced.lock);
}

/* Tells how many rows would fit, by what some of them take. */
static void fit_tell(struct making *making, uint64_t rows, size_t bytes, size_t bytes_max, bool full) {
    /* Rows that follow may be longer: a run that is begun again costs more than a short one. */
    const uint64_t fewer = rows - rows / LESS_OF;
    const double fit = (double)fewer * (double)bytes_max / (double)hw_max_size(bytes, 1);
    const uint64_t least = hw_clamp(fewer, 1, making->rows->rows - (making->rows->rows > 1));
    pthread_mutex_lock(&making->synced.lock);
    const uint64_t told = full ? least : fit < 1e18 ? (uint64_t)fit : UINT64_MAX;
    making->synced.fit = hw_clamp(making->synced.fit, 0, told);
    making->synced.full |= full;
    pthread_mutex_unlock(&making->synced.lock);
}

/* ------ reading */

static hw_column_rows_fn rows_take;
static void rows_see(void *ctx, const struct hw_leaf_rows *rows);
static enum hw_status numbers_set(struct hw_buf *numbers, uint64_t first, size_t count, struct hw_error *err);

/* Reads the rows of a column, as the output has them, or their keys, to `doing->out`. */
static enum hw_status rows_read(struct doing *doing, struct hw_error *err) {
    struct making *making = doing->making;
    const struct hw_sort_run_rows *rows = making->rows;
    const struct hw_rewrite_column *column = &making->options->columns[doing->column];
    struct hw_column_place end = making->bench->places[doing->column];
    doing->member->read.memory_bytes = making->options->memory_bytes / making->options->threads / READ_PART;
    doing->member->read.page_bytes_max = making->options->page_bytes_max;
    HW_TRY(hw_leaf_rows_clear(doing->out, 0, err));
    for (size_t i = 0; i < rows->pieces_count; i++) {
        const struct hw_rewrite_rows *piece = &rows->pieces[i];
        const struct hw_column_place start = end;
        doing->leaf = &column->leaves[piece->number];
        /* The run before has ended where the first piece begins, if that is inside of a chunk. */
        const bool goes_on = i == 0 && making->bench->goes_on && piece->first > 0;
        HW_TRY(hw_column_read_source(piece, &doing->leaf->read, goes_on ? &start : NULL, &doing->member->read,
                                     rows_take, doing, &end, err));
    }
    making->ends[doing->column] = end;
    fit_tell(making, doing->seen, hw_rows_bytes(doing->out) + (size_t)doing->seen * doing->row_bytes, doing->bytes_max,
             false);
    return HW_OK;
}

/* Where rows do not fit the read ends, which is no failure of theirs. */
static enum hw_status room_check(struct doing *doing, struct hw_error *err) {
    struct making *making = doing->making;
    const size_t bytes = hw_rows_bytes(doing->out) + (size_t)doing->seen * doing->row_bytes;
    if (making->options->cancelled && making->options->cancelled(making->options->ctx)) {
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    if (bytes > doing->bytes_max) {
        fit_tell(making, doing->seen, bytes, doing->bytes_max, true);
        return hw_fail(err, HW_ELIMIT, "rows do not fit in the memory");
    }
    return HW_OK;
}

static enum hw_status rows_take(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct doing *doing = ctx;
    struct making *making = doing->making;
    const struct hw_rewrite_column *column = &making->options->columns[doing->column];
    struct hw_narrow_survey *survey = &making->learned[doing->column].survey;
    const bool surveyed = !doing->key && hw_narrow_candidate(column->leaves->source);
    const struct hw_rows_shaping shaping = {
        .column = column,
        .leaf = doing->leaf,
        .survey = surveyed ? survey : NULL,
        .see = rows_see,
        .ctx = doing,
    };
    survey->leaf = column->leaves->source;
    HW_TRY(numbers_set(&doing->member->numbers, making->rows->first + doing->seen, rows->rows, err));
    HW_TRY(hw_rows_shape(&shaping, doing->seen, rows, err));
    doing->seen += rows->rows;
    if (doing->key) {
        HW_TRY(hw_sort_keys_add(doing->key, rows, doing->out, err));
        return room_check(doing, err);
    }
    if (doing->out->rows == 0) {
        HW_TRY(hw_leaf_rows_clear(doing->out, rows->width, err));
    }
    const struct hw_rows_slice all = hw_rows_slice_all(rows);
    HW_TRY(hw_rows_append(doing->out, rows, &all, column->write->def_max, err));
    return room_check(doing, err);
}

/* Rows count in the sum as they were in the source, and are no part of it when they give keys. */
static void rows_see(void *ctx, const struct hw_leaf_rows *rows) {
    struct doing *doing = ctx;
    struct making *making = doing->making;
    const uint64_t *numbers = (const uint64_t *)(const void *)doing->member->numbers.data;
    const uint8_t def_max = making->options->columns[doing->column].write->def_max;
    if (!doing->key) {
        hw_row_sum_add(&making->learned[doing->column].sum, rows, def_max, numbers);
    }
}

/* Sets the numbers of the next rows. */
static enum hw_status numbers_set(struct hw_buf *numbers, uint64_t first, size_t count, struct hw_error *err) {
    HW_TRY(hw_buf_resize(numbers, count * sizeof(uint64_t), err));
    uint64_t *out = (uint64_t *)(void *)numbers->data;
    for (size_t i = 0; i < count; i++) {
        out[i] = first + i;
    }
    return HW_OK;
}

static void keys_do(void *ctx, size_t member, size_t thread) {
    struct making *making = ctx;
    const struct hw_sort_run_options *options = making->options;
    size_t item;
    (void)thread;
    while (item_take(making, options->keys_count, &item)) {
        struct hw_error error = HW_ERROR_INIT;
        struct doing doing = {
            .making = making,
            .member = &making->bench->members[member],
            .column = options->keys[item].leaf,
            .key = &options->keys[item].key,
            .out = &making->bench->keys[item],
            .bytes_max = hw_min_size(options->memory_bytes / KEYS_PART / options->keys_count, COLUMN_BYTES_MAX),
            .row_bytes = sizeof(int32_t) + HW_KEY_SORT_ROW_BYTES / options->keys_count,
        };
        item_end(making, item, rows_read(&doing, &error), &error);
    }
}

/* ------ columns */

static enum hw_status column_do(struct doing *doing, struct hw_error *err);
static enum hw_status hidden_keys_do(struct doing *doing, struct hw_error *err);
static enum hw_status hidden_numbers_do(struct doing *doing, struct hw_error *err);

static void columns_do(void *ctx, size_t member, size_t thread) {
    struct making *making = ctx;
    const struct hw_sort_run_options *options = making->options;
    const size_t columns = options->columns_count;
    size_t item;
    (void)thread;
    while (item_take(making, columns + HW_RUN_HIDDEN, &item)) {
        struct hw_error error = HW_ERROR_INIT;
        struct doing doing = {
            .making = making,
            .member = &making->bench->members[member],
            .column = item,
            .out = &making->bench->members[member].rows,
            .bytes_max = hw_min_size(options->memory_bytes / options->threads / ROWS_PART, COLUMN_BYTES_MAX),
            .row_bytes = PLACES_BYTES,
        };
        enum hw_status status;
        if (item < columns) {
            status = column_do(&doing, &error);
        } else {
            status = item == columns + HW_RUN_KEYS ? hidden_keys_do(&doing, &error) : hidden_numbers_do(&doing, &error);
        }
        item_end(making, item, status, &error);
    }
}

static enum hw_status places_find(struct doing *doing, struct hw_error *err);
static void row_fetch(const struct doing *doing, size_t index);
static enum hw_status row_add(struct doing *doing, size_t row, struct hw_error *err);
static enum hw_status block_end(struct doing *doing, size_t bytes_least, struct hw_error *err);

static const uint32_t *order_of(const struct doing *doing) {
    return (const uint32_t *)(const void *)doing->making->bench->order.data;
}

static enum hw_status column_do(struct doing *doing, struct hw_error *err) {
    struct hw_leaf_rows *block = &doing->member->block;
    const size_t rows = (size_t)doing->making->rows->rows;
    HW_TRY(rows_read(doing, err));
    if (doing->out->rows != rows) {
        return hw_fail(err, HW_EDATA, "a column has other rows than those that its source tells of");
    }
    HW_TRY(places_find(doing, err));
    HW_TRY(hw_leaf_rows_clear(block, doing->out->width, err));
    for (size_t i = 0; i < rows; i++) {
        row_fetch(doing, i + ROWS_AHEAD);
        HW_TRY(row_add(doing, order_of(doing)[i], err));
        HW_TRY(block_end(doing, doing->making->options->block_bytes, err));
    }
    return block_end(doing, 0, err);
}

/* Finds the first entry and the first value of each row, where they are not those of its number. */
static enum hw_status places_find(struct doing *doing, struct hw_error *err) {
    struct hw_run_member *member = doing->member;
    const struct hw_leaf_rows *rows = doing->out;
    const uint8_t def_max = doing->making->options->columns[doing->column].write->def_max;
    const size_t bytes = (rows->rows + 1) * sizeof(uint32_t);
    HW_TRY(hw_buf_resize(&member->entries, rows->reps.size > 0 ? bytes : 0, err));
    HW_TRY(hw_buf_resize(&member->values, rows->defs.size > 0 ? bytes : 0, err));
    uint32_t *entries = (uint32_t *)(void *)member->entries.data;
    uint32_t *values = (uint32_t *)(void *)member->values.data;
    size_t row = 0, value = 0;
    for (size_t i = 0; i < rows->entries && rows->defs.size + rows->reps.size > 0; i++) {
        const bool begins = rows->reps.size == 0 || rows->reps.data[i] == 0;
        if (begins && rows->reps.size > 0) {
            entries[row] = (uint32_t)i;
        }
        if (begins && rows->defs.size > 0) {
            values[row] = (uint32_t)value;
        }
        row += begins;
        value += rows->defs.size == 0 || rows->defs.data[i] == def_max;
    }
    if (member->entries.size > 0) {
        entries[rows->rows] = (uint32_t)rows->entries;
    }
    if (member->values.size > 0) {
        values[rows->rows] = (uint32_t)value;
    }
    return HW_OK;
}

/* Rows come from all over the memory, which takes long: they are asked for some rows before. */
static void row_fetch(const struct doing *doing, size_t index) {
    const struct hw_leaf_rows *rows = doing->out;
    const uint32_t *values = (const uint32_t *)(const void *)doing->member->values.data;
    const int32_t *places = (const int32_t *)(const void *)rows->offsets.data;
    const bool dense = doing->member->values.size == 0;
    if (index + ROWS_AHEAD >= rows->rows) {
        return;
    }
    const size_t far = order_of(doing)[index + ROWS_AHEAD], near = order_of(doing)[index];
    const size_t value = dense ? near : values[near];
    if (!dense) {
        __builtin_prefetch(&values[far]);
    } else if (rows->width == 0) {
        __builtin_prefetch(&places[far]);
    }
    __builtin_prefetch(rows->width > 0 ? hw_buf_view(&rows->values).data + value * rows->width
                                       : hw_buf_view(&rows->data).data + places[value]);
}

static enum hw_status row_add(struct doing *doing, size_t row, struct hw_error *err) {
    const struct hw_run_member *member = doing->member;
    const uint8_t def_max = doing->making->options->columns[doing->column].write->def_max;
    struct hw_rows_slice slice = {.rows = 1, .entry = row, .entries = 1};
    if (member->entries.size > 0) {
        const uint32_t *entries = (const uint32_t *)(const void *)member->entries.data + row;
        slice.entry = entries[0];
        slice.entries = entries[1] - entries[0];
    }
    slice.value = slice.entry;
    slice.values = slice.entries;
    if (member->values.size > 0) {
        const uint32_t *values = (const uint32_t *)(const void *)member->values.data + row;
        slice.value = values[0];
        slice.values = values[1] - values[0];
    }
    return hw_rows_append(&doing->member->block, doing->out, &slice, def_max, err);
}

/* Puts the block aside if it has so many bytes, and any rows. */
static enum hw_status block_end(struct doing *doing, size_t bytes_least, struct hw_error *err) {
    const struct making *making = doing->making;
    struct hw_leaf_rows *block = &doing->member->block;
    if (block->rows == 0 || hw_rows_bytes(block) < bytes_least) {
        return HW_OK;
    }
    HW_TRY(hw_spilled_column_add(&making->run.columns[doing->column], making->options->spill, block,
                                 &doing->member->spill, err));
    return hw_leaf_rows_clear(block, block->width, err);
}

/* The keys of several columns, one behind the other, compare as those of one. */
static enum hw_status hidden_keys_do(struct doing *doing, struct hw_error *err) {
    const struct hw_sort_run_bench *bench = doing->making->bench;
    struct hw_leaf_rows *block = &doing->member->block;
    HW_TRY(hw_leaf_rows_clear(block, 0, err));
    for (size_t i = 0; i < doing->making->rows->rows; i++) {
        const uint32_t row = order_of(doing)[i];
        for (size_t k = 0; k + 1 < bench->keys_count; k++) {
            const hw_view key = hw_sort_key_at(&bench->keys[k], row);
            HW_TRY(hw_buf_append(&block->data, key.data, key.size, err));
        }
        HW_TRY(hw_leaf_rows_text(block, hw_sort_key_at(&bench->keys[bench->keys_count - 1], row), err));
        block->rows++;
        block->entries++;
        HW_TRY(block_end(doing, doing->making->options->block_bytes, err));
    }
    return block_end(doing, 0, err);
}

static enum hw_status hidden_numbers_do(struct doing *doing, struct hw_error *err) {
    struct hw_leaf_rows *block = &doing->member->block;
    HW_TRY(hw_leaf_rows_clear(block, sizeof(uint64_t), err));
    for (size_t i = 0; i < doing->making->rows->rows; i++) {
        const uint64_t number = doing->making->rows->first + order_of(doing)[i];
        HW_TRY(hw_buf_append(&block->values, &number, sizeof(number), err));
        block->count++;
        block->rows++;
        block->entries++;
        HW_TRY(block_end(doing, doing->making->options->block_bytes, err));
    }
    return block_end(doing, 0, err);
}
