/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/reader.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "csv/blocks.h"
#include "csv/cursor.h"
#include "core/utf8_valid.h"
#include "table/schema.h"

static_assert((int)HW_CSV_REASON_COUNT <= (int)HW_REJECT_REASONS_MAX, "a reader counts rejects by reason");

struct reader {
    struct hw_table_reader base;
    struct hw_csv_table table;
    const char *reasons[HW_CSV_REASON_COUNT];
    uint64_t lines;       /* that were accepted of the input `lines_input` */
    uint32_t lines_input; /* the input in which the next part begins, unless it begins a new one */
};

static enum hw_status reader_look(struct hw_table_reader *base, size_t object, struct hw_error *err);
static enum hw_status reader_decide(struct hw_table_reader *base, struct hw_error *err);
static enum hw_status reader_begin(struct hw_table_reader *base, struct hw_error *err);
static bool reader_part_exact(const struct hw_table_reader *base, size_t part);
static enum hw_status reader_cursor_new(struct hw_table_reader *base, struct hw_cursor **out_cursor,
                                        struct hw_error *err);
static void reader_accept(struct hw_table_reader *base, const struct hw_part_result *result);
static void reader_place_error(const struct hw_table_reader *base, const struct hw_part_result *result,
                               struct hw_error *error);
static uint64_t reader_reject_line(const struct hw_table_reader *base, const struct hw_reject *reject);
static enum hw_status reader_widen(struct hw_table_reader *base, struct hw_error *err);
static enum hw_status reader_end(struct hw_table_reader *base, struct hw_error *err);
static size_t reader_inputs_count(const struct hw_table_reader *base);
static struct hw_table_input reader_input(const struct hw_table_reader *base, size_t number);
static enum hw_status reader_history(const struct hw_table_reader *base, size_t column, struct hw_arena *arena,
                                     struct hw_column_history *out_history, struct hw_error *err);
static void reader_free(struct hw_table_reader *base);

static const struct hw_table_reader_ops reader_ops = {
    .look = reader_look,
    .decide = reader_decide,
    .begin = reader_begin,
    .part_exact = reader_part_exact,
    .cursor_new = reader_cursor_new,
    .accept = reader_accept,
    .place_error = reader_place_error,
    .reject_line = reader_reject_line,
    .result_free = hw_csv_result_free,
    .widen = reader_widen,
    .end = reader_end,
    .inputs_count = reader_inputs_count,
    .input = reader_input,
    .history = reader_history,
    .free = reader_free,
};

enum hw_status hw_csv_reader_new(struct hw_csv_object *objects, size_t count,
                                 const struct hw_csv_inputs_options *inputs, const struct hw_csv_table_options *table,
                                 struct hw_table_reader **out_reader, struct hw_error *err) {
    struct reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    for (size_t i = 0; i < HW_CSV_REASON_COUNT; i++) {
        reader->reasons[i] = hw_csv_reason_name((enum hw_csv_reason)i);
    }
    reader->base = (struct hw_table_reader){
        .ops = &reader_ops,
        .objects_count = count,
        .reject_reasons = reader->reasons,
        .reject_reasons_count = HW_CSV_REASON_COUNT,
    };
    reader->table.options = *table;
    hw_csv_inputs_init(&reader->table.inputs, objects, count, inputs);
    *out_reader = &reader->base;
    return HW_OK;
}

static void reader_free(struct hw_table_reader *base) {
    struct reader *reader = (struct reader *)base;
    hw_csv_table_release(&reader->table);
    hw_free(reader);
}

/* ------ before a pass */

static enum hw_status reader_look(struct hw_table_reader *base, size_t object, struct hw_error *err) {
    return hw_csv_inputs_look(&((struct reader *)base)->table.inputs, object, err);
}

static enum hw_status reader_decide(struct hw_table_reader *base, struct hw_error *err) {
    struct hw_csv_table *table = &((struct reader *)base)->table;
    const struct hw_csv_inputs *inputs = &table->inputs;
    HW_TRY(hw_csv_table_decide(table, err));
    base->schema = &table->layout.schema;
    base->notes = &inputs->synced.notes;
    base->sequential = table->streamed;
    base->in_turn = table->layout.constraints.unique || table->options.rows_max > 0;
    base->types_final = table->layout.fixed;
    for (size_t i = 0; i < inputs->objects_count; i++) {
        base->bytes += inputs->objects[i].bytes;
    }
    for (size_t i = 0; i < inputs->count; i++) {
        base->window_bytes = hw_max_size(base->window_bytes, inputs->items[i].form->window_bytes);
    }
    return HW_OK;
}

static enum hw_status reader_begin(struct hw_table_reader *base, struct hw_error *err) {
    struct reader *reader = (struct reader *)base;
    HW_TRY(hw_csv_table_begin(&reader->table, err));
    base->parts_count = reader->table.cuts.size / sizeof(struct hw_csv_part);
    base->records = base->rows = base->rejected = 0;
    base->limited = false;
    memset(base->rejected_by, 0, sizeof(base->rejected_by));
    reader->lines = 0;
    reader->lines_input = 0;
    return HW_OK;
}

static bool reader_part_exact(const struct hw_table_reader *base, size_t part) {
    const struct hw_buf *cuts = &((const struct reader *)base)->table.cuts;
    return ((const struct hw_csv_part *)(const void *)cuts->data)[part].exact;
}

static enum hw_status reader_cursor_new(struct hw_table_reader *base, struct hw_cursor **out_cursor,
                                        struct hw_error *err) {
    return hw_csv_cursor_new(&((struct reader *)base)->table, out_cursor, err);
}

static enum hw_status reader_widen(struct hw_table_reader *base, struct hw_error *err) {
    return hw_csv_table_widen(&((struct reader *)base)->table, err);
}

/* Returns whether all of an input that can be cut was read. */
static bool input_read(const struct hw_csv_input *input) {
    return input->cuttable && input->done.bytes == input->bytes;
}

static enum hw_status reader_end(struct hw_table_reader *base, struct hw_error *err) {
    const struct hw_csv_inputs *inputs = &((struct reader *)base)->table.inputs;
    for (size_t i = 0; i < inputs->count; i++) {
        if (!base->limited || input_read(&inputs->items[i])) {
            HW_TRY(hw_csv_input_prove(&inputs->items[i], err));
        }
    }
    return hw_csv_table_tell(&((struct reader *)base)->table, err);
}

/* ------ parts that are proved */

/* Returns the physical lines of an input before its rows that are not accepted yet. */
static uint64_t lines_before(const struct reader *reader, uint32_t input) {
    const uint64_t accepted = input == reader->lines_input ? reader->lines : 0;
    return reader->table.inputs.items[input].form->body_lines + accepted;
}

/* Keeps, for reports, what made a column widen first: parts come in their order. */
static void misfits_keep(struct reader *reader, const struct hw_csv_result *result) {
    const struct hw_csv_first_misfit *misfits = (const struct hw_csv_first_misfit *)(const void *)result->misfits.data;
    for (size_t i = 0; i < result->misfits.size / sizeof(*misfits); i++) {
        struct hw_csv_first_misfit *first = &reader->table.misfits[misfits[i].column];
        if (first->line == 0) {
            *first = misfits[i];
            first->line += lines_before(reader, first->input);
        }
    }
}

static void reader_accept(struct hw_table_reader *base, const struct hw_part_result *part) {
    struct reader *reader = (struct reader *)base;
    struct hw_csv_table *table = &reader->table;
    const struct hw_csv_result *result = (const struct hw_csv_result *)part;
    for (size_t i = 0; !table->layout.fixed && i < table->layout.schema.count; i++) {
        hw_csv_profile_merge(&table->profiles[i], &result->profiles[i]);
    }
    misfits_keep(reader, result);
    /* The next part begins in the last input of this one, or in a new one. */
    reader->lines = (result->last == reader->lines_input ? reader->lines : 0) + result->lines;
    reader->lines_input = result->last;
    for (uint32_t i = result->first; i <= result->last; i++) {
        hw_csv_input_add(&table->inputs.items[i], &result->inputs[i - result->first]);
    }
    base->records += part->records;
    base->rows += part->rows;
    base->limited |= result->cut_short;
    table->rows = base->rows;
    base->rejected += part->rejected;
    for (size_t i = 0; i < HW_CSV_REASON_COUNT; i++) {
        base->rejected_by[i] += result->rejected_by[i];
    }
}

static void reader_place_error(const struct hw_table_reader *base, const struct hw_part_result *part,
                               struct hw_error *error) {
    const struct reader *reader = (const struct reader *)base;
    const uint32_t input = ((const struct hw_csv_result *)part)->input;
    if (error->line != HW_NO_POSITION) {
        error->line += (int64_t)lines_before(reader, input);
    }
    hw_error_object(error, reader->table.options.several ? reader->table.inputs.items[input].name : NULL);
}

static uint64_t reader_reject_line(const struct hw_table_reader *base, const struct hw_reject *reject) {
    return reject->line + lines_before((const struct reader *)base, reject->input);
}

/* ------ what is told of the table */

static size_t reader_inputs_count(const struct hw_table_reader *base) {
    return ((const struct reader *)base)->table.inputs.count;
}

static struct hw_table_input reader_input(const struct hw_table_reader *base, size_t number) {
    const struct hw_csv_inputs *inputs = &((const struct reader *)base)->table.inputs;
    const struct hw_csv_input *input = &inputs->items[number];
    const bool summed = !base->limited || input_read(input);
    const enum hw_checksum_kind own = summed ? input->checksum.kind : HW_CHECKSUM_NONE;
    const enum hw_checksum_kind kind = input->form->proved_by != HW_CHECKSUM_NONE ? input->form->proved_by : own;
    return (struct hw_table_input){
        .name = input->name,
        .object = (size_t)(input->object - inputs->objects),
        .bytes = input->object->bytes,
        .rows = input->done.rows,
        .garbage_bytes = input->done.garbage_bytes,
        .checksum = input->form->remote ? hw_checksum_name(kind) : NULL,
    };
}

static enum hw_status reader_history(const struct hw_table_reader *base, size_t column, struct hw_arena *arena,
                                     struct hw_column_history *out_history, struct hw_error *err) {
    const struct hw_csv_table *table = &((const struct reader *)base)->table;
    const struct hw_csv_first_misfit *misfit = table->misfits ? &table->misfits[column] : NULL;
    struct hw_column_history history = {0};
    if (misfit && !hw_type_equal(table->types_sampled[column], table->layout.schema.fields[column].type)) {
        history.widened_from = &table->types_sampled[column];
    }
    if (history.widened_from && misfit->line > 0) {
        history.misfit = hw_utf8_cut((hw_view){misfit->value, misfit->bytes}, arena);
        history.misfit_line = misfit->line;
        history.misfit_offset = misfit->offset;
        history.misfit_input = table->options.several ? table->inputs.items[misfit->input].name : NULL;
        if (!history.misfit) {
            return hw_fail(err, HW_ENOMEM, "out of memory for the report");
        }
    }
    *out_history = history;
    return HW_OK;
}
