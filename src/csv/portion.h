/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Portions are the parts of a table that is a stream. A portion is the complete records among the
 * next bytes of the text, of which the caller says how many; where no record ends among them, it
 * asks for twice as many, and so on. One cursor at a time has the stream.
 */
#ifndef HW_CSV_PORTION_H
#define HW_CSV_PORTION_H

#include "csv/table.h"
#include "csv/window.h"

/*
 * Begins a portion where the last one ended: `window` reads the stream from there. Opens the stream
 * where it is not open yet.
 */
HW_NODISCARD enum hw_status hw_csv_portion_begin(struct hw_csv_table *table, struct hw_csv_window *window,
                                                 struct hw_error *err);

/*
 * Reads the next `bytes` bytes of the stream into the window. `*out_bytes` is the number of them
 * that are complete records: all where the text ends there, and 0 where no record ends among them.
 */
HW_NODISCARD enum hw_status hw_csv_portion_hold(struct hw_csv_table *table, struct hw_csv_window *window, size_t bytes,
                                                size_t *out_bytes, struct hw_error *err);

/*
 * Leaves the stream to the next cursor. The window keeps its first `bytes` bytes; the bytes after
 * them become the start of the next portion.
 */
HW_NODISCARD enum hw_status hw_csv_portion_hand_on(struct hw_csv_table *table, struct hw_csv_window *window,
                                                   size_t bytes, struct hw_error *err);

#endif
