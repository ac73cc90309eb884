/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the blocks of an Avro file as they are stored, one after the other. */
#ifndef HW_AVRO_BLOCK_READ_H
#define HW_AVRO_BLOCK_READ_H

#include "avro/file_head.h"
#include "core/buf.h"

/* Bytes that are readable, and zero, behind those of a block. */
enum { HW_AVRO_BLOCK_ROOM = 64 };

/* A block as it is stored. Start it zeroed. */
struct hw_avro_stored {
    /* Its number, from 0, and the offset in the file at which it begins. */
    uint64_t number;
    uint64_t offset;
    /* The items that it says it has, and those of the blocks before it. */
    uint64_t count;
    uint64_t first_row;
    /* The offset in the file of its bytes behind count and size. */
    uint64_t data_offset;
    /* Its bytes behind count and size, with HW_AVRO_BLOCK_ROOM bytes of room behind them. */
    struct hw_buf data;
};

/* The place at which the next block is read. One thread at a time. */
struct hw_avro_block_reader {
    const struct hw_avro_head *head;
    struct hw_packed *input;
    uint64_t next;
    /* The items of all blocks so far. */
    uint64_t rows;
    /* True after a failure in which the marker behind the block was not that of the header. */
    bool sync_differs;
};

/*
 * Reads the next block to `block`, whose buffer is used again. `*out_more` is false at the end of
 * the file. HW_EDATA where count, size or marker is wrong, or the file ends within the block;
 * HW_ELIMIT where it has more than HW_AVRO_BLOCK_BYTES_MAX bytes. The error says which block it is,
 * and where.
 */
HW_NODISCARD enum hw_status hw_avro_block_next(struct hw_avro_block_reader *reader, struct hw_avro_stored *block,
                                               bool *out_more, struct hw_error *err);
void hw_avro_stored_release(struct hw_avro_stored *block);

/*
 * Makes an error in the bytes of a block one of the file: it gets the number of the block, its row
 * becomes one of the file, and its offset that of the byte, where the codec is null, else that of
 * the block.
 */
void hw_avro_block_error(const struct hw_avro_stored *block, enum hw_avro_codec codec, struct hw_error *err);

#endif
