/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/reader.h"

#include "core/alloc.h"
#include "rows/cursor.h"
#include "table/batch.h"

/* The rows between two looks at the bytes of a row group: so many, or as many as take so much. */
enum { GROUP_STEP_ROWS_MAX = 8192 };
#define GROUP_STEP_BYTES HW_MIB(1)

struct reader {
    struct hw_table_reader base;
    struct hw_rows_table table;
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

enum hw_status hw_rows_reader_new(const struct hw_table_objects *objects, const struct hw_rows_options *options,
                                  struct hw_table_reader **out_reader, struct hw_error *err) {
    struct reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    reader->base = (struct hw_table_reader){.ops = &reader_ops, .objects_count = objects->count};
    const enum hw_status status = hw_rows_table_init(&reader->table, objects, options, err);
    if (status) {
        hw_free(reader);
        return status;
    }
    *out_reader = &reader->base;
    return HW_OK;
}

static void reader_free(struct hw_table_reader *base) {
    struct reader *reader = (struct reader *)base;
    hw_rows_table_release(&reader->table);
    hw_free(reader);
}

/* ------ before the rows */

static enum hw_status reader_look(struct hw_table_reader *base, size_t object, struct hw_error *err) {
    return hw_rows_table_look(&((struct reader *)base)->table, object, err);
}

/*
 * Returns as many rows as take about a MiB, by what the files say of themselves: where row groups
 * end must not depend on the batches in which rows are read.
 */
static size_t group_step_rows(const struct hw_rows_table *table) {
    uint64_t rows = 0;
    uint64_t bytes = 0;
    size_t step = GROUP_STEP_ROWS_MAX;
    for (size_t i = 0; i < table->count; i++) {
        for (size_t part = 0; part < table->items[i].parts_count; part++) {
            const struct hw_row_part *of = &table->items[i].parts[part];
            rows += of->rows == HW_ROWS_UNKNOWN ? 0 : of->rows;
            bytes += of->rows == HW_ROWS_UNKNOWN ? 0 : of->bytes;
        }
    }
    const double row_bytes = (double)bytes / ((double)rows + 1);
    while (step > HW_BATCH_SLICE_ROWS && row_bytes * (double)step > (double)GROUP_STEP_BYTES) {
        step /= 2;
    }
    return step;
}

static enum hw_status reader_decide(struct hw_table_reader *base, struct hw_error *err) {
    struct hw_rows_table *table = &((struct reader *)base)->table;
    HW_TRY(hw_rows_table_decide(table, err));
    base->schema = &table->schema;
    base->notes = &table->notes;
    base->pairs = table->pairs;
    base->in_turn = table->options.rows_max > 0;
    base->types_final = table->options.int96 != HW_INT96_AUTO;
    base->window_bytes = table->options.memory_bytes;
    base->group_bytes_max = (size_t)hw_max_size(table->options.part_bytes / 2, 1);
    base->group_step_rows = group_step_rows(table);
    for (size_t i = 0; i < table->count; i++) {
        base->bytes += table->items[i].bytes;
    }
    return HW_OK;
}

static enum hw_status reader_begin(struct hw_table_reader *base, struct hw_error *err) {
    struct hw_rows_table *table = &((struct reader *)base)->table;
    HW_TRY(hw_rows_table_cut(table, err));
    base->parts_count = table->parts_count;
    base->records = base->rows = 0;
    base->limited = false;
    return HW_OK;
}

static enum hw_status reader_cursor_new(struct hw_table_reader *base, struct hw_cursor **out_cursor,
                                        struct hw_error *err) {
    return hw_rows_cursor_new(&((struct reader *)base)->table, out_cursor, err);
}

static enum hw_status reader_widen(struct hw_table_reader *base, struct hw_error *err) {
    struct hw_rows_table *table = &((struct reader *)base)->table;
    HW_TRY(hw_rows_table_widen(table, err));
    base->pairs = table->pairs;
    return HW_OK;
}

/* ------ parts */

static void reader_accept(struct hw_table_reader *base, const struct hw_part_result *part) {
    struct hw_rows_table *table = &((struct reader *)base)->table;
    const struct hw_rows_result *result = (const struct hw_rows_result *)part;
    table->items[result->object].rows += part->rows;
    table->rows += part->rows;
    base->records += part->records;
    base->rows += part->rows;
    base->limited |= result->limited;
}

/* Errors tell their place in the file themselves; of several files they tell which. */
static void reader_place_error(const struct hw_table_reader *base, const struct hw_part_result *part,
                               struct hw_error *error) {
    const struct hw_rows_table *table = &((const struct reader *)base)->table;
    if (table->count > 1) {
        hw_error_object(error, table->items[((const struct hw_rows_result *)part)->object].name);
    }
}

/* ------ what is told of the table */

static size_t reader_inputs_count(const struct hw_table_reader *base) {
    return ((const struct reader *)base)->table.count;
}

static struct hw_table_input reader_input(const struct hw_table_reader *base, size_t number) {
    const struct hw_rows_object *object = &((const struct reader *)base)->table.items[number];
    return (struct hw_table_input){
        .name = object->name,
        .object = number,
        .bytes = object->bytes,
        .rows = object->rows,
        .checksum = object->remote ? "none" : NULL,
    };
}
