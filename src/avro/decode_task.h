/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One task of reading a file: some blocks that lie behind each other become batches. Tasks have
 * nothing in common but what they only read, so that several threads do several of them.
 */
#ifndef HW_AVRO_DECODE_TASK_H
#define HW_AVRO_DECODE_TASK_H

#include "avro/block_unpack.h"
#include "avro/decode.h"
#include "table/shared_schema.h"

/* All that the tasks of a file share. */
struct hw_avro_task_options {
    const struct hw_avro_head *head;
    const struct hw_avro_program *program;
    struct hw_shared_schema *schema;
    struct hw_avro_batch_size batch;
    /* Bytes that a block may unpack to in any task, and in the one that is done alone. */
    size_t unpacked_bytes_shared;
    size_t unpacked_bytes_max;
    /* Bytes that the rows of a batch may take as they are decoded, in the same way. */
    size_t held_bytes_shared;
    size_t held_bytes_max;
    /* The rows that are wanted: from this number on, and up to that one. */
    uint64_t rows_begin;
    uint64_t rows_end;
};

/* Batches that a task makes before it asks for its turn again. */
enum { HW_AVRO_TASK_BATCHES = 2 };

struct hw_avro_task {
    const struct hw_avro_task_options *options;
    /* Blocks that were read, of which `blocks_max` keep their memory. */
    struct hw_avro_stored *blocks;
    size_t blocks_count;
    size_t blocks_max;
    /* The number of the block in work, and whether the decoder has it. */
    size_t block;
    bool begun;
    /* The block before which the decoder has its mark, and the one that is not decoded any more. */
    size_t marked_block;
    size_t blocks_end;
    struct hw_avro_unpacker unpacker;
    struct hw_avro_decoder *decoder;
    /* The numbers in the file of the first row in the decoder, and of the next one to be given. */
    uint64_t row;
    uint64_t row_given;
    /* The bytes of all blocks, and those of the rows that were given. */
    uint64_t stored_bytes;
    uint64_t given_bytes;
    struct hw_batch batches[HW_AVRO_TASK_BATCHES];
    size_t batches_count;
    /* The block in work takes more memory than is shared: it waits until the task is alone. */
    bool large;
    /* All rows are handed out. */
    bool ended;
    /* The failure of block `blocks_end`, which counts once the rows of those before it are made. */
    bool failed;
    enum hw_status status;
    struct hw_error error;
};

/* Makes a task without blocks. The release is due on failure too. */
HW_NODISCARD enum hw_status hw_avro_task_init(struct hw_avro_task *task, const struct hw_avro_task_options *options,
                                              struct hw_error *err);
/* Accepts a zeroed one. */
void hw_avro_task_release(struct hw_avro_task *task);
/* Returns a block to be read into, behind the others; hw_avro_task_block_add keeps it. */
HW_NODISCARD enum hw_status hw_avro_task_block(struct hw_avro_task *task, struct hw_avro_stored **out_block,
                                               struct hw_error *err);
void hw_avro_task_block_add(struct hw_avro_task *task);
/*
 * Decodes until the task has ended or HW_AVRO_TASK_BATCHES batches wait. An error is kept in the
 * task; batches of the rows before it come first.
 */
void hw_avro_task_run(struct hw_avro_task *task, bool alone);
/* Hands out the next batch that waits, with its reference. False where there is none. */
bool hw_avro_task_take(struct hw_avro_task *task, struct hw_batch *out_batch);
/* Makes it a task without blocks again. Memory beyond what is shared is given back. */
void hw_avro_task_clear(struct hw_avro_task *task);

#endif
