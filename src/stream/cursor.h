/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cursor of a stream: copies the rows of a part into blocks, one after the other, and hands the
 * stream on to the next cursor. A part is held as a whole, so that several cursors have one at a
 * time, or where there is little memory, a block of it. Its rows are the same either way.
 */
#ifndef HW_STREAM_CURSOR_H
#define HW_STREAM_CURSOR_H

#include "stream/table.h"
#include "table/reader.h"

/*
 * Makes a cursor of the table, which is borrowed. Any thread. Its results are freed with hw_free.
 * Between two batches of the program, `next` comes back with no rows, so that the caller can stop.
 */
HW_NODISCARD enum hw_status hw_stream_cursor_new(struct hw_stream_table *table, struct hw_cursor **out_cursor,
                                                 struct hw_error *err);

#endif
