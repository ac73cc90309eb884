/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspect_chunk.h"

#include "parquet/fact_name.h"
#include "parquet/stat_order.h"

enum { TYPE_BYTES = 128 };

static enum hw_status column_make(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk, size_t leaf,
                                  struct hw_inspect_chunk *out);
static enum hw_status encodings_make(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk,
                                     struct hw_inspect_chunk *out);
static enum hw_status statistics_make(struct hw_inspection *inspection, const struct hw_read_leaf *leaf,
                                      const struct hw_parquet_statistics *statistics,
                                      struct hw_inspect_statistics *out);

enum hw_status hw_inspect_chunk(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk, size_t leaf,
                                struct hw_inspect_chunk *out) {
    struct hw_inspect_chunk facts = {
        .column = inspection->paths[leaf],
        .values = HW_INSPECT_ABSENT,
        .offset = HW_INSPECT_ABSENT,
        .compressed = HW_INSPECT_ABSENT,
        .uncompressed = HW_INSPECT_ABSENT,
        .dictionary_offset = HW_INSPECT_ABSENT,
        .data_offset = HW_INSPECT_ABSENT,
        .encrypted = chunk->encrypted,
        .column_index_offset = chunk->column_index_offset,
        .offset_index_offset = chunk->offset_index_offset,
        .bloom_offset = chunk->bloom_offset,
        .bloom_size = chunk->bloom_bytes,
    };
    if (chunk->has_meta) {
        facts.values = chunk->values;
        facts.offset = hw_parquet_chunk_start(chunk);
        facts.compressed = chunk->compressed;
        facts.uncompressed = chunk->uncompressed;
        facts.dictionary_offset = chunk->dictionary_offset;
        facts.data_offset = chunk->data_offset;
        facts.has_statistics = chunk->has_statistics;
        const bool known = chunk->physical >= 0 && chunk->physical < HW_PHYSICAL_COUNT;
        const char *physical = known ? hw_physical_name((enum hw_physical)chunk->physical) : NULL;
        HW_TRY(hw_inspection_name(inspection, physical, "type", chunk->physical, &facts.physical));
        HW_TRY(hw_inspection_name(inspection, hw_page_codec_name(chunk->codec), "codec", chunk->codec, &facts.codec));
        HW_TRY(column_make(inspection, chunk, leaf, &facts));
        HW_TRY(encodings_make(inspection, chunk, &facts));
        HW_TRY(
            statistics_make(inspection, &inspection->file.schema.leaves[leaf], &chunk->statistics, &facts.statistics));
    }
    *out = facts;
    return HW_OK;
}

/* A damaged footer may name another column in this place. */
static enum hw_status column_make(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk, size_t leaf,
                                  struct hw_inspect_chunk *out) {
    if (hw_read_leaf_path_is(&inspection->file.schema.leaves[leaf], chunk->path, chunk->path_count)) {
        return HW_OK;
    }
    hw_buf_clear(&inspection->text);
    for (size_t i = 0; i < chunk->path_count; i++) {
        HW_TRY(hw_buf_append_text(&inspection->text, i > 0 ? "." : "", inspection->err));
        HW_TRY(hw_buf_append(&inspection->text, chunk->path[i].data, chunk->path[i].size, inspection->err));
    }
    return hw_inspection_text(inspection, hw_buf_view(&inspection->text), &out->column);
}

/* Each encoding that is known once: some writers name them once a page. */
static enum hw_status encodings_make(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk,
                                     struct hw_inspect_chunk *out) {
    const char **names;
    size_t count = 0;
    uint64_t seen = 0;
    HW_TRY(hw_inspection_array(inspection, chunk->encodings_count, sizeof(*names), &names));
    for (size_t i = 0; i < chunk->encodings_count; i++) {
        const int32_t encoding = chunk->encodings[i];
        const uint64_t bit = encoding >= 0 && encoding < HW_ENCODING_COUNT ? UINT64_C(1) << encoding : 0;
        if ((seen & bit) == 0) {
            seen |= bit;
            HW_TRY(hw_inspection_name(inspection, hw_encoding_name(encoding), "encoding", encoding, &names[count++]));
        }
    }
    out->encodings = names;
    out->encodings_count = count;
    return HW_OK;
}

/* The bounds of the newer fields, and where there are none those of the older ones. */
static hw_view min_of(const struct hw_parquet_statistics *statistics) {
    return statistics->min.data ? statistics->min : statistics->old_min;
}

static hw_view max_of(const struct hw_parquet_statistics *statistics) {
    return statistics->max.data ? statistics->max : statistics->old_max;
}

static enum hw_status statistics_make(struct hw_inspection *inspection, const struct hw_read_leaf *leaf,
                                      const struct hw_parquet_statistics *statistics,
                                      struct hw_inspect_statistics *out) {
    out->nulls = statistics->nulls;
    out->distinct = statistics->distinct;
    out->nans = statistics->nans;
    out->min_exact = (int)statistics->min_exact;
    out->max_exact = (int)statistics->max_exact;
    HW_TRY(hw_inspection_value(inspection, leaf, min_of(statistics), &out->min));
    return hw_inspection_value(inspection, leaf, max_of(statistics), &out->max);
}

/* ------ sums of a column */

/* The sums so far. */
struct sums {
    const struct hw_read_leaf *leaf;
    uint64_t encodings;
    int32_t codec;
    bool mixed;
    bool some;
    bool has_nulls;
    bool bounded;
    hw_view min;
    hw_view max;
};

static void chunk_add(struct sums *sums, const struct hw_parquet_chunk *chunk, struct hw_inspect_column *out);
static void bounds_add(struct sums *sums, const struct hw_parquet_chunk *chunk);
static enum hw_status sums_name(struct hw_inspection *inspection, const struct sums *sums,
                                struct hw_inspect_column *out);

enum hw_status hw_inspect_column(struct hw_inspection *inspection, size_t leaf, struct hw_inspect_column *out) {
    const struct hw_parquet_meta *meta = &inspection->file.meta;
    struct sums sums = {.leaf = &inspection->file.schema.leaves[leaf], .has_nulls = true, .bounded = true};
    struct hw_inspect_column made = {.column = inspection->paths[leaf]};
    char type[TYPE_BYTES];
    for (size_t i = 0; i < meta->groups_count; i++) {
        const struct hw_parquet_chunk *chunk = &meta->groups[i].chunks[sums.leaf->column];
        if (chunk->has_meta) {
            chunk_add(&sums, chunk, &made);
        }
    }
    made.nulls = sums.some && sums.has_nulls ? made.nulls : HW_INSPECT_ABSENT;
    hw_type_format(sums.leaf->field->type, type, sizeof(type));
    HW_TRY(hw_inspection_text(inspection, hw_view_of(type), &made.type));
    HW_TRY(sums_name(inspection, &sums, &made));
    if (sums.bounded) {
        HW_TRY(hw_inspection_value(inspection, sums.leaf, sums.min, &made.min));
        HW_TRY(hw_inspection_value(inspection, sums.leaf, sums.max, &made.max));
    }
    *out = made;
    return HW_OK;
}

static int64_t added(int64_t sum, int64_t more) {
    int64_t both;
    return more >= 0 && hw_add(sum, more, &both) ? both : sum;
}

static void chunk_add(struct sums *sums, const struct hw_parquet_chunk *chunk, struct hw_inspect_column *out) {
    out->values = added(out->values, chunk->values);
    out->nulls = added(out->nulls, chunk->statistics.nulls);
    out->compressed = added(out->compressed, chunk->compressed);
    out->uncompressed = added(out->uncompressed, chunk->uncompressed);
    sums->has_nulls &= chunk->statistics.nulls >= 0;
    sums->mixed |= sums->some && sums->codec != chunk->codec;
    sums->codec = chunk->codec;
    sums->some = true;
    for (size_t i = 0; i < chunk->encodings_count; i++) {
        const int32_t encoding = chunk->encodings[i];
        sums->encodings |= encoding >= 0 && encoding < HW_ENCODING_COUNT ? UINT64_C(1) << encoding : 0;
    }
    if (chunk->values > chunk->statistics.nulls) {
        bounds_add(sums, chunk);
    }
}

/* Widens the bounds. Where a chunk has none that can be compared, the column has none. */
static void bounds_add(struct sums *sums, const struct hw_parquet_chunk *chunk) {
    const hw_view min = min_of(&chunk->statistics);
    const hw_view max = max_of(&chunk->statistics);
    int order = 0;
    if (!min.data || !max.data || !hw_stat_fits(sums->leaf, min) || !hw_stat_fits(sums->leaf, max)) {
        sums->bounded = false;
        return;
    }
    if (!sums->min.data) {
        sums->min = min;
        sums->max = max;
        return;
    }
    sums->bounded &= hw_stat_order(sums->leaf, min, sums->min, &order);
    sums->min = order < 0 ? min : sums->min;
    sums->bounded = sums->bounded && hw_stat_order(sums->leaf, max, sums->max, &order);
    sums->max = order > 0 ? max : sums->max;
}

static enum hw_status sums_name(struct hw_inspection *inspection, const struct sums *sums,
                                struct hw_inspect_column *out) {
    const char **names;
    size_t count = 0;
    HW_TRY(hw_inspection_array(inspection, HW_ENCODING_COUNT, sizeof(*names), &names));
    for (int32_t i = 0; i < HW_ENCODING_COUNT; i++) {
        if (sums->encodings >> i & 1) {
            const char *name = hw_encoding_name(i);
            names[count++] = name ? name : "unknown";
        }
    }
    out->encodings = names;
    out->encodings_count = count;
    if (!sums->some || sums->mixed) {
        out->codec = sums->mixed ? "mixed" : NULL;
        return HW_OK;
    }
    return hw_inspection_name(inspection, hw_page_codec_name(sums->codec), "codec", sums->codec, &out->codec);
}
