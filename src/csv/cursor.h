/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CSV cursor: reads parts of a table. For each input of a part, blocks of text are read into a
 * buffer that is reused, and parsed into batches while they are in cache.
 */
#ifndef HW_CSV_CURSOR_H
#define HW_CSV_CURSOR_H

#include "csv/table.h"
#include "table/reader.h"

/*
 * Makes a cursor of the table, which is borrowed. Any thread. Its results are struct hw_csv_result
 * (csv/blocks.h).
 */
HW_NODISCARD enum hw_status hw_csv_cursor_new(struct hw_csv_table *table, struct hw_cursor **out_cursor,
                                              struct hw_error *err);
void hw_csv_result_free(struct hw_part_result *result);

#endif
