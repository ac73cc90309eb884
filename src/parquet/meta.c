/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/meta.h"

#include "parquet/file_sum.h"

enum { FORMAT_VERSION = 1 };

static const int8_t codecs[HW_CODEC_COUNT] = {
    [HW_CODEC_NONE] = HW_PAGE_CODEC_NONE,
    [HW_CODEC_SNAPPY] = HW_PAGE_CODEC_SNAPPY,
    [HW_CODEC_GZIP] = HW_PAGE_CODEC_GZIP,
    [HW_CODEC_BROTLI] = HW_PAGE_CODEC_BROTLI,
    [HW_CODEC_ZSTD] = HW_PAGE_CODEC_ZSTD,
    [HW_CODEC_LZ4_RAW] = HW_PAGE_CODEC_LZ4_RAW,
    /* Parquet has no DEFLATE. */
    [HW_CODEC_DEFLATE] = -1,
};

int32_t hw_page_codec_number(enum hw_codec codec) {
    return codecs[codec];
}

static void encodings_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts, struct hw_thrift *thrift);
static void statistics_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts, struct hw_thrift *thrift);
static void encoding_stats_write(const struct hw_chunk_facts *facts, struct hw_thrift *thrift);
static void encoding_stat_write(struct hw_thrift *thrift, int page_type, unsigned encoding, uint32_t count);
static void size_statistics_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts,
                                  const uint64_t *level_counts, struct hw_thrift *thrift);

enum hw_status hw_page_header_write(const struct hw_page_header *header, struct hw_buf *out, struct hw_error *err) {
    struct hw_thrift thrift;

    hw_thrift_init(&thrift, out, err);
    hw_thrift_i32(&thrift, 1, header->dictionary ? HW_PAGE_DICTIONARY : HW_PAGE_DATA);
    hw_thrift_i32(&thrift, 2, (int32_t)header->raw_bytes);
    hw_thrift_i32(&thrift, 3, (int32_t)header->stored_bytes);
    hw_thrift_i32(&thrift, 4, (int32_t)header->crc);
    hw_thrift_begin(&thrift, header->dictionary ? 7 : 5);
    hw_thrift_i32(&thrift, 1, (int32_t)header->values);
    hw_thrift_i32(&thrift, 2, (int32_t)header->encoding);
    if (!header->dictionary) {
        hw_thrift_i32(&thrift, 3, HW_ENCODING_RLE); /* definition levels */
        hw_thrift_i32(&thrift, 4, HW_ENCODING_RLE); /* repetition levels: there are none */
    }
    hw_thrift_end(&thrift);
    hw_thrift_end(&thrift);
    return thrift.status;
}

/* KeyValue */
static void pair_write(struct hw_thrift *thrift, const struct hw_file_pair *pair) {
    hw_thrift_put_begin(thrift);
    hw_thrift_binary(thrift, 1, pair->key.data, pair->key.size);
    if (pair->has_value) {
        hw_thrift_binary(thrift, 2, pair->value.data, pair->value.size);
    }
    hw_thrift_end(thrift);
}

static void column_pairs_write(const struct hw_chunk_facts *facts, struct hw_thrift *thrift) {
    if (facts->pairs_count == 0) {
        return;
    }
    hw_thrift_list(thrift, 8, HW_THRIFT_STRUCT, facts->pairs_count);
    for (size_t i = 0; i < facts->pairs_count; i++) {
        const struct hw_parquet_pair *pair = &facts->pairs[i];
        pair_write(thrift, &(struct hw_file_pair){pair->key, pair->value, pair->has_value});
    }
}

enum hw_status hw_column_meta_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts,
                                    const struct hw_chunk_place *place, struct hw_buf *out, struct hw_error *err) {
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, err);
    hw_thrift_i32(&thrift, 1, (int32_t)leaf->physical);
    encodings_write(leaf, facts, &thrift);
    hw_thrift_list(&thrift, 3, HW_THRIFT_BINARY, leaf->path_count);
    for (size_t i = 0; i < leaf->path_count; i++) {
        hw_thrift_put_binary(&thrift, leaf->path[i], strlen(leaf->path[i]));
    }
    hw_thrift_i32(&thrift, 4, hw_page_codec_number(facts->packed ? place->codec : HW_CODEC_NONE));
    hw_thrift_i64(&thrift, 5, (int64_t)facts->values);
    hw_thrift_i64(&thrift, 6, (int64_t)facts->raw_bytes);
    hw_thrift_i64(&thrift, 7, (int64_t)facts->stored_bytes);
    column_pairs_write(facts, &thrift);
    hw_thrift_i64(&thrift, 9, (int64_t)place->first_data_page);
    if (place->dictionary_page > 0) {
        hw_thrift_i64(&thrift, 11, (int64_t)place->dictionary_page);
    }
    statistics_write(leaf, facts, &thrift);
    encoding_stats_write(facts, &thrift);
    if (place->bloom_bytes > 0) {
        hw_thrift_i64(&thrift, 14, (int64_t)place->bloom_at);
        hw_thrift_i32(&thrift, 15, (int32_t)place->bloom_bytes);
    }
    size_statistics_write(leaf, facts, place->level_counts, &thrift);
    hw_thrift_end(&thrift);
    return thrift.status;
}

void hw_file_meta_begin(struct hw_thrift *thrift, const struct hw_tree *tree, uint64_t rows) {
    hw_thrift_i32(thrift, 1, FORMAT_VERSION);
    hw_thrift_list(thrift, 2, HW_THRIFT_STRUCT, tree->elements);
    if (tree->schema) {
        hw_schema_elements_write(tree->schema, thrift);
    } else {
        hw_thrift_put_raw(thrift, tree->elements_written.data, tree->elements_written.size);
    }
    hw_thrift_i64(thrift, 3, (int64_t)rows);
}

/* The sum of another file is none of this one. */
static bool pair_kept(const struct hw_file_pairs *pairs, size_t i) {
    return hw_file_pairs_hold(pairs, i) && !hw_view_equal(pairs->items[i].key, HW_VIEW(HW_FILE_SUM_KEY));
}

/* Returns where the digits of the footer's sum are: at the end of the last pair's value. */
static size_t pairs_write(struct hw_thrift *thrift, const struct hw_file_pairs *pairs, uint64_t sum) {
    const struct hw_file_sum value = {.before = sum};
    char text[HW_FILE_SUM_BYTES + 1];
    size_t count = 1;
    for (size_t i = 0; i < pairs->count; i++) {
        count += pair_kept(pairs, i);
    }
    hw_thrift_list(thrift, 5, HW_THRIFT_STRUCT, count);
    for (size_t i = 0; i < pairs->count; i++) {
        if (pair_kept(pairs, i)) {
            pair_write(thrift, &pairs->items[i]);
        }
    }
    hw_file_sum_write(&value, text);
    pair_write(thrift, &(struct hw_file_pair){HW_VIEW(HW_FILE_SUM_KEY), hw_view_of(text), true});
    /* The byte behind the value is the end of the pair. */
    return thrift->status ? 0 : thrift->out->size - 1 - HW_FILE_SUM_FOOTER_DIGITS;
}

size_t hw_file_meta_end(struct hw_thrift *thrift, const struct hw_tree *tree, const struct hw_parquet_options *options,
                        uint64_t sum) {
    const size_t digits_at = pairs_write(thrift, &options->pairs, sum);
    hw_thrift_text(thrift, 6, "hawser version " HW_VERSION " (build unknown)");
    hw_thrift_list(thrift, 7, HW_THRIFT_STRUCT, tree->count);
    for (size_t i = 0; i < tree->count; i++) { /* ColumnOrder: TYPE_ORDER */
        hw_thrift_put_begin(thrift);
        hw_thrift_begin(thrift, 1);
        hw_thrift_end(thrift);
        hw_thrift_end(thrift);
    }
    hw_thrift_end(thrift);
    return digits_at;
}

/* Writes every encoding that the chunk has, in pages, levels or the dictionary page, once. */
static void encodings_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts, struct hw_thrift *thrift) {
    bool used[HW_ENCODING_COUNT] = {false};
    size_t count = 0;

    used[HW_ENCODING_PLAIN] = facts->dictionary_size > 0;
    used[HW_ENCODING_RLE] = leaf->def_max > 0 || leaf->rep_max > 0;
    for (unsigned i = 0; i < HW_ENCODING_COUNT; i++) {
        used[i] = used[i] || facts->pages_encoded[i] > 0;
        count += used[i];
    }
    hw_thrift_list(thrift, 2, HW_THRIFT_I32, count);
    for (int i = 0; i < HW_ENCODING_COUNT; i++) {
        if (used[i]) {
            hw_thrift_put_i32(thrift, i);
        }
    }
}

static void statistics_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts, struct hw_thrift *thrift) {
    const struct hw_bound *min = &facts->bounds.min;
    const struct hw_bound *max = &facts->bounds.max;

    hw_thrift_begin(thrift, 12);
    hw_thrift_i64(thrift, 3, (int64_t)facts->nulls);
    if (max->state == HW_BOUND_KNOWN) {
        hw_thrift_binary(thrift, 5, max->data, max->size);
    }
    if (min->state == HW_BOUND_KNOWN) {
        hw_thrift_binary(thrift, 6, min->data, min->size);
    }
    if (max->state == HW_BOUND_KNOWN) {
        hw_thrift_bool(thrift, 7, max->exact);
    }
    if (min->state == HW_BOUND_KNOWN) {
        hw_thrift_bool(thrift, 8, min->exact);
    }
    if (hw_order_has_nans(leaf->order)) {
        hw_thrift_i64(thrift, 9, (int64_t)facts->bounds.nans);
    }
    hw_thrift_end(thrift);
}

static void encoding_stats_write(const struct hw_chunk_facts *facts, struct hw_thrift *thrift) {
    size_t count = facts->dictionary_size > 0;

    for (unsigned i = 0; i < HW_ENCODING_COUNT; i++) {
        count += facts->pages_encoded[i] > 0;
    }
    hw_thrift_list(thrift, 13, HW_THRIFT_STRUCT, count);
    if (facts->dictionary_size > 0) {
        encoding_stat_write(thrift, HW_PAGE_DICTIONARY, HW_ENCODING_PLAIN, 1);
    }
    for (unsigned i = 0; i < HW_ENCODING_COUNT; i++) {
        if (facts->pages_encoded[i] > 0) {
            encoding_stat_write(thrift, HW_PAGE_DATA, i, facts->pages_encoded[i]);
        }
    }
}

static void encoding_stat_write(struct hw_thrift *thrift, int page_type, unsigned encoding, uint32_t count) {
    hw_thrift_put_begin(thrift);
    hw_thrift_i32(thrift, 1, page_type);
    hw_thrift_i32(thrift, 2, (int32_t)encoding);
    hw_thrift_i32(thrift, 3, (int32_t)count);
    hw_thrift_end(thrift);
}

static void counts_write(int id, const uint64_t *counts, size_t count, struct hw_thrift *thrift) {
    hw_thrift_list(thrift, id, HW_THRIFT_I64, count);
    for (size_t i = 0; i < count; i++) {
        hw_thrift_put_i64(thrift, (int64_t)counts[i]);
    }
}

/* Writes SizeStatistics. A column without levels needs no histogram of them. */
static void size_statistics_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts,
                                  const uint64_t *level_counts, struct hw_thrift *thrift) {
    const uint64_t flat_counts[] = {facts->nulls, facts->values - facts->nulls};
    if (leaf->lane != HW_LANE_TEXT && leaf->def_max == 0) {
        return;
    }
    hw_thrift_begin(thrift, 16);
    if (leaf->lane == HW_LANE_TEXT) {
        hw_thrift_i64(thrift, 1, (int64_t)facts->text_bytes);
    }
    if (leaf->rep_max > 0) {
        counts_write(2, level_counts, (size_t)leaf->rep_max + 1, thrift);
    }
    if (leaf->nested && leaf->def_max > 0) {
        counts_write(3, level_counts + leaf->rep_max + 1, (size_t)leaf->def_max + 1, thrift);
    } else if (leaf->def_max > 0) {
        counts_write(3, flat_counts, COUNT_OF(flat_counts), thrift);
    }
    hw_thrift_end(thrift);
}
