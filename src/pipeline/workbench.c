/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/workbench.h"

#include "core/alloc.h"

enum {
    ROW_GROUP_ROWS = 1 << 20,
    /* That are added at once where each of them may be of another partition. */
    SLICE_ROWS = 1024,
    /* Of one partition, encoded at once: they stay in cache. */
    GATHER_ROWS = 2048,
    /* Parts that a piece may have in any case. */
    PARTS_MIN = 16,
    PART_BYTES = sizeof(struct hw_rows_part) + 64, /* with its path */
    CHUNK_BYTES = 128,                             /* of a chunk, beside its rows */
    CHUNK_COLUMN_BYTES = 24,                       /* the same for each of its columns */
    /*
     * That a piece may have for each column of a wide table: a footer keeps facts of every column
     * of every row group.
     */
    COLUMN_BYTES = 1024,
};

/* Rows of one partition, by their numbers in the store. */
struct partition_rows {
    uint32_t partition;
    const uint32_t *rows;
    size_t count;
};

/* ------ the pool */

void hw_workbenches_init(struct hw_workbenches *pool, const struct hw_workbench_setup *setup, struct hw_budget *work,
                         uint64_t worker_bytes) {
    *pool = (struct hw_workbenches){.setup = *setup, .work = work, .worker_bytes = worker_bytes};
    pthread_mutex_init(&pool->synced.lock, NULL);
}

static size_t outputs_count(const struct hw_workbench_setup *setup) {
    return setup->outputs->output_plan->count;
}

static void bench_free(struct hw_workbench *bench) {
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        if (bench->encoders[i]) {
            bench->encoders[i]->ops->free(bench->encoders[i]);
        }
    }
    if (bench->cursor) {
        bench->cursor->ops->free(bench->cursor);
    }
    hw_partition_finder_free(bench->finder);
    hw_row_store_free(bench->store);
    hw_buf_release(&bench->partitions);
    hw_buf_release(&bench->order);
    hw_free(bench->slice);
    hw_free(bench);
}

static void lent_trim_locked(struct hw_workbenches *pool);

void hw_workbenches_drop(struct hw_workbenches *pool) {
    pthread_mutex_lock(&pool->synced.lock);
    while (pool->synced.free) {
        struct hw_workbench *bench = pool->synced.free;
        pool->synced.free = bench->next;
        pool->synced.count--;
        bench_free(bench);
    }
    lent_trim_locked(pool);
    pthread_mutex_unlock(&pool->synced.lock);
}

void hw_workbenches_release(struct hw_workbenches *pool) {
    if (!pool->setup.reader) {
        return;
    }
    hw_workbenches_drop(pool);
    pthread_mutex_destroy(&pool->synced.lock);
    *pool = (struct hw_workbenches){0};
}

/* Memory for one worker more: that of a workbench that is free, or what the run can still lend. */
bool hw_workbenches_enter(struct hw_workbenches *pool) {
    pthread_mutex_lock(&pool->synced.lock);
    bool admitted = pool->synced.workers <= pool->synced.lent;
    if (!admitted) {
        admitted = hw_budget_try(pool->work, pool->worker_bytes);
        pool->synced.lent += admitted;
    }
    pool->synced.workers += admitted;
    pthread_mutex_unlock(&pool->synced.lock);
    return admitted;
}

/* Gives back what was lent for workers and workbenches that are no more. */
static void lent_trim_locked(struct hw_workbenches *pool) {
    const size_t users = hw_max_size(pool->synced.workers, pool->synced.count);
    const size_t wanted = users > 0 ? users - 1 : 0;
    while (pool->synced.lent > wanted) {
        pool->synced.lent--;
        hw_budget_give_back(pool->work, pool->worker_bytes);
    }
}

void hw_workbenches_leave(struct hw_workbenches *pool) {
    pthread_mutex_lock(&pool->synced.lock);
    pool->synced.workers--;
    lent_trim_locked(pool);
    pthread_mutex_unlock(&pool->synced.lock);
}

static enum hw_status partitions_prepare(struct hw_workbench *bench, struct hw_error *err) {
    const struct hw_partitioning *partitioning = bench->setup->partitioning;
    HW_TRY(hw_partition_finder_new(partitioning, &bench->finder, err));
    return hw_row_store_new(&partitioning->rest, &bench->store, err);
}

static enum hw_status bench_prepare(struct hw_workbench *bench, struct hw_error *err) {
    const struct hw_workbench_setup *setup = bench->setup;
    const size_t columns = setup->reader->schema->count;
    bench->slice = hw_alloc_zero(columns, sizeof(*bench->slice));
    if (!bench->slice) {
        return hw_fail_nomem(err, columns * sizeof(*bench->slice));
    }
    HW_TRY(setup->reader->ops->cursor_new(setup->reader, &bench->cursor, err));
    for (size_t i = 0; i < outputs_count(setup); i++) {
        HW_TRY(hw_outputs_encoder_new(setup->outputs, i, &bench->encoders[i], err));
    }
    return setup->partitioning->count > 0 ? partitions_prepare(bench, err) : HW_OK;
}

static enum hw_status bench_new(const struct hw_workbench_setup *setup, struct hw_workbench **out_bench,
                                struct hw_error *err) {
    struct hw_workbench *bench = hw_alloc_zero(1, sizeof(*bench));
    if (!bench) {
        return hw_fail_nomem(err, sizeof(*bench));
    }
    bench->setup = setup;
    enum hw_status status = bench_prepare(bench, err);
    if (status != HW_OK) {
        bench_free(bench);
        return status;
    }
    *out_bench = bench;
    return HW_OK;
}

static void count_less(struct hw_workbenches *pool) {
    pthread_mutex_lock(&pool->synced.lock);
    pool->synced.count--;
    pthread_mutex_unlock(&pool->synced.lock);
}

enum hw_status hw_workbench_take(struct hw_workbenches *pool, struct hw_workbench **out_bench, struct hw_error *err) {
    pthread_mutex_lock(&pool->synced.lock);
    struct hw_workbench *bench = pool->synced.free;
    if (bench) {
        pool->synced.free = bench->next;
        bench->next = NULL;
    }
    pool->synced.count += !bench;
    pthread_mutex_unlock(&pool->synced.lock);
    enum hw_status status = bench ? HW_OK : bench_new(&pool->setup, &bench, err);
    if (status != HW_OK) {
        count_less(pool);
        return status;
    }
    *out_bench = bench;
    return HW_OK;
}

void hw_workbench_return(struct hw_workbenches *pool, struct hw_workbench *bench, bool keep) {
    hw_workbench_clear(bench);
    if (!keep) {
        bench_free(bench);
        count_less(pool);
        return;
    }
    pthread_mutex_lock(&pool->synced.lock);
    bench->next = pool->synced.free;
    pool->synced.free = bench;
    pthread_mutex_unlock(&pool->synced.lock);
}

/* ------ rows */

static size_t rows_max(const struct hw_workbench *bench) {
    return bench->setup->rows_max > 0 ? (size_t)bench->setup->rows_max : ROW_GROUP_ROWS;
}

bool hw_workbench_empty(const struct hw_workbench *bench) {
    size_t rows = bench->store ? hw_row_store_rows(bench->store) : 0;
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        rows += bench->encoders[i]->rows;
    }
    return rows == 0;
}

size_t hw_workbench_held(const struct hw_workbench *bench) {
    size_t held = 0;
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        held += bench->encoders[i]->held_bytes;
    }
    if (bench->store) {
        held += hw_row_store_held(bench->store) + 2 * bench->partitions.size + hw_partition_held(bench->finder);
    }
    return held;
}

/* Returns true where no row fits in what the encoder has in work. */
static bool rows_full(const struct hw_workbench *bench, const struct hw_encoder *encoder) {
    return encoder->rows > 0 && encoder->rows + HW_BATCH_SLICE_ROWS > rows_max(bench);
}

/* Returns true where what the encoder has in work is due. It depends on the rows alone. */
static bool encoder_due(const struct hw_workbench *bench, size_t i) {
    const struct hw_encoder *encoder = bench->encoders[i];
    const struct hw_table_reader *reader = bench->setup->reader;
    const size_t format_max = bench->setup->outputs->output_plan->formats[i]->content_bytes_max;
    const bool looked = reader->group_bytes_max > 0 && encoder->rows % reader->group_step_rows < HW_BATCH_SLICE_ROWS;
    const size_t bytes_max = looked ? hw_min_size(format_max, reader->group_bytes_max) : format_max;
    const size_t columns = reader->schema->count;
    return rows_full(bench, encoder) || encoder->content_bytes >= bytes_max + columns * COLUMN_BYTES;
}

/* Rows that wait for their partition's turn are there a second time once they are encoded. */
static size_t store_bytes_max(const struct hw_workbench *bench) {
    return (size_t)hw_min_size(bench->setup->piece_bytes / 8 * 3, HW_MIB(1024));
}

static bool spills(const struct hw_workbench *bench) {
    return hw_partition_spill_way(bench->setup->spill) == HW_PARTITION_SPILL;
}

/* Returns about what chunks of the rows in work would take beside these. */
static size_t chunks_bytes(const struct hw_workbench *bench) {
    const size_t columns = bench->setup->partitioning->rest.count;
    const size_t count = hw_partition_count(bench->finder);
    return hw_partition_held(bench->finder) + count * (CHUNK_BYTES + columns * CHUNK_COLUMN_BYTES);
}

/*
 * Without rows nothing is due, however much the columns of a wide table hold: there would be no end
 * of it.
 */
static bool store_due(const struct hw_workbench *bench) {
    const size_t bytes = hw_row_store_held(bench->store) + 2 * bench->partitions.size;
    const size_t bytes_max = store_bytes_max(bench);
    if (hw_row_store_rows(bench->store) == 0) {
        return false;
    }
    return spills(bench) ? bytes + chunks_bytes(bench) >= bytes_max : bytes >= bytes_max || hw_workbench_crowded(bench);
}

bool hw_workbench_due(const struct hw_workbench *bench) {
    if (bench->store) {
        return store_due(bench);
    }
    bool due = false;
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        due |= encoder_due(bench, i);
    }
    return due;
}

/*
 * Each part of a piece holds something besides its rows, for which there is as much as a piece may
 * have. What is kept of files that were begun until all are published comes off that, but for a
 * quarter.
 */
bool hw_workbench_crowded(const struct hw_workbench *bench) {
    const struct hw_workbench_setup *setup = bench->setup;
    if (!bench->finder) {
        return false;
    }
    const size_t part_bytes = PART_BYTES + hw_outputs_piece_bytes(setup->outputs, setup->partitioning->rest.count);
    const uint64_t files_bytes = atomic_load(&setup->outputs->files_begun) * HW_OUTPUT_FILE_BYTES;
    const uint64_t parts_max = (setup->piece_bytes - hw_min_size(files_bytes, setup->piece_bytes / 4 * 3)) / part_bytes;
    return hw_partition_count(bench->finder) >= hw_max_size(parts_max, PARTS_MIN);
}

/*
 * Returns the rows up to those after which the bytes of a row group are looked at. As rows go in by
 * HW_BATCH_SLICE_ROWS, some more may be in by then.
 */
static size_t step_left(const struct hw_workbench *bench, size_t used) {
    const struct hw_table_reader *reader = bench->setup->reader;
    return reader->group_bytes_max > 0 ? reader->group_step_rows - used % reader->group_step_rows : SIZE_MAX;
}

/* Of partitioned rows, each partition's are counted for themselves. */
size_t hw_workbench_room(const struct hw_workbench *bench, size_t rows) {
    if (bench->store) {
        return store_due(bench) ? 0 : hw_min_size(rows, SLICE_ROWS);
    }
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        const size_t used = bench->encoders[i]->rows;
        if (used > 0 && encoder_due(bench, i)) {
            return 0;
        }
        const size_t left = rows_max(bench) > used ? rows_max(bench) - used : 0;
        rows = hw_min_size(rows, hw_max_size(hw_min_size(left, step_left(bench, used)), HW_BATCH_SLICE_ROWS));
    }
    return rows;
}

static enum hw_status encoders_add(struct hw_workbench *bench, const struct hw_batch *batch, struct hw_error *err) {
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        HW_TRY(bench->encoders[i]->ops->add(bench->encoders[i], batch, err));
    }
    return HW_OK;
}

enum hw_status hw_workbench_add(struct hw_workbench *bench, const struct hw_batch *batch, struct hw_error *err) {
    if (bench->finder) {
        HW_TRY(hw_partition_find(bench->finder, batch, &bench->partitions, err));
        return hw_row_store_add(bench->store, batch, bench->setup->partitioning->kept, err);
    }
    return encoders_add(bench, batch, err);
}

void hw_workbench_clear(struct hw_workbench *bench) {
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        bench->encoders[i]->ops->reset(bench->encoders[i]);
    }
    if (bench->store) {
        hw_row_store_clear(bench->store, 0);
        hw_buf_clear(&bench->partitions);
        hw_partition_forget(bench->finder);
    }
    bench->gathered_rows = bench->gathered_bytes = 0;
}

bool hw_workbench_unchosen(const struct hw_workbench *bench) {
    return bench->store && hw_row_store_rows(bench->store) > 0 &&
           hw_partition_spill_way(bench->setup->spill) == HW_PARTITION_UNCHOSEN;
}

void hw_workbench_choose(struct hw_workbench *bench, bool whole) {
    const struct hw_workbench_setup *setup = bench->setup;
    const struct hw_partition_sample sample = {
        .bytes = hw_row_store_held(bench->store),
        .partitions = hw_partition_count(bench->finder),
        .group_bytes = (size_t)setup->part_bytes,
        .whole = whole,
    };
    hw_partition_spill_choose(setup->spill, &setup->partitioning->rest, &sample);
}

/* ------ pieces */

/*
 * Takes what encoder `i` has as part of a piece. An encoder keeps its buffers; where these alone
 * are half of what there is for a piece (a table of thousands of columns, little memory), a new one
 * takes its place.
 */
static enum hw_status encoder_take(struct hw_workbench *bench, size_t i, struct hw_rows_piece *piece,
                                   struct hw_rows_part *part, struct hw_error *err) {
    struct hw_encoder *encoder = bench->encoders[i];
    const uint64_t compressors_bytes = bench->setup->encoder_bytes;

    HW_TRY(encoder->ops->take(encoder, &part->encoded[i], err));
    piece->item.held_bytes += part->encoded[i]->held_bytes;
    if (encoder->held_bytes > compressors_bytes + (bench->setup->piece_bytes - compressors_bytes) / 2) {
        HW_TRY(hw_outputs_encoder_new(bench->setup->outputs, i, &bench->encoders[i], err));
        encoder->ops->free(encoder);
    }
    return HW_OK;
}

/* Takes what all encoders have, or what is due, as a part of the piece. */
static enum hw_status part_take(struct hw_workbench *bench, bool all, const char *partition,
                                struct hw_rows_piece *piece, struct hw_error *err) {
    struct hw_rows_part *part;
    HW_TRY(hw_rows_piece_add(piece, partition, &part, err));
    for (size_t i = 0; i < outputs_count(bench->setup); i++) {
        if (bench->encoders[i]->rows > 0 && (all || encoder_due(bench, i))) {
            HW_TRY(encoder_take(bench, i, piece, part, err));
        }
    }
    return HW_OK;
}

static enum hw_status parts_take(struct hw_workbench *bench, struct hw_rows_piece *piece, struct hw_error *err);

enum hw_status hw_workbench_encode(struct hw_workbench *bench, bool all, struct hw_rows_piece *piece,
                                   struct hw_error *err) {
    if (hw_workbench_empty(bench) || (!all && !hw_workbench_due(bench))) {
        return HW_OK;
    }
    return bench->store ? parts_take(bench, piece, err) : part_take(bench, all, "", piece, err);
}

static enum hw_status rows_order(struct hw_workbench *bench, struct hw_buf *ends, struct hw_error *err);
static enum hw_status partition_take(struct hw_workbench *bench, const struct partition_rows *wanted,
                                     struct hw_rows_piece *piece, struct hw_error *err);
static enum hw_status partition_put_aside(struct hw_workbench *bench, const struct partition_rows *wanted,
                                          struct hw_rows_piece *piece, struct hw_error *err);

/* The rows that wait, partition after partition, each in the order in which they came. */
static enum hw_status parts_take(struct hw_workbench *bench, struct hw_rows_piece *piece, struct hw_error *err) {
    HW_AUTO(hw_buf) ends = {0};
    HW_TRY(rows_order(bench, &ends, err));
    const size_t *end = (const size_t *)(const void *)ends.data;
    const uint32_t *rows = (const uint32_t *)(const void *)bench->order.data;
    for (size_t partition = 0, at = 0; partition < hw_partition_count(bench->finder); at = end[partition++]) {
        if (end[partition] > at) {
            const struct partition_rows part = {(uint32_t)partition, rows + at, end[partition] - at};
            HW_TRY((spills(bench) ? partition_put_aside : partition_take)(bench, &part, piece, err));
        }
    }
    piece->item.held_bytes += piece->chunks.size;
    hw_row_store_clear(bench->store, store_bytes_max(bench));
    hw_buf_clear(&bench->partitions);
    hw_partition_forget(bench->finder);
    return HW_OK;
}

/* Sorts the rows by partition, by counting; `ends` gets where each partition's rows end. */
static enum hw_status rows_order(struct hw_workbench *bench, struct hw_buf *ends, struct hw_error *err) {
    const size_t count = hw_partition_count(bench->finder);
    const size_t rows = hw_row_store_rows(bench->store);
    const uint32_t *partitions = (const uint32_t *)(const void *)bench->partitions.data;
    size_t before = 0;

    HW_TRY(hw_buf_resize(ends, count * sizeof(size_t), err));
    HW_TRY(hw_buf_resize(&bench->order, rows * sizeof(uint32_t), err));
    size_t *next = (size_t *)(void *)ends->data;
    uint32_t *order = (uint32_t *)(void *)bench->order.data;
    memset(next, 0, ends->size);
    for (size_t row = 0; row < rows; row++) {
        next[partitions[row]]++;
    }
    for (size_t i = 0; i < count; i++) {
        size_t own = next[i];
        next[i] = before;
        before += own;
    }
    for (size_t row = 0; row < rows; row++) {
        order[next[partitions[row]]++] = (uint32_t)row;
    }
    return HW_OK;
}

/* One partition's rows, as one part or several. */
static enum hw_status partition_take(struct hw_workbench *bench, const struct partition_rows *wanted,
                                     struct hw_rows_piece *piece, struct hw_error *err) {
    const char *path = hw_partition_path(bench->finder, wanted->partition);
    const size_t all = hw_row_store_rows(bench->store);
    const size_t row_bytes = hw_row_store_held(bench->store) / all + 1; /* about what one takes */
    const size_t part_rows = hw_max_size(1, hw_min_size(rows_max(bench), bench->setup->part_bytes / row_bytes));
    struct hw_batch batch;
    size_t in_part = 0;
    for (size_t at = 0; at < wanted->count; at += batch.rows) {
        size_t rows = hw_min_size(hw_min_size(wanted->count - at, part_rows - in_part), GATHER_ROWS);
        HW_TRY(hw_row_store_gather(bench->store, wanted->rows + at, rows, &batch, err));
        HW_TRY(encoders_add(bench, &batch, err));
        in_part += rows;
        if (in_part == part_rows || at + rows == wanted->count) {
            HW_TRY(part_take(bench, true, path, piece, err));
            in_part = 0;
        }
    }
    return HW_OK;
}

/* One partition's rows, as chunks. */
static enum hw_status partition_put_aside(struct hw_workbench *bench, const struct partition_rows *wanted,
                                          struct hw_rows_piece *piece, struct hw_error *err) {
    const char *path = hw_partition_path(bench->finder, wanted->partition);
    struct hw_batch batch;
    for (size_t at = 0; at < wanted->count; at += batch.rows) {
        const size_t rows = hw_min_size(wanted->count - at, GATHER_ROWS);
        HW_TRY(hw_row_store_gather(bench->store, wanted->rows + at, rows, &batch, err));
        HW_TRY(hw_partition_chunk_append(&piece->chunks, path, &batch, err));
    }
    return HW_OK;
}

/* ------ rows that were put aside */

/* Encodes the rows in work, which are of one partition. */
static enum hw_status gathered_encode(struct hw_workbench *bench, struct hw_error *err) {
    const size_t rows = hw_row_store_rows(bench->store);
    struct hw_batch batch;
    if (rows == 0) {
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(&bench->order, rows * sizeof(uint32_t), err));
    uint32_t *order = (uint32_t *)(void *)bench->order.data;
    for (size_t i = 0; i < rows; i++) {
        order[i] = (uint32_t)i;
    }
    HW_TRY(hw_row_store_gather(bench->store, order, rows, &batch, err));
    HW_TRY(encoders_add(bench, &batch, err));
    bench->gathered_rows += rows;
    bench->gathered_bytes += hw_row_store_held(bench->store);
    hw_row_store_clear(bench->store, store_bytes_max(bench));
    return HW_OK;
}

static enum hw_status gathered_take(struct hw_workbench *bench, const char *partition, struct hw_rows_piece *piece,
                                    struct hw_error *err) {
    bench->gathered_rows = bench->gathered_bytes = 0;
    return part_take(bench, true, partition, piece, err);
}

/*
 * Rows are encoded so many at a time, however many a chunk had: so no byte depends on the chunks.
 */
enum hw_status hw_workbench_gather(struct hw_workbench *bench, const char *partition, const struct hw_batch *batch,
                                   struct hw_rows_piece *piece, struct hw_error *err) {
    size_t rows = 0;
    for (size_t at = 0; at < batch->rows; at += rows) {
        const size_t before = hw_row_store_rows(bench->store);
        const size_t rows_at_once = hw_min_size(GATHER_ROWS, rows_max(bench) - bench->gathered_rows);
        rows = hw_min_size(batch->rows - at, rows_at_once - before);
        for (size_t i = 0; i < batch->schema->count; i++) {
            bench->slice[i] = batch->columns[i];
            bench->slice[i].offset = at;
        }
        const struct hw_batch slice = {batch->schema, rows, bench->slice};
        HW_TRY(hw_row_store_add(bench->store, &slice, NULL, err));
        if (before + rows < rows_at_once) {
            continue;
        }
        HW_TRY(gathered_encode(bench, err));
        if (bench->gathered_rows >= rows_max(bench) || bench->gathered_bytes >= bench->setup->part_bytes ||
            hw_workbench_held(bench) > bench->setup->piece_bytes) {
            HW_TRY(gathered_take(bench, partition, piece, err));
        }
    }
    return HW_OK;
}

enum hw_status hw_workbench_gather_end(struct hw_workbench *bench, const char *partition, struct hw_rows_piece *piece,
                                       struct hw_error *err) {
    HW_TRY(gathered_encode(bench, err));
    return bench->gathered_rows > 0 ? gathered_take(bench, partition, piece, err) : HW_OK;
}
