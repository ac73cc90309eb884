/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Portions: the parts of a table that is a stream. A portion is the complete records among the next
 * so many bytes of the text; where there is none, twice as many are looked at, and so on. One
 * cursor at a time has the stream.
 */
#ifndef HW_CSV_PORTION_H
#define HW_CSV_PORTION_H

#include "csv/table.h"
#include "csv/window.h"

/*
 * Makes `window` the stream's, from where the last portion ended. The stream is opened where it is
 * not open yet.
 */
HW_NODISCARD enum hw_status hw_csv_portion_begin(struct hw_csv_table *table, struct hw_csv_window *window,
                                                 struct hw_error *err);

/*
 * Reads the next `bytes` bytes of the stream into the window, and finds how many of them,
 * `*out_bytes`, are complete records: all where the text ends there, and 0 where no record ends
 * among them.
 */
HW_NODISCARD enum hw_status hw_csv_portion_hold(struct hw_csv_table *table, struct hw_csv_window *window, size_t bytes,
                                                size_t *out_bytes, struct hw_error *err);

/*
 * Leaves the stream to the next cursor. What the window holds from `bytes` bytes on is the next
 * portion's; the bytes before it are all there is in the window from here on.
 */
HW_NODISCARD enum hw_status hw_csv_portion_hand_on(struct hw_csv_table *table, struct hw_csv_window *window,
                                                   size_t bytes, struct hw_error *err);

#endif
