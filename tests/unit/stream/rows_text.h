/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of batches as text, and those that a made-up stream has, in one batch. */
#ifndef HW_TESTS_STREAM_ROWS_TEXT_H
#define HW_TESTS_STREAM_ROWS_TEXT_H

#include "support/made_stream.h"
#include "support/rows.h"
#include "support/slot_text.h"

/* Appends the rows, one a line. */
static inline void rows_text(const struct hw_batch *batch, struct hw_buf *out) {
    for (size_t row = 0; row < batch->rows; row++) {
        for (size_t i = 0; i < batch->schema->count; i++) {
            slots_text(&batch->schema->fields[i], &batch->columns[i], row, 1, out);
        }
        assert_int_equal(hw_buf_append_byte(out, '\n', NULL), HW_OK);
    }
}

/* Appends all rows of a stream like `made`, which is not touched. */
static inline void made_text(const struct made_stream *made, struct hw_buf *out) {
    struct made_stream all = {.columns = made->columns, .rows = made->rows, .batch_rows = made->rows};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch batch;
    bool more;
    made_stream_init(&all);
    assert_ok(all.base.next(&all.base, &batch, &more, &err), err);
    if (more) {
        rows_text(&batch, out);
        hw_batch_release(&batch);
    }
    all.base.free(&all.base);
}

#endif
