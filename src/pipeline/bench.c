/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/bench.h"

#include "core/alloc.h"
#include "table/arrange.h"

enum {
    ROW_GROUP_ROWS = 1 << 20,
    /* That are added at once where each of them may be of another partition. */
    SLICE_ROWS = 1024,
    /* Of one partition, encoded at once: they stay in cache. */
    GATHER_ROWS = 2048,
    /* Of a piece of a wide table: a footer keeps facts of every column of every row group. */
    PARTS_MIN = 16,
    PART_BYTES = sizeof(struct hw_piece_part) + 64, /* with its path */
    FILE_BYTES = 600,                               /* of a file that waits to be published */
};

/* Rows of one partition, by their numbers in the store. */
struct partition_rows {
    uint32_t partition;
    const uint32_t *rows;
    size_t count;
};

static void bench_free(struct hw_bench *bench, size_t outputs) {
    hw_csv_parser_free(bench->parser);
    for (size_t i = 0; i < outputs; i++) {
        if (bench->encoders[i]) {
            bench->encoders[i]->ops->free(bench->encoders[i]);
        }
    }
    hw_partition_finder_free(bench->finder);
    hw_row_store_free(bench->store);
    hw_buf_release(&bench->partitions);
    hw_buf_release(&bench->order);
    hw_buf_release(&bench->text);
    hw_buf_release(&bench->nulls);
    hw_free(bench->profiles);
    hw_free(bench->arranged);
    hw_free(bench->slice);
    hw_piece_free(bench->piece);
    hw_free(bench);
}

static enum hw_status partitions_prepare(const struct hw_conversion *conversion, struct hw_bench *bench,
                                         struct hw_error *err) {
    HW_TRY(hw_partition_finder_new(&conversion->partitioning, &bench->finder, err));
    return hw_row_store_new(&conversion->partitioning.rest, &bench->store, err);
}

static void profiles_clear(const struct hw_conversion *conversion, struct hw_bench *bench) {
    for (size_t i = 0; i < conversion->layout.schema.count; i++) {
        bench->profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
    }
}

static enum hw_status bench_new(struct hw_conversion *conversion, struct hw_bench **out_bench, struct hw_error *err) {
    const size_t columns = conversion->layout.schema.count;
    struct hw_bench *bench = hw_alloc_zero(1, sizeof(*bench));
    if (!bench) {
        return hw_fail_nomem(err, sizeof(*bench));
    }
    bench->slice = hw_alloc_zero(columns, sizeof(*bench->slice));
    bench->arranged = hw_alloc_zero(columns, sizeof(*bench->arranged));
    bench->profiles = hw_alloc_zero(columns, sizeof(*bench->profiles));
    bool room = bench->slice && bench->arranged && bench->profiles;
    enum hw_status status = room ? HW_OK : hw_fail_nomem(err, columns * sizeof(*bench->slice));
    for (size_t i = 0; status == HW_OK && i < conversion->targets->count; i++) {
        status = hw_outputs_encoder_new(&conversion->outputs, i, &bench->encoders[i], err);
    }
    if (status == HW_OK && conversion->partitioning.count > 0) {
        status = partitions_prepare(conversion, bench, err);
    }
    if (status != HW_OK) {
        bench_free(bench, conversion->targets->count);
        return status;
    }
    profiles_clear(conversion, bench);
    *out_bench = bench;
    return HW_OK;
}

enum hw_status hw_bench_take(struct hw_conversion *conversion, struct hw_bench **out_bench, struct hw_error *err) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    struct hw_bench *bench = conversion->shared_state.benches;
    if (bench) {
        conversion->shared_state.benches = bench->next;
    }
    conversion->shared_state.benches_count += !bench;
    pthread_mutex_unlock(&conversion->shared_state.lock);
    if (bench) {
        bench->next = NULL;
        *out_bench = bench;
        return HW_OK;
    }
    enum hw_status status = bench_new(conversion, out_bench, err);
    if (status != HW_OK) {
        pthread_mutex_lock(&conversion->shared_state.lock);
        conversion->shared_state.benches_count--;
        pthread_mutex_unlock(&conversion->shared_state.lock);
    }
    return status;
}

/* True where no worker will want a bench any more, unless a guess was wrong. */
static bool spans_claimed_locked(const struct hw_conversion *conversion) {
    return conversion->shared_state.stopped ||
           (conversion->streamed ? conversion->shared_state.stream_ended
                                 : conversion->shared_state.next >= conversion->shared_state.spans_count);
}

void hw_bench_return(struct hw_conversion *conversion, struct hw_bench *bench, bool keep) {
    hw_bench_drop(conversion, bench);
    if (bench->parser) {
        hw_csv_parser_forget(bench->parser);
    }
    profiles_clear(conversion, bench);
    pthread_mutex_lock(&conversion->shared_state.lock);
    keep = keep && !spans_claimed_locked(conversion);
    if (keep) {
        bench->next = conversion->shared_state.benches;
        conversion->shared_state.benches = bench;
    }
    pthread_mutex_unlock(&conversion->shared_state.lock);
    if (!keep) {
        bench_free(bench, conversion->targets->count);
        pthread_mutex_lock(&conversion->shared_state.lock);
        conversion->shared_state.benches_count--;
        pthread_mutex_unlock(&conversion->shared_state.lock);
    }
}

void hw_benches_free(struct hw_conversion *conversion) {
    struct hw_bench *bench = conversion->shared_state.benches;
    while (bench) {
        struct hw_bench *next = bench->next;
        bench_free(bench, conversion->targets->count);
        conversion->shared_state.benches_count--;
        bench = next;
    }
    conversion->shared_state.benches = NULL;
    hw_conversion_workers_trim_locked(conversion); /* nobody works any more: the lock is not needed */
}

static size_t rows_max(const struct hw_conversion *conversion);
static enum hw_status encoders_add(struct hw_conversion *conversion, struct hw_bench *bench,
                                   const struct hw_batch *batch, struct hw_error *err);

size_t hw_bench_rows_max(const struct hw_conversion *conversion) {
    if (conversion->partitioning.count > 0) {
        return SIZE_MAX; /* each partition's rows are counted for themselves */
    }
    return rows_max(conversion);
}

size_t hw_bench_slice_rows(const struct hw_conversion *conversion) {
    return conversion->partitioning.count > 0 ? SLICE_ROWS : SIZE_MAX;
}

static size_t rows_max(const struct hw_conversion *conversion) {
    uint64_t rows = conversion->shared->options->row_group_rows;
    return rows > 0 ? (size_t)rows : ROW_GROUP_ROWS;
}

/* Rows that wait for their partition's turn are there a second time once they are encoded. */
size_t hw_bench_held_max(const struct hw_conversion *conversion) {
    uint64_t bytes = conversion->shared->settings.piece_bytes;
    return (size_t)(conversion->partitioning.count > 0 ? hw_min_size(bytes / 8 * 3, HW_MIB(1024)) : bytes);
}

enum hw_status hw_bench_add(struct hw_conversion *conversion, struct hw_bench *bench, const struct hw_batch *batch,
                            struct hw_error *err) {
    if (bench->finder) {
        HW_TRY(hw_partition_find(bench->finder, batch, &bench->partitions, err));
        return hw_row_store_add(bench->store, batch, conversion->partitioning.kept, err);
    }
    return encoders_add(conversion, bench, batch, err);
}

static enum hw_status encoders_add(struct hw_conversion *conversion, struct hw_bench *bench,
                                   const struct hw_batch *batch, struct hw_error *err) {
    for (size_t i = 0; i < conversion->targets->count; i++) {
        struct hw_encoder *encoder = bench->encoders[i];
        HW_TRY(encoder->ops->add(encoder, batch, err));
    }
    return HW_OK;
}

/* What the parser knows of its columns becomes part of what is known of the table's. */
static void profiles_collect(struct hw_bench *bench) {
    const struct hw_csv_profile *seen = bench->parser ? hw_csv_parser_profiles(bench->parser) : NULL;
    for (size_t i = 0; seen && i < bench->shape->count; i++) {
        hw_csv_profile_merge(&bench->profiles[bench->shape->places[i]], &seen[i]);
    }
}

enum hw_status hw_bench_turn(struct hw_conversion *conversion, struct hw_bench *bench, const struct hw_text *text,
                             struct hw_error *err) {
    const struct hw_csv_options *csv = &conversion->shared->options->csv;
    const struct hw_csv_parser_options options = {
        .dialect = text->dialect,
        .schema = text->shape->schema,
        .fixed = conversion->layout.fixed,
        .constraints = text->shape->constraints,
        .unique = &conversion->unique,
        .pad = csv->bad_rows_pad,
        .null_values = csv->null_values,
        .null_values_count = csv->null_values_count,
    };
    if (!bench->parser) {
        bench->shape = text->shape;
        return hw_csv_parser_new(&options, &bench->parser, err);
    }
    if (bench->shape != text->shape) {
        profiles_collect(bench);
        bench->shape = text->shape;
    }
    enum hw_status status = hw_csv_parser_turn(bench->parser, &options, err);
    if (status != HW_OK) {
        hw_csv_parser_free(bench->parser);
        bench->parser = NULL;
    }
    return status;
}

enum hw_status hw_bench_arrange(struct hw_conversion *conversion, struct hw_bench *bench, const struct hw_batch *batch,
                                struct hw_batch *out_batch, struct hw_error *err) {
    if (bench->shape->whole) {
        *out_batch = *batch;
        return HW_OK;
    }
    return hw_batch_arrange(batch, bench->shape->places, &conversion->layout.schema, bench->arranged, &bench->nulls,
                            out_batch, err);
}

const struct hw_csv_profile *hw_bench_profiles(struct hw_bench *bench) {
    profiles_collect(bench);
    return bench->profiles;
}

size_t hw_bench_rows(const struct hw_conversion *conversion, const struct hw_bench *bench) {
    if (bench->store) {
        return hw_row_store_rows(bench->store);
    }
    return conversion->targets->count > 0 ? bench->encoders[0]->rows : 0;
}

size_t hw_bench_held(const struct hw_conversion *conversion, const struct hw_bench *bench) {
    size_t held = bench->piece ? bench->piece->rejects.capacity : 0;
    for (size_t i = 0; i < conversion->targets->count; i++) {
        held += bench->encoders[i]->held_bytes;
    }
    if (bench->store) {
        held += hw_row_store_held(bench->store) + 2 * bench->partitions.size + hw_partition_held(bench->finder);
    }
    return held;
}

/*
 * Each part of a piece holds something besides its rows, for which there is as much as a piece may have. What is kept of
 * files that were begun until all are published comes off that, but for a quarter.
 */
bool hw_bench_crowded(const struct hw_conversion *conversion, const struct hw_bench *bench) {
    if (!bench->finder) {
        return false;
    }
    const size_t part_bytes =
        PART_BYTES + hw_outputs_piece_bytes(&conversion->outputs, conversion->partitioning.rest.count);
    const uint64_t piece_bytes = conversion->shared->settings.piece_bytes;
    const uint64_t files_bytes = atomic_load(&conversion->outputs.files_begun) * FILE_BYTES;
    const uint64_t parts_max = (piece_bytes - hw_min_size(files_bytes, piece_bytes / 4 * 3)) / part_bytes;
    return hw_partition_count(bench->finder) >= hw_max_size(parts_max, PARTS_MIN);
}

/*
 * Takes what encoder `i` has as part of a piece. An encoder keeps its buffers; where these alone would make the next piece full at once (a table of
 * thousands of columns, little memory), a new one takes its place.
 */
static enum hw_status encoder_take(struct hw_conversion *conversion, struct hw_bench *bench, size_t i,
                                   struct hw_encoded **out_encoded, struct hw_error *err) {
    struct hw_encoder *encoder = bench->encoders[i];

    HW_TRY(encoder->ops->take(encoder, out_encoded, err));
    const uint64_t compressors_bytes = conversion->shared->settings.facts.encoder_bytes;
    if (encoder->held_bytes > compressors_bytes + (hw_bench_held_max(conversion) - compressors_bytes) / 2) {
        HW_TRY(hw_outputs_encoder_new(&conversion->outputs, i, &bench->encoders[i], err));
        encoder->ops->free(encoder);
    }
    return HW_OK;
}

/* What the encoders have, as a part of the piece. */
static enum hw_status part_take(struct hw_conversion *conversion, struct hw_bench *bench, const char *partition,
                                struct hw_piece *piece, struct hw_error *err) {
    struct hw_piece_part *part;
    HW_TRY(hw_piece_add(piece, partition, &part, err));
    for (size_t i = 0; i < conversion->targets->count; i++) {
        HW_TRY(encoder_take(conversion, bench, i, &part->encoded[i], err));
        piece->held_bytes += part->encoded[i]->held_bytes;
    }
    return HW_OK;
}

static enum hw_status parts_take(struct hw_conversion *conversion, struct hw_bench *bench, struct hw_piece *piece,
                                 struct hw_error *err);

enum hw_status hw_bench_piece(struct hw_conversion *conversion, struct hw_bench *bench, struct hw_piece **out_piece,
                              struct hw_error *err) {
    struct hw_piece *piece = bench->piece ? bench->piece : hw_alloc_zero(1, sizeof(*piece));
    enum hw_status status = HW_OK;
    bench->piece = NULL;
    if (!piece) {
        return hw_fail_nomem(err, sizeof(*piece));
    }
    piece->rows = hw_bench_rows(conversion, bench);
    piece->held_bytes = sizeof(*piece) + piece->rejects.capacity;
    if (piece->rows > 0) {
        status =
            bench->store ? parts_take(conversion, bench, piece, err) : part_take(conversion, bench, "", piece, err);
    }
    if (status != HW_OK) {
        hw_piece_free(piece);
        return status;
    }
    *out_piece = piece;
    return HW_OK;
}

static enum hw_status rows_order(struct hw_bench *bench, struct hw_buf *ends, struct hw_error *err);
static enum hw_status partition_take(struct hw_conversion *conversion, struct hw_bench *bench,
                                     const struct partition_rows *wanted, struct hw_piece *piece, struct hw_error *err);

/* The rows that wait, partition after partition, each in the order in which they came. */
static enum hw_status parts_take(struct hw_conversion *conversion, struct hw_bench *bench, struct hw_piece *piece,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) ends = {0};
    HW_TRY(rows_order(bench, &ends, err));
    const size_t *end = (const size_t *)(const void *)ends.data;
    const uint32_t *rows = (const uint32_t *)(const void *)bench->order.data;
    for (size_t partition = 0, at = 0; partition < hw_partition_count(bench->finder); at = end[partition++]) {
        if (end[partition] > at) {
            const struct partition_rows part = {(uint32_t)partition, rows + at, end[partition] - at};
            HW_TRY(partition_take(conversion, bench, &part, piece, err));
        }
    }
    hw_row_store_clear(bench->store, hw_bench_held_max(conversion));
    hw_buf_clear(&bench->partitions);
    hw_partition_forget(bench->finder);
    return HW_OK;
}

/* Sorts the rows by partition, by counting; `ends` gets where each partition's rows end. */
static enum hw_status rows_order(struct hw_bench *bench, struct hw_buf *ends, struct hw_error *err) {
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
static enum hw_status partition_take(struct hw_conversion *conversion, struct hw_bench *bench,
                                     const struct partition_rows *wanted, struct hw_piece *piece,
                                     struct hw_error *err) {
    const char *path = hw_partition_path(bench->finder, wanted->partition);
    const size_t all = hw_row_store_rows(bench->store);
    const size_t row_bytes = hw_row_store_held(bench->store) / all + 1; /* about what one takes */
    const size_t part_rows =
        hw_max_size(1, hw_min_size(rows_max(conversion), conversion->shared->settings.part_bytes / row_bytes));
    struct hw_batch batch;
    size_t in_part = 0;
    for (size_t at = 0; at < wanted->count; at += batch.rows) {
        size_t rows = hw_min_size(hw_min_size(wanted->count - at, part_rows - in_part), GATHER_ROWS);
        HW_TRY(hw_row_store_gather(bench->store, wanted->rows + at, rows, &batch, err));
        HW_TRY(encoders_add(conversion, bench, &batch, err));
        in_part += rows;
        if (in_part == part_rows || at + rows == wanted->count) {
            HW_TRY(part_take(conversion, bench, path, piece, err));
            in_part = 0;
        }
    }
    return HW_OK;
}

void hw_bench_drop(struct hw_conversion *conversion, struct hw_bench *bench) {
    for (size_t i = 0; i < conversion->targets->count; i++) {
        bench->encoders[i]->ops->reset(bench->encoders[i]);
    }
    if (bench->store) {
        hw_row_store_clear(bench->store, 0);
        hw_buf_clear(&bench->partitions);
        hw_partition_forget(bench->finder);
    }
    hw_piece_free(bench->piece);
    bench->piece = NULL;
}
