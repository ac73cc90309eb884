/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/decode_task.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "table/batch_copy.h"

/* Bytes below which the ratio of rows to stored bytes does not count. */
#define SPREAD_FREE_BYTES HW_MIB(1024)
/* Count, size and marker of a block take that many at least. */
enum { BLOCK_FRAME_BYTES = 18 };

enum hw_status hw_avro_task_init(struct hw_avro_task *task, const struct hw_avro_task_options *options,
                                 struct hw_error *err) {
    *task = (struct hw_avro_task){.options = options, .error = HW_ERROR_INIT};
    return hw_avro_decoder_new(options->program, options->batch, &task->decoder, err);
}

static void batches_drop(struct hw_avro_task *task) {
    for (size_t i = 0; i < task->batches_count; i++) {
        hw_batch_release(&task->batches[i]);
    }
    task->batches_count = 0;
}

void hw_avro_task_release(struct hw_avro_task *task) {
    batches_drop(task);
    for (size_t i = 0; i < task->blocks_max; i++) {
        hw_avro_stored_release(&task->blocks[i]);
    }
    hw_free(task->blocks);
    hw_avro_unpacker_release(&task->unpacker);
    hw_avro_decoder_free(task->decoder);
    *task = (struct hw_avro_task){0};
}

enum hw_status hw_avro_task_block(struct hw_avro_task *task, struct hw_avro_stored **out_block, struct hw_error *err) {
    if (task->blocks_count == task->blocks_max) {
        struct hw_avro_stored *blocks = hw_realloc_array(task->blocks, task->blocks_max + 1, sizeof(*blocks));
        if (!blocks) {
            return hw_fail_nomem(err, (task->blocks_max + 1) * sizeof(*blocks));
        }
        blocks[task->blocks_max++] = (struct hw_avro_stored){0};
        task->blocks = blocks;
    }
    *out_block = &task->blocks[task->blocks_count];
    return HW_OK;
}

void hw_avro_task_block_add(struct hw_avro_task *task) {
    if (task->blocks_count == 0) {
        task->row = task->row_given = task->blocks[0].first_row;
    }
    task->stored_bytes += task->blocks[task->blocks_count].data.size + BLOCK_FRAME_BYTES;
    task->blocks_end = ++task->blocks_count;
}

bool hw_avro_task_take(struct hw_avro_task *task, struct hw_batch *out_batch) {
    if (task->batches_count == 0) {
        return false;
    }
    *out_batch = task->batches[0];
    task->batches_count--;
    memmove(&task->batches[0], &task->batches[1], task->batches_count * sizeof(task->batches[0]));
    return true;
}

void hw_avro_task_clear(struct hw_avro_task *task) {
    const size_t kept = task->options->unpacked_bytes_shared;
    batches_drop(task);
    hw_avro_decoder_clear(task->decoder, 2 * task->options->batch.bytes);
    if (hw_avro_unpacker_held(&task->unpacker) > kept) {
        hw_avro_unpacker_release(&task->unpacker);
    }
    for (size_t i = 0; i < task->blocks_max; i++) {
        if (task->blocks[i].data.capacity > kept) {
            hw_avro_stored_release(&task->blocks[i]);
        }
    }
    task->blocks_count = task->blocks_end = task->block = task->marked_block = 0;
    task->begun = task->large = task->ended = task->failed = false;
    task->stored_bytes = task->given_bytes = 0;
    task->status = HW_OK;
}

/* ------ decoding */

static enum hw_status step_run(struct hw_avro_task *task, bool alone, bool *out_wait);
static void failure_take(struct hw_avro_task *task, enum hw_status status);

void hw_avro_task_run(struct hw_avro_task *task, bool alone) {
    bool wait = false;
    while (!task->ended && !wait && task->batches_count < HW_AVRO_TASK_BATCHES) {
        const enum hw_status status = step_run(task, alone, &wait);
        if (status != HW_OK) {
            failure_take(task, status);
        }
    }
}

/*
 * Goes back to the rows of the blocks before the one that has failed: to those at the mark, and
 * then to blocks that came after it.
 */
static void failure_take(struct hw_avro_task *task, enum hw_status status) {
    task->ended = task->failed || status == HW_ENOMEM;
    task->status = task->failed && status != HW_ENOMEM ? task->status : status;
    task->failed = true;
    task->blocks_end = task->block;
    task->block = task->marked_block;
    task->begun = task->large = false;
    hw_avro_decoder_return(task->decoder);
}

/* Returns where an error goes: the first one is kept. */
static struct hw_error *error_of(struct hw_avro_task *task) {
    return task->failed ? NULL : &task->error;
}

static enum hw_status block_begin(struct hw_avro_task *task, bool alone, bool *out_wait);
static enum hw_status block_run(struct hw_avro_task *task, bool alone, bool *out_wait);
static enum hw_status rows_give(struct hw_avro_task *task);

/* Unpacks the next block, or decodes some rows of it, or ends the task. */
static enum hw_status step_run(struct hw_avro_task *task, bool alone, bool *out_wait) {
    if (task->begun) {
        return block_run(task, alone, out_wait);
    }
    if (task->block < task->blocks_end) {
        return block_begin(task, alone, out_wait);
    }
    HW_TRY(rows_give(task));
    task->ended = true;
    return HW_OK;
}

static enum hw_status block_begin(struct hw_avro_task *task, bool alone, bool *out_wait) {
    const struct hw_avro_task_options *options = task->options;
    const struct hw_avro_stored *block = &task->blocks[task->block];
    hw_view bytes = {0};
    if (task->large && !alone) {
        *out_wait = true;
        return HW_OK;
    }
    if (hw_avro_decoder_mark(task->decoder)) {
        task->marked_block = task->block;
    }
    hw_avro_decoder_limit(task->decoder, alone ? options->held_bytes_max : options->held_bytes_shared);
    task->unpacker.bytes_max = alone ? options->unpacked_bytes_max : options->unpacked_bytes_shared;
    enum hw_status status = hw_avro_unpack(&task->unpacker, options->head->codec, block, &bytes, error_of(task));
    if (status == HW_ELIMIT && !alone && options->unpacked_bytes_max > options->unpacked_bytes_shared) {
        *out_wait = task->large = true;
        return HW_OK;
    }
    if (status == HW_OK) {
        status = hw_avro_decoder_begin(task->decoder, bytes, block->count, error_of(task));
    }
    if (status != HW_OK) {
        hw_avro_block_error(block, options->head->codec, error_of(task));
        return status;
    }
    task->begun = true;
    task->large = false;
    return HW_OK;
}

/* Goes back to the mark, from where the task goes on alone. Rows that were given stay given. */
static void large_take(struct hw_avro_task *task) {
    hw_avro_decoder_return(task->decoder);
    task->block = task->marked_block;
    if (hw_avro_decoder_rows(task->decoder) == 0) {
        task->row = task->blocks[task->block].first_row;
    }
    task->begun = false;
    task->large = true;
}

static enum hw_status block_run(struct hw_avro_task *task, bool alone, bool *out_wait) {
    const struct hw_avro_stored *block = &task->blocks[task->block];
    bool full = false;
    const enum hw_status status = hw_avro_decoder_run(task->decoder, &full, error_of(task));
    if (status == HW_ELIMIT && !alone) {
        large_take(task);
        *out_wait = true;
        return HW_OK;
    }
    if (status != HW_OK) {
        hw_avro_block_error(block, task->options->head->codec, error_of(task));
        return status;
    }
    if (full) {
        return rows_give(task);
    }
    task->begun = false;
    task->block++;
    return HW_OK;
}

static enum hw_status spread_check(struct hw_avro_task *task, size_t rows, size_t rows_given);

/* Makes a batch of the rows in the decoder that are wanted, and were not given before. */
static enum hw_status rows_give(struct hw_avro_task *task) {
    const struct hw_avro_task_options *options = task->options;
    const uint64_t first = task->row;
    const size_t rows = hw_avro_decoder_rows(task->decoder);
    const uint64_t begin = hw_clamp(options->rows_begin, hw_clamp(task->row_given, first, first + rows), first + rows);
    const uint64_t end = hw_clamp(options->rows_end, begin, first + rows);
    struct hw_batch batch;
    if (begin < end) {
        HW_TRY(spread_check(task, rows, (size_t)(end - begin)));
        HW_TRY(hw_avro_decoder_batch(task->decoder, &batch, error_of(task)));
        batch.schema = &options->schema->schema;
        HW_TRY(hw_batch_copy(&batch, (size_t)(begin - first), (size_t)(end - begin), &options->schema->owner,
                             &task->batches[task->batches_count], error_of(task)));
        task->batches_count++;
    }
    task->row += rows;
    task->row_given = task->row;
    hw_avro_decoder_clear(task->decoder, SIZE_MAX);
    /* Whatever fails in the block in work, the rows before it are given. */
    task->marked_block = task->block;
    return HW_OK;
}

/*
 * A row of a byte may have any number of columns, so a small file could keep its readers busy for
 * hours.
 */
static enum hw_status spread_check(struct hw_avro_task *task, size_t rows, size_t rows_given) {
    const size_t used = hw_avro_decoder_used(task->decoder);
    task->given_bytes += used / rows * rows_given;
    if (task->given_bytes > SPREAD_FREE_BYTES && task->given_bytes / HW_AVRO_SPREAD_MAX > task->stored_bytes) {
        return hw_fail(error_of(task), HW_ELIMIT,
                       "blocks of %" PRIu64 " bytes make %" PRIu64 " bytes in columns, more than %u times as many",
                       task->stored_bytes, task->given_bytes, HW_AVRO_SPREAD_MAX);
    }
    return HW_OK;
}
