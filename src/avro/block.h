/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodes the rows of a batch in Avro's binary encoding. A batch has columns and Avro has rows, so
 * a tile of some rows is encoded column by column, in one tight loop for each. Every row has a slot
 * in the tile that its longest encoding fits in, and the caller takes the rows from there one after
 * the other. A table with nested columns is encoded row by row.
 */
#ifndef HW_AVRO_BLOCK_H
#define HW_AVRO_BLOCK_H

#include "avro/layout.h"

/*
 * Makes the layout of a schema, which is borrowed. HW_ELIMIT means that a row could be longer than
 * a block can be.
 */
HW_NODISCARD enum hw_status hw_avro_layout_init(struct hw_avro_layout *layout, const struct hw_schema *schema,
                                                struct hw_error *err);
/*
 * Checks a batch. HW_EDATA, with the name of the column, means that a required column has a null,
 * or a flat column a value that has no place in Avro.
 */
HW_NODISCARD enum hw_status hw_avro_batch_check(const struct hw_avro_layout *layout, const struct hw_batch *batch,
                                                struct hw_error *err);

/*
 * Encodes rows to a tile, which was started zeroed: as many from `row` on as it takes, at least
 * one. `row` must be in the batch, and the batch must have been checked. HW_EDATA means that a
 * nested column has a null or value that hw_avro_batch_check would refuse in a flat one.
 */
HW_NODISCARD enum hw_status hw_avro_tile_fill(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                              const struct hw_batch *batch, size_t row, struct hw_error *err);
void hw_avro_tile_release(struct hw_avro_tile *tile);

#endif
