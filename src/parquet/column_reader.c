/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/column_reader.h"

#include "core/utf8_valid.h"
#include "parquet/leaf_convert.h"

enum {
    /* The values that are converted at once. */
    CONVERTED_AT_ONCE = 4096,
    TEXT_BYTES_MAX = INT32_MAX,
};

/* ------ the reader */

void hw_column_reader_init(struct hw_column_reader *reader, const struct hw_column_chunk *chunk) {
    *reader = (struct hw_column_reader){.leaf = chunk->leaf, .entries = chunk->entries};
    reader->pages.chunk = chunk->pages;
    reader->place.page = (struct hw_page_place){.at = chunk->pages.range.start};
    reader->expanded.limit = chunk->pages.page_bytes_max;
}

void hw_column_reader_release(struct hw_column_reader *reader) {
    hw_page_reader_release(&reader->pages);
    hw_buf_release(&reader->dictionary_values);
    hw_buf_release(&reader->dictionary_offsets);
    hw_buf_release(&reader->raw);
    hw_buf_release(&reader->raw_ends);
    hw_buf_release(&reader->expanded);
}

struct hw_column_place hw_column_reader_place(const struct hw_column_reader *reader) {
    return reader->place;
}

void hw_column_reader_go(struct hw_column_reader *reader, struct hw_column_place place) {
    const bool same = reader->state != HW_PAGE_NONE && reader->page.at == place.page.at;
    reader->state = same ? HW_PAGE_AT_HAND : HW_PAGE_NONE;
    reader->place = place;
}

void hw_column_reader_park(struct hw_column_reader *reader) {
    reader->state = HW_PAGE_NONE;
    hw_buf_release(&reader->pages.plain);
    hw_buf_release(&reader->expanded);
    hw_buf_release(&reader->raw);
    hw_buf_release(&reader->raw_ends);
}

size_t hw_column_reader_held(const struct hw_column_reader *reader) {
    return reader->pages.plain.capacity + reader->dictionary_values.capacity + reader->dictionary_offsets.capacity +
           reader->raw.capacity + reader->raw_ends.capacity + reader->expanded.capacity;
}

enum hw_status hw_column_reader_end(const struct hw_column_reader *reader, struct hw_error *err) {
    if (reader->place.in_chunk != reader->entries) {
        return hw_fail(err, HW_EDATA,
                       "its rows have %" PRIu64 " values, the footer says that the column chunk has %" PRIu64,
                       reader->place.in_chunk, reader->entries);
    }
    return HW_OK;
}

/* ------ pages */

static enum hw_status page_load(struct hw_column_reader *reader, struct hw_error *err);
static enum hw_status page_begin(struct hw_column_reader *reader, struct hw_error *err);
static void page_named(const struct hw_column_reader *reader, struct hw_error *err);

static enum hw_status page_step(struct hw_column_reader *reader, struct hw_error *err);

/* Makes the page ready that has the next entry; there is one. A page may have no entries. */
static enum hw_status page_need(struct hw_column_reader *reader, struct hw_error *err) {
    while (reader->state != HW_PAGE_READY || reader->place.in_page == reader->page.head.values) {
        HW_TRY(page_step(reader, err));
    }
    return HW_OK;
}

static enum hw_status page_step(struct hw_column_reader *reader, struct hw_error *err) {
    enum hw_status status = HW_OK;
    switch (reader->state) {
    case HW_PAGE_NONE:
        return page_load(reader, err);
    case HW_PAGE_AT_HAND:
        status = page_begin(reader, err);
        if (status) {
            page_named(reader, err);
        }
        return status;
    case HW_PAGE_READY:
        reader->place.page = reader->pages.next;
        reader->place.in_page = 0;
        reader->state = HW_PAGE_NONE;
        break;
    }
    return status;
}

static void page_named(const struct hw_column_reader *reader, struct hw_error *err) {
    hw_error_prefix(err, "page %zu", reader->page.number);
    if (err && err->offset == HW_NO_POSITION) {
        err->offset = (int64_t)reader->page.at;
    }
}

static enum hw_status dictionary_load(struct hw_column_reader *reader, struct hw_error *err);

/* Reads the page at the reader's place, and a dictionary that stands before it. */
static enum hw_status page_load(struct hw_column_reader *reader, struct hw_error *err) {
    bool more = false;
    hw_page_reader_go(&reader->pages, reader->place.page);
    HW_TRY(hw_page_reader_next(&reader->pages, &reader->page, &more, err));
    if (more && reader->page.head.type == HW_PAGE_DICTIONARY) {
        enum hw_status status = dictionary_load(reader, err);
        if (status) {
            page_named(reader, err);
            return status;
        }
        HW_TRY(hw_page_reader_next(&reader->pages, &reader->page, &more, err));
    }
    if (!more) {
        return hw_fail_at(err, HW_EDATA, reader->pages.next.at,
                          "its pages end after %" PRIu64 " values, the footer says that there are %" PRIu64,
                          reader->place.in_chunk, reader->entries);
    }
    reader->place.page = (struct hw_page_place){reader->page.at, reader->page.number};
    reader->state = HW_PAGE_AT_HAND;
    return HW_OK;
}

static enum hw_status levels_begin(struct hw_column_reader *reader, hw_view *out_values, struct hw_error *err);
static enum hw_status valid_count(const struct hw_column_reader *reader, size_t *out_count, struct hw_error *err);
static enum hw_status entries_skip(struct hw_column_reader *reader, uint64_t count, struct hw_error *err);

static bool encoding_is_dictionary(int32_t encoding) {
    return encoding == HW_ENCODING_RLE_DICTIONARY || encoding == HW_ENCODING_PLAIN_DICTIONARY;
}

static struct hw_decoded_kind leaf_kind(const struct hw_read_leaf *leaf) {
    const bool boolean = leaf->physical == HW_PHYSICAL_BOOLEAN;
    return (struct hw_decoded_kind){leaf->physical, boolean ? 1 : leaf->width};
}

/* Begins with the levels and values of the page at hand, and goes to the reader's place in it. */
static enum hw_status page_begin(struct hw_column_reader *reader, struct hw_error *err) {
    const struct hw_page_head *head = &reader->page.head;
    if (head->values > reader->entries - (reader->place.in_chunk - reader->place.in_page)) {
        return hw_fail(err, HW_EDATA, "with its %" PRIu32 " values there are more than the %" PRIu64 " of the footer",
                       head->values, reader->entries);
    }
    struct hw_decoder_page values = {
        .encoding = head->encoding,
        .dictionary = reader->has_dictionary ? &reader->dictionary : NULL,
        .scratch = &reader->expanded,
    };
    reader->pending_at = reader->pending_count = 0;
    HW_TRY(levels_begin(reader, &values.bytes, err));
    HW_TRY(valid_count(reader, &values.count, err));
    const struct hw_decoded_kind kind = leaf_kind(reader->leaf);
    if (values.count > 0 || values.bytes.size > 0) {
        HW_TRY(hw_decoder_begin(&reader->decoder, &kind, &values, err));
    }
    reader->converted = encoding_is_dictionary(head->encoding);
    HW_TRY(entries_skip(reader, reader->place.in_page, err));
    reader->state = HW_PAGE_READY;
    return HW_OK;
}

/* ------ levels */

static unsigned level_width(unsigned level_max) {
    return level_max == 0 ? 0 : 32 - (unsigned)__builtin_clz(level_max);
}

/* Takes the levels off the front of a page v1, in either encoding. */
static enum hw_status levels_take(const struct hw_page_head *head, int32_t encoding, unsigned level_max,
                                  struct hw_rle_reader *levels, hw_view *page, struct hw_error *err) {
    const unsigned width = level_width(level_max);
    size_t bytes;
    if (encoding == HW_ENCODING_BIT_PACKED) {
        bytes = (size_t)(((uint64_t)head->values * width + 7) / 8);
    } else if (encoding == HW_ENCODING_RLE) {
        if (page->size < 4) {
            return hw_fail(err, HW_EDATA, "it ends before the length of its levels");
        }
        bytes = hw_load_le32(page->data);
        *page = (hw_view){page->data + 4, page->size - 4};
    } else {
        return hw_fail(err, HW_EDATA, "its levels have encoding %d, which levels cannot have", (int)encoding);
    }
    if (bytes > page->size) {
        return hw_fail(err, HW_EDATA, "its levels take %zu bytes, and it has %zu", bytes, page->size);
    }
    const hw_view view = {page->data, bytes};
    if (encoding == HW_ENCODING_BIT_PACKED) {
        hw_rle_reader_init_msb(levels, view, width);
    } else {
        hw_rle_reader_init(levels, view, width);
    }
    *page = (hw_view){page->data + bytes, page->size - bytes};
    return HW_OK;
}

static enum hw_status levels_begin(struct hw_column_reader *reader, hw_view *out_values, struct hw_error *err) {
    const struct hw_read_leaf *leaf = reader->leaf;
    const struct hw_page *page = &reader->page;
    hw_view values = page->values;
    if (page->head.type == HW_PAGE_DATA_V2) {
        hw_rle_reader_init(&reader->reps, page->reps, level_width(leaf->rep_max));
        hw_rle_reader_init(&reader->defs, page->defs, level_width(leaf->def_max));
    } else {
        if (leaf->rep_max > 0) {
            HW_TRY(levels_take(&page->head, page->head.rep_encoding, leaf->rep_max, &reader->reps, &values, err));
        }
        if (leaf->def_max > 0) {
            HW_TRY(levels_take(&page->head, page->head.def_encoding, leaf->def_max, &reader->defs, &values, err));
        }
    }
    *out_values = values;
    return HW_OK;
}

/* Counts the levels that are `level_max`, and checks that none is above it. */
static enum hw_status levels_count(const uint8_t *levels, size_t count, unsigned level_max, const char *what,
                                   size_t *out_equal, struct hw_error *err) {
    unsigned highest = 0;
    size_t equal = 0;
    for (size_t i = 0; i < count; i++) {
        highest = levels[i] > highest ? levels[i] : highest;
        equal += levels[i] == level_max;
    }
    if (highest > level_max) {
        return hw_fail(err, HW_EDATA, "it has a %s level of %u, the schema allows %u", what, highest, level_max);
    }
    *out_equal = equal;
    return HW_OK;
}

/* Finds how many of the page's entries have values, going over the levels of a copy. */
static enum hw_status valid_count(const struct hw_column_reader *reader, size_t *out_count, struct hw_error *err) {
    const unsigned level_max = reader->leaf->def_max;
    struct hw_rle_reader defs = reader->defs;
    size_t left = reader->page.head.values;
    size_t valid = 0;
    uint8_t levels[HW_COLUMN_PENDING_MAX];
    if (level_max == 0) {
        *out_count = left;
        return HW_OK;
    }
    while (left > 0) {
        uint32_t value = 0;
        size_t count = 0;
        HW_TRY(hw_rle_run_next(&defs, left, &value, &count, err));
        if (count > 0) {
            HW_TRY(hw_rle_skip(&defs, count, err));
            valid += value == level_max ? count : 0;
        } else {
            size_t equal;
            count = hw_min_size(left, HW_COLUMN_PENDING_MAX);
            HW_TRY(hw_rle_read_bytes(&defs, levels, count, err));
            HW_TRY(levels_count(levels, count, level_max, "definition", &equal, err));
            valid += equal;
        }
        left -= count;
    }
    *out_count = valid;
    return HW_OK;
}

/* Goes over entries of the page without moving the reader's place. */
static enum hw_status entries_skip(struct hw_column_reader *reader, uint64_t count, struct hw_error *err) {
    uint8_t levels[HW_COLUMN_PENDING_MAX];
    if (reader->leaf->rep_max > 0) {
        HW_TRY(hw_rle_skip(&reader->reps, (size_t)count, err));
    }
    if (reader->leaf->def_max == 0) {
        return count > 0 ? hw_decoder_skip(&reader->decoder, (size_t)count, err) : HW_OK;
    }
    while (count > 0) {
        const size_t step = (size_t)hw_clamp(count, 0, HW_COLUMN_PENDING_MAX);
        size_t valid;
        HW_TRY(hw_rle_read_bytes(&reader->defs, levels, step, err));
        HW_TRY(levels_count(levels, step, reader->leaf->def_max, "definition", &valid, err));
        HW_TRY(valid > 0 ? hw_decoder_skip(&reader->decoder, valid, err) : HW_OK);
        count -= step;
    }
    return HW_OK;
}

/* ------ rows */

/* A call of hw_column_reader_read, or of hw_column_reader_skip where `out` is NULL. */
struct request {
    struct hw_column_reader *reader;
    uint64_t rows_left;
    size_t data_bytes_max;
    struct hw_leaf_rows *out;
    bool full;
};

static enum hw_status flat_step(struct request *request, struct hw_error *err);
static enum hw_status nested_step(struct request *request, bool *out_done, struct hw_error *err);
static enum hw_status request_run(struct request *request, struct hw_error *err);

enum hw_status hw_column_reader_read(struct hw_column_reader *reader, size_t rows, size_t data_bytes_max,
                                     struct hw_leaf_rows *out, bool *out_full, struct hw_error *err) {
    struct request request = {
        .reader = reader,
        .rows_left = rows,
        /* A single row may be of any size. */
        .data_bytes_max = rows > 1 ? hw_min_size(data_bytes_max, TEXT_BYTES_MAX) : TEXT_BYTES_MAX,
        .out = out,
    };
    HW_TRY(hw_leaf_rows_clear(out, hw_leaf_width(reader->leaf), err));
    HW_TRY(request_run(&request, err));
    out->rows = rows;
    *out_full = request.full;
    return HW_OK;
}

enum hw_status hw_column_reader_skip(struct hw_column_reader *reader, uint64_t rows, struct hw_error *err) {
    struct request request = {.reader = reader, .rows_left = rows};
    return request_run(&request, err);
}

static enum hw_status request_run(struct request *request, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    bool done = request->rows_left == 0;
    while (!done && !request->full) {
        /* The end of the chunk ends the last row of a column that repeats. */
        const bool at_end = reader->place.in_chunk == reader->entries;
        if (at_end && request->rows_left > 0) {
            return hw_fail(err, HW_EDATA, "its column chunk has %" PRIu64 " rows less than the row group",
                           request->rows_left);
        }
        if (at_end) {
            break;
        }
        HW_TRY(page_need(reader, err));
        enum hw_status status;
        if (reader->leaf->rep_max > 0) {
            status = nested_step(request, &done, err);
        } else {
            status = flat_step(request, err);
            done = request->rows_left == 0;
        }
        if (status) {
            page_named(reader, err);
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status values_take(struct request *request, size_t count, struct hw_error *err);

static void entries_taken(struct hw_column_reader *reader, struct hw_leaf_rows *out, size_t count) {
    reader->place.in_page += count;
    reader->place.in_chunk += count;
    if (out) {
        out->entries += count;
    }
}

/* Takes as many entries, each of which is a row, as are left in the page or are asked for. */
static enum hw_status flat_step(struct request *request, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    struct hw_leaf_rows *out = request->out;
    const unsigned level_max = reader->leaf->def_max;
    size_t count = (size_t)(reader->page.head.values - reader->place.in_page);
    count = (size_t)hw_clamp(request->rows_left, 0, count);
    size_t valid = count;
    if (!out) {
        HW_TRY(entries_skip(reader, count, err));
    } else {
        if (level_max > 0) {
            HW_TRY(hw_buf_reserve(&out->defs, count + HW_DECODED_PADDING, err));
            uint8_t *defs = out->defs.data + out->defs.size;
            HW_TRY(hw_rle_read_bytes(&reader->defs, defs, count, err));
            HW_TRY(levels_count(defs, count, level_max, "definition", &valid, err));
            out->defs.size += count;
        }
        HW_TRY(values_take(request, valid, err));
    }
    entries_taken(reader, out, count);
    request->rows_left -= count;
    return HW_OK;
}

static enum hw_status pending_fill(struct hw_column_reader *reader, struct hw_error *err);
static size_t pending_rows(struct request *request, bool *out_done);

/* Takes entries from those whose levels were decoded, up to the row after the last one. */
static enum hw_status nested_step(struct request *request, bool *out_done, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    struct hw_leaf_rows *out = request->out;
    if (reader->pending_at == reader->pending_count) {
        HW_TRY(pending_fill(reader, err));
    }
    const uint8_t *reps = reader->pending_reps + reader->pending_at;
    const uint8_t *defs = reader->pending_defs + reader->pending_at;
    if (reader->place.in_chunk == 0 && reps[0] != 0) {
        return hw_fail(err, HW_EDATA, "the first repetition level of its column chunk is %u, not 0", reps[0]);
    }
    const size_t count = pending_rows(request, out_done);
    size_t valid = 0;
    for (size_t i = 0; i < count; i++) {
        valid += defs[i] == reader->leaf->def_max;
    }
    if (out) {
        HW_TRY(hw_buf_append(&out->reps, reps, count, err));
        HW_TRY(hw_buf_append(&out->defs, defs, count, err));
        HW_TRY(values_take(request, valid, err));
        const size_t bytes = 2 * out->entries + out->values.size + out->data.size;
        request->full = request->full || bytes > request->data_bytes_max;
    } else if (valid > 0) {
        HW_TRY(hw_decoder_skip(&reader->decoder, valid, err));
    }
    reader->pending_at += count;
    entries_taken(reader, out, count);
    return HW_OK;
}

static enum hw_status pending_fill(struct hw_column_reader *reader, struct hw_error *err) {
    const struct hw_read_leaf *leaf = reader->leaf;
    const size_t left = (size_t)(reader->page.head.values - reader->place.in_page);
    const size_t count = hw_min_size(left, HW_COLUMN_PENDING_MAX);
    size_t equal;
    HW_TRY(hw_rle_read_bytes(&reader->reps, reader->pending_reps, count, err));
    HW_TRY(levels_count(reader->pending_reps, count, leaf->rep_max, "repetition", &equal, err));
    /* What repeats can be empty, so there are definition levels too. */
    HW_TRY(hw_rle_read_bytes(&reader->defs, reader->pending_defs, count, err));
    HW_TRY(levels_count(reader->pending_defs, count, leaf->def_max, "definition", &equal, err));
    reader->pending_at = 0;
    reader->pending_count = count;
    return HW_OK;
}

/*
 * Returns how many of the pending entries belong to the rows that are asked for. The one that begins
 * a row beyond them ends the request.
 */
static size_t pending_rows(struct request *request, bool *out_done) {
    const struct hw_column_reader *reader = request->reader;
    size_t at = reader->pending_at;
    for (; at < reader->pending_count; at++) {
        if (reader->pending_reps[at] != 0) {
            continue;
        }
        if (request->rows_left == 0) {
            *out_done = true;
            break;
        }
        request->rows_left--;
    }
    return at - reader->pending_at;
}

/* ------ values */

static enum hw_status texts_take(struct request *request, size_t count, struct hw_error *err);
static enum hw_status fixed_take(struct request *request, size_t count, struct hw_error *err);
static enum hw_status converted_take(struct request *request, size_t count, struct hw_error *err);

/* Takes the next `count` values of the page. */
static enum hw_status values_take(struct request *request, size_t count, struct hw_error *err) {
    const struct hw_column_reader *reader = request->reader;
    if (count == 0) {
        return HW_OK;
    }
    if (!reader->converted && hw_leaf_converts(reader->leaf)) {
        return converted_take(request, count, err);
    }
    return request->out->width == 0 ? texts_take(request, count, err) : fixed_take(request, count, err);
}

static enum hw_status values_short(size_t count, size_t got, struct hw_error *err) {
    return hw_fail(err, HW_EDATA, "its levels tell of %zu values more than it has", count - got);
}

static enum hw_status fixed_take(struct request *request, size_t count, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    struct hw_leaf_rows *out = request->out;
    HW_TRY(hw_buf_reserve(&out->values, count * out->width + HW_DECODED_PADDING, err));
    struct hw_decoded decoded = {.values = out->values.data + out->values.size};
    HW_TRY(hw_decoder_read(&reader->decoder, count, &decoded, err));
    if (decoded.count < count) {
        return values_short(count, decoded.count, err);
    }
    if (!reader->converted) {
        HW_TRY(hw_leaf_check(reader->leaf, decoded.values, count, err));
    }
    out->values.size += count * out->width;
    out->count += count;
    return HW_OK;
}

/* Checks that each text is UTF-8 for itself: all of them together are, and none begins inside. */
static enum hw_status texts_check(const struct hw_read_leaf *leaf, const struct hw_leaf_rows *out, size_t from,
                                  size_t count, struct hw_error *err) {
    const enum hw_kind kind = leaf->field->type.kind;
    if (kind != HW_KIND_TEXT && kind != HW_KIND_LARGE_TEXT) {
        return HW_OK;
    }
    const int32_t *ends = (const int32_t *)(const void *)out->offsets.data + from + 1;
    const size_t begin = (size_t)ends[-1];
    const char *data = (const char *)out->data.data;
    size_t wrong = 0;
    bool inside = false;
    for (size_t i = 0; i < count; i++) {
        const size_t next = (size_t)ends[i];
        inside = inside || (next < out->data.size && (data[next] & 0xc0) == 0x80);
    }
    inside = inside || (begin < out->data.size && (data[begin] & 0xc0) == 0x80);
    if (inside || !hw_utf8_valid((hw_view){data + begin, out->data.size - begin}, &wrong)) {
        return hw_fail(err, HW_EDATA, "a text is not UTF-8");
    }
    return HW_OK;
}

static enum hw_status texts_take(struct request *request, size_t count, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    struct hw_leaf_rows *out = request->out;
    HW_TRY(hw_buf_reserve(&out->offsets, count * sizeof(int32_t) + HW_DECODED_PADDING, err));
    struct hw_decoded decoded = {
        .data = &out->data,
        .ends = (int32_t *)(void *)(out->offsets.data + out->offsets.size),
        .data_bytes_max = request->data_bytes_max,
    };
    HW_TRY(hw_decoder_read(&reader->decoder, count, &decoded, err));
    const size_t before = out->count;
    out->offsets.size += decoded.count * sizeof(int32_t);
    out->count += decoded.count;
    if (decoded.count < count) {
        request->full = out->data.size >= request->data_bytes_max;
        return request->full ? HW_OK : values_short(count, decoded.count, err);
    }
    return reader->converted ? HW_OK : texts_check(reader->leaf, out, before, count, err);
}

/* Takes values in portions: in the file's form first, then in that of a batch. */
static enum hw_status converted_take(struct request *request, size_t count, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    const size_t width = leaf_kind(reader->leaf).width;
    while (count > 0) {
        const size_t step = hw_min_size(count, CONVERTED_AT_ONCE);
        hw_buf_clear(&reader->raw);
        HW_TRY(hw_buf_reserve(&reader->raw, step * width + HW_DECODED_PADDING, err));
        HW_TRY(hw_buf_reserve(&reader->raw_ends, step * sizeof(int32_t) + HW_DECODED_PADDING, err));
        struct hw_decoded decoded = {
            .values = reader->raw.data,
            .data = &reader->raw,
            .ends = (int32_t *)(void *)reader->raw_ends.data,
            .data_bytes_max = TEXT_BYTES_MAX,
        };
        HW_TRY(hw_decoder_read(&reader->decoder, step, &decoded, err));
        if (decoded.count < step) {
            return values_short(step, decoded.count, err);
        }
        const struct hw_leaf_values values = {step, reader->raw.data, decoded.ends};
        HW_TRY(hw_leaf_convert(reader->leaf, &values, request->out, err));
        count -= step;
    }
    return HW_OK;
}

/* ------ dictionaries */

static enum hw_status dictionary_decode(struct hw_column_reader *reader, struct hw_leaf_rows *out,
                                        struct hw_error *err);
static enum hw_status dictionary_keep(struct hw_column_reader *reader, struct hw_leaf_rows *values,
                                      struct hw_error *err);

/* Decodes the dictionary page at hand, converts its values, and checks them, once for all uses. */
static enum hw_status dictionary_load(struct hw_column_reader *reader, struct hw_error *err) {
    const struct hw_page *page = &reader->page;
    const struct hw_decoded_kind kind = leaf_kind(reader->leaf);
    const int32_t encoding = page->head.encoding;
    if (encoding != HW_ENCODING_PLAIN && encoding != HW_ENCODING_PLAIN_DICTIONARY) {
        return hw_fail(err, HW_EDATA, "a dictionary has encoding %d, and only PLAIN is allowed", (int)encoding);
    }
    if (kind.physical == HW_PHYSICAL_BOOLEAN) {
        return hw_fail(err, HW_EDATA, "booleans have no dictionary");
    }
    const size_t least = kind.width > 0 ? kind.width : 4;
    if (page->head.values > page->values.size / least) {
        return hw_fail(err, HW_EDATA, "its %zu bytes cannot hold the %" PRIu32 " values of its header",
                       page->values.size, page->head.values);
    }
    struct hw_leaf_rows values = {0};
    enum hw_status status = dictionary_decode(reader, &values, err);
    status = status ? status : dictionary_keep(reader, &values, err);
    hw_leaf_rows_release(&values);
    return status;
}

static enum hw_status dictionary_decode(struct hw_column_reader *reader, struct hw_leaf_rows *out,
                                        struct hw_error *err) {
    const struct hw_page *page = &reader->page;
    const struct hw_decoded_kind kind = leaf_kind(reader->leaf);
    const struct hw_decoder_page plain = {
        .encoding = HW_ENCODING_PLAIN,
        .count = page->head.values,
        .bytes = page->values,
        .scratch = &reader->expanded,
    };
    struct request request = {.reader = reader, .data_bytes_max = TEXT_BYTES_MAX, .out = out};
    HW_TRY(hw_leaf_rows_clear(out, hw_leaf_width(reader->leaf), err));
    HW_TRY(hw_decoder_begin(&reader->decoder, &kind, &plain, err));
    reader->converted = false;
    return values_take(&request, page->head.values, err);
}

/* Takes over the memory of the values. */
static enum hw_status dictionary_keep(struct hw_column_reader *reader, struct hw_leaf_rows *values,
                                      struct hw_error *err) {
    struct hw_buf *data = values->width == 0 ? &values->data : &values->values;
    HW_TRY(hw_buf_reserve(data, HW_DECODED_PADDING, err));
    hw_buf_release(&reader->dictionary_values);
    hw_buf_release(&reader->dictionary_offsets);
    reader->dictionary_values = *data;
    reader->dictionary_offsets = values->offsets;
    *data = values->offsets = (struct hw_buf){0};
    reader->dictionary = (struct hw_dictionary_values){
        .count = values->count,
        .width = values->width,
        .values = reader->dictionary_values.data,
        .offsets = (const uint32_t *)(const void *)reader->dictionary_offsets.data,
    };
    reader->has_dictionary = true;
    return HW_OK;
}
