/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspect_pages.h"

#include "parquet/chunk_locate.h"
#include "parquet/fact_name.h"
#include "parquet/page_index_read.h"
#include "parquet/page_read.h"

/* So many bytes are read at once where a header is looked for; most headers have less than 100. */
#define WINDOW_BYTES HW_KIB(64)

/* The bytes of a chunk, of which a window is in memory. */
struct walk {
    struct hw_inspection *inspection;
    uint64_t at;
    uint64_t end;
    struct hw_buf window;
    uint64_t window_at;
    /* The values of the data pages so far. */
    uint64_t entries;
    /* Rows before the page; HW_INSPECT_ABSENT once a page has not told its own. */
    int64_t first_row;
    /* The pages found, each a struct hw_inspect_page. */
    struct hw_buf pages;
};

static enum hw_status page_next(struct walk *walk, const struct hw_read_leaf *leaf);
static enum hw_status head_at(struct walk *walk, struct hw_page_head *out_head);
static enum hw_status window_fill(struct walk *walk, size_t bytes);
static enum hw_status page_add(struct walk *walk, const struct hw_read_leaf *leaf, const struct hw_page_head *head);

enum hw_status hw_inspect_pages(struct hw_inspection *inspection, const struct hw_parquet_group *group,
                                const struct hw_read_leaf *leaf, struct hw_inspect_chunk *out) {
    const struct hw_read_file *file = &inspection->file;
    struct hw_located_chunk facts;
    struct hw_inspect_page *pages;
    if (out->encrypted) {
        return HW_OK;
    }
    HW_TRY(hw_chunk_locate(&file->meta, group, leaf, file->tail.footer_at, &facts, inspection->err));
    HW_TRY(hw_inspection_claim(inspection, (uint64_t)group->chunks[leaf->column].compressed));
    const uint64_t told_end = facts.range.start + (uint64_t)group->chunks[leaf->column].compressed;
    struct walk walk = {.inspection = inspection, .at = facts.range.start, .end = facts.range.end};
    enum hw_status status = HW_OK;
    while (status == HW_OK && (walk.at < told_end || (walk.entries < facts.entries && walk.at < walk.end))) {
        status = page_next(&walk, leaf);
    }
    status = status ? status : hw_inspection_array(inspection, 1, walk.pages.size, &pages);
    if (status == HW_OK) {
        memcpy(pages, hw_buf_view(&walk.pages).data, walk.pages.size);
        out->pages = pages;
        out->pages_count = walk.pages.size / sizeof(*pages);
    }
    hw_buf_release(&walk.window);
    hw_buf_release(&walk.pages);
    return status;
}

static enum hw_status page_next(struct walk *walk, const struct hw_read_leaf *leaf) {
    struct hw_error *err = walk->inspection->err;
    struct hw_page_head head;
    enum hw_status status = head_at(walk, &head);
    if (status == HW_OK && head.compressed > walk->end - walk->at - head.header_bytes) {
        status = hw_fail_at(err, HW_EDATA, walk->at, "it is to have %" PRIu32 " bytes, but its chunk has only %" PRIu64,
                            head.compressed, walk->end - walk->at - head.header_bytes);
    }
    status = status ? status : page_add(walk, leaf, &head);
    if (status) {
        hw_error_prefix(err, "page %zu", walk->pages.size / sizeof(struct hw_inspect_page));
        walk->inspection->in_page = true;
        return status;
    }
    walk->at += head.header_bytes + head.compressed;
    return HW_OK;
}

/* Reads the header where the walk is: of what is in memory, or else of so much as it needs. */
static enum hw_status head_at(struct walk *walk, struct hw_page_head *out_head) {
    size_t bytes = WINDOW_BYTES;
    bool more = true;
    bool whole = false;
    bool filled =
        walk->window.size > 0 && walk->at >= walk->window_at && walk->at < walk->window_at + walk->window.size;
    while (more) {
        if (!filled) {
            HW_TRY(window_fill(walk, bytes));
            whole = walk->window_at + walk->window.size == walk->end;
            bytes *= 4;
        }
        const size_t skipped = (size_t)(walk->at - walk->window_at);
        const hw_view view = {(const char *)walk->window.data + skipped, walk->window.size - skipped};
        HW_TRY(hw_page_head_read(view, walk->at, out_head, &more, walk->inspection->err));
        if (more && filled) {
            whole = walk->window_at + walk->window.size == walk->end;
        }
        if (more && whole) {
            return hw_fail_at(walk->inspection->err, HW_EDATA, walk->at,
                              "its header goes on behind the end of the chunk");
        }
        filled = false;
    }
    return HW_OK;
}

static enum hw_status window_fill(struct walk *walk, size_t bytes) {
    struct hw_source *source = walk->inspection->file.source;
    const size_t wanted = (size_t)hw_clamp(walk->end - walk->at, 0, bytes);
    HW_TRY(hw_buf_resize(&walk->window, wanted, walk->inspection->err));
    walk->window_at = walk->at;
    return source->ops->read_at(source, walk->at, walk->window.data, wanted, walk->inspection->err);
}

/* Pages of version 2 tell their rows, and without nesting each value is a row. */
static int64_t page_rows(const struct hw_read_leaf *leaf, const struct hw_page_head *head) {
    if (head->type == HW_PAGE_DATA_V2) {
        return head->rows;
    }
    return head->type == HW_PAGE_DATA && leaf->rep_max == 0 ? (int64_t)head->values : HW_INSPECT_ABSENT;
}

static enum hw_status page_add(struct walk *walk, const struct hw_read_leaf *leaf, const struct hw_page_head *head) {
    static const char *const kinds[HW_PAGE_TYPE_COUNT] = {
        [HW_PAGE_DATA] = "data_v1",
        [HW_PAGE_INDEX] = "index",
        [HW_PAGE_DICTIONARY] = "dictionary",
        [HW_PAGE_DATA_V2] = "data_v2",
    };
    const bool is_data = head->type == HW_PAGE_DATA || head->type == HW_PAGE_DATA_V2;
    struct hw_inspect_page page = {
        .kind = kinds[head->type],
        .offset = (int64_t)walk->at,
        .header = (int64_t)head->header_bytes,
        .compressed = head->compressed,
        .uncompressed = head->uncompressed,
        .values = head->type == HW_PAGE_INDEX ? HW_INSPECT_ABSENT : (int64_t)head->values,
        .rows = page_rows(leaf, head),
        .nulls = head->type == HW_PAGE_DATA_V2 ? (int64_t)head->nulls : head->statistics.nulls,
        .has_crc = head->has_crc,
        .first_row = is_data ? walk->first_row : HW_INSPECT_ABSENT,
    };
    if (head->type != HW_PAGE_INDEX) {
        HW_TRY(hw_inspection_name(walk->inspection, hw_encoding_name(head->encoding), "encoding", head->encoding,
                                  &page.encoding));
    }
    if (is_data) {
        const bool known = walk->first_row >= 0 && page.rows >= 0;
        walk->entries += head->values;
        walk->first_row = known ? walk->first_row + page.rows : HW_INSPECT_ABSENT;
    }
    return hw_buf_append(&walk->pages, &page, sizeof(page), walk->inspection->err);
}

/* ------ indexes */

static enum hw_status index_bytes(struct hw_inspection *inspection, int64_t at, int64_t bytes, const char *what,
                                  hw_view *out_bytes);
static enum hw_status places_add(struct hw_inspection *inspection, const struct hw_offset_index *index,
                                 struct hw_inspect_indexed **pages, struct hw_inspect_chunk *out);
static enum hw_status bounds_add(struct hw_inspection *inspection, const struct hw_column_index *index,
                                 const struct hw_read_leaf *leaf, struct hw_inspect_indexed **pages,
                                 struct hw_inspect_chunk *out);

enum hw_status hw_inspect_index(struct hw_inspection *inspection, const struct hw_parquet_chunk *chunk,
                                const struct hw_read_leaf *leaf, struct hw_inspect_chunk *out) {
    HW_AUTO(hw_offset_index) offsets = {0};
    HW_AUTO(hw_column_index) columns = {0};
    struct hw_inspect_indexed *pages = NULL;
    hw_view bytes;
    if (chunk->encrypted) {
        return HW_OK;
    }
    if (chunk->offset_index_offset >= 0) {
        HW_TRY(
            index_bytes(inspection, chunk->offset_index_offset, chunk->offset_index_bytes, "the offset index", &bytes));
        HW_TRY(hw_offset_index_parse(&offsets, bytes, (uint64_t)chunk->offset_index_offset, inspection->err));
        HW_TRY(places_add(inspection, &offsets, &pages, out));
    }
    if (chunk->column_index_offset >= 0) {
        HW_TRY(
            index_bytes(inspection, chunk->column_index_offset, chunk->column_index_bytes, "the column index", &bytes));
        HW_TRY(hw_column_index_parse(&columns, bytes, (uint64_t)chunk->column_index_offset, inspection->err));
        HW_TRY(bounds_add(inspection, &columns, leaf, &pages, out));
    }
    out->indexed = pages;
    return HW_OK;
}

/* Reads an index, whose bytes count among those of the inspection. */
static enum hw_status index_bytes(struct hw_inspection *inspection, int64_t at, int64_t bytes, const char *what,
                                  hw_view *out_bytes) {
    HW_TRY(hw_read_file_bytes(&inspection->file, at, bytes, what, &inspection->arena, out_bytes, inspection->err));
    return hw_inspection_claim(inspection, (uint64_t)bytes);
}

/* Makes an element for each page, or checks that there are as many. */
static enum hw_status pages_make(struct hw_inspection *inspection, size_t count, struct hw_inspect_indexed **pages,
                                 struct hw_inspect_chunk *out) {
    if (*pages) {
        return count == out->indexed_count
                   ? HW_OK
                   : hw_fail(inspection->err, HW_EDATA, "the offset index has %zu pages, the column index %zu",
                             out->indexed_count, count);
    }
    HW_TRY(hw_inspection_array(inspection, count, sizeof(**pages), pages));
    for (size_t i = 0; i < count; i++) {
        (*pages)[i].offset = (*pages)[i].size = (*pages)[i].first_row = HW_INSPECT_ABSENT;
        (*pages)[i].nulls = (*pages)[i].nans = HW_INSPECT_ABSENT;
    }
    out->indexed_count = count;
    return HW_OK;
}

static enum hw_status places_add(struct hw_inspection *inspection, const struct hw_offset_index *index,
                                 struct hw_inspect_indexed **pages, struct hw_inspect_chunk *out) {
    HW_TRY(pages_make(inspection, index->pages_count, pages, out));
    for (size_t i = 0; i < index->pages_count; i++) {
        (*pages)[i].offset = index->pages[i].offset;
        (*pages)[i].size = index->pages[i].bytes;
        (*pages)[i].first_row = index->pages[i].first_row;
    }
    return HW_OK;
}

static enum hw_status bounds_add(struct hw_inspection *inspection, const struct hw_column_index *index,
                                 const struct hw_read_leaf *leaf, struct hw_inspect_indexed **pages,
                                 struct hw_inspect_chunk *out) {
    HW_TRY(pages_make(inspection, index->pages_count, pages, out));
    for (size_t i = 0; i < index->pages_count; i++) {
        struct hw_inspect_indexed *page = &(*pages)[i];
        page->null_page = index->null_pages[i];
        page->nulls = index->nulls ? index->nulls[i] : HW_INSPECT_ABSENT;
        page->nans = index->nans ? index->nans[i] : HW_INSPECT_ABSENT;
        if (!page->null_page) {
            HW_TRY(hw_inspection_value(inspection, leaf, index->mins[i], &page->min));
            HW_TRY(hw_inspection_value(inspection, leaf, index->maxs[i], &page->max));
        }
    }
    return hw_inspection_name(inspection, hw_boundary_order_name(index->order), "order", index->order,
                              &out->boundary_order);
}
