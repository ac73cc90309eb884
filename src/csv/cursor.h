/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cursor of CSV, which reads parts of a table. It reads each input of a part block by block
 * into a buffer that is reused, and parses the block into a batch while it is in cache.
 */
#ifndef HW_CSV_CURSOR_H
#define HW_CSV_CURSOR_H

#include "csv/table.h"
#include "table/reader.h"

/*
 * Makes a cursor of the table, which is borrowed. Safe from any thread; the cursor is one thread's.
 * Its results are struct hw_csv_result (csv/blocks.h).
 */
HW_NODISCARD enum hw_status hw_csv_cursor_new(struct hw_csv_table *table, struct hw_cursor **out_cursor,
                                              struct hw_error *err);
/* Frees a result of such a cursor. */
void hw_csv_result_free(struct hw_part_result *result);

#endif
