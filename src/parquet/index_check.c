/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/index_check.h"

#include "core/limits.h"
#include "parquet/stat_order.h"

/* What is read at once behind the chunks; the most bytes of one index. */
#define WINDOW_BYTES HW_MIB(1)
#define INDEX_BYTES_MAX HW_MIB(64)

void hw_index_reader_release(struct hw_index_reader *reader) {
    hw_buf_release(&reader->offsets.bytes);
    hw_buf_release(&reader->columns.bytes);
}

void hw_chunk_indexes_release(struct hw_chunk_indexes *indexes) {
    hw_offset_index_release(&indexes->offsets);
    hw_column_index_release(&indexes->columns);
}

/* ------ bytes */

/* Returns whether the bytes lie between the magic and the footer, as parquet/file_check.h told. */
static bool is_within(const struct hw_check_report *report, int64_t at, int64_t bytes) {
    const uint64_t end = report->file.tail.footer_at;
    return at >= HW_PARQUET_MAGIC_BYTES && bytes > 0 && (uint64_t)at <= end && (uint64_t)bytes <= end - (uint64_t)at;
}

static enum hw_status window_read(const struct hw_index_reader *reader, struct hw_index_window *window, uint64_t at,
                                  size_t bytes) {
    struct hw_check_report *report = reader->report;
    struct hw_source *source = report->file.source;
    const uint64_t left = report->file.tail.footer_at - at;
    const size_t ahead = at >= reader->chunks_end ? WINDOW_BYTES : bytes;
    const size_t size = (size_t)hw_clamp(hw_max_size(ahead, bytes), bytes, left);
    HW_TRY(hw_buf_resize(&window->bytes, size, report->err));
    window->at = at;
    return source->ops->read_at(source, at, window->bytes.data, size, report->err);
}

/* Reads an index, unless it came with the end of the file or with the one before it. */
static enum hw_status index_bytes(struct hw_index_reader *reader, struct hw_index_window *window, uint64_t at,
                                  size_t bytes, hw_view *out_bytes) {
    const struct hw_parquet_tail *tail = &reader->report->file.tail;
    if (at >= tail->at) {
        *out_bytes = (hw_view){(const char *)tail->bytes.data + (at - tail->at), bytes};
        return HW_OK;
    }
    if (at < window->at || at + bytes > window->at + window->bytes.size) {
        HW_TRY(window_read(reader, window, at, bytes));
    }
    *out_bytes = (hw_view){(const char *)window->bytes.data + (at - window->at), bytes};
    return HW_OK;
}

/* ------ reading */

typedef enum hw_status index_parse(struct hw_chunk_indexes *indexes, hw_view bytes, uint64_t at, struct hw_error *err);

static enum hw_status offsets_parse(struct hw_chunk_indexes *indexes, hw_view bytes, uint64_t at,
                                    struct hw_error *err) {
    return hw_offset_index_parse(&indexes->offsets, bytes, at, err);
}

static enum hw_status columns_parse(struct hw_chunk_indexes *indexes, hw_view bytes, uint64_t at,
                                    struct hw_error *err) {
    return hw_column_index_parse(&indexes->columns, bytes, at, err);
}

/* The place of an index, and what reads it. */
struct index_place {
    int64_t at;
    int64_t bytes;
    const char *code;
    index_parse *parse;
    struct hw_index_window *window;
    bool *out_there;
};

static enum hw_status index_read(struct hw_index_reader *reader, const struct index_place *place,
                                 struct hw_chunk_indexes *indexes) {
    struct hw_check_report *report = reader->report;
    struct hw_error fault = HW_ERROR_INIT;
    hw_view bytes;
    if (!is_within(report, place->at, place->bytes)) {
        return HW_OK;
    }
    if ((uint64_t)place->bytes > INDEX_BYTES_MAX) {
        hw_error_set_at(&fault, HW_ELIMIT, place->at, "an index has %" PRId64 " bytes, %" PRIu64 " are the limit",
                        place->bytes, (uint64_t)INDEX_BYTES_MAX);
        hw_check_unread(report, HW_ELIMIT, &fault);
        return HW_OK;
    }
    HW_TRY(index_bytes(reader, place->window, (uint64_t)place->at, (size_t)place->bytes, &bytes));
    const enum hw_status status = place->parse(indexes, bytes, (uint64_t)place->at, &fault);
    *place->out_there = status == HW_OK;
    if (hw_check_is_finding(status)) {
        return hw_check_tell_error(report, place->code, &fault);
    }
    return status ? hw_error_pass(report->err, status, &fault) : HW_OK;
}

enum hw_status hw_chunk_indexes_read(struct hw_index_reader *reader, const struct hw_parquet_chunk *chunk,
                                     struct hw_chunk_indexes *indexes) {
    const struct index_place places[] = {
        {chunk->offset_index_offset, chunk->offset_index_bytes, "index.offset", offsets_parse, &reader->offsets,
         &indexes->has_offsets},
        {chunk->column_index_offset, chunk->column_index_bytes, "index.column", columns_parse, &reader->columns,
         &indexes->has_columns},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        HW_TRY(index_read(reader, &places[i], indexes));
    }
    return HW_OK;
}

/* ------ comparing */

static enum hw_status offsets_check(const struct hw_offset_index *index, const struct hw_chunk_walk *walk);
static enum hw_status columns_check(const struct hw_column_index *index, const struct hw_chunk_walk *walk);

enum hw_status hw_chunk_indexes_check(const struct hw_chunk_indexes *indexes, const struct hw_chunk_walk *walk) {
    if (indexes->has_offsets && !walk->cut) {
        HW_TRY(offsets_check(&indexes->offsets, walk));
    }
    return indexes->has_columns && !walk->cut ? columns_check(&indexes->columns, walk) : HW_OK;
}

static enum hw_status count_check(const struct hw_chunk_walk *walk, const char *code, const char *what, size_t count,
                                  bool *out_same) {
    size_t found;
    hw_chunk_walk_found(walk, &found);
    *out_same = count == found;
    if (*out_same || walk->damaged) {
        return HW_OK;
    }
    return hw_check_tell(walk->report, HW_SEVERITY_ERROR, code, -1, "the %s has %zu pages, the column chunk %zu", what,
                         count, found);
}

static enum hw_status offsets_check(const struct hw_offset_index *index, const struct hw_chunk_walk *walk) {
    bool same;
    size_t count;
    HW_TRY(count_check(walk, "index.offset", "offset index", index->pages_count, &same));
    const struct hw_page_found *found = hw_chunk_walk_found(walk, &count);
    bool rows_known = true;
    for (size_t i = 0; same && i < count; i++) {
        const struct hw_page_location *told = &index->pages[i];
        const struct hw_page_found *page = &found[i];
        walk->report->page = (int64_t)page->number;
        if (told->offset != (int64_t)page->at || told->bytes < 0 || (uint64_t)told->bytes != page->bytes) {
            HW_TRY(hw_check_tell(walk->report, HW_SEVERITY_ERROR, "index.offset", (int64_t)page->at,
                                 "the offset index has it at byte %" PRId64 " with %" PRId32
                                 " bytes, but it has %" PRIu64,
                                 told->offset, told->bytes, page->bytes));
        }
        if (rows_known && told->first_row != (int64_t)page->first_row) {
            HW_TRY(hw_check_tell(walk->report, HW_SEVERITY_ERROR, "index.offset", (int64_t)page->at,
                                 "the offset index says that it begins with row %" PRId64 ", but that is row %" PRIu64,
                                 told->first_row, page->first_row));
        }
        rows_known = rows_known && page->good;
    }
    walk->report->page = -1;
    return HW_OK;
}

/* ------ column index */

static enum hw_status nulls_check(const struct hw_column_index *index, size_t i, const struct hw_chunk_walk *walk,
                                  const struct hw_page_found *page);
static enum hw_status order_check(const struct hw_column_index *index, const struct hw_chunk_walk *walk);

static enum hw_status columns_check(const struct hw_column_index *index, const struct hw_chunk_walk *walk) {
    bool same;
    size_t count;
    HW_TRY(count_check(walk, "index.column", "column index", index->pages_count, &same));
    const struct hw_page_found *found = hw_chunk_walk_found(walk, &count);
    for (size_t i = 0; same && i < count; i++) {
        walk->report->page = (int64_t)found[i].number;
        HW_TRY(found[i].good ? nulls_check(index, i, walk, &found[i]) : HW_OK);
    }
    walk->report->page = -1;
    return order_check(index, walk);
}

/* Empty lists are nulls for some writers only. */
static enum hw_status nulls_check(const struct hw_column_index *index, size_t i, const struct hw_chunk_walk *walk,
                                  const struct hw_page_found *page) {
    struct hw_check_report *report = walk->report;
    const int64_t nulls = (int64_t)(page->entries - page->values);
    if (index->null_pages[i] != (page->values == 0)) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "index.column", (int64_t)page->at,
                             "the column index says that it has %s, but it has %" PRIu64 " values",
                             index->null_pages[i] ? "nulls only" : "values", page->values));
    }
    if (!index->nulls) {
        return HW_OK;
    }
    const int64_t told = index->nulls[i];
    if (told < 0 || told > nulls || (walk->leaf->rep_max == 0 && told != nulls)) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "index.column", (int64_t)page->at,
                             "the column index says that it has %" PRId64 " nulls, but it has %" PRId64, told, nulls);
    }
    return HW_OK;
}

/* Returns whether bounds of one page and of the next one contradict an order. */
static bool order_is_broken(const struct hw_column_index *index, const struct hw_read_leaf *leaf, size_t before,
                            size_t next) {
    const int sign = index->order == HW_BOUNDARY_ASCENDING ? 1 : -1;
    const hw_view pairs[][2] = {{index->mins[before], index->mins[next]}, {index->maxs[before], index->maxs[next]}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        int order;
        if (hw_stat_order(leaf, pairs[i][0], pairs[i][1], &order) && order * sign > 0) {
            return true;
        }
    }
    return false;
}

static enum hw_status bounds_check(const struct hw_column_index *index, const struct hw_chunk_walk *walk, size_t i,
                                   bool *out_fit) {
    const struct hw_read_leaf *leaf = walk->leaf;
    int order = 0;
    *out_fit = hw_stat_fits(leaf, index->mins[i]) && hw_stat_fits(leaf, index->maxs[i]);
    if (!*out_fit) {
        return hw_check_tell(walk->report, HW_SEVERITY_ERROR, "index.column", -1,
                             "the column index has bounds of %zu and %zu bytes for its page %zu, which no value of the "
                             "column has",
                             index->mins[i].size, index->maxs[i].size, i);
    }
    if (hw_stat_order(leaf, index->mins[i], index->maxs[i], &order) && order > 0) {
        return hw_check_tell(walk->report, HW_SEVERITY_ERROR, "index.column", -1,
                             "the column index has a minimum above the maximum for its page %zu", i);
    }
    return HW_OK;
}

static enum hw_status order_check(const struct hw_column_index *index, const struct hw_chunk_walk *walk) {
    const bool ordered = index->order == HW_BOUNDARY_ASCENDING || index->order == HW_BOUNDARY_DESCENDING;
    size_t before = SIZE_MAX;
    if (index->order < 0 || index->order >= HW_BOUNDARY_COUNT) {
        HW_TRY(hw_check_tell(walk->report, HW_SEVERITY_ERROR, "index.column", -1,
                             "the column index has an order of bounds that is not known, %" PRId32, index->order));
    }
    for (size_t i = 0; i < index->pages_count; i++) {
        bool fit = true;
        if (index->null_pages[i]) {
            continue;
        }
        HW_TRY(bounds_check(index, walk, i, &fit));
        if (fit && ordered && before != SIZE_MAX && order_is_broken(index, walk->leaf, before, i)) {
            return hw_check_tell(walk->report, HW_SEVERITY_ERROR, "index.column", -1,
                                 "the column index says that bounds of pages are in %s order, those of its pages %zu "
                                 "and %zu are not",
                                 index->order == HW_BOUNDARY_ASCENDING ? "ascending" : "descending", before, i);
        }
        before = fit ? i : before;
    }
    return HW_OK;
}

/* ------ bloom filters */

enum hw_status hw_bloom_head_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                   struct hw_bloom_head *out_head, bool *out_there) {
    const struct hw_parquet_tail *tail = &report->file.tail;
    struct hw_source *source = report->file.source;
    struct hw_error fault = HW_ERROR_INIT;
    char bytes[HW_BLOOM_HEAD_BYTES_MAX];
    const int64_t at = chunk->bloom_offset;
    *out_there = false;
    if (!is_within(report, at, 1)) {
        return HW_OK;
    }
    const uint64_t left = tail->footer_at - (uint64_t)at;
    const hw_view view = {bytes, (size_t)hw_clamp(left, 0, sizeof(bytes))};
    HW_TRY(source->ops->read_at(source, (uint64_t)at, bytes, view.size, report->err));
    enum hw_status status = hw_bloom_head_read(view, (uint64_t)at, out_head, &fault);
    if (status == HW_OK && out_head->header_bytes + (uint64_t)out_head->bytes > left) {
        status =
            hw_fail_at(&fault, HW_EDATA, at, "it has %" PRIu32 " bytes, and the footer begins %" PRIu64 " behind it",
                       out_head->bytes, left);
    } else if (status == HW_OK && chunk->bloom_bytes > 0 &&
               (uint64_t)chunk->bloom_bytes != out_head->header_bytes + (uint64_t)out_head->bytes) {
        status = hw_fail_at(&fault, HW_EDATA, at, "it has %zu bytes with its header, the footer says %" PRId64,
                            out_head->header_bytes + out_head->bytes, chunk->bloom_bytes);
    }
    *out_there = status == HW_OK;
    if (hw_check_is_finding(status)) {
        return hw_check_tell_error(report, "bloom.header", &fault);
    }
    if (status == HW_EUNSUPPORTED || status == HW_ELIMIT) {
        hw_check_unread(report, status, &fault);
        return HW_OK;
    }
    return status ? hw_error_pass(report->err, status, &fault) : HW_OK;
}
