/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_entries.h"

#include "core/count.h"
#include "parquet/pack.h"
#include "table/bits.h"

/* The entries whose bits are made at once; a multiple of 8. */
enum { BITS_AT_ONCE = 512 };

/* Rows on their way into the chunk: the place of the next one. */
struct adding {
    struct hw_chunk *chunk;
    const struct hw_chunk_work *work;
    const struct hw_leaf_rows *rows;
    size_t entry;
    size_t value;
};

/* Some of these rows, which the page takes. */
struct slice {
    size_t rows;
    size_t entries;
    size_t values;
};

static struct slice slice_find(const struct adding *adding);
static enum hw_status slice_add(struct adding *adding, const struct slice *slice, struct hw_error *err);

enum hw_status hw_chunk_add_entries(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                    const struct hw_leaf_rows *rows, struct hw_error *err) {
    struct adding adding = {chunk, work, rows, 0, 0};
    if (rows->entries > rows->count && chunk->leaf.def_max == 0) {
        return hw_fail(err, HW_EDATA, "a null in a column that is required");
    }
    while (adding.entry < rows->entries) {
        const struct slice slice = slice_find(&adding);
        HW_TRY(slice_add(&adding, &slice, err));
        if (slice.rows == 0 || chunk->rows >= hw_chunk_page_rows(chunk, work->options)) {
            HW_TRY(hw_chunk_end_page(chunk, work, true, err));
        }
    }
    return HW_OK;
}

/* ------ rows that fit */

/* The bytes that the page in work may still take, and rows that it may have. */
struct room {
    size_t bytes;
    size_t rows;
};

static struct room room_of(const struct adding *adding) {
    const struct hw_chunk *chunk = adding->chunk;
    const struct hw_parquet_options *options = adding->work->options;
    const size_t values = chunk->values.data.size + chunk->values.lengths.size;
    const size_t held = chunk->leaf.nested ? hw_chunk_pending(chunk) : values;
    const size_t page_bytes = hw_chunk_page_bytes(chunk, options);
    return (struct room){held < page_bytes ? page_bytes - held : 0, hw_chunk_page_rows(chunk, options) - chunk->rows};
}

static const int32_t *places_of(const struct adding *adding) {
    return (const int32_t *)(const void *)adding->rows->offsets.data;
}

/* Returns the bytes that a value takes in the page. */
static size_t value_bytes(const struct adding *adding, size_t value) {
    const int32_t *places = places_of(adding);
    return adding->chunk->leaf.lane == HW_LANE_TEXT ? sizeof(uint32_t) + (size_t)(places[value + 1] - places[value])
                                                    : adding->chunk->leaf.width;
}

static bool has_value(const struct adding *adding, size_t entry) {
    const struct hw_buf *defs = &adding->rows->defs;
    return defs->size == 0 || defs->data[entry] == adding->chunk->leaf.def_max;
}

/* The same for a row: its entries, up to the next one that begins a row. */
static struct slice row_at(const struct adding *adding, const struct slice *before, size_t *out_bytes) {
    const struct hw_leaf_rows *rows = adding->rows;
    struct slice row = {.rows = 1};
    size_t entry = adding->entry + before->entries;
    size_t value = adding->value + before->values;
    size_t bytes = 0;
    do {
        if (has_value(adding, entry)) {
            bytes += value_bytes(adding, value + row.values);
            row.values++;
        }
        row.entries++;
        entry++;
    } while (entry < rows->entries && rows->reps.size > 0 && rows->reps.data[entry] != 0);
    *out_bytes = bytes + (adding->chunk->leaf.nested ? 2 * row.entries : 0);
    return row;
}

/* Without nulls, lists and texts, rows are counted by a division. */
static bool is_plain(const struct adding *adding) {
    const struct hw_leaf_rows *rows = adding->rows;
    const struct hw_leaf *leaf = &adding->chunk->leaf;
    return rows->defs.size == 0 && rows->reps.size == 0 && leaf->lane != HW_LANE_TEXT && !leaf->nested;
}

/* Returns the rows that the page takes. It has at least one row, however large that is. */
static struct slice slice_find(const struct adding *adding) {
    const struct room room = room_of(adding);
    struct slice slice = {0};
    size_t taken = 0;
    if (is_plain(adding)) {
        const size_t left = hw_min_size(adding->rows->entries - adding->entry, room.rows);
        const size_t fit = hw_max_size(room.bytes / adding->chunk->leaf.width, adding->chunk->rows == 0);
        const size_t rows = hw_min_size(left, fit);
        return (struct slice){rows, rows, rows};
    }
    while (slice.rows < room.rows && adding->entry + slice.entries < adding->rows->entries) {
        size_t bytes;
        const struct slice row = row_at(adding, &slice, &bytes);
        if (taken + bytes > room.bytes && adding->chunk->rows + slice.rows > 0) {
            break;
        }
        taken += bytes;
        slice.rows++;
        slice.entries += row.entries;
        slice.values += row.values;
    }
    return slice;
}

/* ------ rows that are added */

static enum hw_status validity_add(struct adding *adding, const struct slice *slice, struct hw_error *err);
static enum hw_status levels_add(struct adding *adding, const struct slice *slice, struct hw_error *err);

static enum hw_status slice_add(struct adding *adding, const struct slice *slice, struct hw_error *err) {
    struct hw_chunk *chunk = adding->chunk;
    HW_TRY(hw_values_append_rows(&chunk->values, &chunk->leaf, adding->rows, adding->value, slice->values, err));
    HW_TRY(chunk->leaf.nested ? levels_add(adding, slice, err) : validity_add(adding, slice, err));
    chunk->nulls += slice->entries - slice->values;
    chunk->rows += slice->rows;
    adding->entry += slice->entries;
    adding->value += slice->values;
    return HW_OK;
}

/* The bits of a flat column begin with its first null. */
static enum hw_status validity_add(struct adding *adding, const struct slice *slice, struct hw_error *err) {
    struct hw_chunk *chunk = adding->chunk;
    const uint8_t *defs = adding->rows->defs.data + adding->entry;
    if (slice->values == slice->entries && chunk->nulls == 0) {
        return HW_OK;
    }
    if (chunk->nulls == 0) {
        hw_buf_clear(&chunk->validity);
        HW_TRY(hw_bits_append(&chunk->validity, 0, NULL, 0, chunk->rows, err));
    }
    if (slice->values == slice->entries) {
        return hw_bits_append(&chunk->validity, chunk->rows, NULL, 0, slice->rows, err);
    }
    uint8_t bits[BITS_AT_ONCE / 8];
    for (size_t at = 0; at < slice->rows; at += BITS_AT_ONCE) {
        const size_t step = hw_min_size(slice->rows - at, BITS_AT_ONCE);
        hw_pack_bools(defs + at, step, bits);
        HW_TRY(hw_bits_append(&chunk->validity, chunk->rows + at, bits, 0, step, err));
    }
    return HW_OK;
}

static enum hw_status level_bytes_add(struct hw_buf *to, const struct hw_buf *from, size_t at, size_t count,
                                      uint8_t level, struct hw_error *err) {
    if (from->size > 0) {
        return hw_buf_append(to, from->data + at, count, err);
    }
    HW_TRY(hw_buf_reserve(to, count, err));
    memset(to->data + to->size, level, count);
    to->size += count;
    return HW_OK;
}

/* Levels that were left out are the highest definition level, or 0 where nothing repeats. */
static enum hw_status levels_add(struct adding *adding, const struct slice *slice, struct hw_error *err) {
    struct hw_chunk *chunk = adding->chunk;
    const struct hw_leaf_rows *rows = adding->rows;
    /* A page counts them in 32 bits. */
    if (slice->entries > INT32_MAX - chunk->entries) {
        return hw_fail(err, HW_ELIMIT, "%s with %s are too many for a page", HW_COUNT(slice->rows, "row"),
                       HW_COUNT(slice->entries, "value"));
    }
    HW_TRY(level_bytes_add(&chunk->def, &rows->defs, adding->entry, slice->entries, chunk->leaf.def_max, err));
    HW_TRY(level_bytes_add(&chunk->rep, &rows->reps, adding->entry, slice->entries, 0, err));
    chunk->entries += slice->entries;
    return HW_OK;
}
