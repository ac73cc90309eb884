/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished column chunk, which is not written yet, as a source: it is read as it will be from the
 * file, the dictionary page first.
 */
#ifndef HW_OPTIMIZE_CHUNK_SOURCE_H
#define HW_OPTIMIZE_CHUNK_SOURCE_H

#include <hawser/io.h>

#include "parquet/row_group.h"

struct hw_chunk_source {
    struct hw_source base;
    /* A row group of a single column, borrowed. */
    const struct hw_row_group *group;
};

/* Begins. Nothing has to be released. */
void hw_chunk_source_init(struct hw_chunk_source *source, const struct hw_row_group *group);

#endif
