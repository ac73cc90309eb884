/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_check.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "parquet/fact_name.h"
#include "parquet/stat_order.h"

static enum hw_status facts_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                  const struct hw_read_leaf *leaf);
static enum hw_status values_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                   const struct hw_read_leaf *leaf, int64_t rows);
static enum hw_status places_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk);
static enum hw_status bounds_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                   const struct hw_read_leaf *leaf);

enum hw_status hw_chunk_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                              const struct hw_read_leaf *leaf, int64_t rows) {
    if (!chunk->has_meta) {
        return chunk->encrypted ? HW_OK
                                : hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.meta", -1,
                                                "the footer does not describe the column chunk");
    }
    HW_TRY(facts_check(report, chunk, leaf));
    HW_TRY(values_check(report, chunk, leaf, rows));
    HW_TRY(places_check(report, chunk));
    return bounds_check(report, chunk, leaf);
}

static enum hw_status facts_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                  const struct hw_read_leaf *leaf) {
    if (chunk->physical != (int32_t)leaf->physical) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.meta", -1,
                             "the column chunk has the type %" PRId32 ", the schema says %s", chunk->physical,
                             hw_physical_name(leaf->physical)));
    }
    if (!hw_read_leaf_path_is(leaf, chunk->path, chunk->path_count)) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.meta", -1,
                             "the column chunk is that of another column of the schema"));
    }
    if (chunk->file_path.data) {
        char quoted[HW_QUOTE_BYTES];
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.meta", -1, "the column chunk is in another file, %s",
                             hw_quote(chunk->file_path.data, chunk->file_path.size, quoted, sizeof(quoted))));
    }
    if (!hw_page_codec_name(chunk->codec)) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.codec", -1, "there is no codec number %" PRId32,
                             chunk->codec));
    }
    return HW_OK;
}

/* Each row has a value at least, and exactly one where nothing repeats. */
static enum hw_status values_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                   const struct hw_read_leaf *leaf, int64_t rows) {
    if (chunk->values < rows || (leaf->rep_max == 0 && chunk->values != rows)) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.meta", -1,
                             "the column chunk has %" PRId64 " values, the row group %" PRId64 " rows", chunk->values,
                             rows));
    }
    const int64_t nulls = chunk->statistics.nulls;
    if (nulls != HW_META_ABSENT && (nulls < 0 || nulls > chunk->values)) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "stats.nulls", -1,
                             "the statistics have %" PRId64 " nulls, the column chunk %" PRId64 " values", nulls,
                             chunk->values));
    }
    return HW_OK;
}

/* Returns whether the bytes lie between the magic and the footer. */
static bool is_within(const struct hw_check_report *report, int64_t at, int64_t bytes) {
    const uint64_t end = report->file.tail.footer_at;
    return at >= HW_PARQUET_MAGIC_BYTES && bytes >= 0 && (uint64_t)at <= end && (uint64_t)bytes <= end - (uint64_t)at;
}

static enum hw_status place_check(struct hw_check_report *report, const char *code, const char *what, int64_t at,
                                  int64_t bytes) {
    if (at == HW_META_ABSENT || is_within(report, at, bytes)) {
        return HW_OK;
    }
    return hw_check_tell(report, HW_SEVERITY_ERROR, code, at,
                         "%s is to have %" PRId64 " bytes from byte %" PRId64
                         " on, but the footer begins at byte %" PRIu64,
                         what, bytes, at, report->file.tail.footer_at);
}

static enum hw_status places_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk) {
    const int64_t bloom_bytes = chunk->bloom_bytes == HW_META_ABSENT ? 0 : chunk->bloom_bytes;
    const int64_t start = hw_parquet_chunk_start(chunk);
    if (start == HW_META_ABSENT) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.range", -1,
                             "the first data page is to be at byte %" PRId64, chunk->data_offset));
    }
    if (!chunk->file_path.data) {
        HW_TRY(place_check(report, "chunk.range", "the column chunk", start, chunk->compressed));
    }
    HW_TRY(
        place_check(report, "index.range", "the column index", chunk->column_index_offset, chunk->column_index_bytes));
    HW_TRY(
        place_check(report, "index.range", "the offset index", chunk->offset_index_offset, chunk->offset_index_bytes));
    return place_check(report, "bloom.range", "the bloom filter", chunk->bloom_offset, bloom_bytes);
}

/* The older fields have an order that nobody knows, so that they are not compared. */
static enum hw_status bounds_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                   const struct hw_read_leaf *leaf) {
    const hw_view bounds[] = {chunk->statistics.min, chunk->statistics.max};
    int order = 0;
    bool fit = true;
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        if (bounds[i].data && !hw_stat_fits(leaf, bounds[i])) {
            fit = false;
            HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "stats.order", -1,
                                 "the %s of the statistics has %zu bytes, which no value of the column has",
                                 i == 0 ? "minimum" : "maximum", bounds[i].size));
        }
    }
    const bool both = fit && bounds[0].data && bounds[1].data;
    if (both && hw_stat_order(leaf, bounds[0], bounds[1], &order) && order > 0) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "stats.order", -1,
                             "the minimum of the statistics is above their maximum");
    }
    return HW_OK;
}

/* ------ places of all chunks */

/* The place of a chunk, and which one it is. */
struct place {
    uint64_t start;
    uint64_t end;
    size_t group;
    size_t leaf;
};

static int place_compare(const void *a, const void *b) {
    const struct place *x = a;
    const struct place *y = b;
    return x->start != y->start ? (x->start > y->start) - (x->start < y->start) : (x->end > y->end) - (x->end < y->end);
}

/* Gathers the places that are within the file. Returns their number. */
static size_t places_gather(const struct hw_check_report *report, struct place *places) {
    const struct hw_parquet_meta *meta = &report->file.meta;
    size_t count = 0;
    for (size_t i = 0; i < meta->groups_count; i++) {
        for (size_t j = 0; j < meta->groups[i].chunks_count; j++) {
            const struct hw_parquet_chunk *chunk = &meta->groups[i].chunks[j];
            const int64_t start = hw_parquet_chunk_start(chunk);
            const bool here = chunk->has_meta && !chunk->file_path.data && is_within(report, start, chunk->compressed);
            if (here && chunk->compressed > 0) {
                places[count++] = (struct place){(uint64_t)start, (uint64_t)(start + chunk->compressed), i, j};
            }
        }
    }
    return count;
}

static enum hw_status overlap_tell(struct hw_check_report *report, const struct place *place,
                                   const struct place *before) {
    report->row_group = (int64_t)place->group;
    report->leaf = place->leaf < report->file.schema.leaves_count ? &report->file.schema.leaves[place->leaf] : NULL;
    return hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.overlap", (int64_t)place->start,
                         "the column chunk begins at byte %" PRIu64
                         ", where that of column %zu of row group %zu goes on to byte %" PRIu64,
                         place->start, before->leaf, before->group, before->end);
}

enum hw_status hw_chunks_check_apart(struct hw_check_report *report) {
    size_t all = 0;
    for (size_t i = 0; i < report->file.meta.groups_count; i++) {
        all += report->file.meta.groups[i].chunks_count;
    }
    struct place *places = hw_alloc_zero(all > 0 ? all : 1, sizeof(*places));
    if (!places) {
        return hw_fail_nomem(report->err, all * sizeof(*places));
    }
    const size_t count = places_gather(report, places);
    qsort(places, count, sizeof(*places), place_compare);
    enum hw_status status = HW_OK;
    const struct place *widest = places;
    for (size_t i = 1; status == HW_OK && i < count; i++) {
        if (places[i].start < widest->end) {
            status = overlap_tell(report, &places[i], widest);
        }
        widest = places[i].end > widest->end ? &places[i] : widest;
    }
    hw_free(places);
    return status;
}
