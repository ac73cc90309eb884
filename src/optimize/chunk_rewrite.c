/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_rewrite.h"

#include "optimize/chunk_source.h"
#include "optimize/column_hash.h"
#include "parquet/chunk_entries.h"
#include "parquet/meta.h"

enum hw_status hw_rewrite_bench_init(struct hw_rewrite_bench *bench, const struct hw_parquet_options *options,
                                     struct hw_error *err) {
    return hw_scratch_init(&bench->scratch, options, err);
}

void hw_rewrite_bench_release(struct hw_rewrite_bench *bench) {
    hw_scratch_release(&bench->scratch);
    hw_column_read_bench_release(&bench->read);
    hw_bloom_release(&bench->bloom);
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
    enum hw_status status = HW_OK;
    *out_learned = (struct hw_chunk_learned){.survey.leaf = column->leaves->source};
    work.surveyed = hw_narrow_candidate(column->leaves->source);
    bench->read.memory_bytes = rewrite->memory_bytes;
    bench->read.page_bytes_max = rewrite->page_bytes_max;
    hw_chunk_init(&chunk, column->write, 0);
    hw_column_hash_begin(&work.hash, column->write->def_max);
    for (size_t i = 0; status == HW_OK && i < rewrite->rows_count; i++) {
        work.leaf = &column->leaves[rewrite->rows[i].number];
        status = hw_column_read_source(&rewrite->rows[i], &work.leaf->read, i == 0 ? rewrite->start : NULL,
                                       &bench->read, rows_encode, &work, &out_learned->end, err);
    }
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

/* Where the output has a column nullable that a source has not, levels count one more of them. */
static void levels_lift(const uint8_t *lifted, struct hw_leaf_rows *rows) {
    for (size_t i = 0; lifted && i < rows->defs.size; i++) {
        rows->defs.data[i] = lifted[rows->defs.data[i]];
    }
}

/*
 * The hash is that of the values as they were; where these do not come back bit by bit, as the
 * length of a decimal's bytes, it is that of the narrowed ones, each of which was compared.
 */
static enum hw_status rows_encode(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct work *work = ctx;
    const struct hw_rewrite_column *column = work->rewrite->column;
    const struct hw_narrowing *narrowing = &work->leaf->narrowing;
    levels_lift(work->leaf->lifted, rows);
    HW_TRY(column->mask.def > 0 ? hw_mask_rows(&column->mask, column->write->def_max, rows, err) : HW_OK);
    if (work->surveyed) {
        hw_narrow_survey_add(&work->learned->survey, rows, work->hash.rows);
    }
    const bool widens = hw_narrow_widens(narrowing);
    if (widens) {
        hw_column_hash_add(&work->hash, rows);
    }
    HW_TRY(hw_narrow_values(narrowing, rows, err));
    if (!widens) {
        hw_column_hash_add(&work->hash, rows);
    }
    return hw_chunk_add_entries(work->chunk, &work->chunk_work, rows, err);
}

static enum hw_status rows_hash(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    struct work *work = ctx;
    const struct hw_rewrite_column *column = work->rewrite->column;
    if (column->bloom_fpp > 0) {
        hw_bloom_add_rows(&work->bench->bloom, column->bloom_form, rows);
    }
    HW_TRY(hw_narrow_widen(&work->leaf->narrowing, rows, err));
    hw_column_hash_add(&work->hash, rows);
    return HW_OK;
}

/* ------ proof */

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
    enum hw_status status = hw_column_read(&reading, &work->bench->read, rows_hash, work, &end, err);
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
