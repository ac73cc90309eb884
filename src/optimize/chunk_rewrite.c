/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_rewrite.h"

#include "optimize/chunk_source.h"
#include "optimize/column_hash.h"
#include "parquet/chunk_entries.h"
#include "parquet/meta.h"

/* Sorted rows that are read at once, and the bytes that they may come to. */
enum { SORTED_ROWS = 8192 };
#define SORTED_BYTES HW_MIB(4)

enum hw_status hw_rewrite_bench_init(struct hw_rewrite_bench *bench, const struct hw_parquet_options *options,
                                     struct hw_error *err) {
    return hw_scratch_init(&bench->scratch, options, err);
}

void hw_rewrite_bench_release(struct hw_rewrite_bench *bench) {
    hw_scratch_release(&bench->scratch);
    hw_column_read_bench_release(&bench->read);
    hw_bloom_release(&bench->bloom);
    hw_run_rows_bench_release(&bench->sorted);
    *bench = (struct hw_rewrite_bench){0};
}

/* A chunk on its way. */
struct work {
    struct hw_column_hash hash; /* first, as it is aligned for vectors */
    const struct hw_chunk_rewrite *rewrite;
    /* The leaf of the source that is read. */
    const struct hw_rewrite_leaf *leaf;
    struct hw_rewrite_bench *bench;
    struct hw_chunk *chunk;
    struct hw_chunk_work chunk_work;
    struct hw_chunk_learned *learned;
    bool surveyed;
};

static hw_column_rows_fn rows_encode, rows_hash;
static enum hw_status rows_read(struct work *work, struct hw_error *err);
static enum hw_status sorted_read(struct work *work, struct hw_error *err);
static enum hw_status chunk_prove(struct work *work, const struct hw_column_digest *read, struct hw_error *err);
static enum hw_status bloom_begin(struct work *work, struct hw_error *err);
static enum hw_status bloom_end(struct work *work, struct hw_error *err);

enum hw_status hw_chunk_rewrite(const struct hw_chunk_rewrite *rewrite, struct hw_rewrite_bench *bench,
                                struct hw_row_group *out, struct hw_chunk_learned *out_learned, struct hw_error *err) {
    const struct hw_rewrite_column *column = rewrite->column;
    struct hw_chunk chunk;
    struct work work = {
        .rewrite = rewrite,
        .bench = bench,
        .chunk = &chunk,
        .learned = out_learned,
        .chunk_work = {rewrite->options, &bench->scratch, out},
    };
    *out_learned = (struct hw_chunk_learned){.survey.leaf = column->leaves->source};
    work.surveyed = hw_narrow_candidate(column->leaves->source);
    bench->read.memory_bytes = rewrite->memory_bytes;
    bench->read.page_bytes_max = rewrite->page_bytes_max;
    hw_chunk_init(&chunk, column->write, 0);
    hw_column_hash_begin(&work.hash, column->write->def_max);
    enum hw_status status = rewrite->sorted.rows ? sorted_read(&work, err) : rows_read(&work, err);
    status = status ? status : hw_chunk_finish(&chunk, &work.chunk_work, err);
    if (status == HW_OK) {
        const struct hw_column_digest read = hw_column_hash_end(&work.hash);
        status = bloom_begin(&work, err);
        status = status ? status : chunk_prove(&work, &read, err);
        status = status ? status : bloom_end(&work, err);
    }
    hw_chunk_reset(&chunk, &bench->scratch);
    hw_chunk_release(&chunk);
    return status;
}

/* ------ rows of sources */

static enum hw_status rows_read(struct work *work, struct hw_error *err) {
    const struct hw_chunk_rewrite *rewrite = work->rewrite;
    for (size_t i = 0; i < rewrite->rows_count; i++) {
        work->leaf = &rewrite->column->leaves[rewrite->rows[i].number];
        HW_TRY(hw_column_read_source(&rewrite->rows[i], &work->leaf->read, i == 0 ? rewrite->start : NULL,
                                     &work->bench->read, rows_encode, work, &work->learned->end, err));
    }
    return HW_OK;
}

static void rows_see(void *ctx, const struct hw_leaf_rows *rows) {
    struct work *work = ctx;
    hw_column_hash_add(&work->hash, rows);
}

static enum hw_status rows_encode(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct work *work = ctx;
    const struct hw_rows_shaping shaping = {
        .column = work->rewrite->column,
        .leaf = work->leaf,
        .survey = work->surveyed ? &work->learned->survey : NULL,
        .see = rows_see,
        .ctx = work,
    };
    HW_TRY(hw_rows_shape(&shaping, work->hash.rows, rows, err));
    return hw_chunk_add_entries(work->chunk, &work->chunk_work, rows, err);
}

/* ------ rows that are sorted */

/* They have the form of the output already. */
static enum hw_status sorted_read(struct work *work, struct hw_error *err) {
    const struct hw_sorted_chunk *sorted = &work->rewrite->sorted;
    const size_t bytes_max = hw_min_size(SORTED_BYTES, work->rewrite->memory_bytes);
    struct hw_run_rows_bench *bench = &work->bench->sorted;
    struct hw_run_rows rows;
    work->leaf = work->rewrite->column->leaves;
    HW_TRY(hw_sorted_rows_begin(sorted->rows, sorted->column, sorted->group, sorted->first, bench, &rows, err));
    rows.left = sorted->count;
    while (rows.left > 0) {
        HW_TRY(hw_run_rows_next(&rows, SORTED_ROWS, bytes_max, err));
        hw_column_hash_add(&work->hash, &bench->rows);
        HW_TRY(hw_chunk_add_entries(work->chunk, &work->chunk_work, &bench->rows, err));
    }
    return HW_OK;
}

/* ------ proof */

static enum hw_status sorted_hash(struct work *work, struct hw_leaf_rows *rows, struct hw_error *err);

static enum hw_status chunk_prove(struct work *work, const struct hw_column_digest *read, struct hw_error *err) {
    const struct hw_row_group *group = work->chunk_work.group;
    struct hw_chunk_source source;
    hw_chunk_source_init(&source, group);
    const struct hw_column_read reading = {
        .source = &source.base,
        .facts =
            {
                .range = {0, source.base.size},
                .codec = hw_page_codec_number(group->chunks[0].packed ? work->rewrite->options->codec : HW_CODEC_NONE),
                .entries = group->chunks[0].values,
            },
        .leaf = &work->rewrite->column->written,
        .count = read->rows,
        .to_end = true,
    };
    hw_column_hash_begin(&work->hash, work->rewrite->column->write->def_max);
    struct hw_column_place end;
    enum hw_status status = HW_OK;
    if (work->rewrite->sorted.rows) {
        const struct hw_sorted_rows *sorted = work->rewrite->sorted.rows;
        status =
            hw_run_numbers_begin(&sorted->order, sorted->spill, work->rewrite->sorted.first, &work->bench->sorted, err);
    }
    status = status ? status : hw_column_read(&reading, &work->bench->read, rows_hash, work, &end, err);
    if (status == HW_OK) {
        const struct hw_column_digest written = hw_column_hash_end(&work->hash);
        const char *differs = hw_column_digest_differs(read, &written);
        status = differs ? hw_fail(err, HW_EDATA, "%s are not those that were read", differs) : HW_OK;
    }
    if (status) {
        char path[HW_QUOTE_BYTES];
        hw_error_prefix(err, "column %s: the proof of what was encoded fails, please report this as a bug",
                        hw_leaf_path(work->rewrite->column->write, path, sizeof(path)));
    }
    if (status && status != HW_ENOMEM) {
        status = HW_EDATA;
        if (err) {
            err->status = status;
        }
    }
    return status;
}

/* The order of rows is that of the values that readers get. */
static enum hw_status rows_hash(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct work *work = ctx;
    const struct hw_chunk_rewrite *rewrite = work->rewrite;
    HW_TRY(rewrite->key ? hw_order_marks_add(rewrite->marks, rewrite->key, rows, err) : HW_OK);
    if (rewrite->column->bloom_fpp > 0) {
        hw_bloom_add_rows(&work->bench->bloom, rewrite->column->bloom_form, rows);
    }
    if (rewrite->sorted.rows) {
        return sorted_hash(work, rows, err);
    }
    HW_TRY(hw_narrow_widen(&work->leaf->narrowing, rows, err));
    hw_column_hash_add(&work->hash, rows);
    return HW_OK;
}

static enum hw_status sorted_hash(struct work *work, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct hw_run_rows_bench *bench = &work->bench->sorted;
    hw_column_hash_add(&work->hash, rows);
    HW_TRY(hw_narrow_widen(&work->leaf->narrowing, rows, err));
    HW_TRY(hw_run_numbers_next(rows->rows, bench, err));
    hw_row_sum_add(&work->learned->sum, rows, work->rewrite->column->write->def_max,
                   (const uint64_t *)(const void *)bench->numbers.data);
    return HW_OK;
}

/* ------ bloom filters */

static enum hw_status bloom_begin(struct work *work, struct hw_error *err) {
    const struct hw_chunk_facts *facts = &work->chunk_work.group->chunks[0];
    const double fpp = work->rewrite->column->bloom_fpp;
    return fpp > 0 ? hw_bloom_begin(&work->bench->bloom, facts->values - facts->nulls, fpp, err) : HW_OK;
}

static enum hw_status bloom_end(struct work *work, struct hw_error *err) {
    struct hw_chunk_facts *facts = &work->chunk_work.group->chunks[0];
    const double fpp = work->rewrite->column->bloom_fpp;
    return fpp > 0 ? hw_bloom_end(&work->bench->bloom, fpp, &facts->bloom, err) : HW_OK;
}
