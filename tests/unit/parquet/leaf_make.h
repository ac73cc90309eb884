/* SPDX-License-Identifier: Apache-2.0 */
/* Makes leaves for tests, and converts values that stand in a text of bytes. */
#ifndef HW_TESTS_LEAF_MAKE_H
#define HW_TESTS_LEAF_MAKE_H

#include <stdlib.h>

#include "parquet/decoder.h"
#include "parquet/leaf_convert.h"
#include "support/rows.h"

struct leaf_made {
    struct hw_field field;
    struct hw_read_leaf leaf;
};

static inline void leaf_make(struct leaf_made *made, enum hw_physical physical, size_t width, enum hw_leaf_form form,
                             struct hw_type type) {
    *made = (struct leaf_made){.field = {.name = "a", .type = type}};
    made->leaf = (struct hw_read_leaf){.physical = physical, .width = width, .form = form, .field = &made->field};
}

/*
 * Converts values of the leaf's width, which are moved to where only HW_DECODED_PADDING bytes may
 * be read behind them.
 */
static inline enum hw_status leaf_convert(const struct leaf_made *made, const void *values, size_t bytes,
                                          struct hw_leaf_rows *out, struct hw_error *err) {
    uint8_t *data = calloc(1, bytes + HW_DECODED_PADDING);
    assert_non_null(data);
    memcpy(data, values, bytes);
    const struct hw_leaf_values all = {.count = bytes / made->leaf.width, .data = data};
    assert_ok(hw_leaf_rows_clear(out, hw_leaf_width(&made->leaf), err), *err);
    const enum hw_status status = hw_leaf_convert(&made->leaf, &all, out, err);
    free(data);
    return status;
}

#endif
