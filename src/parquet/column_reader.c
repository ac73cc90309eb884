/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/column_reader.h"

#include "core/alloc.h"
#include "parquet/leaf_convert.h"

void hw_column_reader_init(struct hw_column_reader *reader, const struct hw_column_chunk *chunk) {
    *reader = (struct hw_column_reader){.leaf = chunk->leaf, .entries = chunk->entries};
    reader->pages.chunk = chunk->pages;
    reader->place.page.at = chunk->pages.range.start;
    reader->values.leaf = chunk->leaf;
    reader->values.page_bytes_max = chunk->pages.page_bytes_max;
}

void hw_column_reader_release(struct hw_column_reader *reader) {
    hw_free(reader->pending);
    reader->pending = NULL;
    hw_page_reader_release(&reader->pages);
    hw_value_reader_release(&reader->values);
    hw_column_dictionary_release(&reader->dictionary);
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
    hw_free(reader->pending);
    reader->pending = NULL;
    hw_page_reader_release(&reader->pages);
    hw_value_reader_release(&reader->values);
    if (reader->dictionary_state == HW_DICTIONARY_LOADED) {
        hw_column_dictionary_release(&reader->dictionary);
        reader->dictionary_state = HW_DICTIONARY_UNKNOWN;
    }
}

size_t hw_column_reader_held(const struct hw_column_reader *reader) {
    return (reader->pending ? sizeof(*reader->pending) : 0) + reader->pages.plain.capacity +
           hw_value_reader_held(&reader->values) + hw_column_dictionary_held(&reader->dictionary);
}

enum hw_status hw_column_reader_end(const struct hw_column_reader *reader, struct hw_error *err) {
    if (reader->place.in_chunk != reader->entries) {
        return hw_fail(err, HW_EDATA,
                       "its rows have %" PRIu64 " values, the footer says that the column chunk has %" PRIu64,
                       reader->place.in_chunk, reader->entries);
    }
    return HW_OK;
}

enum hw_status hw_column_chunk_named(const struct hw_read_leaf *leaf, size_t group, enum hw_status status,
                                     struct hw_error *err) {
    char path[HW_QUOTE_BYTES];
    if (status && err) {
        const char *join = strncmp(err->message, "page ", strlen("page ")) == 0 ? ", " : ": ";
        hw_error_join(err, join, "row group %zu, column %s", group, hw_read_leaf_path(leaf, path, sizeof(path)));
    }
    return status;
}

/* ------ pages */

static enum hw_status page_step(struct hw_column_reader *reader, struct hw_error *err);
static enum hw_status page_load(struct hw_column_reader *reader, struct hw_error *err);
static enum hw_status page_begin(struct hw_column_reader *reader, struct hw_error *err);

/* Makes the page ready that has the next entry; there is one. A page may have no entries. */
static enum hw_status page_need(struct hw_column_reader *reader, struct hw_error *err) {
    while (reader->state != HW_PAGE_READY || reader->place.in_page == reader->page.head.values) {
        HW_TRY(page_step(reader, err));
    }
    return HW_OK;
}

/* Adds the page at hand to an error. */
static enum hw_status page_named(const struct hw_column_reader *reader, enum hw_status status, struct hw_error *err) {
    if (status) {
        hw_page_name(&reader->page, err);
    }
    return status;
}

static enum hw_status page_step(struct hw_column_reader *reader, struct hw_error *err) {
    switch (reader->state) {
    case HW_PAGE_NONE:
        return page_load(reader, err);
    case HW_PAGE_AT_HAND:
        return page_named(reader, page_begin(reader, err), err);
    case HW_PAGE_READY:
        reader->place.page = reader->pages.next;
        reader->place.in_page = 0;
        reader->state = HW_PAGE_NONE;
        break;
    }
    return HW_OK;
}

static enum hw_status dictionary_load(struct hw_column_reader *reader, struct hw_error *err) {
    const enum hw_status status = hw_column_dictionary_load(&reader->dictionary, &reader->page, &reader->values, err);
    reader->dictionary_state = status ? HW_DICTIONARY_UNKNOWN : HW_DICTIONARY_LOADED;
    return page_named(reader, status, err);
}

static enum hw_status page_read(struct hw_column_reader *reader, struct hw_page_place place, bool *out_more,
                                struct hw_error *err);

/* Reads the page at the reader's place, and before it the dictionary, which is the first page. */
static enum hw_status page_load(struct hw_column_reader *reader, struct hw_error *err) {
    bool more = false;
    if (reader->dictionary_state == HW_DICTIONARY_UNKNOWN && reader->place.page.number > 0) {
        const struct hw_page_place first = {.at = reader->pages.chunk.range.start};
        HW_TRY(page_read(reader, first, &more, err));
    }
    HW_TRY(page_read(reader, reader->place.page, &more, err));
    if (more && reader->page.head.type == HW_PAGE_DICTIONARY) {
        HW_TRY(page_read(reader, reader->pages.next, &more, err));
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

/* Reads a page, and takes it as the dictionary where it is one and there is none yet. */
static enum hw_status page_read(struct hw_column_reader *reader, struct hw_page_place place, bool *out_more,
                                struct hw_error *err) {
    hw_page_reader_go(&reader->pages, place);
    HW_TRY(hw_page_reader_next(&reader->pages, &reader->page, out_more, err));
    if (!*out_more || reader->dictionary_state != HW_DICTIONARY_UNKNOWN) {
        return HW_OK;
    }
    if (reader->page.head.type == HW_PAGE_DICTIONARY) {
        return dictionary_load(reader, err);
    }
    reader->dictionary_state = HW_DICTIONARY_NONE;
    return HW_OK;
}

static enum hw_status entries_skip(struct hw_column_reader *reader, uint64_t count, struct hw_error *err);

/* Begins with the levels and values of the page at hand, and goes to the reader's place in it. */
static enum hw_status page_begin(struct hw_column_reader *reader, struct hw_error *err) {
    const struct hw_page_head *head = &reader->page.head;
    const unsigned level_max = reader->leaf->def_max;
    const bool loaded = reader->dictionary_state == HW_DICTIONARY_LOADED;
    if (head->values > reader->entries - (reader->place.in_chunk - reader->place.in_page)) {
        return hw_fail(err, HW_EDATA, "with its %" PRIu32 " values there are more than the %" PRIu64 " of the footer",
                       head->values, reader->entries);
    }
    hw_view values;
    size_t valid = head->values;
    HW_TRY(hw_page_levels_begin(&reader->levels, reader->leaf, &reader->page, &values, err));
    if (level_max > 0) {
        struct hw_rle_reader ahead = reader->levels.defs;
        HW_TRY(hw_levels_skip(&ahead, head->values, level_max, &valid, err));
    }
    reader->full_levels = valid == head->values;
    HW_TRY(hw_value_reader_begin(&reader->values, head->encoding, valid, values,
                                 loaded ? &reader->dictionary.values : NULL, err));
    reader->pending_at = reader->pending_count = 0;
    HW_TRY(entries_skip(reader, reader->place.in_page, err));
    reader->state = HW_PAGE_READY;
    return HW_OK;
}

/* Goes over entries of the page without moving the reader's place. */
static enum hw_status entries_skip(struct hw_column_reader *reader, uint64_t count, struct hw_error *err) {
    const struct hw_read_leaf *leaf = reader->leaf;
    size_t valid = (size_t)count;
    if (leaf->rep_max > 0) {
        HW_TRY(hw_rle_skip(&reader->levels.reps, (size_t)count, err));
    }
    if (leaf->rep_max > 0 || !reader->full_levels) {
        HW_TRY(hw_levels_skip(&reader->levels.defs, (size_t)count, leaf->def_max, &valid, err));
    }
    return hw_value_reader_skip(&reader->values, valid, err);
}

/* ------ rows */

/* A call of hw_column_reader_read, or of hw_column_reader_skip where `out` is NULL. */
struct request {
    struct hw_column_reader *reader;
    uint64_t rows_left;
    size_t bytes_max;
    struct hw_leaf_rows *out;
    bool full;
};

static enum hw_status flat_step(struct request *request, struct hw_error *err);
static enum hw_status pages_pass(struct request *request, struct hw_error *err);
static enum hw_status nested_step(struct request *request, bool *out_done, struct hw_error *err);
static enum hw_status request_run(struct request *request, struct hw_error *err);

enum hw_status hw_column_reader_read(struct hw_column_reader *reader, size_t rows, size_t bytes_max,
                                     struct hw_leaf_rows *out, bool *out_full, struct hw_error *err) {
    struct request request = {
        .reader = reader,
        .rows_left = rows,
        .bytes_max = bytes_max,
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
    const bool passes = !request->out && reader->leaf->rep_max == 0;
    bool done = request->rows_left == 0;
    while (!done && !request->full) {
        HW_TRY(passes ? pages_pass(request, err) : HW_OK);
        if (passes && request->rows_left == 0) {
            break;
        }
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
        HW_TRY(page_named(reader, status, err));
    }
    return HW_OK;
}

/* Goes over the page at the reader's place where all of its entries, each a row, are left out. */
static enum hw_status page_pass(struct request *request, bool *out_passed, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    struct hw_page_head head;
    hw_page_reader_go(&reader->pages, reader->place.page);
    HW_TRY(hw_page_reader_pass(&reader->pages, request->rows_left, &head, out_passed, err));
    if (!*out_passed) {
        return HW_OK;
    }
    const uint32_t values = hw_page_values(&head);
    if (values > reader->entries - reader->place.in_chunk) {
        return hw_fail_at(err, HW_EDATA, reader->place.page.at,
                          "page %zu: with its %" PRIu32 " values there are more than the %" PRIu64 " of the footer",
                          reader->place.page.number, values, reader->entries);
    }
    if (reader->dictionary_state == HW_DICTIONARY_UNKNOWN && head.type != HW_PAGE_DICTIONARY &&
        reader->place.page.number == 0) {
        reader->dictionary_state = HW_DICTIONARY_NONE;
    }
    reader->place.page = reader->pages.next;
    reader->place.in_chunk += values;
    request->rows_left -= values;
    return HW_OK;
}

/* A dictionary is read once a page needs it. What is begun of a page is left to its rows. */
static enum hw_status pages_pass(struct request *request, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    bool passed = true;
    if (reader->state == HW_PAGE_READY && reader->place.in_page == reader->page.head.values) {
        HW_TRY(page_step(reader, err));
    }
    while (passed && request->rows_left > 0 && reader->state == HW_PAGE_NONE && reader->place.in_page == 0) {
        HW_TRY(page_pass(request, &passed, err));
    }
    return HW_OK;
}

static enum hw_status values_take(struct request *request, size_t count, struct hw_error *err) {
    return hw_value_reader_take(&request->reader->values, count, request->bytes_max, request->out, &request->full, err);
}

static void entries_taken(struct hw_column_reader *reader, struct hw_leaf_rows *out, size_t count) {
    reader->place.in_page += count;
    reader->place.in_chunk += count;
    if (out) {
        out->entries += count;
    }
}

/*
 * Appends the definition levels of entries, each of which is a row, and counts those with a value.
 */
static enum hw_status flat_levels_take(struct hw_column_reader *reader, struct hw_leaf_rows *out, size_t count,
                                       size_t *out_valid, struct hw_error *err) {
    const unsigned level_max = reader->leaf->def_max;
    *out_valid = count;
    if (reader->full_levels && out->defs.size == 0) {
        return HW_OK;
    }
    /* The levels before the first that is lower were left out. */
    const size_t full = out->entries - out->defs.size + (reader->full_levels ? count : 0);
    HW_TRY(hw_buf_reserve(&out->defs, full + count + HW_DECODED_PADDING, err));
    memset(out->defs.data + out->defs.size, (int)level_max, full);
    out->defs.size += full;
    if (reader->full_levels) {
        return HW_OK;
    }
    uint8_t *defs = out->defs.data + out->defs.size;
    HW_TRY(hw_rle_read_bytes(&reader->levels.defs, defs, count, err));
    out->defs.size += count;
    return hw_levels_count(defs, count, level_max, "definition", out_valid, err);
}

/* Takes as many entries, each of which is a row, as are left in the page or are asked for. */
static enum hw_status flat_step(struct request *request, struct hw_error *err) {
    struct hw_column_reader *reader = request->reader;
    struct hw_leaf_rows *out = request->out;
    size_t count = (size_t)(reader->page.head.values - reader->place.in_page);
    count = (size_t)hw_clamp(request->rows_left, 0, count);
    if (!out) {
        HW_TRY(entries_skip(reader, count, err));
    } else {
        size_t valid;
        HW_TRY(flat_levels_take(reader, out, count, &valid, err));
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
    const uint8_t *reps = reader->pending->reps + reader->pending_at;
    const uint8_t *defs = reader->pending->defs + reader->pending_at;
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
        request->full = request->full || bytes > request->bytes_max;
    } else {
        HW_TRY(hw_value_reader_skip(&reader->values, valid, err));
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
    reader->pending = reader->pending ? reader->pending : hw_alloc(sizeof(*reader->pending));
    if (!reader->pending) {
        return hw_fail_nomem(err, sizeof(*reader->pending));
    }
    HW_TRY(hw_rle_read_bytes(&reader->levels.reps, reader->pending->reps, count, err));
    HW_TRY(hw_levels_count(reader->pending->reps, count, leaf->rep_max, "repetition", &equal, err));
    /* What repeats can be empty, so there are definition levels too. */
    HW_TRY(hw_rle_read_bytes(&reader->levels.defs, reader->pending->defs, count, err));
    HW_TRY(hw_levels_count(reader->pending->defs, count, leaf->def_max, "definition", &equal, err));
    reader->pending_at = 0;
    reader->pending_count = count;
    return HW_OK;
}

/*
 * Returns how many of the pending entries belong to the rows that are asked for. The one that
 * begins a row beyond them ends the request.
 */
static size_t pending_rows(struct request *request, bool *out_done) {
    const struct hw_column_reader *reader = request->reader;
    size_t at = reader->pending_at;
    for (; at < reader->pending_count; at++) {
        if (reader->pending->reps[at] != 0) {
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
