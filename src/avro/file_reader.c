/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/file_reader.h"

#include "avro/decode_task.h"
#include "avro/select.h"
#include "avro/table_schema.h"
#include "core/alloc.h"
#include "core/crew.h"
#include "core/io_ops.h"
#include "core/limits.h"

#define MEMORY_BYTES_DEFAULT HW_MIB(256)
#define BATCH_BYTES_MAX HW_MIB(8)
#define BATCH_BYTES_MIN HW_KIB(64)
enum {
    BATCH_ROWS_DEFAULT = 65536,
    /* What is read at once for one task. */
    TASK_BYTES = 512 << 10,
    TASK_BLOCKS = 256,
    /* Tasks for each thread, so that none waits for the others. */
    TASKS_PER_THREAD = 2,
};

/* ------ files */

static enum hw_status file_read(struct hw_avro_container *file, struct hw_error *err) {
    HW_TRY(hw_avro_head_read(&file->head, &file->input, err));
    return hw_avro_table_schema(file->head.schema.root, &file->arena, &file->schema, err);
}

enum hw_status hw_avro_container_open(struct hw_avro_container *file, struct hw_source *source, struct hw_error *err) {
    HW_TRY(hw_packed_init(&file->input, source, 0, err));
    file->source = source;
    hw_source_in_order(source);
    return file_read(file, err);
}

enum hw_status hw_avro_container_open_stream(struct hw_avro_container *file, struct hw_stream *stream, const char *name,
                                             struct hw_error *err) {
    HW_TRY(hw_packed_init_stream(&file->input, stream, name, 0, err));
    return file_read(file, err);
}

void hw_avro_container_release(struct hw_avro_container *file) {
    hw_packed_release(&file->input);
    hw_avro_head_release(&file->head);
    hw_arena_release(&file->arena);
    *file = (struct hw_avro_container){0};
}

/* ------ streams */

struct avro_stream {
    struct hw_batch_stream base;
    struct hw_avro_container *file;
    /* Of a source, whose file has an input of its own. */
    struct hw_packed input;
    /* What is asked for: a schema, and columns of it. */
    struct hw_avro_schema_tree reader_schema;
    struct hw_selection selection;
    struct hw_arena arena;
    struct hw_shared_schema *schema;
    struct hw_avro_program program;
    struct hw_avro_task_options options;
    struct hw_avro_block_reader blocks;
    struct hw_crew *crew;
    /* Tasks in the order of the file: a ring. */
    struct hw_avro_task *tasks;
    size_t tasks_max;
    size_t tasks_first;
    size_t tasks_count;
    /* Packed bytes that are read ahead at most. */
    size_t ahead_bytes;
    /* The file has ended, or reading it has failed, which is told behind the rows before it. */
    bool ended;
    enum hw_status status;
    struct hw_error error;
};

static enum hw_status stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err);
static void stream_free(struct hw_batch_stream *base);
static enum hw_status stream_open(struct avro_stream *stream, const struct hw_avro_reader_options *options,
                                  struct hw_error *err);

enum hw_status hw_avro_reader_new(struct hw_avro_container *file, const struct hw_avro_reader_options *options,
                                  struct hw_batch_stream **out_stream, struct hw_error *err) {
    struct avro_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    stream->base.next = stream_next;
    stream->base.free = stream_free;
    stream->file = file;
    const enum hw_status status = stream_open(stream, options, err);
    if (status != HW_OK) {
        hw_error_object(err, file->input.name);
        stream_free(&stream->base);
        return status;
    }
    *out_stream = &stream->base;
    return HW_OK;
}

static void stream_free(struct hw_batch_stream *base) {
    struct avro_stream *stream = (struct avro_stream *)base;
    for (size_t i = 0; i < stream->tasks_max; i++) {
        hw_avro_task_release(&stream->tasks[i]);
    }
    hw_free(stream->tasks);
    hw_crew_free(stream->crew);
    hw_avro_program_release(&stream->program);
    if (stream->schema) {
        hw_owner_drop(&stream->schema->owner);
    }
    hw_selection_release(&stream->selection);
    hw_avro_schema_tree_release(&stream->reader_schema);
    hw_arena_release(&stream->arena);
    hw_packed_release(&stream->input);
    hw_free(stream);
}

static enum hw_status input_choose(struct avro_stream *stream, const struct hw_avro_range *range, struct hw_error *err);
static enum hw_status schema_choose(struct avro_stream *stream, const struct hw_avro_reader_options *options,
                                    struct hw_error *err);
static enum hw_status tasks_make(struct avro_stream *stream, const struct hw_avro_reader_options *options,
                                 struct hw_error *err);

static enum hw_status stream_open(struct avro_stream *stream, const struct hw_avro_reader_options *options,
                                  struct hw_error *err) {
    HW_TRY(input_choose(stream, &options->range, err));
    HW_TRY(schema_choose(stream, options, err));
    stream->base.schema = &stream->schema->schema;
    HW_TRY(tasks_make(stream, options, err));
    const size_t threads = hw_max_size(options->threads, 1);
    return threads > 1 ? hw_crew_new(threads, &stream->crew, err) : HW_OK;
}

/* Bytes that were read with the header of a source are not read again. */
static enum hw_status input_choose(struct avro_stream *stream, const struct hw_avro_range *range,
                                   struct hw_error *err) {
    struct hw_avro_container *file = stream->file;
    stream->blocks = (struct hw_avro_block_reader){.head = &file->head, .input = &stream->input};
    if (file->source) {
        HW_TRY(hw_packed_init(&stream->input, file->source, file->input.block_bytes, err));
        memcpy(stream->input.block, file->input.block, file->input.filled);
        stream->input.offset = file->input.offset;
        stream->input.filled = file->input.filled;
        stream->input.at = file->input.at;
        if (range->end > 0) {
            hw_packed_seek(&stream->input, range->offset);
            hw_packed_end_at(&stream->input, range->end);
            stream->blocks.next = range->block;
            stream->blocks.rows = range->row;
        }
        return HW_OK;
    }
    if (file->taken) {
        return hw_fail(err, HW_EUSAGE, "the rows of %s can be read once only", file->input.name);
    }
    file->taken = true;
    stream->blocks.input = &file->input;
    return HW_OK;
}

/* Finds the type and the columns that are asked for, and the program that reads them. */
static enum hw_status schema_choose(struct avro_stream *stream, const struct hw_avro_reader_options *options,
                                    struct hw_error *err) {
    const struct hw_avro_type *writer = stream->file->head.schema.root;
    const struct hw_avro_type *reader = writer;
    struct hw_schema schema = stream->file->schema;
    if (options->reader_schema.data) {
        HW_TRY(hw_avro_schema_read(&stream->reader_schema, options->reader_schema, err));
        reader = stream->reader_schema.root;
        HW_TRY(hw_avro_table_schema(reader, &stream->arena, &schema, err));
    }
    if (options->columns || options->selection) {
        const struct hw_selection *selection = options->selection ? options->selection : &stream->selection;
        if (!options->selection) {
            HW_TRY(hw_selection_make(&stream->selection, &schema, options->columns, err));
        }
        HW_TRY(hw_avro_select(reader, selection, &stream->arena, &reader, err));
        HW_TRY(hw_avro_table_schema(reader, &stream->arena, &schema, err));
    }
    HW_TRY(hw_shared_schema_dup(&schema, &stream->schema, err));
    return hw_avro_program_make(&stream->program, writer, reader, &stream->schema->schema, err);
}

static enum hw_status tasks_make(struct avro_stream *stream, const struct hw_avro_reader_options *options,
                                 struct hw_error *err) {
    const size_t threads = hw_max_size(options->threads, 1);
    const size_t tasks = threads > 1 ? threads * TASKS_PER_THREAD : 1;
    const size_t memory = options->memory_bytes > 0 ? options->memory_bytes : MEMORY_BYTES_DEFAULT;
    const size_t share = memory / tasks / 8;
    const size_t unpacked = options->unpacked_bytes_max > 0 ? options->unpacked_bytes_max : HW_AVRO_UNPACKED_BYTES_MAX;
    uint64_t begin = UINT64_MAX;
    uint64_t end = UINT64_MAX;
    if (!hw_add(options->range.row, options->skip, &begin)) {
        begin = UINT64_MAX;
    }
    if (options->limit > 0 && !hw_add(begin, options->limit, &end)) {
        end = UINT64_MAX;
    }
    stream->options = (struct hw_avro_task_options){
        .head = &stream->file->head,
        .program = &stream->program,
        .schema = stream->schema,
        .batch = {options->batch_rows > 0 ? options->batch_rows : BATCH_ROWS_DEFAULT,
                  (size_t)hw_clamp(share, BATCH_BYTES_MIN, BATCH_BYTES_MAX)},
        .unpacked_bytes_shared = hw_min_size(hw_max_size(2 * share, BATCH_BYTES_MIN), unpacked),
        .unpacked_bytes_max = hw_min_size(hw_max_size(memory / 2, BATCH_BYTES_MIN), unpacked),
        .held_bytes_shared = hw_max_size(memory / tasks, 8 * BATCH_BYTES_MIN),
        .held_bytes_max = hw_min_size(hw_max_size(memory, 8 * BATCH_BYTES_MIN), HW_AVRO_BATCH_BYTES_MAX),
        .rows_begin = begin,
        .rows_end = end,
    };
    stream->ahead_bytes = memory / 8;
    stream->tasks = hw_alloc_zero(tasks, sizeof(*stream->tasks));
    if (!stream->tasks) {
        return hw_fail_nomem(err, tasks * sizeof(*stream->tasks));
    }
    for (stream->tasks_max = 0; stream->tasks_max < tasks; stream->tasks_max++) {
        struct hw_avro_task *task = &stream->tasks[stream->tasks_max];
        const enum hw_status status = hw_avro_task_init(task, &stream->options, err);
        if (status != HW_OK) {
            hw_avro_task_release(task);
            return status;
        }
    }
    return HW_OK;
}

/* ------ reading */

/* Reads the next block that has rows which are wanted. False at the end of these. */
static enum hw_status block_read(struct avro_stream *stream, struct hw_avro_task *task, bool *out_more,
                                 struct hw_error *err) {
    struct hw_avro_stored *block;
    bool more = stream->blocks.rows < stream->options.rows_end;
    HW_TRY(hw_avro_task_block(task, &block, err));
    while (more) {
        HW_TRY(hw_avro_block_next(&stream->blocks, block, &more, err));
        /* Without rows to be left out, a block of none is looked at too: it must hold nothing. */
        const bool wanted = stream->options.rows_begin == 0 || stream->blocks.rows > stream->options.rows_begin;
        if (more && wanted) {
            hw_avro_task_block_add(task);
            break;
        }
        more = more && stream->blocks.rows < stream->options.rows_end;
    }
    *out_more = more;
    return HW_OK;
}

/* Reads blocks for a task. What fails is kept, so that the blocks before it are read. */
static size_t task_fill(struct avro_stream *stream, struct hw_avro_task *task, size_t bytes_max) {
    size_t bytes = 0;
    while (!stream->ended && bytes < bytes_max && task->blocks_count < TASK_BLOCKS) {
        bool more = false;
        const size_t before = task->blocks_count;
        stream->error = (struct hw_error)HW_ERROR_INIT;
        stream->status = block_read(stream, task, &more, &stream->error);
        stream->ended = stream->status != HW_OK || !more;
        if (task->blocks_count > before) {
            bytes += task->blocks[before].data.size;
        }
    }
    return bytes;
}

static struct hw_avro_task *task_at(const struct avro_stream *stream, size_t number) {
    return &stream->tasks[(stream->tasks_first + number) % stream->tasks_max];
}

/* Reads blocks for tasks that have none, as many as memory allows, but for one task at least. */
static void tasks_fill(struct avro_stream *stream) {
    size_t bytes = 0;
    for (size_t i = 0; i < stream->tasks_count; i++) {
        const struct hw_avro_task *task = task_at(stream, i);
        for (size_t b = 0; b < task->blocks_count; b++) {
            bytes += task->blocks[b].data.size;
        }
    }
    while (!stream->ended && stream->tasks_count < stream->tasks_max &&
           (stream->tasks_count == 0 || bytes < stream->ahead_bytes)) {
        struct hw_avro_task *task = task_at(stream, stream->tasks_count);
        bytes += task_fill(stream, task, TASK_BYTES);
        stream->tasks_count += task->blocks_count > 0;
    }
}

static void task_run(void *ctx, size_t item, size_t member) {
    struct avro_stream *stream = ctx;
    (void)member;
    hw_avro_task_run(task_at(stream, item), false);
}

/* Lets all tasks go on. Where the first one needs more than its share, it goes on alone. */
static void tasks_run(struct avro_stream *stream) {
    struct hw_avro_task *first = task_at(stream, 0);
    hw_crew_run(stream->crew, stream->tasks_count, task_run, stream);
    if (first->batches_count == 0 && !first->ended) {
        hw_avro_task_run(first, true);
    }
}

static enum hw_status batch_next(struct avro_stream *stream, struct hw_batch *out_batch, bool *out_more,
                                 struct hw_error *err);

static enum hw_status stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err) {
    struct avro_stream *stream = (struct avro_stream *)base;
    const enum hw_status status = batch_next(stream, out_batch, out_more, err);
    if (status != HW_OK) {
        hw_error_object(err, stream->file->input.name);
    }
    return status;
}

static enum hw_status batch_next(struct avro_stream *stream, struct hw_batch *out_batch, bool *out_more,
                                 struct hw_error *err) {
    for (;;) {
        struct hw_avro_task *task = task_at(stream, 0);
        if (stream->tasks_count > 0 && hw_avro_task_take(task, out_batch)) {
            *out_more = true;
            return HW_OK;
        }
        if (stream->tasks_count > 0 && task->ended) {
            if (task->status != HW_OK) {
                return hw_error_pass(err, task->status, &task->error);
            }
            hw_avro_task_clear(task);
            stream->tasks_first = (stream->tasks_first + 1) % stream->tasks_max;
            stream->tasks_count--;
            continue;
        }
        tasks_fill(stream);
        if (stream->tasks_count == 0) {
            *out_more = false;
            return stream->status == HW_OK ? HW_OK : hw_error_pass(err, stream->status, &stream->error);
        }
        tasks_run(stream);
    }
}
