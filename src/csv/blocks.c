/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/blocks.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/count.h"

enum { REJECTS_BYTES_MAX = 1 << 30 };

enum hw_status hw_csv_blocks_init(struct hw_csv_blocks *blocks, struct hw_csv_table *table, struct hw_cursor *cursor,
                                  struct hw_csv_window *window, struct hw_error *err) {
    const size_t columns = table->layout.schema.count;
    *blocks = (struct hw_csv_blocks){.table = table, .cursor = cursor, .window = window};
    blocks->arranged = hw_alloc_zero(columns, sizeof(*blocks->arranged));
    blocks->profiles = hw_alloc_zero(columns, sizeof(*blocks->profiles));
    blocks->slice = hw_alloc_zero(columns, sizeof(*blocks->slice));
    const bool room = blocks->arranged && blocks->profiles && blocks->slice;
    return room ? HW_OK : hw_fail_nomem(err, columns * sizeof(*blocks->arranged));
}

void hw_csv_blocks_release(struct hw_csv_blocks *blocks) {
    hw_csv_parser_free(blocks->parser);
    hw_nulls_release(&blocks->nulls);
    hw_constant_release(&blocks->source);
    hw_free(blocks->slice);
    hw_free(blocks->profiles);
    hw_free(blocks->arranged);
}

void hw_csv_blocks_begin(struct hw_csv_blocks *blocks, struct hw_csv_result *result) {
    const uint64_t rows_max = blocks->table->options.rows_max;
    blocks->result = result;
    blocks->whole = (struct hw_batch){0};
    blocks->sliced = 0;
    /* Where there is a limit, a part begins when those before it are accepted. */
    blocks->rows_left = rows_max == 0 ? UINT64_MAX : rows_max - hw_min_size(blocks->table->rows, rows_max);
    for (size_t i = 0; i < blocks->table->layout.schema.count; i++) {
        blocks->profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
    }
}

/* Adds the profiles of the parser's columns to those of the table's columns. */
static void profiles_collect(struct hw_csv_blocks *blocks) {
    const struct hw_csv_profile *seen = blocks->parser ? hw_csv_parser_profiles(blocks->parser) : NULL;
    for (size_t i = 0; seen && i < blocks->columns->count; i++) {
        if (blocks->columns->places[i] != HW_CSV_LEFT_OUT) {
            hw_csv_profile_merge(&blocks->profiles[blocks->columns->places[i]], &seen[i]);
        }
    }
}

void hw_csv_blocks_end(struct hw_csv_blocks *blocks) {
    const size_t columns = blocks->table->layout.schema.count;
    profiles_collect(blocks);
    if (blocks->parser) {
        hw_csv_parser_forget(blocks->parser);
    }
    if (blocks->result) {
        memcpy(blocks->result->profiles, blocks->profiles, columns * sizeof(*blocks->profiles));
    }
    blocks->result = NULL;
}

static struct hw_csv_parser_options parser_options(struct hw_csv_blocks *blocks) {
    const struct hw_csv_options *csv = blocks->table->options.csv;
    return (struct hw_csv_parser_options){
        .dialect = blocks->input->form->dialect,
        .looks_like = blocks->input->form->looks_like,
        .preamble_lines = blocks->input->form->preamble_lines,
        .schema = blocks->input->form->columns->schema,
        .fixed = blocks->table->layout.fixed,
        .constraints = blocks->input->form->columns->constraints,
        .unique = &blocks->table->unique,
        .pad = csv->bad_rows_pad,
        .spelling = hw_csv_spelling_of(csv),
        .null_values = csv->null_values,
        .null_values_count = csv->null_values_count,
        .null_quoted = csv->null_quoted,
    };
}

/* Returns whether a column is added for the names of sources. It is the last one. */
static bool added(const struct hw_csv_blocks *blocks) {
    return hw_csv_choice_added(&blocks->table->inputs.options.choice) != NULL;
}

enum hw_status hw_csv_blocks_set_input(struct hw_csv_blocks *blocks, const struct hw_csv_input *input,
                                       struct hw_error *err) {
    blocks->input = input;
    if (added(blocks)) {
        hw_constant_set(&blocks->source, input->name);
    }
    const struct hw_csv_parser_options options = parser_options(blocks);
    const struct hw_csv_columns *columns = blocks->input->form->columns;
    if (!blocks->parser) {
        blocks->columns = columns;
        return hw_csv_parser_new(&options, &blocks->parser, err);
    }
    if (blocks->columns != columns) {
        profiles_collect(blocks);
        blocks->columns = columns;
    }
    enum hw_status status = hw_csv_parser_turn(blocks->parser, &options, err);
    if (status != HW_OK) {
        hw_csv_parser_free(blocks->parser);
        blocks->parser = NULL;
    }
    return status;
}

struct hw_csv_input_part *hw_csv_blocks_part(const struct hw_csv_blocks *blocks) {
    return &blocks->result->inputs[blocks->result->input - blocks->result->first];
}

static enum hw_status block_take(struct hw_csv_blocks *blocks, const struct hw_csv_block *block, const char *data,
                                 struct hw_error *err);

/*
 * Makes the line of an error, which counts from the block, one of the part, and its offset one of
 * the text.
 */
static void error_place(const struct hw_csv_blocks *blocks, struct hw_error *err) {
    if (err && err->line != HW_NO_POSITION) {
        err->line += (int64_t)blocks->result->lines;
    }
    if (err && err->offset != HW_NO_POSITION) {
        err->offset += (int64_t)blocks->window->offset;
    }
}

/*
 * Consumes the bytes at the window's start, and adds them to the sum where their text is compared
 * with a checksum.
 */
static void bytes_take(struct hw_csv_blocks *blocks, size_t bytes) {
    struct hw_csv_input_part *part = hw_csv_blocks_part(blocks);
    part->sum = hw_checksum_add(blocks->input->checksum.kind, part->sum, hw_csv_window_data(blocks->window), bytes);
    part->bytes += bytes;
    blocks->result->base.bytes += bytes;
    hw_csv_window_skip(blocks->window, bytes);
}

enum hw_status hw_csv_blocks_run(struct hw_csv_blocks *blocks, size_t bytes, bool at_end, size_t *out_consumed,
                                 struct hw_error *err) {
    const char *data = hw_csv_window_data(blocks->window);
    struct hw_part_result *result = &blocks->result->base;
    struct hw_csv_block block;

    hw_csv_parser_set_rows_max(blocks->parser, (size_t)blocks->rows_left);
    HW_TRY(hw_csv_parser_run(blocks->parser, data, bytes, at_end, &block, err));
    enum hw_status status = block_take(blocks, &block, data, err);
    if (status != HW_OK) {
        error_place(blocks, err);
        return status;
    }
    blocks->result->lines += block.lines;
    result->records += block.records;
    result->rows += block.batch.rows;
    blocks->rows_left -= blocks->table->options.rows_max > 0 ? block.batch.rows : 0;
    result->rejected += block.bad_count;
    bytes_take(blocks, block.consumed);
    *out_consumed = block.consumed;
    return HW_OK;
}

/* Returns the place in the table of a column at fault, if it has one. */
static int32_t reject_column(const struct hw_csv_columns *columns, uint32_t column) {
    const uint32_t place = column < columns->count ? columns->places[column] : HW_CSV_LEFT_OUT;
    return place == HW_CSV_LEFT_OUT ? HW_REJECT_NO_COLUMN : (int32_t)place;
}

/* Fails the part for a bad record, or adds the record to the rejects. */
static enum hw_status bad_take(struct hw_csv_blocks *blocks, const struct hw_csv_bad *bad, const char *data,
                               struct hw_error *err) {
    struct hw_csv_result *result = blocks->result;
    struct hw_reject_list *rejects = &blocks->cursor->rejects;
    const struct hw_csv_columns *columns = blocks->input->form->columns;
    if (!blocks->table->options.csv->bad_rows_reject) {
        const struct hw_csv_parser_options options = parser_options(blocks);
        return hw_csv_bad_fail(bad, &options, data, err);
    }
    result->rejected_by[bad->reason]++;
    if (result->base.misfit || blocks->cursor->types_only) {
        /* All of them come again in the next pass, so none is kept from this one. */
        return HW_OK;
    }
    const struct hw_reject reject = {
        .line = result->lines + bad->line - 1,
        .offset = blocks->window->offset + bad->offset,
        .input = result->input,
        .bytes = bad->bytes,
        .column = reject_column(columns, bad->column),
        .reason = (uint32_t)bad->reason,
    };
    rejects->data.limit = REJECTS_BYTES_MAX;
    HW_TRY(hw_buf_append(&rejects->data, &reject, sizeof(reject), err));
    HW_TRY(hw_buf_append(&rejects->data, data + bad->offset, bad->bytes, err));
    rejects->count++;
    return HW_OK;
}

/* Keeps the values by which columns widen, for reports. */
static enum hw_status misfits_take(struct hw_csv_blocks *blocks, const struct hw_csv_block *block, const char *data,
                                   struct hw_error *err) {
    struct hw_csv_result *result = blocks->result;
    for (size_t i = 0; blocks->table->options.history && i < block->misfits_count; i++) {
        const struct hw_csv_misfit *from = &block->misfits[i];
        struct hw_csv_first_misfit misfit = {
            .line = result->lines + hw_csv_line_at(&blocks->input->form->dialect, data, from->offset),
            .offset = blocks->window->offset + from->offset,
            .input = result->input,
            .column = blocks->input->form->columns->places[from->column],
            .bytes = (uint32_t)hw_min_size(from->bytes, sizeof(misfit.value)),
        };
        memcpy(misfit.value, data + from->offset, misfit.bytes);
        HW_TRY(hw_buf_append(&result->misfits, &misfit, sizeof(misfit), err));
    }
    return HW_OK;
}

static enum hw_status block_take(struct hw_csv_blocks *blocks, const struct hw_csv_block *block, const char *data,
                                 struct hw_error *err) {
    struct hw_batch *batch = &blocks->cursor->batch;
    if (block->records != block->batch.rows + block->bad_count) {
        return hw_fail(err, HW_EFAILED, "a block of %s has become %s and %s", HW_COUNT(block->records, "record"),
                       HW_COUNT(block->batch.rows, "row"), HW_COUNT(block->bad_count, "reject"));
    }
    for (size_t i = 0; i < block->bad_count; i++) {
        HW_TRY(bad_take(blocks, &block->bad[i], data, err));
    }
    HW_TRY(misfits_take(blocks, block, data, err));
    blocks->result->base.misfit |= hw_csv_parser_misfit(blocks->parser);
    if (blocks->result->base.misfit || blocks->cursor->types_only) {
        return HW_OK; /* from here on the text only shows its types */
    }
    if (blocks->columns->whole) {
        *batch = block->batch;
        return HW_OK;
    }
    HW_TRY(hw_batch_arrange(&block->batch, blocks->columns->places, &blocks->table->layout.schema, blocks->arranged,
                            &blocks->nulls, batch, err));
    if (added(blocks)) {
        blocks->whole = *batch;
        blocks->sliced = 0;
        batch->rows = 0;
    }
    return HW_OK;
}

enum hw_status hw_csv_blocks_slice(struct hw_csv_blocks *blocks, bool *out_more, struct hw_error *err) {
    struct hw_batch slice;
    *out_more = blocks->sliced < blocks->whole.rows;
    if (!*out_more) {
        return HW_OK;
    }
    HW_TRY(hw_constant_slice(&blocks->source, &blocks->whole, blocks->sliced, blocks->slice, &slice, err));
    blocks->sliced += slice.rows;
    blocks->cursor->batch = slice;
    return HW_OK;
}

bool hw_csv_blocks_full(const struct hw_csv_blocks *blocks) {
    return blocks->rows_left == 0;
}

enum hw_status hw_csv_blocks_open_quote(struct hw_csv_blocks *blocks, size_t bytes, struct hw_error *err) {
    const char *data = hw_csv_window_data(blocks->window);
    struct hw_csv_result *result = blocks->result;
    const struct hw_csv_bad bad = {
        .reason = HW_CSV_OPEN_QUOTE, .bytes = (uint32_t)bytes, .column = UINT32_MAX, .line = 1};
    enum hw_status status = bad_take(blocks, &bad, data, err);
    if (status != HW_OK) {
        error_place(blocks, err);
        return status;
    }
    result->base.records++;
    result->base.rejected++;
    result->lines += hw_csv_line_at(&blocks->input->form->dialect, data, bytes) - 1;
    bytes_take(blocks, bytes);
    return HW_OK;
}
