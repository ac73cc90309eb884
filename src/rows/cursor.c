/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/cursor.h"

#include "core/alloc.h"
#include "rows/casts.h"
#include "table/arrange.h"
#include "table/constant.h"

enum state {
    STATE_START,
    STATE_ROWS,
    STATE_SLICES, /* of a batch that is cast, or too long for a column of one value */
    STATE_DONE,
};

/* A file that the cursor has opened for itself; it stays open while parts are of its object. */
struct own_file {
    struct hw_rows_file open;
    size_t object;
};

struct cursor {
    struct hw_cursor base;
    const struct hw_rows_table *table;
    enum state state;
    struct hw_rows_result *result;
    const struct hw_rows_part *part;
    size_t part_number;
    struct own_file own;
    /* The rows of part `reading` of the file. */
    struct hw_batch_stream *stream;
    size_t reading;
    uint64_t rows_left;
    /*
     * The batch that was read last, and the rows of its file before it, HW_ROWS_UNKNOWN where
     * nobody knows. `arranged` are rows of it in the form of the table: the first `cast` come
     * before them, and the first `sliced` of them were given.
     */
    struct hw_batch batch;
    uint64_t row;
    struct hw_batch arranged;
    size_t cast;
    size_t sliced;
    struct hw_column *columns;
    struct hw_column *slice;
    struct hw_nulls nulls;
    struct hw_rows_casts casts;
    struct hw_filter_room room;
    struct hw_constant source;
};

static enum hw_status cursor_open(struct hw_cursor *base, size_t part, const uint64_t *start, struct hw_error *err);
static enum hw_status cursor_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err);
static struct hw_part_result *cursor_close(struct hw_cursor *base);
static void cursor_free(struct hw_cursor *base);

static const struct hw_cursor_ops cursor_ops = {cursor_open, cursor_next, cursor_close, cursor_free};

/* ------ life */

enum hw_status hw_rows_cursor_new(const struct hw_rows_table *table, struct hw_cursor **out_cursor,
                                  struct hw_error *err) {
    struct cursor *cursor = hw_alloc_zero(1, sizeof(*cursor));
    if (!cursor) {
        return hw_fail_nomem(err, sizeof(*cursor));
    }
    cursor->base.ops = &cursor_ops;
    cursor->table = table;
    cursor->columns = hw_alloc_zero(table->schema.count, sizeof(*cursor->columns));
    cursor->slice = hw_alloc_zero(table->schema.count, sizeof(*cursor->slice));
    enum hw_status status =
        cursor->columns && cursor->slice ? HW_OK : hw_fail_nomem(err, table->schema.count * sizeof(*cursor->columns));
    status = status ? status : hw_rows_casts_init(&cursor->casts, table, err);
    if (status) {
        cursor_free(&cursor->base);
        return status;
    }
    *out_cursor = &cursor->base;
    return HW_OK;
}

static void stream_end(struct cursor *cursor) {
    hw_batch_release(&cursor->batch);
    if (cursor->stream) {
        cursor->stream->free(cursor->stream);
        cursor->stream = NULL;
    }
}

static void cursor_free(struct hw_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    stream_end(cursor);
    hw_rows_file_close(&cursor->own.open);
    hw_constant_release(&cursor->source);
    hw_nulls_release(&cursor->nulls);
    hw_rows_casts_release(&cursor->casts);
    hw_filter_room_release(&cursor->room);
    hw_free(cursor->columns);
    hw_free(cursor->slice);
    hw_free(cursor->result);
    hw_free(cursor);
}

static enum hw_status cursor_open(struct hw_cursor *base, size_t part, const uint64_t *start, struct hw_error *err) {
    struct cursor *cursor = (struct cursor *)base;
    const struct hw_rows_table *table = cursor->table;
    (void)start;
    cursor->result = hw_alloc_zero(1, sizeof(*cursor->result));
    if (!cursor->result) {
        return hw_fail_nomem(err, sizeof(*cursor->result));
    }
    base->result = &cursor->result->base;
    base->large_allowed = base->last = base->types_only = false;
    cursor->part = &table->parts[part];
    cursor->part_number = part;
    cursor->reading = cursor->part->first;
    cursor->rows_left = table->options.rows_max > 0 ? table->options.rows_max - table->rows : UINT64_MAX;
    cursor->result->object = cursor->part->object;
    /* Positions are numbers of parts. */
    cursor->result->base.start = cursor->result->base.end = part;
    hw_constant_set(&cursor->source, table->items[cursor->part->object].name);
    cursor->state = STATE_START;
    return HW_OK;
}

static struct hw_part_result *cursor_close(struct hw_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    struct hw_rows_result *result = cursor->result;
    stream_end(cursor);
    base->result = NULL;
    cursor->result = NULL;
    return result ? &result->base : NULL;
}

/* ------ steps */

static enum hw_status batch_next(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);
static enum hw_status slice_next(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);

static enum hw_status cursor_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct cursor *cursor = (struct cursor *)base;
    switch (cursor->state) {
    case STATE_START:
        cursor->state = STATE_ROWS;
        *out_step = HW_CURSOR_STARTED;
        return HW_OK;
    case STATE_ROWS:
        return batch_next(cursor, out_step, err);
    case STATE_SLICES:
        return slice_next(cursor, out_step, err);
    case STATE_DONE:
        break;
    }
    *out_step = HW_CURSOR_END;
    return HW_OK;
}

static enum hw_status part_end(struct cursor *cursor, enum hw_cursor_step *out_step) {
    cursor->result->base.end = cursor->part_number + 1;
    cursor->result->limited = cursor->rows_left == 0;
    cursor->state = STATE_DONE;
    *out_step = HW_CURSOR_END;
    return HW_OK;
}

static enum hw_status stream_begin(struct cursor *cursor, struct hw_error *err);
static enum hw_status batch_give(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);
static bool misfit(const struct cursor *cursor, const struct hw_error *error);

/* Goes through the parts of the file. One that only shows its types has nothing to show. */
static enum hw_status batch_next(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    cursor->row += cursor->row == HW_ROWS_UNKNOWN ? 0 : cursor->batch.rows;
    hw_batch_release(&cursor->batch);
    while (!cursor->base.types_only && cursor->rows_left > 0) {
        bool more = false;
        struct hw_error error = HW_ERROR_INIT;
        if (!cursor->stream && cursor->reading == cursor->part->first + cursor->part->count) {
            break;
        }
        HW_TRY(cursor->stream ? HW_OK : stream_begin(cursor, err));
        const enum hw_status status = cursor->stream->next(cursor->stream, &cursor->batch, &more, &error);
        if (status && misfit(cursor, &error)) {
            cursor->result->base.misfit = true;
            break;
        }
        HW_TRY(status ? hw_error_pass(err, status, &error) : HW_OK);
        if (more) {
            return batch_give(cursor, out_step, err);
        }
        stream_end(cursor);
        cursor->result->base.bytes += cursor->table->items[cursor->part->object].parts[cursor->reading].stored_bytes;
        cursor->reading++;
    }
    return part_end(cursor, out_step);
}

static bool misfit(const struct cursor *cursor, const struct hw_error *error) {
    const struct hw_rows_table *table = cursor->table;
    const struct hw_row_format *format = table->options.format;
    return table->int96 == HW_INT96_AUTO && format->wants_int96 && format->wants_int96(error);
}

/* Returns the rows of the file before the part that is read. A condition leaves some out. */
static uint64_t rows_before(const struct cursor *cursor) {
    const struct hw_row_part *parts = cursor->table->items[cursor->part->object].parts;
    uint64_t rows = 0;
    for (size_t i = 0; i < cursor->reading; i++) {
        if (parts[i].rows == HW_ROWS_UNKNOWN) {
            return HW_ROWS_UNKNOWN;
        }
        rows += parts[i].rows;
    }
    return cursor->table->options.where ? HW_ROWS_UNKNOWN : rows;
}

/* Opens the file, unless it is open, and begins to read the next of its parts. */
static enum hw_status stream_begin(struct cursor *cursor, struct hw_error *err) {
    const struct hw_rows_table *table = cursor->table;
    const size_t number = cursor->part->object;
    const struct hw_rows_object *object = &table->items[number];
    const struct hw_rows_file *file = &object->open;
    if (!file->file) {
        if (cursor->own.open.file && cursor->own.object != number) {
            hw_rows_file_close(&cursor->own.open);
        }
        if (!cursor->own.open.file) {
            HW_TRY(hw_rows_file_open(table, number, &cursor->own.open, err));
            cursor->own.object = number;
        }
        file = &cursor->own.open;
    }
    cursor->row = rows_before(cursor);
    const bool all = table->options.where == NULL;
    const struct hw_row_wanted wanted = {
        .part = cursor->reading,
        .selection = all ? &object->selection : &object->where.read,
        .filter = all ? NULL : &object->where.filter,
        .limit = all ? cursor->rows_left : UINT64_MAX,
        .memory_bytes = table->options.memory_bytes,
    };
    return file->file->ops->batches(file->file, &wanted, &cursor->stream, err);
}

/* ------ rows */

static enum hw_status slice_begin(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);

static enum hw_status batch_give(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    const struct hw_rows_table *table = cursor->table;
    const struct hw_rows_object *object = &table->items[cursor->part->object];
    if (table->options.where) {
        HW_TRY(hw_rows_where_keep(&object->where, &object->selection.schema, cursor->rows_left, &cursor->room,
                                  &cursor->batch, err));
    }
    struct hw_part_result *result = &cursor->result->base;
    result->rows += cursor->batch.rows;
    result->records += cursor->batch.rows;
    cursor->rows_left -= cursor->batch.rows;
    if (table->whole) {
        cursor->base.batch = cursor->batch;
        cursor->base.batch.schema = &table->schema;
        *out_step = HW_CURSOR_ROWS;
        return HW_OK;
    }
    cursor->cast = 0;
    cursor->state = STATE_SLICES;
    return slice_begin(cursor, out_step, err);
}

static enum hw_status slice_arrange(struct cursor *cursor, struct hw_error *err);
static enum hw_status slice_give(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);
static bool cast_misfit(const struct cursor *cursor, enum hw_status status);

static enum hw_status slice_begin(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct hw_error error = HW_ERROR_INIT;
    const enum hw_status status = slice_arrange(cursor, &error);
    if (cast_misfit(cursor, status)) {
        cursor->result->base.misfit = true;
        return part_end(cursor, out_step);
    }
    HW_TRY(status ? hw_error_pass(err, status, &error) : HW_OK);
    cursor->sliced = 0;
    return slice_give(cursor, out_step, err);
}

/* What does not fit nanoseconds may fit where INT96 is read as microseconds. */
static bool cast_misfit(const struct cursor *cursor, enum hw_status status) {
    const struct hw_rows_table *table = cursor->table;
    const struct hw_type type = cursor->casts.type;
    return status == HW_EDATA && table->int96 == HW_INT96_AUTO && table->options.format->wants_int96 &&
           type.kind == HW_KIND_TIMESTAMP && type.unit == HW_UNIT_NANOS;
}

/* Makes rows of the batch, from `cast` on, such of the table. An error names the row. */
static enum hw_status slice_arrange(struct cursor *cursor, struct hw_error *err) {
    const struct hw_rows_table *table = cursor->table;
    const struct hw_rows_object *object = &table->items[cursor->part->object];
    struct hw_batch slice;
    const enum hw_status status =
        hw_rows_casts_slice(&cursor->casts, table, object, &cursor->batch, cursor->cast, &slice, err);
    if (status == HW_EDATA && cursor->row != HW_ROWS_UNKNOWN) {
        hw_error_prefix(err, "row %" PRIu64, cursor->row + cursor->casts.row + 1);
    }
    HW_TRY(status);
    return hw_batch_arrange(&slice, object->places, &table->schema, cursor->columns, &cursor->nulls, &cursor->arranged,
                            err);
}

/* Gives arranged rows, with the column of their source where the table has one. */
static enum hw_status slice_give(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct hw_batch *slice = &cursor->base.batch;
    if (cursor->table->added) {
        HW_TRY(hw_constant_slice(&cursor->source, &cursor->arranged, cursor->sliced, cursor->slice, slice, err));
    } else {
        *slice = cursor->arranged;
    }
    cursor->sliced += slice->rows;
    *out_step = HW_CURSOR_ROWS;
    return HW_OK;
}

/* Goes on in the batch, and behind its last row with the next one. */
static enum hw_status slice_next(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    if (cursor->sliced < cursor->arranged.rows) {
        return slice_give(cursor, out_step, err);
    }
    cursor->cast += cursor->arranged.rows;
    if (cursor->cast < cursor->batch.rows) {
        return slice_begin(cursor, out_step, err);
    }
    cursor->state = STATE_ROWS;
    return batch_next(cursor, out_step, err);
}
