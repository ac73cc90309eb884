/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of a page that are not null, as their leaf's lane lays them out; and moving them there
 * from a batch's column.
 */
#ifndef HW_PARQUET_VALUES_H
#define HW_PARQUET_VALUES_H

#include "core/buf.h"
#include "parquet/schema.h"
#include "table/batch.h"

/* Bytes after the values that may be read, so that kernels load whole words. */
enum { HW_VALUES_PADDING = 16 };

struct hw_values {
    /* The values; a text lane's bytes. */
    struct hw_buf data;
    /* Text: a uint32_t each. */
    struct hw_buf lengths;
    size_t count;
};

/* Some slots of a column. */
struct hw_slice {
    const struct hw_column *column;
    /* First slot of the buffers. */
    size_t from;
    size_t rows;
    /* Among these rows. */
    size_t nulls;
};

/* Some values of a page. */
struct hw_values_run {
    const struct hw_values *of;
    size_t from;
    size_t count;
    /* The place where the bytes of the first one begin, text lane. */
    size_t text_at;
};

void hw_values_release(struct hw_values *values);
/* Empties it, keeps the memory. */
void hw_values_clear(struct hw_values *values);
/* Bytes of memory. */
size_t hw_values_held(const struct hw_values *values);
/* Bytes that PLAIN encoding takes. */
size_t hw_values_plain_bytes(const struct hw_values *values, const struct hw_leaf *leaf);

/*
 * Appends the values of the slice that are not null. HW_EDATA for a decimal that its precision
 * cannot have.
 */
HW_NODISCARD enum hw_status hw_values_append(struct hw_values *values, const struct hw_leaf *leaf,
                                             const struct hw_slice *slice, struct hw_error *err);
/* Appends the values of the run. */
HW_NODISCARD enum hw_status hw_values_copy(struct hw_values *values, const struct hw_leaf *leaf,
                                           const struct hw_values_run *run, struct hw_error *err);

static inline const uint32_t *hw_values_lengths(const struct hw_values *values) {
    return (const uint32_t *)(const void *)values->lengths.data;
}

#endif
