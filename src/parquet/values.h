/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a page that are not null, laid out as the lane of their leaf has them. */
#ifndef HW_PARQUET_VALUES_H
#define HW_PARQUET_VALUES_H

#include "core/buf.h"
#include "parquet/leaf_rows.h"
#include "parquet/schema.h"
#include "table/batch.h"

/* The bytes after the values that may be read, so that loops can load whole words. */
enum { HW_VALUES_PADDING = 16 };

struct hw_values {
    /* The values; of a text lane the bytes of all of them. */
    struct hw_buf data;
    /* The lengths of a text lane, a uint32_t each. */
    struct hw_buf lengths;
    size_t count;
};

/* Some slots of a column that follow each other. */
struct hw_slice {
    const struct hw_column *column;
    /* The first slot, counted in the buffers of the column. */
    size_t from;
    size_t rows;
    /* The number of nulls among these rows. */
    size_t nulls;
};

/* Some values of a page that follow each other. */
struct hw_values_run {
    const struct hw_values *of;
    size_t from;
    size_t count;
    /* The offset of the first value's bytes in a text lane. */
    size_t text_at;
};

void hw_values_release(struct hw_values *values);
/* Removes all values and keeps the memory. */
void hw_values_clear(struct hw_values *values);
/* Returns the bytes of memory that they hold. */
size_t hw_values_held(const struct hw_values *values);
/* Returns the bytes of their PLAIN encoding. */
size_t hw_values_plain_bytes(const struct hw_values *values, const struct hw_leaf *leaf);

/*
 * Appends the values of the slice that are not null, converted to the lane (parquet/convert.h). A
 * value that has no place there, as a decimal beyond its precision, is HW_EDATA.
 */
HW_NODISCARD enum hw_status hw_values_append(struct hw_values *values, const struct hw_leaf *leaf,
                                             const struct hw_slice *slice, struct hw_error *err);
/* Appends values that a file has, from number `from` on; they are in the lane's form already. */
HW_NODISCARD enum hw_status hw_values_append_rows(struct hw_values *values, const struct hw_leaf *leaf,
                                                  const struct hw_leaf_rows *rows, size_t from, size_t count,
                                                  struct hw_error *err);
/* Appends the values of the run. */
HW_NODISCARD enum hw_status hw_values_copy(struct hw_values *values, const struct hw_leaf *leaf,
                                           const struct hw_values_run *run, struct hw_error *err);

static inline const uint32_t *hw_values_lengths(const struct hw_values *values) {
    return (const uint32_t *)(const void *)values->lengths.data;
}

#endif
