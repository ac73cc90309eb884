/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a leaf whose highest definition level is 1, as text: a space ends a row, a comma ends an
 * entry in it, "-" is a null, and "~" a text without bytes. Values of 8 bytes are numbers.
 */
#ifndef HW_TESTS_OPTIMIZE_ROWS_TEXT_H
#define HW_TESTS_OPTIMIZE_ROWS_TEXT_H

#include <stdlib.h>

#include "parquet/leaf_rows.h"
#include "support/rows.h"

enum { ROWS_TEXT_DEF = 1, ROWS_TEXT_NUMBER = 8 };

static inline void rows_text_value(struct hw_leaf_rows *rows, const char *word, size_t bytes) {
    const uint64_t number = strtoull(word, NULL, 10);
    if (rows->width == 0) {
        const hw_view text = {word, *word == '~' ? 0 : bytes};
        assert_int_equal(hw_leaf_rows_text(rows, text, NULL), HW_OK);
        return;
    }
    assert_int_equal(hw_buf_append(&rows->values, &number, sizeof(number), NULL), HW_OK);
    rows->count++;
}

/* Makes the rows of the text, for values of `width` bytes. Rows with a comma are those of lists. */
static inline void rows_text_put(struct hw_leaf_rows *rows, size_t width, const char *text) {
    const bool lists = strchr(text, ',') != NULL, nulls = lists || strchr(text, '-') != NULL;
    bool begins = true;
    assert_int_equal(hw_leaf_rows_clear(rows, width, NULL), HW_OK);
    for (const char *at = text; *at;) {
        const size_t bytes = strcspn(at, ", ");
        const bool has = *at != '-';
        rows->rows += begins;
        rows->entries++;
        assert_int_equal(nulls ? hw_buf_append_byte(&rows->defs, has, NULL) : HW_OK, HW_OK);
        assert_int_equal(lists ? hw_buf_append_byte(&rows->reps, !begins, NULL) : HW_OK, HW_OK);
        if (has) {
            rows_text_value(rows, at, bytes);
        }
        begins = at[bytes] != ',';
        at += bytes + (at[bytes] != '\0');
    }
}

/* Appends the text of rows, with a space behind each. */
static inline void rows_text_add(const struct hw_leaf_rows *rows, struct hw_buf *out) {
    const int32_t *places = (const int32_t *)(const void *)rows->offsets.data;
    size_t value = 0;
    assert_true(rows->defs.size == 0 || rows->defs.size == rows->entries);
    assert_true(rows->reps.size == 0 || rows->reps.size == rows->entries);
    for (size_t i = 0; i < rows->entries; i++) {
        const bool more = rows->reps.size > 0 && i + 1 < rows->entries && rows->reps.data[i + 1] != 0;
        if (rows->defs.size > 0 && rows->defs.data[i] < ROWS_TEXT_DEF) {
            assert_int_equal(hw_buf_append_text(out, "-", NULL), HW_OK);
        } else if (rows->width > 0) {
            const uint64_t number = hw_load_le64(rows->values.data + value++ * ROWS_TEXT_NUMBER);
            assert_int_equal(hw_buf_printf(out, NULL, "%" PRIu64, number), HW_OK);
        } else {
            const size_t bytes = (size_t)(places[value + 1] - places[value]);
            const uint8_t *text = rows->data.data + places[value++];
            assert_int_equal(bytes > 0 ? hw_buf_append(out, text, bytes, NULL) : hw_buf_append_text(out, "~", NULL),
                             HW_OK);
        }
        assert_int_equal(hw_buf_append_text(out, more ? "," : " ", NULL), HW_OK);
    }
    assert_int_equal(value, rows->count);
}

/* Checks that rows are those of the text, which has a space behind each. */
static inline void rows_text_check(const char *name, const struct hw_leaf_rows *rows, const char *want) {
    HW_AUTO(hw_buf) got = {0};
    rows_text_add(rows, &got);
    assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
    assert_row_text(name, (const char *)got.data, want);
}

#endif
