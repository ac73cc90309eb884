/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/reader.h"

#include "core/alloc.h"
#include "stream/cursor.h"
#include "stream/schema.h"
#include "table/schema.h"

struct reader {
    struct hw_table_reader base;
    struct hw_stream_table table;
    const char *name;
    bool begun; /* The stream was read from: it cannot be read again. */
};

static enum hw_status reader_look(struct hw_table_reader *base, size_t object, struct hw_error *err);
static enum hw_status reader_decide(struct hw_table_reader *base, struct hw_error *err);
static enum hw_status reader_begin(struct hw_table_reader *base, struct hw_error *err);
static enum hw_status reader_cursor_new(struct hw_table_reader *base, struct hw_cursor **out_cursor,
                                        struct hw_error *err);
static void reader_accept(struct hw_table_reader *base, const struct hw_part_result *result);
static void reader_place_error(const struct hw_table_reader *base, const struct hw_part_result *result,
                               struct hw_error *error);
static enum hw_status reader_widen(struct hw_table_reader *base, struct hw_error *err);
static size_t reader_inputs_count(const struct hw_table_reader *base);
static struct hw_table_input reader_input(const struct hw_table_reader *base, size_t number);
static void reader_free(struct hw_table_reader *base);

static const struct hw_table_reader_ops reader_ops = {
    .look = reader_look,
    .decide = reader_decide,
    .begin = reader_begin,
    .part_exact = hw_table_part_exact,
    .cursor_new = reader_cursor_new,
    .accept = reader_accept,
    .place_error = reader_place_error,
    .reject_line = hw_table_reject_line,
    .result_free = hw_table_result_free,
    .widen = reader_widen,
    .end = hw_table_end,
    .inputs_count = reader_inputs_count,
    .input = reader_input,
    .history = hw_table_history,
    .free = reader_free,
};

enum hw_status hw_stream_reader_new(struct hw_batch_stream *stream, const char *name,
                                    const struct hw_stream_table_options *options, struct hw_table_reader **out_reader,
                                    struct hw_error *err) {
    struct reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    reader->base = (struct hw_table_reader){.ops = &reader_ops, .objects_count = 1, .sequential = true};
    reader->table.options = *options;
    reader->table.source.stream = stream;
    reader->name = name;
    *out_reader = &reader->base;
    return HW_OK;
}

static void reader_free(struct hw_table_reader *base) {
    struct reader *reader = (struct reader *)base;
    hw_stream_source_release(&reader->table.source);
    hw_arena_release(&reader->table.arena);
    hw_free(reader);
}

/* ------ before the pass */

/* There is nothing to look at: a stream says what it has. */
static enum hw_status reader_look(struct hw_table_reader *base, size_t object, struct hw_error *err) {
    (void)base;
    (void)object;
    (void)err;
    return HW_OK;
}

static enum hw_status reader_decide(struct hw_table_reader *base, struct hw_error *err) {
    struct hw_stream_table *table = &((struct reader *)base)->table;
    const struct hw_schema *schema = table->source.stream->schema;
    HW_TRY(hw_stream_schema_check(schema, err));
    HW_TRY(hw_stream_schema_plain(schema, &table->arena, &table->schema, err));
    table->limits = hw_stream_block_limits(hw_schema_leaves(&table->schema));
    base->schema = &table->schema;
    return HW_OK;
}

static enum hw_status reader_begin(struct hw_table_reader *base, struct hw_error *err) {
    struct reader *reader = (struct reader *)base;
    if (reader->begun) {
        return hw_fail(err, HW_EFAILED, "a stream of batches cannot be read twice");
    }
    reader->begun = true;
    return HW_OK;
}

static enum hw_status reader_cursor_new(struct hw_table_reader *base, struct hw_cursor **out_cursor,
                                        struct hw_error *err) {
    return hw_stream_cursor_new(&((struct reader *)base)->table, out_cursor, err);
}

/* Never called: every value has its column's type. */
static enum hw_status reader_widen(struct hw_table_reader *base, struct hw_error *err) {
    (void)base;
    return hw_fail(err, HW_EFAILED, "a stream of batches has the types that it says");
}

/* ------ parts */

static void reader_accept(struct hw_table_reader *base, const struct hw_part_result *result) {
    base->records += result->records;
    base->rows += result->rows;
}

/* Errors of the stream tell their batch or row themselves. */
static void reader_place_error(const struct hw_table_reader *base, const struct hw_part_result *result,
                               struct hw_error *error) {
    (void)base;
    (void)result;
    (void)error;
}

/* ------ what is told of the table */

static size_t reader_inputs_count(const struct hw_table_reader *base) {
    (void)base;
    return 1;
}

static struct hw_table_input reader_input(const struct hw_table_reader *base, size_t number) {
    (void)number;
    return (struct hw_table_input){.name = ((const struct reader *)base)->name, .rows = base->rows};
}
