/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Casts columns to the types that they have in common with others (table/widen.h). Every value
 * stays the value that it is, or the cast fails.
 */
#ifndef HW_TABLE_CAST_H
#define HW_TABLE_CAST_H

#include "core/buf.h"
#include "table/batch.h"

/* The memory of one column that was cast. Start it zeroed. It grows as needed, and stays. */
struct hw_cast_room {
    struct hw_buf values;
    struct hw_buf validity;
    /* After HW_EDATA, the row whose value does not fit. */
    size_t row;
};

void hw_cast_room_release(struct hw_cast_room *room);

/*
 * Returns whether columns of the one type must be cast to be columns of the other, which is one
 * that it has in common with others. Where that is false the same buffers serve.
 */
bool hw_cast_needed(struct hw_type from, struct hw_type to);

/* Returns the bytes that a cast takes for each row, beside a bit. */
size_t hw_cast_row_bytes(struct hw_type to);

/*
 * Makes `rows` rows of `column`, whose type is `from`, a column of type `to` that begins at slot 0.
 * It borrows `room`, until the next call, and what it can keep of `column`. HW_EDATA says which
 * value does not fit; values of rows that are null are not looked at. HW_ELIMIT where offsets of 32
 * bits do not reach.
 */
HW_NODISCARD enum hw_status hw_cast_column(const struct hw_column *column, size_t rows, struct hw_type from,
                                           struct hw_type to, struct hw_cast_room *room, struct hw_column *out_column,
                                           struct hw_error *err);

#endif
