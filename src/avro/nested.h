/* SPDX-License-Identifier: Apache-2.0 */
/* Encodes the rows of tables with nested columns in Avro's binary encoding, one by one. */
#ifndef HW_AVRO_NESTED_H
#define HW_AVRO_NESTED_H

#include "avro/layout.h"

/* Does what hw_avro_tile_fill does, for a layout that is nested. */
HW_NODISCARD enum hw_status hw_avro_nested_fill(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                                const struct hw_batch *batch, size_t row, struct hw_error *err);

#endif
