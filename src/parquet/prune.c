/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prune.h"

/* What is known of the chunks of the filter's columns. */
struct chunks {
    struct hw_prune_column *columns;
    struct hw_filter_bounds *bounds;
};

static enum hw_status chunks_look(const struct hw_read_file *file, size_t group, const struct hw_filter *filter,
                                  struct hw_arena *arena, struct chunks *out_chunks, struct hw_error *err);
static enum hw_status all_give(uint64_t rows, struct hw_arena *arena, struct hw_pruned_rows *out_rows,
                               struct hw_error *err);
static void blooms_read(const struct hw_read_file *file, const struct hw_filter *filter,
                        const struct hw_filter_node *node, struct chunks *chunks, struct hw_arena *arena);

enum hw_status hw_parquet_prune(const struct hw_read_file *file, size_t group, const struct hw_filter *filter,
                                struct hw_arena *arena, struct hw_pruned_rows *out_rows, struct hw_error *err) {
    const uint64_t rows = (uint64_t)file->meta.groups[group].rows;
    struct chunks chunks;
    HW_TRY(chunks_look(file, group, filter, arena, &chunks, err));
    const unsigned outcomes = hw_filter_outcomes(filter, chunks.bounds);
    if (outcomes == HW_MAY_BE_TRUE || rows == 0) {
        return all_give(rows, arena, out_rows, err);
    }
    if ((outcomes & HW_MAY_BE_TRUE) != 0) {
        blooms_read(file, filter, filter->root, &chunks, arena);
    }
    if ((hw_filter_outcomes(filter, chunks.bounds) & HW_MAY_BE_TRUE) == 0) {
        *out_rows = (struct hw_pruned_rows){0};
        return HW_OK;
    }
    return hw_prune_pages(file, rows, filter, chunks.columns, chunks.bounds, arena, out_rows, err);
}

static enum hw_status chunks_look(const struct hw_read_file *file, size_t group, const struct hw_filter *filter,
                                  struct hw_arena *arena, struct chunks *out_chunks, struct hw_error *err) {
    const size_t count = filter->columns_count;
    const uint64_t rows = (uint64_t)file->meta.groups[group].rows;
    struct chunks chunks = {
        hw_arena_alloc(arena, count * sizeof(*chunks.columns)),
        hw_arena_alloc(arena, count * sizeof(*chunks.bounds)),
    };
    if (!chunks.columns || !chunks.bounds) {
        return hw_fail_nomem(err, count * (sizeof(*chunks.columns) + sizeof(*chunks.bounds)));
    }
    for (size_t i = 0; i < count; i++) {
        chunks.columns[i] = hw_prune_column_of(file, group, &filter->columns[i]);
        chunks.bounds[i] = (struct hw_filter_bounds)HW_NO_BOUNDS;
        const struct hw_prune_facts facts = hw_prune_chunk_facts(&chunks.columns[i], rows);
        HW_TRY(hw_prune_bounds(&chunks.columns[i], &facts, arena, &chunks.bounds[i], err));
    }
    *out_chunks = chunks;
    return HW_OK;
}

static enum hw_status all_give(uint64_t rows, struct hw_arena *arena, struct hw_pruned_rows *out_rows,
                               struct hw_error *err) {
    struct hw_row_range *all = hw_arena_alloc(arena, sizeof(*all));
    if (!all) {
        return hw_fail_nomem(err, sizeof(*all));
    }
    *all = (struct hw_row_range){0, (size_t)rows};
    *out_rows = (struct hw_pruned_rows){all, 1};
    return HW_OK;
}

/* Reads the filters of columns that are asked for values. */
static void blooms_read(const struct hw_read_file *file, const struct hw_filter *filter,
                        const struct hw_filter_node *node, struct chunks *chunks, struct hw_arena *arena) {
    for (const struct hw_filter_node *child = node->first; child; child = child->next) {
        blooms_read(file, filter, child, chunks, arena);
    }
    if (!node->first && node->kind == HW_PREDICATE_IN && node->values_count > 0 &&
        !chunks->bounds[node->column].may_have) {
        hw_prune_bloom_read(file, &chunks->columns[node->column], arena, &chunks->bounds[node->column]);
    }
}
