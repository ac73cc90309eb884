/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/cursor.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "csv/blocks.h"
#include "csv/portion.h"
#include "csv/scan.h"

enum {
    /* Bytes to parse at once, so that text, index and batch stay in the second-level cache. */
    BLOCK_BYTES = 256 << 10,
    /*
     * The same of a wide table, whose records are so long that a block would have few of them:
     * whoever takes a batch looks at each column's buffers once.
     */
    WIDE_BLOCK_BYTES = 512 << 10,
};

/* The step that a cursor takes next. */
enum state {
    STATE_INPUT,   /* opens the next input of the part */
    STATE_GUESS,   /* looks for the first record of the part */
    STATE_PORTION, /* takes the next portion of the stream */
    STATE_BLOCKS,  /* parses blocks */
    STATE_SLICES,  /* hands out the rest of a block */
    STATE_DONE,
};

struct cursor {
    struct hw_cursor base;
    struct hw_csv_table *table;
    enum state state;
    struct hw_csv_part part;
    bool start_known;
    uint64_t start; /* the part's true start, where it is known */
    struct hw_csv_result *result;
    const struct hw_csv_input *input; /* the input in work */
    struct hw_csv_text text;          /* of it, while it is taken; no source: it is not */
    struct hw_csv_stream stream;      /* of it, where it cannot be cut */
    uint64_t rows_before;             /* of the part, before the input in work */
    /* Records of the input that start before it are the part's own. */
    uint64_t limit;
    bool portion_open; /* The table's stream is this cursor's. */
    /* Of a portion that is not held, only records that end before `limit` are. */
    bool portion_ends;
    size_t portion_bytes;
    struct hw_csv_window window;
    size_t block_bytes; /* grows where a record is longer */
    struct hw_csv_blocks blocks;
};

static size_t block_usual(const struct cursor *cursor);
static enum hw_status cursor_open(struct hw_cursor *base, size_t part, const uint64_t *start, struct hw_error *err);
static enum hw_status cursor_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err);
static struct hw_part_result *cursor_close(struct hw_cursor *base);
static void cursor_free(struct hw_cursor *base);

static const struct hw_cursor_ops cursor_ops = {cursor_open, cursor_next, cursor_close, cursor_free};

/* ------ life */

enum hw_status hw_csv_cursor_new(struct hw_csv_table *table, struct hw_cursor **out_cursor, struct hw_error *err) {
    struct cursor *cursor = hw_alloc_zero(1, sizeof(*cursor));
    if (!cursor) {
        return hw_fail_nomem(err, sizeof(*cursor));
    }
    cursor->base.ops = &cursor_ops;
    cursor->table = table;
    enum hw_status status = hw_csv_blocks_init(&cursor->blocks, table, &cursor->base, &cursor->window, err);
    if (status != HW_OK) {
        cursor_free(&cursor->base);
        return status;
    }
    *out_cursor = &cursor->base;
    return HW_OK;
}

static void cursor_free(struct hw_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    hw_csv_blocks_release(&cursor->blocks);
    hw_csv_window_release(&cursor->window);
    hw_buf_release(&base->rejects.data);
    hw_free(cursor);
}

void hw_csv_result_free(struct hw_part_result *base) {
    struct hw_csv_result *result = (struct hw_csv_result *)base;
    if (result) {
        hw_buf_release(&result->misfits);
        hw_free(result->inputs);
        hw_free(result->profiles);
        hw_free(result);
    }
}

static enum hw_status result_new(const struct hw_csv_table *table, const struct hw_csv_part *part,
                                 struct hw_csv_result **out_result, struct hw_error *err) {
    const size_t columns = table->layout.schema.count;
    const size_t inputs = (size_t)part->last - part->first + 1;
    struct hw_csv_result *result = hw_alloc_zero(1, sizeof(*result));
    if (!result) {
        return hw_fail_nomem(err, sizeof(*result));
    }
    result->first = result->input = part->first;
    result->last = part->last;
    result->inputs = hw_alloc_zero(inputs, sizeof(*result->inputs));
    result->profiles = hw_alloc_zero(columns, sizeof(*result->profiles));
    if (!result->inputs || !result->profiles) {
        hw_csv_result_free(&result->base);
        return hw_fail_nomem(err, columns * sizeof(*result->profiles));
    }
    *out_result = result;
    return HW_OK;
}

static void part_pass_over(struct cursor *cursor);

static enum hw_status cursor_open(struct hw_cursor *base, size_t number, const uint64_t *start, struct hw_error *err) {
    struct cursor *cursor = (struct cursor *)base;
    const struct hw_csv_table *table = cursor->table;
    const struct hw_csv_part *parts = (const struct hw_csv_part *)(const void *)table->cuts.data;
    cursor->part = table->streamed ? (struct hw_csv_part){.limit = UINT64_MAX, .exact = true} : parts[number];
    cursor->state = table->streamed ? STATE_PORTION : STATE_INPUT;
    cursor->start_known = start || cursor->part.exact;
    cursor->start = start ? *start : cursor->part.begin;
    cursor->portion_open = cursor->portion_ends = false;
    cursor->portion_bytes = (size_t)table->options.portion_bytes;
    base->large_allowed = base->last = base->types_only = false;
    base->batch = (struct hw_batch){.schema = &table->layout.schema};
    HW_TRY(result_new(table, &cursor->part, &cursor->result, err));
    base->result = &cursor->result->base;
    hw_csv_blocks_begin(&cursor->blocks, cursor->result);
    if (hw_csv_blocks_full(&cursor->blocks)) {
        part_pass_over(cursor);
    }
    return HW_OK;
}

/* Leaves the part unread, since the table has enough rows. */
static void part_pass_over(struct cursor *cursor) {
    cursor->result->cut_short = true;
    if (cursor->state == STATE_PORTION) {
        return; /* nobody comes after it: that is still to be told */
    }
    for (size_t i = cursor->part.first; i <= cursor->part.last; i++) {
        hw_csv_object_expect(cursor->table->inputs.items[i].object, -1);
    }
    cursor->result->base.start = cursor->result->base.end = cursor->start;
    cursor->state = STATE_DONE;
}

static void input_close(struct cursor *cursor);

static struct hw_part_result *cursor_close(struct hw_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    struct hw_csv_result *result = cursor->result;
    input_close(cursor);
    hw_csv_blocks_end(&cursor->blocks);
    hw_buf_clear(&base->rejects.data);
    base->rejects.count = 0;
    base->result = NULL;
    cursor->result = NULL;
    return result ? &result->base : NULL;
}

/* ------ steps */

/*
 * Does the work of one state, and goes on to another. Sets `*out_seen` where it has come to a step
 * for the caller.
 */
typedef enum hw_status (*state_fn)(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                   struct hw_error *err);

static enum hw_status input_open(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                 struct hw_error *err);
static enum hw_status start_guess(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                  struct hw_error *err);
static enum hw_status portion_take(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                   struct hw_error *err);
static enum hw_status block_parse(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                  struct hw_error *err);
static enum hw_status slice_show(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                 struct hw_error *err);
static enum hw_status part_end(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                               struct hw_error *err);

static enum hw_status cursor_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err) {
    static const state_fn states[] = {
        [STATE_INPUT] = input_open,   [STATE_GUESS] = start_guess, [STATE_PORTION] = portion_take,
        [STATE_BLOCKS] = block_parse, [STATE_SLICES] = slice_show, [STATE_DONE] = part_end,
    };
    struct cursor *cursor = (struct cursor *)base;
    bool seen = false;
    base->batch.rows = 0;
    while (!seen) {
        HW_TRY(states[cursor->state](cursor, out_step, &seen, err));
    }
    return HW_OK;
}

/* Shows the caller a step, and goes on in another state. */
static enum hw_status step_show(struct cursor *cursor, enum hw_cursor_step step, enum state next,
                                enum hw_cursor_step *out_step, bool *out_seen) {
    cursor->state = next;
    *out_step = step;
    *out_seen = true;
    return HW_OK;
}

static enum hw_status part_end(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                               struct hw_error *err) {
    (void)err;
    return step_show(cursor, HW_CURSOR_END, STATE_DONE, out_step, out_seen);
}

/* Shows what a block has come to, of which more may come in slices. */
static enum hw_status rows_show(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                struct hw_error *err) {
    bool more;
    HW_TRY(hw_csv_blocks_slice(&cursor->blocks, &more, err));
    return step_show(cursor, HW_CURSOR_ROWS, more ? STATE_SLICES : STATE_BLOCKS, out_step, out_seen);
}

static enum hw_status slice_show(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                 struct hw_error *err) {
    bool more;
    HW_TRY(hw_csv_blocks_slice(&cursor->blocks, &more, err));
    if (!more) {
        cursor->state = STATE_BLOCKS;
        return HW_OK;
    }
    return step_show(cursor, HW_CURSOR_ROWS, STATE_SLICES, out_step, out_seen);
}

/* Notes that the part's first record is found. */
static enum hw_status start_show(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen) {
    cursor->result->base.start = cursor->window.offset;
    return step_show(cursor, HW_CURSOR_STARTED, STATE_BLOCKS, out_step, out_seen);
}

/* ------ inputs */

static enum hw_status window_begin(struct cursor *cursor, struct hw_error *err);

static size_t block_usual(const struct cursor *cursor) {
    return cursor->table->layout.schema.count >= HW_CSV_WIDE_COLUMNS ? WIDE_BLOCK_BYTES : BLOCK_BYTES;
}

static enum hw_status input_open(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                 struct hw_error *err) {
    const uint32_t number = cursor->result->input;
    cursor->input = &cursor->table->inputs.items[number];
    cursor->result->lines = 0;
    cursor->rows_before = cursor->result->base.rows;
    cursor->limit = number == cursor->part.last ? cursor->part.limit : UINT64_MAX;
    cursor->block_bytes = block_usual(cursor);
    HW_TRY(hw_csv_object_take(cursor->input->object, cursor->table->options.csv->encoding, &cursor->text, err));
    cursor->text.member = cursor->input->member;
    HW_TRY(hw_csv_blocks_set_input(&cursor->blocks, cursor->input, err));
    HW_TRY(window_begin(cursor, err));
    if (number != cursor->part.first) {
        cursor->state = STATE_BLOCKS;
        return HW_OK;
    }
    if (!cursor->start_known) {
        cursor->state = STATE_GUESS;
        return HW_OK;
    }
    if (cursor->input->cuttable) {
        cursor->window.offset = cursor->start;
    }
    return start_show(cursor, out_step, out_seen);
}

/* Begins the window at the input's first row. */
static enum hw_status window_begin(struct cursor *cursor, struct hw_error *err) {
    const struct hw_csv_input *input = cursor->input;
    struct hw_csv_window *window = &cursor->window;
    bool end;
    if (input->cuttable) {
        hw_csv_window_begin(window, HW_CSV_WINDOW_SOURCE, input->body_offset, input->bytes);
        window->source = cursor->text.source;
        window->remote_read_bytes = cursor->table->options.remote_read_bytes;
        window->own_end = cursor->limit;
        return HW_OK;
    }
    HW_TRY(hw_csv_stream_open(&cursor->text, &cursor->stream, err));
    hw_buf_clear(&window->buf);
    HW_TRY(hw_csv_stream_read(&cursor->stream, (size_t)input->body_offset, &window->buf, &end, err));
    hw_csv_window_begin(window, HW_CSV_WINDOW_STREAM, input->body_offset, UINT64_MAX);
    window->stream = &cursor->stream;
    return HW_OK;
}

/* Gives the input in work back. That of a portion belongs to the table, and stays. */
static void input_close(struct cursor *cursor) {
    hw_csv_stream_release(&cursor->stream);
    if (cursor->text.source) {
        hw_csv_object_expect(cursor->input->object, -1);
        hw_csv_object_give(cursor->input->object, &cursor->text);
        cursor->text = (struct hw_csv_text){0};
    }
}

static enum hw_status portion_hand_on(struct cursor *cursor, size_t bytes, enum state next,
                                      enum hw_cursor_step *out_step, bool *out_seen, struct hw_error *err);

/* Notes that the input in work is read as far as the part goes. */
static enum hw_status input_end(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                struct hw_error *err) {
    struct hw_csv_result *result = cursor->result;
    result->base.end = cursor->window.offset;
    struct hw_csv_input_part *part = hw_csv_blocks_part(&cursor->blocks);
    part->rows = result->base.rows - cursor->rows_before;
    part->garbage_bytes += hw_csv_stream_garbage_bytes(&cursor->stream);
    input_close(cursor);
    if (cursor->portion_open) {
        return portion_hand_on(cursor, 0, STATE_DONE, out_step, out_seen, err);
    }
    cursor->state = STATE_DONE;
    for (; result->input < cursor->part.last && hw_csv_blocks_full(&cursor->blocks); result->input++) {
        hw_csv_object_expect(cursor->table->inputs.items[result->input + 1].object, -1);
        result->cut_short = true;
    }
    if (result->input < cursor->part.last) {
        result->input++;
        cursor->state = STATE_INPUT;
    }
    return HW_OK;
}

/* Ends the part before its text does, since the table has enough rows. */
static enum hw_status input_leave(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                  struct hw_error *err) {
    struct hw_csv_window *window = &cursor->window;
    if (window->text_bytes == UINT64_MAX) { /* the end of a stream is known once it is reached */
        HW_TRY(hw_csv_window_fill(window, 1, err));
    }
    cursor->result->cut_short |= window->offset < window->text_bytes;
    return input_end(cursor, out_step, out_seen, err);
}

/*
 * Returns the offset at which the part, or the input itself, ends in the input in work, as far as
 * that is known.
 */
static uint64_t part_limit(const struct cursor *cursor) {
    return hw_min_size(cursor->limit, cursor->window.text_bytes);
}

/* ------ the first record of a part */

static enum hw_status start_guess(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                  struct hw_error *err) {
    struct hw_csv_window *window = &cursor->window;
    /*
     * This looks from the byte before the cut on: where that byte ends a record, one starts right
     * at the cut.
     */
    window->offset = cursor->part.begin - 1;
    for (size_t wanted = BLOCK_BYTES;; wanted *= 2) {
        HW_TRY(hw_csv_window_fill(window, wanted, err));
        const hw_view text = {hw_csv_window_data(window), hw_csv_window_have(window)};
        const size_t start = hw_csv_guess_record_start(&cursor->input->form->dialect, text);
        const bool all = window->offset + text.size >= part_limit(cursor);
        const bool long_record = wanted >= cursor->table->options.record_bytes_shared;
        if (start < text.size || all) {
            hw_csv_window_skip(window, start);
        } else if (long_record) { /* the guess is that no record starts in this part */
            hw_csv_window_skip(window, text.size);
            window->offset = part_limit(cursor);
        } else {
            continue;
        }
        return start_show(cursor, out_step, out_seen);
    }
}

/* ------ long records */

static enum hw_status record_too_long(const struct cursor *cursor, struct hw_error *err) {
    const uint64_t bytes_max = cursor->table->options.record_bytes_max;
    const bool limited = bytes_max < HW_CSV_RECORD_BYTES_MAX;
    hw_error_set_at(err, HW_ELIMIT, (int64_t)cursor->window.offset,
                    "a record is longer than %" PRIu64 " MiB%s: is a quote never closed?%s", bytes_max >> 20,
                    limited ? ", the most that --memory allows" : "",
                    limited ? " More memory allows longer records" : "");
    if (err) {
        err->line = (int64_t)cursor->result->lines + 1;
    }
    return HW_ELIMIT;
}

/*
 * Doubles the bytes in which a record is looked for. Beyond what all workers may hold at once, that
 * has to be allowed first.
 */
static enum hw_status record_grow(struct cursor *cursor, size_t *bytes, bool *out_allowed, struct hw_error *err) {
    const struct hw_csv_table_options *options = &cursor->table->options;
    if (*bytes >= options->record_bytes_max) {
        return record_too_long(cursor, err);
    }
    const size_t more = hw_min_size(2 * *bytes, (size_t)options->record_bytes_max);
    *out_allowed = more <= options->record_bytes_shared || cursor->base.large_allowed;
    *bytes = *out_allowed ? more : *bytes;
    return HW_OK;
}

/* ------ portions of a stream */

static enum hw_status portion_begin(struct cursor *cursor, struct hw_error *err) {
    const struct hw_csv_table *table = cursor->table;
    cursor->input = &table->inputs.items[0];
    cursor->block_bytes = block_usual(cursor);
    cursor->rows_before = 0;
    cursor->limit = UINT64_MAX;
    cursor->portion_open = true;
    HW_TRY(hw_csv_portion_begin(cursor->table, &cursor->window, err));
    cursor->result->base.start = cursor->window.offset;
    return hw_csv_blocks_set_input(&cursor->blocks, cursor->input, err);
}

static enum hw_status portion_hand_on(struct cursor *cursor, size_t bytes, enum state next,
                                      enum hw_cursor_step *out_step, bool *out_seen, struct hw_error *err) {
    HW_TRY(hw_csv_portion_hand_on(cursor->table, &cursor->window, bytes, err));
    cursor->portion_open = false;
    cursor->base.last = cursor->table->stream.ended && cursor->table->stream.rest.size == 0;
    cursor->base.last |= hw_csv_blocks_full(&cursor->blocks);
    if (cursor->base.last) {
        hw_csv_blocks_part(&cursor->blocks)->garbage_bytes +=
            hw_csv_stream_garbage_bytes(&cursor->table->stream.stream);
    }
    return step_show(cursor, HW_CURSOR_HANDED_ON, next, out_step, out_seen);
}

/*
 * Holds a portion and hands the stream on; or, where there is little memory, keeps the stream until
 * the portion's end.
 */
static enum hw_status portion_take(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                   struct hw_error *err) {
    const struct hw_csv_window *window = &cursor->window;
    size_t bytes = 0;
    if (!cursor->portion_open) {
        HW_TRY(portion_begin(cursor, err));
    }
    if (hw_csv_blocks_full(&cursor->blocks)) {
        return portion_hand_on(cursor, 0, STATE_DONE, out_step, out_seen, err);
    }
    if (!cursor->table->options.portion_held) {
        cursor->portion_ends = true;
        cursor->limit = window->offset + cursor->portion_bytes;
        cursor->state = STATE_BLOCKS;
        return HW_OK;
    }
    HW_TRY(hw_csv_portion_hold(cursor->table, &cursor->window, cursor->portion_bytes, &bytes, err));
    while (bytes == 0 && window->text_bytes != window->offset) {
        bool allowed;
        HW_TRY(record_grow(cursor, &cursor->portion_bytes, &allowed, err));
        if (!allowed) {
            return step_show(cursor, HW_CURSOR_LARGE, STATE_PORTION, out_step, out_seen);
        }
        HW_TRY(hw_csv_portion_hold(cursor->table, &cursor->window, cursor->portion_bytes, &bytes, err));
    }
    return portion_hand_on(cursor, bytes, STATE_BLOCKS, out_step, out_seen, err);
}

/* ------ blocks */

static enum hw_status long_record_take(struct cursor *cursor, bool at_limit, enum hw_cursor_step *out_step,
                                       bool *out_seen, struct hw_error *err);

/*
 * Returns the bytes of the next block. Bytes beyond the part are wanted only as far as its last
 * record may reach.
 */
static size_t block_wanted(const struct cursor *cursor) {
    const uint64_t left = part_limit(cursor) - cursor->window.offset;
    const size_t beyond = cursor->portion_ends ? 0 : HW_CSV_LAST_RECORD_BYTES;
    return left < cursor->block_bytes ? hw_min_size(cursor->block_bytes, (size_t)left + beyond) : cursor->block_bytes;
}

static enum hw_status block_parse(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                  struct hw_error *err) {
    struct hw_csv_window *window = &cursor->window;
    size_t consumed = 0;
    if (hw_csv_blocks_full(&cursor->blocks)) {
        return input_leave(cursor, out_step, out_seen, err);
    }
    if (window->offset >= part_limit(cursor)) {
        return input_end(cursor, out_step, out_seen, err);
    }
    HW_TRY(hw_csv_window_fill(window, block_wanted(cursor), err));
    const uint64_t limit = part_limit(cursor);
    if (window->offset == limit) { /* of a stream the end is known once it is reached */
        return input_end(cursor, out_step, out_seen, err);
    }
    const size_t have = hw_min_size(hw_csv_window_have(window), cursor->block_bytes);
    const size_t own = limit - window->offset < have ? (size_t)(limit - window->offset) : have;
    const bool at_end = window->offset + own == window->text_bytes;
    HW_TRY(hw_csv_blocks_run(&cursor->blocks, own, at_end, &consumed, err));
    if (consumed == 0 && !at_end) {
        const bool at_limit = own < have || window->offset + own == limit;
        return long_record_take(cursor, at_limit, out_step, out_seen, err);
    }
    if (consumed == 0) {
        HW_TRY(hw_csv_blocks_open_quote(&cursor->blocks, own, err));
    }
    cursor->block_bytes = block_usual(cursor);
    return rows_show(cursor, out_step, out_seen, err);
}

static enum hw_status last_record_take(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                       struct hw_error *err);
static enum hw_status portion_short(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                    struct hw_error *err);

/*
 * Handles a block in which no record ends: it reaches as far as the part does (`at_limit`), or is
 * too small.
 */
static enum hw_status long_record_take(struct cursor *cursor, bool at_limit, enum hw_cursor_step *out_step,
                                       bool *out_seen, struct hw_error *err) {
    bool allowed;
    if (at_limit) {
        return cursor->portion_ends ? portion_short(cursor, out_step, out_seen, err)
                                    : last_record_take(cursor, out_step, out_seen, err);
    }
    HW_TRY(record_grow(cursor, &cursor->block_bytes, &allowed, err));
    return allowed ? HW_OK : step_show(cursor, HW_CURSOR_LARGE, STATE_BLOCKS, out_step, out_seen);
}

/*
 * Leaves the rest of the portion, which is no whole record, to the next portion, unless this one
 * would be empty.
 */
static enum hw_status portion_short(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                    struct hw_error *err) {
    bool allowed;
    if (cursor->window.offset > cursor->result->base.start) {
        return input_end(cursor, out_step, out_seen, err);
    }
    HW_TRY(record_grow(cursor, &cursor->portion_bytes, &allowed, err));
    if (!allowed) {
        return step_show(cursor, HW_CURSOR_LARGE, STATE_BLOCKS, out_step, out_seen);
    }
    cursor->limit = cursor->window.offset + cursor->portion_bytes;
    return HW_OK;
}

/* Takes the part's last record alone, which begins in the part and ends beyond it. */
static enum hw_status last_record_take(struct cursor *cursor, enum hw_cursor_step *out_step, bool *out_seen,
                                       struct hw_error *err) {
    struct hw_csv_window *window = &cursor->window;
    HW_AUTO(hw_csv_index) index = {0};
    size_t grown = BLOCK_BYTES;
    for (size_t wanted = HW_CSV_LAST_RECORD_BYTES;; wanted = grown) {
        bool allowed = true;
        HW_TRY(hw_csv_window_fill(window, wanted, err));
        const size_t have = hw_csv_window_have(window);
        const bool at_end = window->offset + have == window->text_bytes;
        const struct hw_csv_dialect *dialect = &cursor->input->form->dialect;
        HW_TRY(hw_csv_index_run(&index, dialect, hw_csv_window_data(window), have, at_end, err));
        if (index.records > 0 || at_end) {
            const size_t bytes = index.records > 0 ? index.record_starts[1] : have;
            size_t consumed;
            HW_TRY(index.records > 0
                       ? hw_csv_blocks_run(&cursor->blocks, bytes, at_end && bytes == have, &consumed, err)
                       : hw_csv_blocks_open_quote(&cursor->blocks, bytes, err));
            return rows_show(cursor, out_step, out_seen, err);
        }
        if (wanted == grown) {
            HW_TRY(record_grow(cursor, &grown, &allowed, err));
        }
        if (!allowed) {
            return step_show(cursor, HW_CURSOR_LARGE, STATE_BLOCKS, out_step, out_seen);
        }
    }
}
