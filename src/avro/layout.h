/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of a table's rows in Avro's binary encoding, and the tile in which some are made. */
#ifndef HW_AVRO_LAYOUT_H
#define HW_AVRO_LAYOUT_H

#include "core/buf.h"
#include "table/batch.h"

enum { HW_AVRO_TILE_ROWS = 128 };

/* A layout is the same for all batches of a schema. Read-only once made: any thread. */
struct hw_avro_layout {
    /* Borrowed. */
    const struct hw_schema *schema;
    /* A column has children or a dictionary: rows are encoded one by one. */
    bool nested;
    /* The bytes of one row at most, without those of its texts. */
    size_t row_bytes_max;
    size_t tile_rows_max;
};

struct hw_avro_tile {
    struct hw_buf slots;
    size_t rows;
    /* Each row begins and ends in `slots`. */
    uint8_t *starts[HW_AVRO_TILE_ROWS];
    uint8_t *ends[HW_AVRO_TILE_ROWS];
};

#endif
