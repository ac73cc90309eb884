/* SPDX-License-Identifier: Apache-2.0 */
/* The table that a stream of batches is: what its cursors share. */
#ifndef HW_STREAM_TABLE_H
#define HW_STREAM_TABLE_H

#include "core/arena.h"
#include "stream/block.h"

struct hw_stream_table_options {
    /*
     * A part ends with the block that makes it so long. It comes from what was asked for, and not
     * from memory or threads: parts are what row groups end with.
     */
    uint64_t part_bytes;
    /* There is memory for such a part as a whole in each worker. */
    bool part_held;
    uint64_t row_bytes_max;    /* A longer row fails the table. */
    uint64_t row_bytes_shared; /* Longer ones are worked on by one worker at a time. */
};

struct hw_stream_table {
    struct hw_stream_table_options options;
    struct hw_schema schema; /* without dictionaries; once it is decided */
    struct hw_stream_block_limits limits;
    struct hw_arena arena; /* of the schema */
    /* One cursor at a time has it, from the beginning of its part until it hands it on. */
    struct hw_stream_source source;
    uint64_t rows; /* that were taken from the source */
};

#endif
