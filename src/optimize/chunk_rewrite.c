/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_rewrite.h"

#include "optimize/chunk_source.h"
#include "optimize/column_hash.h"
#include "parquet/chunk_entries.h"
#include "parquet/chunk_locate.h"
#include "parquet/meta.h"
#include "parquet/writer_version.h"

/* The rows that are read at once, unless they are large. */
enum { ROWS_AT_ONCE = 8192 };
/* What they may come to: enough that a column of texts is read in few steps. */
#define BYTES_AT_ONCE HW_MIB(4)

enum hw_status hw_rewrite_bench_init(struct hw_rewrite_bench *bench, const struct hw_parquet_options *options,
                                     struct hw_error *err) {
    HW_TRY(hw_scratch_init(&bench->scratch, options, err));
    return hw_decompressor_new(&bench->decompressor, err);
}

void hw_rewrite_bench_release(struct hw_rewrite_bench *bench) {
    hw_scratch_release(&bench->scratch);
    hw_decompressor_free(bench->decompressor);
    hw_leaf_rows_release(&bench->rows);
    *bench = (struct hw_rewrite_bench){0};
}

/* A chunk on its way. */
struct work {
    const struct hw_chunk_rewrite *rewrite;
    struct hw_rewrite_bench *bench;
    struct hw_chunk *chunk;
    struct hw_chunk_work chunk_work;
    struct hw_column_hash hash;
    /* The place behind the rows that were read last. */
    struct hw_column_place end;
};

/* Takes rows that were read, which are in `bench->rows`. */
typedef enum hw_status rows_fn(struct work *work, struct hw_error *err);

static rows_fn rows_encode, rows_hash;
static enum hw_status rows_read(struct work *work, const struct hw_rewrite_rows *rows,
                                const struct hw_column_place *start, struct hw_error *err);
static enum hw_status chunk_prove(struct work *work, const struct hw_column_digest *read, struct hw_error *err);

enum hw_status hw_chunk_rewrite(const struct hw_chunk_rewrite *rewrite, struct hw_rewrite_bench *bench,
                                struct hw_row_group *out, struct hw_column_place *out_end, struct hw_error *err) {
    struct hw_chunk chunk;
    struct work work = {
        .rewrite = rewrite,
        .bench = bench,
        .chunk = &chunk,
        .chunk_work = {rewrite->options, &bench->scratch, out},
    };
    enum hw_status status = HW_OK;
    hw_chunk_init(&chunk, rewrite->column->write, 0);
    hw_column_hash_begin(&work.hash, rewrite->column->read.def_max);
    for (size_t i = 0; status == HW_OK && i < rewrite->rows_count; i++) {
        status = rows_read(&work, &rewrite->rows[i], i == 0 ? rewrite->start : NULL, err);
    }
    *out_end = work.end;
    status = status ? status : hw_chunk_finish(&chunk, &work.chunk_work, err);
    if (status == HW_OK) {
        const struct hw_column_digest read = hw_column_hash_end(&work.hash);
        status = chunk_prove(&work, &read, err);
    }
    hw_chunk_reset(&chunk, &bench->scratch);
    hw_chunk_release(&chunk);
    return status;
}

static enum hw_status rows_encode(struct work *work, struct hw_error *err) {
    hw_column_hash_add(&work->hash, &work->bench->rows);
    return hw_chunk_add_entries(work->chunk, &work->chunk_work, &work->bench->rows, err);
}

static enum hw_status rows_hash(struct work *work, struct hw_error *err) {
    (void)err;
    hw_column_hash_add(&work->hash, &work->bench->rows);
    return HW_OK;
}

/* ------ reading */

/* A column chunk that is read, of a source or of the output. */
struct reading {
    struct hw_source *source;
    struct hw_located_chunk facts;
    const struct hw_read_leaf *leaf;
    bool v2_packed;
    uint64_t first;
    /* The place of the first row; NULL: nobody knows it. */
    const struct hw_column_place *start;
    uint64_t count;
    /* The rows end where the chunk does, which is proved. */
    bool to_end;
};

static enum hw_status reading_run(struct work *work, const struct reading *reading, rows_fn *take,
                                  struct hw_error *err);

static enum hw_status rows_read(struct work *work, const struct hw_rewrite_rows *rows,
                                const struct hw_column_place *start, struct hw_error *err) {
    const struct hw_parquet_meta *meta = &rows->file->meta;
    const struct hw_parquet_group *group = &meta->groups[rows->group];
    const struct hw_read_leaf *leaf = &work->rewrite->column->read;
    const struct hw_writer_version writer = hw_writer_version_read(meta->created_by);
    struct reading reading = {
        .source = rows->file->source,
        .leaf = leaf,
        /* ARROW-10353: before 3.0 it compressed against the flag. */
        .v2_packed = hw_writer_version_before(&writer, "parquet-cpp", 2, 0, 0),
        .first = rows->first,
        .start = start,
        .count = rows->count,
        .to_end = rows->first + rows->count == (uint64_t)group->rows,
    };
    enum hw_status status = hw_chunk_locate(meta, group, leaf, rows->file->tail.footer_at, &reading.facts, err);
    status = status ? status : reading_run(work, &reading, rows_encode, err);
    status = hw_column_chunk_named(leaf, rows->group, status, err);
    if (status) {
        hw_error_object(err, rows->file->source->name);
    }
    return status;
}

static enum hw_status column_read(struct work *work, struct hw_column_reader *reader, const struct reading *reading,
                                  rows_fn *take, struct hw_error *err);

static enum hw_status reading_run(struct work *work, const struct reading *reading, rows_fn *take,
                                  struct hw_error *err) {
    const struct hw_chunk_rewrite *rewrite = work->rewrite;
    const struct hw_group_bytes_options options = {
        .source = reading->source,
        .ranges = &reading->facts.range,
        .count = 1,
        .bytes_max = rewrite->memory_bytes / 4,
        .whole = reading->first == 0 && reading->to_end,
    };
    struct hw_group_bytes *bytes;
    HW_TRY(hw_group_bytes_new(&options, &bytes, err));
    const struct hw_column_chunk chunk = {
        .leaf = reading->leaf,
        .pages =
            {
                .bytes = bytes,
                .range = reading->facts.range,
                .codec = reading->facts.codec,
                .v2_packed = reading->v2_packed,
                .page_bytes_max = rewrite->page_bytes_max,
                .decompressor = work->bench->decompressor,
            },
        .entries = reading->facts.entries,
    };
    struct hw_column_reader reader;
    hw_column_reader_init(&reader, &chunk);
    const enum hw_status status = column_read(work, &reader, reading, take, err);
    hw_column_reader_release(&reader);
    hw_group_bytes_free(bytes);
    return status;
}

/* Reads rows in steps; half as many once more where they are too large. */
static enum hw_status column_read(struct work *work, struct hw_column_reader *reader, const struct reading *reading,
                                  rows_fn *take, struct hw_error *err) {
    const size_t memory = work->rewrite->memory_bytes;
    size_t step = ROWS_AT_ONCE;
    uint64_t left = reading->count;
    if (reading->start) {
        hw_column_reader_go(reader, *reading->start);
    } else if (reading->first > 0) {
        HW_TRY(hw_column_reader_skip(reader, reading->first, err));
    }
    while (left > 0) {
        const struct hw_column_place before = hw_column_reader_place(reader);
        const size_t rows = (size_t)hw_clamp(left, 1, step);
        const size_t bytes_max = rows == 1 ? memory : hw_min_size(BYTES_AT_ONCE, memory);
        bool full = false;
        HW_TRY(hw_column_reader_read(reader, rows, bytes_max, &work->bench->rows, &full, err));
        if (full && rows == 1) {
            return hw_fail(err, HW_ELIMIT, "row %" PRIu64 " of it has more than %zu MiB, which --memory leaves for it",
                           reading->first + reading->count - left, bytes_max >> 20);
        }
        if (full) {
            hw_column_reader_go(reader, before);
            step = rows / 2;
            continue;
        }
        HW_TRY(take(work, err));
        left -= rows;
    }
    work->end = hw_column_reader_place(reader);
    return reading->to_end ? hw_column_reader_end(reader, err) : HW_OK;
}

/* ------ proof */

static enum hw_status chunk_prove(struct work *work, const struct hw_column_digest *read, struct hw_error *err) {
    const struct hw_row_group *group = work->chunk_work.group;
    struct hw_chunk_source source;
    hw_chunk_source_init(&source, group);
    const struct reading reading = {
        .source = &source.base,
        .facts =
            {
                .range = {0, source.base.size},
                .codec = hw_page_codec_number(group->chunks[0].packed ? work->rewrite->options->codec : HW_CODEC_NONE),
                .entries = group->chunks[0].values,
            },
        .leaf = &work->rewrite->column->read,
        .count = read->rows,
        .to_end = true,
    };
    hw_column_hash_begin(&work->hash, work->rewrite->column->read.def_max);
    enum hw_status status = reading_run(work, &reading, rows_hash, err);
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
