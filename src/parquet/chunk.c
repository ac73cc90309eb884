/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk.h"

#include <assert.h>

#include "codec/checksum.h"
#include "parquet/key_order.h"
#include "parquet/level.h"
#include "parquet/meta.h"
#include "parquet/rle.h"
#include "table/bits.h"

enum {
    LEVELS_LENGTH_BYTES = 4,
    /* The values after which it is first asked whether a dictionary can pay. */
    SAMPLE_VALUES = 4096,
    /* Fewer values show nothing of those that follow. */
    FEW_SEEN_MIN = 64,
    /*
     * The pending bytes a column from which on its dictionary may be sparse. In wide tables
     * thousands of dictionaries share the memory.
     */
    SPARSE_BYTES_MIN = 64 << 10,
    /* All large dictionaries together have one part in so many of what pages in work have. */
    DICTIONARIES_PART = 4,
    /* The order of fewer values does not matter, as one byte holds any of them. */
    ORDER_KEYS_MIN = 257,
    /* About the memory by which one value is found. */
    DICTIONARY_VALUE_BYTES = 32,
    /* A dictionary is settled when fewer than 1 in so many values are new. */
    GROWTH_PART = 16,
};
static_assert(HW_BUF_LIMIT <= INT32_MAX, "page sizes are 32-bit");
static const double sample_distinct_max = 0.98;
/* The same of the first quarter of few values, which are all that the chunk has. */
static const double few_distinct_max = 0.95;
static const double dictionary_loss_max = 1.05;

static enum hw_status slice_take(const struct hw_chunk *chunk, const struct hw_parquet_options *options,
                                 struct hw_slice *slice, size_t rows, struct hw_error *err);
static size_t rows_that_fit(const struct hw_chunk *chunk, const struct hw_parquet_options *options,
                            const struct hw_slice *slice, size_t rows);
static enum hw_status slice_append(struct hw_chunk *chunk, const struct hw_slice *slice, struct hw_error *err);
static enum hw_status levels_put(const struct hw_chunk *chunk, struct hw_buf *page, struct hw_error *err);
static enum hw_status nested_levels_put(const struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                        struct hw_error *err);
static enum hw_status values_put(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                 enum hw_encoding *out_encoding, struct hw_error *err);
static enum hw_status choose(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more, struct hw_error *err);
static size_t dictionary_limit(const struct hw_chunk_work *work);
static enum hw_status dictionary_try(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                     size_t *out_half_count, struct hw_error *err);
static enum hw_status dictionary_look_up(struct hw_chunk *chunk, const struct hw_chunk_work *work, size_t from,
                                         size_t count, size_t *out_done, struct hw_error *err);
static enum hw_status indices_make(struct hw_chunk *chunk, const struct hw_chunk_work *work, struct hw_error *err);
static enum hw_status indices_put(struct hw_chunk *chunk, struct hw_scratch *scratch, struct hw_error *err);
static void bounds_find(const struct hw_chunk *chunk, enum hw_encoding encoding, struct hw_bounds *bounds);
static enum hw_status page_store(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                 const struct hw_page_header *header, uint32_t *out_size, struct hw_error *err);
static void page_clear(struct hw_chunk *chunk);
static void dictionary_judge(struct hw_chunk *chunk, size_t old_count, size_t page_stored);
static enum hw_status dictionary_page_put(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                          struct hw_error *err);

void hw_chunk_init(struct hw_chunk *chunk, const struct hw_leaf *leaf, size_t column) {
    *chunk = (struct hw_chunk){.column = column, .leaf = *leaf};
}

void hw_chunk_release(struct hw_chunk *chunk) {
    hw_values_release(&chunk->values);
    hw_buf_release(&chunk->validity);
    hw_buf_release(&chunk->def);
    hw_buf_release(&chunk->rep);
}

void hw_chunk_reset(struct hw_chunk *chunk, struct hw_scratch *scratch) {
    hw_scratch_give_dictionary(scratch, chunk->dictionary);
    page_clear(chunk);
    *chunk = (struct hw_chunk){.leaf = chunk->leaf,
                               .column = chunk->column,
                               .values = chunk->values,
                               .validity = chunk->validity,
                               .def = chunk->def,
                               .rep = chunk->rep};
}

size_t hw_chunk_held(const struct hw_chunk *chunk) {
    return hw_values_held(&chunk->values) + chunk->validity.capacity + chunk->def.capacity + chunk->rep.capacity +
           (chunk->dictionary ? hw_dictionary_held(chunk->dictionary) : 0);
}

size_t hw_chunk_dictionary_bytes(const struct hw_chunk *chunk) {
    const struct hw_dictionary *dictionary = chunk->dictionary;
    return dictionary ? hw_dictionary_bytes(dictionary, &chunk->leaf) + dictionary->count * DICTIONARY_VALUE_BYTES : 0;
}

/* Tells whether the pages to come are of BYTE_STREAM_SPLIT and compressed. */
static bool splits(const struct hw_chunk *chunk) {
    return chunk->chosen && !chunk->dictionary_open && chunk->choice.other == HW_ENCODING_BYTE_STREAM_SPLIT &&
           chunk->choice.packing != HW_PACKING_OFF;
}

size_t hw_chunk_page_bytes(const struct hw_chunk *chunk, const struct hw_parquet_options *options) {
    if (splits(chunk)) {
        const size_t bytes = hw_max_size(options->page_bytes, options->split_page_rows * chunk->leaf.width);
        return hw_min_size(bytes, options->long_page_bytes);
    }
    return chunk->packer.effort.longer ? options->long_page_bytes : options->page_bytes;
}

size_t hw_chunk_page_rows(const struct hw_chunk *chunk, const struct hw_parquet_options *options) {
    if (splits(chunk)) {
        return options->split_page_rows;
    }
    size_t longer = options->long_page_bytes / options->page_bytes;
    return chunk->packer.effort.longer ? options->page_rows * longer : options->page_rows;
}

size_t hw_chunk_pending(const struct hw_chunk *chunk) {
    return chunk->values.data.size + chunk->values.lengths.size + chunk->validity.size + chunk->def.size +
           chunk->rep.size;
}

size_t hw_chunk_growth(const struct hw_chunk *chunk, const struct hw_column *column, size_t from, size_t rows) {
    /* The room counts also if the first null is yet to come. */
    const size_t validity = (chunk->rows + rows) / 8 + 1;
    const size_t slot = column->offset + from;

    if (chunk->leaf.nested) {
        return hw_level_reach(&chunk->leaf, column, from, rows);
    }
    if (chunk->leaf.field->type.kind == HW_KIND_NULL) {
        return 0;
    }
    if (chunk->leaf.lane == HW_LANE_TEXT) {
        const size_t texts = hw_column_begin(column, slot + rows) - hw_column_begin(column, slot);
        return texts + rows * sizeof(uint32_t) + validity;
    }
    return rows * chunk->leaf.width + validity;
}

/*
 * A page ends before the row that does not fit, however many rows come in one call. So after each
 * slice it is asked again how many rows fit, as nulls take less room than was reckoned for them.
 */
enum hw_status hw_chunk_add(struct hw_chunk *chunk, const struct hw_chunk_work *work, const struct hw_column *column,
                            size_t from, size_t rows, struct hw_error *err) {
    struct hw_slice slice = {.column = column, .from = column->offset + from};
    const size_t end = slice.from + rows;

    while (slice.from < end) {
        HW_TRY(slice_take(chunk, work->options, &slice, end - slice.from, err));
        if (slice.rows > 0) {
            enum hw_status status = slice_append(chunk, &slice, err);
            if (status) {
                hw_error_column(err, chunk->leaf.field->name, strlen(chunk->leaf.field->name));
                return status;
            }
        }
        slice.from += slice.rows;
        if (slice.rows == 0 || chunk->rows >= hw_chunk_page_rows(chunk, work->options)) {
            HW_TRY(hw_chunk_end_page(chunk, work, true, err));
        }
    }
    return HW_OK;
}

enum hw_status hw_chunk_end_page(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                 struct hw_error *err) {
    struct hw_chunk_facts *facts = &work->group->chunks[chunk->column];
    size_t old_count = chunk->dictionary ? chunk->dictionary->count : 0;
    enum hw_encoding encoding = HW_ENCODING_PLAIN;
    struct hw_bounds bounds;

    if (chunk->rows == 0) {
        return HW_OK;
    }
    hw_buf_clear(&work->scratch->page);
    HW_TRY(chunk->leaf.nested ? nested_levels_put(chunk, work, err) : levels_put(chunk, &work->scratch->page, err));
    if (chunk->values.count > 0) {
        HW_TRY(values_put(chunk, work, more, &encoding, err));
    }
    assert(encoding != HW_ENCODING_RLE_DICTIONARY || chunk->dictionary);
    bounds_find(chunk, encoding, &bounds);

    bool text = chunk->leaf.lane == HW_LANE_TEXT;
    struct hw_page_facts page = {
        .at = work->group->log.size,
        .text_bytes = text ? chunk->values.data.size : 0,
        .rows = (uint32_t)chunk->rows,
        .values = (uint32_t)(chunk->leaf.nested ? chunk->entries : chunk->rows),
        .nulls = (uint32_t)chunk->nulls,
        .nans = (uint32_t)bounds.nans,
    };
    struct hw_page_header header = {.values = page.values, .encoding = encoding};
    HW_TRY(page_store(chunk, work, &header, &page.size, err));
    HW_TRY(hw_row_group_add_page(work->group, chunk->column, &page, &bounds, err));
    hw_bounds_merge(&facts->bounds, &chunk->leaf, &bounds);
    facts->values += page.values;
    facts->nulls += page.nulls;
    facts->text_bytes += page.text_bytes;
    facts->pages_encoded[encoding]++;
    if (encoding == HW_ENCODING_RLE_DICTIONARY) {
        chunk->dictionary_stored += page.size;
        chunk->dictionary_values += chunk->values.count;
        dictionary_judge(chunk, old_count, page.size);
    }
    chunk->pages++;
    page_clear(chunk);
    return HW_OK;
}

static void page_clear(struct hw_chunk *chunk) {
    chunk->rows = 0;
    chunk->entries = 0;
    chunk->nulls = 0;
    hw_values_clear(&chunk->values);
    hw_buf_clear(&chunk->validity);
    hw_buf_clear(&chunk->def);
    hw_buf_clear(&chunk->rep);
}

enum hw_status hw_chunk_finish(struct hw_chunk *chunk, const struct hw_chunk_work *work, struct hw_error *err) {
    HW_TRY(hw_chunk_end_page(chunk, work, false, err));
    if (chunk->dictionary) {
        HW_TRY(dictionary_page_put(chunk, work, err));
    }
    work->group->chunks[chunk->column].packed = hw_page_packs(&chunk->choice, work->scratch);
    hw_chunk_reset(chunk, work->scratch);
    return HW_OK;
}

/*
 * Sets rows and nulls of the slice to those that still fit in the page, which are none if it is
 * full.
 */
static enum hw_status slice_take(const struct hw_chunk *chunk, const struct hw_parquet_options *options,
                                 struct hw_slice *slice, size_t rows, struct hw_error *err) {
    const struct hw_field *field = chunk->leaf.field;
    const struct hw_column *column = slice->column;

    slice->rows = rows_that_fit(chunk, options, slice, rows);
    if (field->type.kind == HW_KIND_NULL) {
        slice->nulls = slice->rows;
    } else if (column->null_count == 0 || !column->validity) {
        slice->nulls = 0;
    } else {
        slice->nulls = slice->rows - hw_bits_count(column->validity, slice->from, slice->rows);
    }
    if (slice->nulls > 0 && field->required) {
        hw_error_set(err, HW_EDATA, "a null in a column that is required");
        hw_error_column(err, field->name, strlen(field->name));
        return HW_EDATA;
    }
    return HW_OK;
}

/* Returns how many of the rows fit in the page. It has at least one row, however long its value. */
static size_t rows_that_fit(const struct hw_chunk *chunk, const struct hw_parquet_options *options,
                            const struct hw_slice *slice, size_t rows) {
    size_t held = chunk->values.data.size + chunk->values.lengths.size;
    size_t page_bytes = hw_chunk_page_bytes(chunk, options);
    size_t room = held < page_bytes ? page_bytes - held : 0;
    size_t least = chunk->rows == 0 ? 1 : 0;

    rows = hw_min_size(rows, hw_chunk_page_rows(chunk, options) - chunk->rows);

    if (chunk->leaf.lane != HW_LANE_TEXT) {
        return hw_min_size(rows, hw_max_size(room / chunk->leaf.width, least));
    }
    if (chunk->leaf.field->type.kind == HW_KIND_NULL) {
        return rows;
    }
    const size_t begin = hw_column_begin(slice->column, slice->from);
    size_t low = 0;
    size_t high = rows;
    while (low < high) {
        size_t middle = high - (high - low) / 2;
        size_t bytes = hw_column_begin(slice->column, slice->from + middle) - begin;
        if (bytes + middle * sizeof(uint32_t) <= room) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return hw_max_size(low, least);
}

static enum hw_status slice_append(struct hw_chunk *chunk, const struct hw_slice *slice, struct hw_error *err) {
    HW_TRY(hw_values_append(&chunk->values, &chunk->leaf, slice, err));
    if (slice->nulls > 0 && chunk->nulls == 0) {
        hw_buf_clear(&chunk->validity);
        HW_TRY(hw_bits_append(&chunk->validity, 0, NULL, 0, chunk->rows, err));
    }
    chunk->nulls += slice->nulls;
    if (chunk->nulls > 0 && chunk->leaf.field->type.kind != HW_KIND_NULL) {
        const uint8_t *validity = slice->nulls > 0 ? slice->column->validity : NULL;
        HW_TRY(hw_bits_append(&chunk->validity, chunk->rows, validity, slice->from, slice->rows, err));
    }
    chunk->rows += slice->rows;
    return HW_OK;
}

static void levels_count(const struct hw_buf *levels, uint64_t *counts) {
    for (size_t i = 0; i < levels->size; i++) {
        counts[levels->data[i]]++;
    }
}

/* Appends the levels of the page in work, and counts them. Repetition levels come first. */
static enum hw_status nested_levels_put(const struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                        struct hw_error *err) {
    const struct hw_leaf *leaf = &chunk->leaf;
    struct hw_scratch *scratch = work->scratch;
    uint64_t *counts = work->group->level_counts + leaf->counts_at;
    if (leaf->rep_max > 0) {
        HW_TRY(hw_levels_put(chunk->rep.data, chunk->entries, leaf->rep_max, &scratch->levels, &scratch->page, err));
    }
    if (leaf->def_max > 0) {
        HW_TRY(hw_levels_put(chunk->def.data, chunk->entries, leaf->def_max, &scratch->levels, &scratch->page, err));
    }
    levels_count(&chunk->rep, counts);
    levels_count(&chunk->def, counts + leaf->rep_max + 1);
    return HW_OK;
}

/* Appends the definition levels of an optional column, which are 1 for a value and 0 for a null. */
static enum hw_status levels_put(const struct hw_chunk *chunk, struct hw_buf *page, struct hw_error *err) {
    if (chunk->leaf.def_max == 0) {
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(page, LEVELS_LENGTH_BYTES, err));
    if (chunk->nulls == 0 || chunk->nulls == chunk->rows) {
        HW_TRY(hw_rle_run(chunk->nulls == 0, chunk->rows, 1, page, err));
    } else {
        HW_TRY(hw_rle_encode_bits(chunk->validity.data, chunk->rows, page, err));
    }
    hw_store_le32(page->data, (uint32_t)(page->size - LEVELS_LENGTH_BYTES));
    return HW_OK;
}

static enum hw_status values_put(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                 enum hw_encoding *out_encoding, struct hw_error *err) {
    if (!chunk->chosen) {
        HW_TRY(choose(chunk, work, more, err));
    } else if (chunk->dictionary_open) {
        HW_TRY(indices_make(chunk, work, err));
    }
    if (chunk->dictionary_open) {
        *out_encoding = HW_ENCODING_RLE_DICTIONARY;
        return indices_put(chunk, work->scratch, err);
    }
    *out_encoding = chunk->choice.other;
    return hw_encode(chunk->choice.other, &chunk->leaf, &chunk->values, &work->scratch->page, err);
}

/*
 * Chooses the encoding by the first page with values. If a dictionary is taken, it has all of them,
 * and their indices are made.
 */
static enum hw_status choose(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                             struct hw_error *err) {
    struct hw_trial trial = {
        .leaf = &chunk->leaf,
        .values = &chunk->values,
        .dictionary_bytes = dictionary_limit(work),
        .allowed = work->options->encodings,
        .more = more,
        .long_splits = more && work->options->split_page_rows > chunk->rows,
        .must_pack = chunk->pages > 0 && work->scratch->steps.count > 0,
        .has_levels = chunk->leaf.nested || chunk->nulls > 0,
    };

    if ((hw_encodings_of(&chunk->leaf, trial.allowed) >> HW_ENCODING_RLE_DICTIONARY & 1) != 0) {
        HW_TRY(dictionary_try(chunk, work, more, &trial.half_count, err));
        trial.dictionary = chunk->dictionary;
        trial.indices = (const uint32_t *)(const void *)work->scratch->indices.data;
    }
    HW_TRY(hw_trial_run(&trial, work->scratch, &chunk->choice, err));
    chunk->chosen = true;
    chunk->dictionary_open = chunk->choice.encoding == HW_ENCODING_RLE_DICTIONARY;
    assert(chunk->dictionary || !chunk->dictionary_open);
    if (!chunk->dictionary_open) {
        hw_scratch_give_dictionary(work->scratch, chunk->dictionary);
        chunk->dictionary = NULL;
        return HW_OK;
    }
    if (chunk->dictionary->count >= ORDER_KEYS_MIN && hw_page_packs(&chunk->choice, work->scratch)) {
        uint32_t *indices = (uint32_t *)(void *)work->scratch->indices.data;
        return hw_key_order(&chunk->dictionary, &chunk->leaf, &chunk->values, indices, chunk->pages + 1, work->scratch,
                            err);
    }
    return HW_OK;
}

/* Returns the most bytes of a dictionary, by how many chunks are written at a time. */
static size_t dictionary_limit(const struct hw_chunk_work *work) {
    const struct hw_parquet_options *options = work->options;
    const size_t share = options->pending_bytes / DICTIONARIES_PART / work->group->chunks_count;
    return hw_clamp(share, options->dictionary_bytes, options->large_dictionary_bytes);
}

/* Tells whether so many of the first values of a page are new ones that a dictionary cannot pay. */
static bool nearly_all_new(size_t distinct, size_t seen, bool last_few) {
    if (last_few) {
        return seen >= FEW_SEEN_MIN && (double)distinct >= few_distinct_max * (double)seen;
    }
    return seen == SAMPLE_VALUES && (double)distinct >= sample_distinct_max * (double)seen;
}

/* Makes a dictionary of the page, unless nearly every value is a new one. */
static enum hw_status dictionary_try(struct hw_chunk *chunk, const struct hw_chunk_work *work, bool more,
                                     size_t *out_half_count, struct hw_error *err) {
    const size_t count = chunk->values.count;
    const bool last_few = !more && count <= HW_TRIAL_FEW_VALUES;
    const size_t steps[] = {last_few ? count / 4 : hw_min_size(count / 2, SAMPLE_VALUES), count / 2, count};
    size_t from = 0;
    size_t done = 0;
    bool pays = true;

    chunk->dictionary = hw_scratch_take_dictionary(work->scratch);
    if (!chunk->dictionary) {
        return hw_fail_nomem(err, sizeof(*chunk->dictionary));
    }
    chunk->dictionary->sparse = work->options->pending_bytes / work->group->chunks_count >= SPARSE_BYTES_MIN;
    for (size_t i = 0; i < COUNT_OF(steps) && pays; i++) {
        HW_TRY(dictionary_look_up(chunk, work, from, steps[i] - from, &done, err));
        pays = done == steps[i] - from;
        from = steps[i];
        if (i == 0) {
            pays = pays && !nearly_all_new(chunk->dictionary->count, from, last_few);
        }
        if (i == 1) {
            *out_half_count = chunk->dictionary->count;
        }
    }
    if (!pays) {
        hw_scratch_give_dictionary(work->scratch, chunk->dictionary);
        chunk->dictionary = NULL;
    }
    return HW_OK;
}

/*
 * Looks up `count` values of the page, from value `from` on. It must be called in the order of the
 * values.
 */
static enum hw_status dictionary_look_up(struct hw_chunk *chunk, const struct hw_chunk_work *work, size_t from,
                                         size_t count, size_t *out_done, struct hw_error *err) {
    if (count == 0) {
        /* A page of nulls has no array of indices to point into. */
        *out_done = 0;
        return HW_OK;
    }
    struct hw_buf *indices = &work->scratch->indices;
    struct hw_dictionary_job job = {
        .leaf = &chunk->leaf,
        .values = &chunk->values,
        .from = from,
        .count = count,
        .bytes_limit = dictionary_limit(work),
        .page = chunk->pages + 1,
    };

    if (chunk->leaf.lane == HW_LANE_TEXT) {
        const uint32_t *lengths = hw_values_lengths(&chunk->values);
        for (size_t i = 0; i < from; i++) {
            job.text_at += lengths[i];
        }
    }
    HW_TRY(hw_buf_resize(indices, (from + count) * sizeof(uint32_t), err));
    job.indices = (uint32_t *)(void *)indices->data + from;
    return hw_dictionary_add(chunk->dictionary, &job, out_done, err);
}

/*
 * Looks up the values of the page. If the dictionary gets too large, it drops what this page
 * brought and is closed.
 */
static enum hw_status indices_make(struct hw_chunk *chunk, const struct hw_chunk_work *work, struct hw_error *err) {
    assert(chunk->dictionary);
    size_t old_count = chunk->dictionary->count;
    size_t done;

    HW_TRY(dictionary_look_up(chunk, work, 0, chunk->values.count, &done, err));
    if (done < chunk->values.count) {
        hw_dictionary_truncate(chunk->dictionary, old_count);
        chunk->dictionary_open = false;
    }
    return HW_OK;
}

/* Appends the indices of the page, as wide as the dictionary at this time needs, or wider. */
static enum hw_status indices_put(struct hw_chunk *chunk, struct hw_scratch *scratch, struct hw_error *err) {
    const struct hw_indices indices = {
        .values = (const uint32_t *)(const void *)scratch->indices.data,
        .count = chunk->values.count,
        .keys = chunk->dictionary->count,
    };
    const bool packs = hw_page_packs(&chunk->choice, scratch);
    bool whole;

    HW_TRY(hw_indices_put(&chunk->index_widths, &indices, scratch, packs, &whole, err));
    if (whole) {
        /* They are no gain but by compression. */
        chunk->choice.packing = HW_PACKING_ON;
    }
    return HW_OK;
}

/* Finds the bounds of the page. Texts with a small dictionary need not be looked at one by one. */
static void bounds_find(const struct hw_chunk *chunk, enum hw_encoding encoding, struct hw_bounds *bounds) {
    if (chunk->leaf.lane == HW_LANE_TEXT && chunk->leaf.order == HW_ORDER_BYTES &&
        encoding == HW_ENCODING_RLE_DICTIONARY && chunk->dictionary->count < chunk->values.count) {
        hw_view least, greatest;
        hw_dictionary_range(chunk->dictionary, chunk->pages + 1, &least, &greatest);
        hw_bounds_of_texts(bounds, least, greatest);
        return;
    }
    hw_bounds_of_values(bounds, &chunk->leaf, &chunk->values);
}

/*
 * Compresses the page in `scratch->page` if the chunk's pages are, and appends its header and its
 * bytes to the log. The sizes and the CRC of the header are filled in here.
 */
static enum hw_status page_store(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                 const struct hw_page_header *header, uint32_t *out_size, struct hw_error *err) {
    struct hw_scratch *scratch = work->scratch;
    struct hw_chunk_facts *facts = &work->group->chunks[chunk->column];
    const struct hw_buf *stored = &scratch->page;
    struct hw_page_header full = *header;
    const struct hw_page_pack_job job = {
        .options = work->options,
        .leaf = &chunk->leaf,
        .encoding = header->encoding,
        .dictionary = header->dictionary,
        .values = header->dictionary ? header->values : chunk->values.count,
        .keys_bytes = chunk->dictionary ? hw_dictionary_bytes(chunk->dictionary, &chunk->leaf) : 0,
    };

    HW_TRY(hw_page_pack(&chunk->packer, &job, &chunk->choice, scratch, err));
    if (hw_page_packs(&chunk->choice, scratch)) {
        stored = &scratch->packed;
    }
    full.raw_bytes = (uint32_t)scratch->page.size;
    full.stored_bytes = (uint32_t)stored->size;
    full.crc = hw_crc32(0, stored->data, stored->size);
    hw_buf_clear(&scratch->header);
    HW_TRY(hw_page_header_write(&full, &scratch->header, err));
    HW_TRY(hw_page_log_append(&work->group->log, scratch->header.data, scratch->header.size, err));
    HW_TRY(hw_page_log_append(&work->group->log, stored->data, stored->size, err));
    *out_size = (uint32_t)(scratch->header.size + stored->size);
    facts->raw_bytes += scratch->header.size + scratch->page.size;
    facts->stored_bytes += *out_size;
    return HW_OK;
}

/*
 * Closes a dictionary that keeps growing, that has turned out larger than what the other encoding
 * would have taken, and that gains nothing by further pages such as the last one.
 */
static void dictionary_judge(struct hw_chunk *chunk, size_t old_count, size_t page_stored) {
    assert(chunk->dictionary && chunk->dictionary->count > 0);
    const struct hw_dictionary *dictionary = chunk->dictionary;
    const double keys = (double)hw_dictionary_bytes(dictionary, &chunk->leaf) * chunk->choice.dictionary_rate;
    const double cost = keys + (double)chunk->dictionary_stored;
    const double other = chunk->choice.other_rate * (double)chunk->dictionary_values;
    const size_t added = dictionary->count - old_count;
    const double page_keys = keys * (double)added / (double)dictionary->count;
    const double page_other = chunk->choice.other_rate * (double)chunk->values.count;

    if (chunk->pages > 0 && added * GROWTH_PART > chunk->values.count && cost > other * dictionary_loss_max &&
        page_keys + (double)page_stored > page_other) {
        chunk->dictionary_open = false;
    }
}

static enum hw_status dictionary_page_put(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                          struct hw_error *err) {
    struct hw_chunk_facts *facts = &work->group->chunks[chunk->column];
    struct hw_page_header header = {
        .dictionary = true, .values = (uint32_t)chunk->dictionary->count, .encoding = HW_ENCODING_PLAIN};

    facts->dictionary_at = work->group->log.size;
    hw_buf_clear(&work->scratch->page);
    HW_TRY(hw_dictionary_encode(chunk->dictionary, &chunk->leaf, &work->scratch->page, err));
    return page_store(chunk, work, &header, &facts->dictionary_size, err);
}
