/* SPDX-License-Identifier: Apache-2.0 */
#include "table/batch.h"

#include "table/bits.h"

static struct hw_column basic_slice(enum hw_kind kind, const struct hw_column *from, size_t first, size_t rows);
static struct hw_column column_slice(const struct hw_column *from, size_t first, size_t rows);

struct hw_batch hw_batch_slice(const struct hw_batch *batch, size_t first, size_t rows_max, struct hw_column *columns) {
    assert(first % HW_BATCH_SLICE_ROWS == 0);
    size_t rows = batch->rows - first;
    if (first == 0 && rows <= rows_max) {
        return *batch;
    }
    if (rows > rows_max) {
        rows = rows_max / HW_BATCH_SLICE_ROWS * HW_BATCH_SLICE_ROWS;
    }
    for (size_t i = 0; i < batch->schema->count; i++) {
        enum hw_kind kind = batch->schema->fields[i].type.kind;
        const struct hw_column *from = &batch->columns[i];
        bool plain = hw_kind_is_basic(kind) && from->offset == 0;
        columns[i] = plain ? basic_slice(kind, from, first, rows) : column_slice(from, first, rows);
    }
    return (struct hw_batch){.schema = batch->schema, .rows = rows, .columns = columns};
}

/* The buffers begin at the first value itself, since code for basic kinds knows no offset. */
static struct hw_column basic_slice(enum hw_kind kind, const struct hw_column *from, size_t first, size_t rows) {
    const uint8_t *validity = from->validity ? from->validity + first / 8 : NULL;
    size_t skip = kind == HW_KIND_BOOL ? first / 8 : first * hw_kind_bytes(kind);
    size_t nulls = kind == HW_KIND_NULL ? rows : validity ? rows - hw_bits_count(validity, 0, rows) : 0;
    return (struct hw_column){
        .null_count = nulls,
        .validity = nulls > 0 ? validity : NULL,
        .values = from->values ? (const char *)from->values + skip : NULL,
        .offsets = from->offsets ? from->offsets + first : NULL,
        .data = from->data,
        .length = rows,
        .exact = from->exact,
    };
}

/* A column of kind NULL has no validity, and as many nulls as slots. */
static struct hw_column column_slice(const struct hw_column *from, size_t first, size_t rows) {
    struct hw_column slice = *from;
    slice.offset += first;
    slice.length = rows;
    if (from->validity) {
        slice.null_count = rows - hw_bits_count(from->validity, slice.offset, rows);
        slice.validity = slice.null_count > 0 ? from->validity : NULL;
    } else if (from->null_count > 0) {
        slice.null_count = rows;
    }
    return slice;
}

size_t hw_dictionary_slot(enum hw_kind index, const struct hw_column *column, size_t slot) {
    const uint8_t *at = (const uint8_t *)column->values + slot * hw_kind_bytes(index);
    uint64_t number = 0; /* indices that are there are never negative */
    memcpy(&number, at, hw_kind_bytes(index));
    return (size_t)number;
}
