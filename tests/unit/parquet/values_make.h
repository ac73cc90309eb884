/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a page from C literals. */
#ifndef HW_TESTS_PARQUET_VALUES_MAKE_H
#define HW_TESTS_PARQUET_VALUES_MAKE_H

#include "support/rows.h"

#include "parquet/values.h"

static inline void values_put(struct hw_values *values, const void *data, size_t bytes) {
    assert_int_equal(hw_buf_reserve(&values->data, bytes + HW_VALUES_PADDING, NULL), HW_OK);
    assert_int_equal(hw_buf_append(&values->data, data, bytes, NULL), HW_OK);
    values->count++;
}

static inline void values_put_text(struct hw_values *values, const char *text, size_t bytes) {
    uint32_t length = (uint32_t)bytes;
    assert_int_equal(hw_buf_append(&values->lengths, &length, sizeof(length), NULL), HW_OK);
    values_put(values, text, bytes);
}

#endif
