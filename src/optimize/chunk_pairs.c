/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/chunk_pairs.h"

#include "core/limits.h"

/* Each row group of an output repeats them. */
static bool are_short(const struct hw_parquet_chunk *chunk) {
    size_t bytes = 0;
    for (size_t i = 0; i < chunk->pairs_count && bytes <= HW_PARQUET_CHUNK_PAIRS_BYTES_MAX; i++) {
        bytes += chunk->pairs[i].key.size + chunk->pairs[i].value.size;
    }
    return bytes <= HW_PARQUET_CHUNK_PAIRS_BYTES_MAX;
}

/* Returns the chunk that a column has in the row group of some rows; NULL: there is none. */
static const struct hw_parquet_chunk *chunk_of(const struct hw_rewrite_column *column,
                                               const struct hw_rewrite_rows *rows) {
    const struct hw_parquet_group *group = &rows->file->meta.groups[rows->group];
    const size_t number = column->write->column;
    return number < group->chunks_count ? &group->chunks[number] : NULL;
}

static size_t pairs_count(const struct hw_parquet_chunk *chunk) {
    return chunk ? chunk->pairs_count : 0;
}

static bool pairs_are_same(const struct hw_parquet_chunk *a, const struct hw_parquet_chunk *b) {
    bool same = pairs_count(a) == pairs_count(b);
    for (size_t i = 0; same && i < pairs_count(a); i++) {
        const struct hw_parquet_pair *left = &a->pairs[i], *right = &b->pairs[i];
        same = hw_view_equal(left->key, right->key) && left->has_value == right->has_value &&
               hw_view_equal(left->value, right->value);
    }
    return same;
}

const struct hw_parquet_chunk *hw_chunk_pairs_find(const struct hw_rewrite_column *column,
                                                   const struct hw_rewrite_rows *rows, size_t count, bool *out_lost) {
    const struct hw_parquet_chunk *first = count > 0 ? chunk_of(column, &rows[0]) : NULL;
    bool any = pairs_count(first) > 0;
    bool same = true;
    for (size_t i = 1; i < count; i++) {
        const struct hw_parquet_chunk *chunk = chunk_of(column, &rows[i]);
        any = any || pairs_count(chunk) > 0;
        same = same && pairs_are_same(first, chunk);
    }
    const bool stay = any && same && column->mask.def == 0 && are_short(first);
    *out_lost = any && !stay;
    return stay ? first : NULL;
}

bool hw_chunk_pairs_lost(const struct hw_rewrite_column *columns, size_t columns_count, const struct hw_row_cuts *cuts,
                         bool sorted) {
    bool any = false;
    for (size_t i = 0; i < hw_row_cuts_count(cuts); i++) {
        const struct hw_row_cut *cut = hw_row_cut_at(cuts, i);
        for (size_t c = 0; c < columns_count; c++) {
            bool lost;
            const bool found = hw_chunk_pairs_find(&columns[c], hw_row_cut_runs(cuts, cut), cut->count, &lost) != NULL;
            any = any || lost || (found && sorted);
        }
    }
    return any;
}
