/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of a table's rows in Avro's binary encoding, and the tile that takes some rows. */
#ifndef HW_AVRO_LAYOUT_H
#define HW_AVRO_LAYOUT_H

#include "core/buf.h"
#include "table/batch.h"

enum { HW_AVRO_TILE_ROWS = 128 };

/*
 * The layout of the rows of a schema, which all of its batches share. It is read only once it is
 * made, and any thread may read it.
 */
struct hw_avro_layout {
    /* The schema, borrowed. */
    const struct hw_schema *schema;
    /* True if a column has children or a dictionary, so that rows are encoded one by one. */
    bool nested;
    /* The most bytes of a row, without those of its texts. */
    size_t row_bytes_max;
    size_t tile_rows_max;
};

/* Some encoded rows. Start it zeroed. */
struct hw_avro_tile {
    /* The slots of the rows, one after the other. */
    struct hw_buf slots;
    size_t rows;
    /* The beginning and the end of each row in `slots`. */
    uint8_t *starts[HW_AVRO_TILE_ROWS];
    uint8_t *ends[HW_AVRO_TILE_ROWS];
};

#endif
