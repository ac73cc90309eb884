/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/order_marks.h"

/* The ways in which the key of a row compares with that of the row before. */
enum mark { MARK_EQUAL, MARK_AFTER, MARK_BEFORE };

enum { ROWS_A_BYTE = 4, BITS = 2, MASK = 3 };

void hw_order_marks_release(struct hw_order_marks *marks) {
    hw_buf_release(&marks->marks);
    hw_buf_release(&marks->first);
    hw_buf_release(&marks->last);
    hw_leaf_rows_release(&marks->keys);
}

void hw_order_marks_clear(struct hw_order_marks *marks) {
    marks->rows = 0;
    hw_buf_clear(&marks->marks);
    hw_buf_clear(&marks->first);
    hw_buf_clear(&marks->last);
}

static enum mark mark_of(hw_view key, hw_view before) {
    const int order = hw_sort_key_compare(key, before);
    return order == 0 ? MARK_EQUAL : order > 0 ? MARK_AFTER : MARK_BEFORE;
}

static enum hw_status mark_add(struct hw_order_marks *marks, enum mark mark, struct hw_error *err) {
    const unsigned shift = BITS * (unsigned)(marks->rows % ROWS_A_BYTE);
    if (shift == 0) {
        HW_TRY(hw_buf_append_byte(&marks->marks, 0, err));
    }
    marks->marks.data[marks->marks.size - 1] |= (uint8_t)((unsigned)mark << shift);
    marks->rows++;
    return HW_OK;
}

enum hw_status hw_order_marks_add(struct hw_order_marks *marks, const struct hw_sort_key *key,
                                  const struct hw_leaf_rows *rows, struct hw_error *err) {
    if (rows->rows == 0) {
        return HW_OK;
    }
    HW_TRY(hw_leaf_rows_clear(&marks->keys, 0, err));
    HW_TRY(hw_sort_keys_add(key, rows, &marks->keys, err));
    const hw_view first = hw_sort_key_at(&marks->keys, 0);
    if (marks->rows == 0) {
        HW_TRY(hw_buf_append(&marks->first, first.data, first.size, err));
    }
    hw_view before = marks->rows == 0 ? first : hw_buf_view(&marks->last);
    for (size_t i = 0; i < rows->rows; i++) {
        const hw_view now = hw_sort_key_at(&marks->keys, i);
        HW_TRY(mark_add(marks, mark_of(now, before), err));
        before = now;
    }
    hw_buf_clear(&marks->last);
    return hw_buf_append(&marks->last, before.data, before.size, err);
}

static enum mark mark_at(const struct hw_order_marks *marks, uint64_t row) {
    return (enum mark)(marks->marks.data[row / ROWS_A_BYTE] >> BITS * (row % ROWS_A_BYTE) & MASK);
}

/* Returns the number of the first column in which a row is not equal, and how it compares there. */
static size_t differs_at(const struct hw_order_marks *marks, size_t count, uint64_t row, enum mark *out_mark) {
    size_t column = 0;
    *out_mark = MARK_EQUAL;
    while (column < count && (*out_mark = mark_at(&marks[column], row)) == MARK_EQUAL) {
        column++;
    }
    return column;
}

/* Does the same for the first row, and the row before it. */
static size_t first_differs_at(const struct hw_order_marks *marks, const struct hw_buf *before, size_t count,
                               enum mark *out_mark) {
    size_t column = 0;
    *out_mark = MARK_EQUAL;
    while (column < count &&
           (*out_mark = mark_of(hw_buf_view(&marks[column].first), hw_buf_view(&before[column]))) == MARK_EQUAL) {
        column++;
    }
    return column;
}

size_t hw_order_marks_sorted(const struct hw_order_marks *marks, const struct hw_buf *before, size_t count) {
    const uint64_t rows = count > 0 ? marks[0].rows : 0;
    enum mark mark;
    if (before && rows > 0) {
        const size_t column = first_differs_at(marks, before, count, &mark);
        count = mark == MARK_BEFORE ? column : count;
    }
    /* Columns that are out are looked at no more. */
    for (uint64_t row = 1; row < rows && count > 0; row++) {
        const size_t column = differs_at(marks, count, row, &mark);
        count = mark == MARK_BEFORE ? column : count;
    }
    return count;
}

bool hw_order_marks_equal(const struct hw_order_marks *marks, size_t count, uint64_t row) {
    enum mark mark;
    return differs_at(marks, count, row, &mark) == count;
}
