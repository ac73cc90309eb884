/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch: some rows of a table, column by column, laid out as the Arrow C Data Interface lays them out. The one
 * in-memory currency between all formats.
 *
 *   kind       values                                   Arrow format
 *   BOOL       bitmap, least significant bit first      b
 *   INT64      int64_t[rows]                            l
 *   DOUBLE     double[rows]                             g
 *   DECIMAL    16-byte little-endian two's complement   d:P,S
 *   DATE       int32_t[rows]                            tdD
 *   TIMESTAMP  int64_t[rows]                            tsu: / tsn: (tsu:UTC)
 *   TEXT       offsets int32_t[rows + 1], data          u
 *   UUID       16 bytes each                            w:16
 *   NULL       nothing                                  n
 *
 * Where a row is null its value is unspecified but readable (and a text's two offsets are equal).
 * After `values` and `data` at least HW_BATCH_PADDING more bytes are readable.
 */
#ifndef HW_TABLE_BATCH_H
#define HW_TABLE_BATCH_H

#include <hawser/table.h>

#include "core/base.h"

enum { HW_BATCH_PADDING = 64 };

struct hw_column {
    size_t null_count;
    const uint8_t *validity; /* bit set: not null. NULL where null_count is 0 */
    const void *values;      /* fixed width */
    const int32_t *offsets;  /* text */
    const char *data;        /* text */
};

struct hw_batch {
    const struct hw_schema *schema; /* borrowed; columns match its fields */
    size_t rows;
    const struct hw_column *columns;
};

static inline bool hw_column_valid(const struct hw_column *column, size_t row) {
    return !column->validity || (column->validity[row >> 3] >> (row & 7) & 1) != 0;
}

/* Slices begin at multiples of so many rows, that of a bitmap's byte. */
enum { HW_BATCH_SLICE_ROWS = 8 };

/*
 * Rows `first` (a multiple of HW_BATCH_SLICE_ROWS) and what follows, at most `rows_max` rounded down to such a multiple, of `batch`, without a copy of values. `columns`
 * has room for one a field and holds the result's columns. A text's first offset need not be 0.
 */
struct hw_batch hw_batch_slice(const struct hw_batch *batch, size_t first, size_t rows_max, struct hw_column *columns);

/* Bytes of one value of a fixed-width kind; 0 for BOOL, TEXT and NULL. */
size_t hw_kind_bytes(enum hw_kind kind);

#endif
