/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a batch in Avro's binary encoding. Batches are columns and Avro is rows, so a tile of
 * some rows is encoded column by column, each row into a slot that its longest encoding fits, in
 * one tight loop a column; the caller then takes the rows one after the other. A table with nested
 * columns is encoded row by row.
 */
#ifndef HW_AVRO_BLOCK_H
#define HW_AVRO_BLOCK_H

#include "avro/layout.h"

/* HW_ELIMIT where a row could grow beyond what a block can hold. */
HW_NODISCARD enum hw_status hw_avro_layout_init(struct hw_avro_layout *layout, const struct hw_schema *schema,
                                                struct hw_error *err);
/*
 * HW_EDATA, with the column, where a column that is never null has one, or a flat one a value
 * without a place.
 */
HW_NODISCARD enum hw_status hw_avro_batch_check(const struct hw_avro_layout *layout, const struct hw_batch *batch,
                                                struct hw_error *err);

/*
 * Encodes as many rows from `row` on as a tile takes, at least one; `row` must be in the batch,
 * which has been checked. HW_EDATA for what nested columns have that hw_avro_batch_check would
 * refuse in flat ones. Start it zeroed.
 */
HW_NODISCARD enum hw_status hw_avro_tile_fill(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                              const struct hw_batch *batch, size_t row, struct hw_error *err);
void hw_avro_tile_release(struct hw_avro_tile *tile);

#endif
