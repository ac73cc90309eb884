/* SPDX-License-Identifier: Apache-2.0 */
/* Levels of entries that are written down as text, a digit each. */
#ifndef HW_TESTS_LEVELS_MAKE_H
#define HW_TESTS_LEVELS_MAKE_H

#include "parquet/leaf_rows.h"
#include "support/rows.h"

/* Appends the digits as levels. */
static inline void levels_put(struct hw_buf *levels, const char *digits, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hw_buf_append_byte(levels, (uint8_t)(digits[i] - '0'), NULL), HW_OK);
    }
}

#endif
