/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/chunk_nested.h"

#include "core/count.h"

enum { TILE_ROWS = 1024, PATH_BYTES = 96 };

static enum hw_status tile_add(struct hw_chunk *chunk, const struct hw_chunk_work *work, const struct hw_column *column,
                               size_t from, size_t rows, struct hw_error *err);
static size_t rows_that_fit(const struct hw_chunk *chunk, const struct hw_parquet_options *options,
                            const struct hw_column *column, size_t from, size_t rows);

enum hw_status hw_chunk_nested_add(struct hw_chunk *chunk, const struct hw_chunk_work *work,
                                   const struct hw_column *column, size_t from, size_t rows, struct hw_error *err) {
    for (const size_t end = from + rows; from < end;) {
        size_t tile = rows_that_fit(chunk, work->options, column, from, end - from);
        if (tile > 0) {
            enum hw_status status = tile_add(chunk, work, column, from, tile, err);
            if (status != HW_OK) {
                char path[PATH_BYTES];
                hw_leaf_path(&chunk->leaf, path, sizeof(path));
                hw_error_column(err, path, strlen(path));
                return status;
            }
        }
        from += tile;
        if (tile == 0 || chunk->rows >= hw_chunk_page_rows(chunk, work->options)) {
            HW_TRY(hw_chunk_end_page(chunk, work, true, err));
        }
    }
    return HW_OK;
}

/*
 * Returns how many rows the page takes, a tile at most, and none if it is full. It has at least one
 * row, however large.
 */
static size_t rows_that_fit(const struct hw_chunk *chunk, const struct hw_parquet_options *options,
                            const struct hw_column *column, size_t from, size_t rows) {
    size_t held = hw_chunk_pending(chunk);
    size_t page_bytes = hw_chunk_page_bytes(chunk, options);
    size_t room = held < page_bytes ? page_bytes - held : 0;
    size_t fit = hw_min_size(rows, hw_min_size(hw_chunk_page_rows(chunk, options) - chunk->rows, TILE_ROWS));
    while (fit > 0 && hw_level_reach(&chunk->leaf, column, from, fit) > room) {
        fit /= 2;
    }
    return hw_max_size(fit, chunk->rows == 0 ? 1 : 0);
}

static enum hw_status values_add(struct hw_chunk *chunk, const struct hw_shred *shred, struct hw_error *err);

static enum hw_status tile_add(struct hw_chunk *chunk, const struct hw_chunk_work *work, const struct hw_column *column,
                               size_t from, size_t rows, struct hw_error *err) {
    struct hw_shred shred;
    HW_TRY(hw_level_shred(&work->scratch->shredder, &chunk->leaf, column, from, rows, &shred, err));
    /* A page counts them in 32 bits. */
    if (shred.count > INT32_MAX - chunk->entries) {
        return hw_fail(err, HW_ELIMIT, "%s with %s are too many for a page", HW_COUNT(rows, "row"),
                       HW_COUNT(shred.count, "value"));
    }
    HW_TRY(hw_buf_reserve(&chunk->def, shred.count, err));
    HW_TRY(hw_buf_reserve(&chunk->rep, shred.count, err));
    uint8_t *def = chunk->def.data + chunk->def.size;
    uint8_t *rep = chunk->rep.data + chunk->rep.size;
    for (size_t i = 0; i < shred.count; i++) {
        def[i] = shred.entries[i].def;
        rep[i] = shred.entries[i].rep;
    }
    HW_TRY(values_add(chunk, &shred, err));
    chunk->def.size += shred.count;
    chunk->rep.size += shred.count;
    chunk->entries += shred.count;
    chunk->rows += rows;
    return HW_OK;
}

/*
 * Adds the values of the entries. Slots that follow each other, as those of lists without nulls do,
 * are added together.
 */
static enum hw_status values_add(struct hw_chunk *chunk, const struct hw_shred *shred, struct hw_error *err) {
    struct hw_slice run = {.column = shred->column};
    for (size_t i = 0; i < shred->count; i++) {
        size_t slot = shred->entries[i].slot;
        if (slot == HW_SLOT_NONE) {
            chunk->nulls++;
        } else if (slot == run.from + run.rows) {
            run.rows++;
        } else {
            HW_TRY(hw_values_append(&chunk->values, &chunk->leaf, &run, err));
            run.from = slot;
            run.rows = 1;
        }
    }
    return hw_values_append(&chunk->values, &chunk->leaf, &run, err);
}
