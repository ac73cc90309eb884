/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_walk.h"

#include "parquet/decoder.h"
#include "parquet/fact_name.h"

enum { LEVELS_AT_ONCE = 1024 };

static enum hw_status page_step(struct hw_chunk_walk *walk, bool *out_more);
static enum hw_status page_check(struct hw_chunk_walk *walk, const struct hw_page *page);
static enum hw_status sums_check(const struct hw_chunk_walk *walk);

void hw_chunk_walk_release(struct hw_chunk_walk *walk) {
    hw_page_reader_release(&walk->reader);
    hw_buf_release(&walk->found);
}

const struct hw_page_found *hw_chunk_walk_found(const struct hw_chunk_walk *walk, size_t *out_count) {
    *out_count = walk->found.size / sizeof(struct hw_page_found);
    return (const struct hw_page_found *)(const void *)walk->found.data;
}

/* The end that the footer tells. Old writers left bytes out of it, so that pages may go on. */
static uint64_t told_end(const struct hw_chunk_walk *walk) {
    return walk->facts.range.start + (uint64_t)walk->chunk->compressed;
}

enum hw_status hw_chunk_walk(struct hw_chunk_walk *walk) {
    bool more = true;
    while (more && (walk->reader.next.at < told_end(walk) ||
                    (walk->entries < walk->facts.entries && walk->reader.next.at < walk->facts.range.end))) {
        HW_TRY(page_step(walk, &more));
    }
    return walk->damaged ? HW_OK : sums_check(walk);
}

static enum hw_status fault_tell(struct hw_chunk_walk *walk, enum hw_status status, const struct hw_error *fault);

static enum hw_status page_step(struct hw_chunk_walk *walk, bool *out_more) {
    struct hw_page_reader *reader = &walk->reader;
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_page page;
    enum hw_status status = hw_page_reader_try(reader, &page, out_more, &fault);
    walk->report->page = (int64_t)reader->current.number;
    if (status) {
        status = fault_tell(walk, status, &fault);
        walk->damaged = true;
        walk->cut = walk->cut || reader->next.at == reader->current.at;
        *out_more = !walk->cut;
    } else if (*out_more) {
        status = page_check(walk, &page);
    }
    walk->report->page = -1;
    return status;
}

/* ------ faults of a page */

static const char *const codes[] = {
    [HW_PAGE_LOOK_HEADER] = "page.header", [HW_PAGE_LOOK_ORDER] = "page.order",       [HW_PAGE_LOOK_CRC] = "page.crc",
    [HW_PAGE_LOOK_SIZE] = "page.size",     [HW_PAGE_LOOK_UNPACK] = "page.decompress",
};

/* A failure of the page that is being read: a finding at that page, or one that ends the check. */
static enum hw_status failure_tell(struct hw_chunk_walk *walk, const char *code, enum hw_status status,
                                   const struct hw_error *fault) {
    if (hw_check_is_finding(status)) {
        const int64_t at = fault->offset == HW_NO_POSITION ? (int64_t)walk->reader.current.at : fault->offset;
        return hw_check_tell(walk->report, HW_SEVERITY_ERROR, code, at, "%s", fault->message);
    }
    if (status == HW_EUNSUPPORTED || status == HW_ELIMIT) {
        hw_check_unread(walk->report, status, fault);
        return HW_OK;
    }
    return hw_error_pass(walk->report->err, status, fault);
}

static enum hw_status fault_tell(struct hw_chunk_walk *walk, enum hw_status status, const struct hw_error *fault) {
    const enum hw_page_look look = walk->reader.look;
    if (look == HW_PAGE_LOOK_HEADER && !walk->damaged && walk->entries == walk->facts.entries) {
        return failure_tell(walk, "chunk.size", status, fault);
    }
    return failure_tell(walk, codes[look], status, fault);
}

/* ------ pages that could be read */

static enum hw_status encoding_check(struct hw_chunk_walk *walk, const struct hw_page *page);
static enum hw_status levels_check(struct hw_chunk_walk *walk, const struct hw_page *page, struct hw_page_found *found);
static enum hw_status head_compare(struct hw_chunk_walk *walk, const struct hw_page *page,
                                   const struct hw_page_found *found);

static enum hw_status page_check(struct hw_chunk_walk *walk, const struct hw_page *page) {
    HW_TRY(encoding_check(walk, page));
    if (page->head.type == HW_PAGE_DICTIONARY) {
        walk->dictionary = true;
        return walk->visitor ? walk->visitor->dictionary(walk->visitor->ctx, page) : HW_OK;
    }
    struct hw_page_found found = {
        .at = page->at,
        .bytes = page->head.header_bytes + page->head.compressed,
        .number = page->number,
        .first_row = walk->rows,
        .entries = page->head.values,
    };
    HW_TRY(levels_check(walk, page, &found));
    if (found.good) {
        HW_TRY(head_compare(walk, page, &found));
    }
    walk->damaged = walk->damaged || !found.good;
    walk->entries += found.entries;
    walk->rows += found.rows;
    return hw_buf_append(&walk->found, &found, sizeof(found), walk->report->err);
}

/* Returns whether the footer lists an encoding; the two names of dictionaries count as one. */
static bool is_listed(const struct hw_parquet_chunk *chunk, const struct hw_page_head *head) {
    const bool loose = head->type == HW_PAGE_DICTIONARY || hw_encoding_is_dictionary(head->encoding);
    for (size_t i = 0; i < chunk->encodings_count; i++) {
        if (chunk->encodings[i] == head->encoding || (loose && hw_encoding_is_dictionary(chunk->encodings[i]))) {
            return true;
        }
    }
    return false;
}

static enum hw_status encoding_check(struct hw_chunk_walk *walk, const struct hw_page *page) {
    const struct hw_page_head *head = &page->head;
    struct hw_check_report *report = walk->report;
    const char *name = hw_encoding_name(head->encoding);
    if (!name) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "page.encoding", (int64_t)page->at,
                             "there is no encoding number %" PRId32, head->encoding);
    }
    if (!is_listed(walk->chunk, head)) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_WARNING, "page.encoding", (int64_t)page->at,
                             "it has the encoding %s, which the footer does not list", name));
    }
    if (head->type == HW_PAGE_DICTIONARY) {
        return HW_OK;
    }
    if (!hw_encoding_fits(head->encoding, walk->leaf->physical)) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "page.encoding", (int64_t)page->at,
                             "it has the encoding %s, which values of %s cannot have", name,
                             hw_physical_name(walk->leaf->physical));
    }
    if (hw_encoding_is_dictionary(head->encoding) && !walk->dictionary && !walk->damaged && head->values > 0) {
        return hw_check_tell(report, HW_SEVERITY_ERROR, "page.order", (int64_t)page->at,
                             "it has the encoding %s, and its column chunk no dictionary page before it", name);
    }
    return HW_OK;
}

/* ------ levels */

static enum hw_status nested_count(const struct hw_chunk_walk *walk, struct hw_page_levels *levels,
                                   struct hw_page_found *found, struct hw_error *err);

/* Counts rows and values by the levels. */
static enum hw_status levels_count(const struct hw_chunk_walk *walk, const struct hw_page *page,
                                   struct hw_page_levels *levels, struct hw_page_found *found, hw_view *out_values,
                                   struct hw_error *err) {
    const struct hw_read_leaf *leaf = walk->leaf;
    size_t values = page->head.values;
    HW_TRY(hw_page_levels_begin(levels, leaf, page, out_values, err));
    struct hw_page_levels ahead = *levels;
    if (leaf->rep_max > 0) {
        return nested_count(walk, &ahead, found, err);
    }
    if (leaf->def_max > 0) {
        HW_TRY(hw_levels_skip(&ahead.defs, page->head.values, leaf->def_max, &values, err));
    }
    found->rows = page->head.values;
    found->values = values;
    return HW_OK;
}

static enum hw_status nested_count(const struct hw_chunk_walk *walk, struct hw_page_levels *levels,
                                   struct hw_page_found *found, struct hw_error *err) {
    const struct hw_read_leaf *leaf = walk->leaf;
    uint8_t reps[LEVELS_AT_ONCE];
    uint8_t defs[LEVELS_AT_ONCE];
    uint64_t rows = 0;
    uint64_t values = 0;
    for (uint64_t at = 0; at < found->entries;) {
        const size_t step = (size_t)hw_clamp(found->entries - at, 0, LEVELS_AT_ONCE);
        size_t equal;
        HW_TRY(hw_rle_read_bytes(&levels->reps, reps, step, err));
        HW_TRY(hw_levels_count(reps, step, leaf->rep_max, "repetition", &equal, err));
        HW_TRY(hw_rle_read_bytes(&levels->defs, defs, step, err));
        HW_TRY(hw_levels_count(defs, step, leaf->def_max, "definition", &equal, err));
        values += equal;
        if (walk->entries + at == 0 && reps[0] != 0) {
            return hw_fail(err, HW_EDATA, "the first repetition level of its column chunk is %u, not 0", reps[0]);
        }
        for (size_t i = 0; i < step; i++) {
            rows += reps[i] == 0;
        }
        at += step;
    }
    found->rows = rows;
    found->values = values;
    return HW_OK;
}

static enum hw_status levels_check(struct hw_chunk_walk *walk, const struct hw_page *page,
                                   struct hw_page_found *found) {
    struct hw_page_levels levels;
    struct hw_error fault = HW_ERROR_INIT;
    hw_view values;
    const enum hw_status status = levels_count(walk, page, &levels, found, &values, &fault);
    if (status) {
        return failure_tell(walk, "page.levels", status, &fault);
    }
    found->good = true;
    const struct hw_page_visitor *visitor = walk->visitor;
    return visitor ? visitor->page(visitor->ctx, page, &levels, values, found) : HW_OK;
}

/* Compares what a header v2 says with the levels. Empty lists are nulls for some writers only. */
static enum hw_status head_compare(struct hw_chunk_walk *walk, const struct hw_page *page,
                                   const struct hw_page_found *found) {
    const struct hw_page_head *head = &page->head;
    const uint64_t nulls = found->entries - found->values;
    if (head->type != HW_PAGE_DATA_V2) {
        return HW_OK;
    }
    if (head->rows != found->rows) {
        HW_TRY(hw_check_tell(walk->report, HW_SEVERITY_ERROR, "page.rows", (int64_t)page->at,
                             "its header says that it has %" PRIu32 " rows, its levels tell of %" PRIu64, head->rows,
                             found->rows));
    }
    if (head->nulls > nulls || (walk->leaf->rep_max == 0 && head->nulls != nulls)) {
        HW_TRY(hw_check_tell(walk->report, HW_SEVERITY_ERROR, "page.values", (int64_t)page->at,
                             "its header says that it has %" PRIu32 " nulls, its levels tell of %" PRIu64, head->nulls,
                             nulls));
    }
    return HW_OK;
}

/* ------ all pages together */

static enum hw_status sums_check(const struct hw_chunk_walk *walk) {
    struct hw_check_report *report = walk->report;
    const uint64_t end = told_end(walk);
    if (walk->entries != walk->facts.entries) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "page.values", -1,
                             "the pages have %" PRIu64 " values, the footer says that there are %" PRIu64,
                             walk->entries, walk->facts.entries));
    }
    if (walk->rows != (uint64_t)walk->group->rows) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "page.rows", -1,
                             "the pages have %" PRIu64 " rows, the row group has %" PRId64, walk->rows,
                             walk->group->rows));
    }
    if (walk->reader.next.at < end) {
        HW_TRY(hw_check_tell(report, HW_SEVERITY_ERROR, "chunk.size", (int64_t)walk->reader.next.at,
                             "the pages end %" PRIu64 " bytes before the column chunk", end - walk->reader.next.at));
    }
    return HW_OK;
}
