/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prune_pages.h"

/* The pages of a column; without indexes there are none. */
struct pages {
    struct hw_offset_index places;
    struct hw_column_index index;
    size_t count;
    /* The page with the row in work. */
    size_t at;
};

struct pruning {
    const struct hw_read_file *file;
    uint64_t rows;
    const struct hw_filter *filter;
    const struct hw_prune_column *columns;
    const struct hw_filter_bounds *chunk_bounds;
    struct hw_arena *arena;
    struct pages *pages;
    /* Those of the rows in work. */
    struct hw_filter_bounds *bounds;
    size_t cuts; /* places where a page of some column begins */
};

static void pages_read(struct pruning *pruning, size_t column);
static enum hw_status ranges_find(struct pruning *pruning, struct hw_pruned_rows *out_rows, struct hw_error *err);

enum hw_status hw_prune_pages(const struct hw_read_file *file, uint64_t rows, const struct hw_filter *filter,
                              const struct hw_prune_column *columns, const struct hw_filter_bounds *bounds,
                              struct hw_arena *arena, struct hw_pruned_rows *out_rows, struct hw_error *err) {
    const size_t count = filter->columns_count;
    struct pruning pruning = {file, rows, filter, columns, bounds, arena, NULL, NULL, 1};
    pruning.pages = hw_arena_alloc(arena, count * sizeof(*pruning.pages));
    pruning.bounds = hw_arena_alloc(arena, count * sizeof(*pruning.bounds));
    if (!pruning.pages || !pruning.bounds) {
        return hw_fail_nomem(err, count * (sizeof(*pruning.pages) + sizeof(*pruning.bounds)));
    }
    memset(pruning.pages, 0, count * sizeof(*pruning.pages));
    for (size_t i = 0; i < count; i++) {
        pages_read(&pruning, i);
    }
    const enum hw_status status = ranges_find(&pruning, out_rows, err);
    for (size_t i = 0; i < count; i++) {
        hw_offset_index_release(&pruning.pages[i].places);
        hw_column_index_release(&pruning.pages[i].index);
    }
    return status;
}

/* ------ indexes */

/* Whether the pages follow each other from the first row on, and each has a row. */
static bool places_hold(const struct hw_offset_index *places, uint64_t rows) {
    bool holds = places->pages_count > 0 && places->pages[0].first_row == 0;
    for (size_t i = 1; holds && i < places->pages_count; i++) {
        holds = places->pages[i].first_row > places->pages[i - 1].first_row;
    }
    return holds && (uint64_t)places->pages[places->pages_count - 1].first_row < rows;
}

static void pages_read(struct pruning *pruning, size_t number) {
    const struct hw_prune_column *column = &pruning->columns[number];
    struct pages *pages = &pruning->pages[number];
    hw_view bytes;
    if (!column->leaf || column->chunk->offset_index_offset < 0 || column->chunk->column_index_offset < 0) {
        return;
    }
    const int64_t places_at = column->chunk->offset_index_offset;
    const int64_t index_at = column->chunk->column_index_offset;
    if (hw_read_file_bytes(pruning->file, places_at, column->chunk->offset_index_bytes, "the offset index",
                           pruning->arena, &bytes, NULL) != HW_OK ||
        hw_offset_index_parse(&pages->places, bytes, (uint64_t)places_at, NULL) != HW_OK ||
        hw_read_file_bytes(pruning->file, index_at, column->chunk->column_index_bytes, "the column index",
                           pruning->arena, &bytes, NULL) != HW_OK ||
        hw_column_index_parse(&pages->index, bytes, (uint64_t)index_at, NULL) != HW_OK ||
        pages->index.pages_count != pages->places.pages_count || !places_hold(&pages->places, pruning->rows)) {
        return;
    }
    pages->count = pages->places.pages_count;
    pruning->cuts += pages->count;
}

/* ------ rows */

/* Returns the row behind a page. */
static uint64_t page_end(const struct pruning *pruning, const struct pages *pages) {
    return pages->at + 1 < pages->count ? (uint64_t)pages->places.pages[pages->at + 1].first_row : pruning->rows;
}

/* Narrows the bounds of a column to those of its page. */
static enum hw_status page_bounds(struct pruning *pruning, size_t number, struct hw_error *err) {
    const struct pages *pages = &pruning->pages[number];
    const struct hw_column_index *index = &pages->index;
    const size_t at = pages->at;
    const uint64_t rows = page_end(pruning, pages) - (uint64_t)pages->places.pages[at].first_row;
    const struct hw_prune_facts facts = {
        .rows = rows,
        .nulls = index->null_pages[at] ? (int64_t)rows
                 : index->nulls        ? index->nulls[at]
                                       : HW_META_ABSENT,
        .nans = index->nans ? index->nans[at] : HW_META_ABSENT,
        .min = index->null_pages[at] ? (hw_view){0} : index->mins[at],
        .max = index->null_pages[at] ? (hw_view){0} : index->maxs[at],
        .min_exact = HW_TOLD_NOT,
        .max_exact = HW_TOLD_NOT,
    };
    pruning->bounds[number] = pruning->chunk_bounds[number];
    return hw_prune_bounds(&pruning->columns[number], &facts, pruning->arena, &pruning->bounds[number], err);
}

/* Goes to the pages with a row. Sets `*out_end` to the row behind it where one of them ends. */
static enum hw_status pages_go(struct pruning *pruning, uint64_t row, uint64_t *out_end, struct hw_error *err) {
    *out_end = pruning->rows;
    for (size_t i = 0; i < pruning->filter->columns_count; i++) {
        struct pages *pages = &pruning->pages[i];
        if (pages->count == 0) {
            continue;
        }
        if (row > 0 && page_end(pruning, pages) > row) {
            *out_end = hw_clamp(page_end(pruning, pages), 0, *out_end);
            continue;
        }
        pages->at += row > 0;
        HW_TRY(page_bounds(pruning, i, err));
        *out_end = hw_clamp(page_end(pruning, pages), 0, *out_end);
    }
    return HW_OK;
}

static enum hw_status ranges_find(struct pruning *pruning, struct hw_pruned_rows *out_rows, struct hw_error *err) {
    struct hw_row_range *ranges = hw_arena_alloc(pruning->arena, pruning->cuts * sizeof(*ranges));
    size_t count = 0;
    uint64_t end = 0;
    if (!ranges) {
        return hw_fail_nomem(err, pruning->cuts * sizeof(*ranges));
    }
    memcpy(pruning->bounds, pruning->chunk_bounds, pruning->filter->columns_count * sizeof(*pruning->bounds));
    for (uint64_t row = 0; row < pruning->rows; row = end) {
        HW_TRY(pages_go(pruning, row, &end, err));
        if ((hw_filter_outcomes(pruning->filter, pruning->bounds) & HW_MAY_BE_TRUE) == 0) {
            continue;
        }
        if (count > 0 && ranges[count - 1].first + ranges[count - 1].count == row) {
            ranges[count - 1].count += (size_t)(end - row);
        } else {
            assert(count < pruning->cuts);
            ranges[count++] = (struct hw_row_range){(size_t)row, (size_t)(end - row)};
        }
    }
    *out_rows = (struct hw_pruned_rows){ranges, count};
    return HW_OK;
}
