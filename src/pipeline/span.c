/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A span's way, for each of its texts: blocks of the text are read into a reused buffer, parsed into batches, and each batch goes to every output's encoder while it is in cache. Nothing
 * here is shared with other workers but what conversion.h's functions guard.
 */
#include "pipeline/span.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"

enum {
    BLOCK_BYTES = 256 << 10,        /* parsed at once: text, index and batch stay in the second-level cache */
    PIECE_TEXT_BYTES_MIN = 4 << 20, /* of a piece that is handed on for the memory it holds */
    PIECE_COLUMN_BYTES_MIN = 2048,  /* and for each column: a footer keeps facts of every column of every row group */
    LAST_RECORD_BYTES = 8 << 10,    /* read beyond the span's end, where its last record ends as a rule */
    REJECTS_BYTES_MAX = 4 << 20,    /* rejects at which a piece is handed on */
};

/* The part of a text that is in memory. */
struct window {
    struct hw_bench *bench;
    struct hw_source *source;      /* of a text that can be cut. NULL: */
    struct hw_input_stream stream; /* of another; all zero: everything there is lies in memory already */
    size_t remote_read_bytes;      /* read at once across a network */
    uint64_t own_end;    /* where the span ends in the text: little beyond it is of use. UINT64_MAX: nowhere */
    uint64_t text_bytes; /* end of the text, as an offset in it; of a stream UINT64_MAX until it is known */
    uint64_t offset;     /* of the first byte at `at` */
    char *memory;        /* bytes, with margins around them */
    size_t at;           /* first byte that is not consumed */
    size_t filled;
};

/* Everything a running span needs. */
struct span_run {
    struct hw_conversion *conversion;
    struct hw_bench *bench;
    const struct hw_text *text; /* in work */
    uint64_t limit;             /* records that start before it, in this text, are the span's own */
    struct window window;
    size_t number;
    struct hw_span result;
    size_t block_bytes;        /* grows where a record is longer */
    uint64_t piece_text_bytes; /* of the piece in work */
};

static enum hw_status run_start(struct span_run *run, struct hw_error *err);
static enum hw_status text_run(struct span_run *run, uint32_t text, struct hw_error *err);
static enum hw_status piece_offer(struct span_run *run, bool full, struct hw_error *err);
static enum hw_status span_blocks(struct span_run *run, struct hw_error *err);
static void span_error_place(struct span_run *run, struct hw_error *err);

void hw_span_run(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed) {
    struct span_run run = {.conversion = conversion, .number = number, .result = *claimed};
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = hw_bench_take(conversion, &run.bench, &err);

    status = status == HW_OK ? run_start(&run, &err) : status;
    for (uint32_t i = claimed->first_text; status == HW_OK && i <= claimed->last_text; i++) {
        status = text_run(&run, i, &err);
    }
    if (status == HW_OK) {
        status = piece_offer(&run, true, &err);
    }
    hw_span_end(&run.result, conversion, number, run.bench, status, &err);
}

void hw_span_run_memory(struct hw_conversion *conversion, size_t number, const struct hw_span *claimed,
                        struct hw_bench *bench, size_t bytes) {
    struct span_run run = {
        .conversion = conversion,
        .bench = bench,
        .number = number,
        .result = *claimed,
        .text = conversion->texts->items,
        .limit = UINT64_MAX,
        .block_bytes = BLOCK_BYTES,
    };
    struct hw_error err = HW_ERROR_INIT;
    run.window = (struct window){
        .bench = bench,
        .text_bytes = claimed->start + bytes,
        .offset = claimed->start,
        .memory = (char *)bench->text.data + HW_CSV_BLOCK_MARGIN,
        .filled = bytes,
    };
    enum hw_status status = run_start(&run, &err);
    if (status == HW_OK) {
        status = hw_bench_turn(conversion, bench, run.text, &err);
    }
    if (status == HW_OK) {
        status = span_blocks(&run, &err);
    }
    if (status == HW_OK) {
        run.result.text_parts[0].rows = run.result.rows;
        status = piece_offer(&run, true, &err);
    }
    hw_span_end(&run.result, conversion, number, bench, status, &err);
}

void hw_span_end(struct hw_span *result, struct hw_conversion *conversion, size_t number, struct hw_bench *bench,
                 enum hw_status status, const struct hw_error *err) {
    size_t columns = conversion->layout.schema.count;
    result->status = status;
    result->error = *err;
    result->profiles = bench ? hw_alloc(columns * sizeof(*result->profiles)) : NULL;
    if (result->profiles) {
        memcpy(result->profiles, hw_bench_profiles(bench), columns * sizeof(*result->profiles));
    } else if (status == HW_OK) {
        result->status = hw_fail_nomem(&result->error, columns * sizeof(*result->profiles));
    }
    if (bench) {
        hw_bench_return(conversion, bench, !result->alone);
    }
    if (result->alone) {
        hw_budget_give_back(conversion->shared->alone, 1);
        result->alone = false;
    }
    hw_conversion_span_done(conversion, number, result);
}

static enum hw_status run_start(struct span_run *run, struct hw_error *err) {
    const size_t texts = (size_t)run->result.last_text - run->result.first_text + 1;
    run->result.text = run->result.first_text;
    run->result.text_parts = hw_alloc_zero(texts, sizeof(*run->result.text_parts));
    if (!run->result.text_parts) {
        return hw_fail_nomem(err, texts * sizeof(*run->result.text_parts));
    }
    return run->conversion->facts ? hw_facts_new(&run->conversion->layout.schema, &run->result.facts, err) : HW_OK;
}

static enum hw_status text_open(struct span_run *run, const struct hw_input *input, struct hw_error *err);
static enum hw_status span_bounds(struct span_run *run, struct hw_error *err);

/* Runs the part of a text that is the span's. */
static enum hw_status text_run(struct span_run *run, uint32_t number, struct hw_error *err) {
    const struct hw_conversion *conversion = run->conversion;
    const struct hw_texts *texts = conversion->texts;
    const uint64_t rows = run->result.rows;
    struct hw_origin *origin = texts->items[number].origin;
    struct hw_input input;

    run->text = &texts->items[number];
    run->result.text = number;
    run->result.lines = 0;
    run->limit = number == run->result.last_text ? run->result.limit : UINT64_MAX;
    run->block_bytes = BLOCK_BYTES;
    HW_TRY(hw_origin_take(origin, conversion->shared->options, texts->pinned, &input, err));
    input.member = run->text->member;
    enum hw_status status = text_open(run, &input, err);
    if (status == HW_OK && number == run->result.first_text) {
        status = span_bounds(run, err);
    }
    if (status == HW_OK) {
        status = span_blocks(run, err);
    }
    hw_input_stream_release(&run->window.stream);
    hw_origin_expect(origin, -1);
    hw_origin_give(origin, &input);
    run->result.text_parts[number - run->result.first_text].rows = run->result.rows - rows;
    return status;
}

/* The window before the text's first row. */
static enum hw_status text_open(struct span_run *run, const struct hw_input *input, struct hw_error *err) {
    const struct hw_conversion_shared *shared = run->conversion->shared;
    const struct hw_text *text = run->text;
    bool end;
    HW_TRY(hw_bench_turn(run->conversion, run->bench, text, err));
    run->window = (struct window){
        .bench = run->bench,
        .source = text->cuttable ? input->source : NULL,
        .remote_read_bytes = shared->settings.remote_read_bytes,
        .own_end = run->limit,
        .text_bytes = text->cuttable ? text->bytes : UINT64_MAX,
        .offset = text->body_offset,
    };
    if (text->cuttable) {
        return HW_OK;
    }
    hw_buf_clear(&run->bench->text);
    HW_TRY(hw_input_open(input, &run->window.stream, err));
    return hw_input_read(&run->window.stream, (size_t)text->body_offset, &run->bench->text, &end, err);
}

static enum hw_status stream_fill(struct window *window, size_t bytes, struct hw_error *err);

/*
 * Returns how much is read at once: across a network a lot. What lies beyond the span is another's to read: of that only
 * as much as the last record may take.
 */
static size_t piece_wanted(const struct window *window, size_t have, size_t wanted) {
    const uint64_t at = window->offset + have;
    const size_t room = window->source->remote ? hw_max_size(wanted, window->remote_read_bytes) : wanted;
    const size_t piece = room - have;
    if (at >= window->own_end) {
        return wanted - have;
    }
    const uint64_t own = window->own_end - at;
    return own < piece && piece - own > LAST_RECORD_BYTES ? (size_t)own + LAST_RECORD_BYTES : piece;
}

/* Reads until `wanted` bytes lie after `at`, fewer only where the text ends. */
static enum hw_status window_fill(struct window *window, size_t wanted, struct hw_error *err) {
    size_t have = window->filled - window->at;
    uint64_t left = window->text_bytes - window->offset - have;
    bool more = window->source || window->stream.text; /* else what lies in memory is all there is */
    if (have >= wanted || left == 0 || !more) {
        return HW_OK;
    }
    if (!window->source) {
        return stream_fill(window, wanted - have, err);
    }
    struct hw_buf *text = &window->bench->text;
    size_t piece = hw_min_size(piece_wanted(window, have, wanted), left);
    if (have > 0) {
        memmove(text->data + HW_CSV_BLOCK_MARGIN, window->memory + window->at, have);
    }
    HW_TRY(hw_buf_resize(text, have + piece + 2 * HW_CSV_BLOCK_MARGIN, err));
    window->memory = (char *)text->data + HW_CSV_BLOCK_MARGIN;
    window->at = 0;
    window->filled = have + piece;
    HW_TRY(window->source->ops->read_at(window->source, window->offset + have, window->memory + have, piece, err));
    return HW_OK;
}

/* `bytes` more of a stream, fewer only where it ends. */
static enum hw_status stream_fill(struct window *window, size_t bytes, struct hw_error *err) {
    struct hw_buf *text = &window->bench->text;
    const size_t have = window->filled - window->at;
    bool end = false;
    if (have > 0) {
        memmove(text->data + HW_CSV_BLOCK_MARGIN, window->memory + window->at, have);
    }
    HW_TRY(hw_buf_resize(text, HW_CSV_BLOCK_MARGIN + have, err));
    HW_TRY(hw_input_read(&window->stream, bytes, text, &end, err));
    HW_TRY(hw_buf_reserve(text, HW_CSV_BLOCK_MARGIN, err));
    window->memory = (char *)text->data + HW_CSV_BLOCK_MARGIN;
    window->at = 0;
    window->filled = text->size - HW_CSV_BLOCK_MARGIN;
    memset(text->data, 0, HW_CSV_BLOCK_MARGIN);
    memset(text->data + text->size, 0, HW_CSV_BLOCK_MARGIN);
    if (end) {
        window->text_bytes = window->offset + window->filled;
    }
    return HW_OK;
}

static void window_skip(struct window *window, size_t bytes) {
    window->at += bytes;
    window->offset += bytes;
}

/* The bytes at the window's start are read, and summed where their text is compared with a checksum. */
static void bytes_take(struct span_run *run, const char *data, size_t bytes) {
    struct hw_text_part *part = &run->result.text_parts[run->result.text - run->result.first_text];
    part->sum = hw_checksum_add(run->text->checksum.kind, part->sum, data, bytes);
    part->bytes += bytes;
    window_skip(&run->window, bytes);
}

/* Where the span ends in the text in work, or the text does, as far as that is known. */
static uint64_t span_limit(const struct span_run *run) {
    return run->limit < run->window.text_bytes ? run->limit : run->window.text_bytes;
}

/* Finds where the span's first record starts, where that is not known. */
static enum hw_status span_bounds(struct span_run *run, struct hw_error *err) {
    struct window *window = &run->window;
    if (run->result.known_start) {
        window->offset = run->text->cuttable ? run->result.start : window->offset;
        return HW_OK;
    }
    window->offset = run->result.begin - 1;
    /* From the byte before: where that one ends a record, a record starts right at the cut. */
    for (size_t wanted = BLOCK_BYTES;; wanted *= 2) {
        HW_TRY(window_fill(window, wanted, err));
        hw_view text = {window->memory + window->at, window->filled - window->at};
        size_t start = hw_csv_guess_record_start(&run->text->dialect, text);
        bool all = window->offset + text.size >= span_limit(run);
        bool long_record = wanted >= run->conversion->shared->settings.record_bytes_shared;
        if (start < text.size || all) {
            window_skip(window, start);
        } else if (long_record) { /* the guess is that no record starts in this span */
            window_skip(window, text.size);
            window->offset = span_limit(run);
        } else {
            continue;
        }
        run->result.start = window->offset;
        hw_conversion_guessed(run->conversion, run->number, run->result.start);
        return HW_OK;
    }
}

static enum hw_status block_take(struct span_run *run, const struct hw_csv_block *block, const char *data,
                                 struct hw_error *err);
static enum hw_status rows_encode(struct span_run *run, const struct hw_batch *batch, struct hw_error *err);
static enum hw_status block_run(struct span_run *run, size_t bytes, bool at_end, size_t *out_consumed,
                                struct hw_error *err);
static enum hw_status record_run(struct span_run *run, struct hw_error *err);
static enum hw_status record_grow(struct span_run *run, size_t *bytes, struct hw_error *err);
static enum hw_status open_quote_take(struct span_run *run, size_t bytes, struct hw_error *err);

/* Bytes of the next block: those beyond the span are wanted only as far as its last record may reach. */
static size_t block_wanted(const struct span_run *run) {
    const struct window *window = &run->window;
    const uint64_t left = span_limit(run) - window->offset;
    return left < run->block_bytes ? hw_min_size(run->block_bytes, (size_t)left + LAST_RECORD_BYTES) : run->block_bytes;
}

static enum hw_status span_blocks(struct span_run *run, struct hw_error *err) {
    struct window *window = &run->window;
    while (window->offset < span_limit(run)) {
        if (hw_conversion_left(run->conversion, run->number)) {
            return hw_fail(err, HW_ECANCELLED, "stopped");
        }
        HW_TRY(window_fill(window, block_wanted(run), err));
        const uint64_t limit = span_limit(run);
        if (window->offset == limit) {
            break; /* of a stream the end is known once it is reached */
        }
        size_t have = hw_min_size(window->filled - window->at, run->block_bytes);
        size_t own = limit - window->offset < have ? (size_t)(limit - window->offset) : have;
        bool at_end = window->offset + own == window->text_bytes;
        size_t consumed = 0;
        HW_TRY(block_run(run, own, at_end, &consumed, err));
        if (consumed > 0) {
            run->block_bytes = BLOCK_BYTES;
        } else if (at_end) {
            HW_TRY(open_quote_take(run, own, err));
        } else if (own < have || window->offset + own == limit) {
            HW_TRY(record_run(run, err)); /* the last record begins in this span and ends beyond it */
        } else {
            HW_TRY(record_grow(run, &run->block_bytes, err));
        }
    }
    run->result.end = window->offset;
    return HW_OK;
}

/* The record at the window's start reaches beyond the span's limit: it alone is taken. */
static enum hw_status record_run(struct span_run *run, struct hw_error *err) {
    struct window *window = &run->window;
    HW_AUTO(hw_csv_index) index = {0};
    size_t grown = BLOCK_BYTES;
    for (size_t wanted = LAST_RECORD_BYTES;; wanted = grown) {
        HW_TRY(window_fill(window, wanted, err));
        size_t have = window->filled - window->at;
        bool at_end = window->offset + have == window->text_bytes;
        HW_TRY(hw_csv_index_run(&index, &run->text->dialect, window->memory + window->at, have, at_end, err));
        if (index.records > 0) {
            size_t consumed;
            size_t bytes = index.record_starts[1];
            return block_run(run, bytes, at_end && bytes == have, &consumed, err);
        }
        if (at_end) {
            return open_quote_take(run, have, err);
        }
        if (wanted == grown) {
            HW_TRY(record_grow(run, &grown, err));
        }
    }
}

/* Doubles the bytes in which a record is looked for, within what one may have. */
static enum hw_status record_grow(struct span_run *run, size_t *bytes, struct hw_error *err) {
    const struct hw_settings *settings = &run->conversion->shared->settings;
    if (*bytes >= settings->record_bytes_max) {
        if (err) {
            hw_settings_record_fail(settings, run->window.offset, err);
            err->line = (int64_t)run->result.lines + 1;
        }
        return HW_ELIMIT;
    }
    const size_t more = hw_min_size(2 * *bytes, (size_t)settings->record_bytes_max);
    if (more > settings->record_bytes_shared && !run->result.alone) {
        HW_TRY(hw_conversion_alone(run->conversion, run->number, err));
        run->result.alone = true;
    }
    *bytes = more;
    return HW_OK;
}

/* Parses a block and gives it to the encoders; the window moves on by what it consumed. */
static enum hw_status block_run(struct span_run *run, size_t bytes, bool at_end, size_t *out_consumed,
                                struct hw_error *err) {
    struct window *window = &run->window;
    const char *data = window->memory + window->at;
    struct hw_csv_block block;

    HW_TRY(hw_csv_parser_run(run->bench->parser, data, bytes, at_end, &block, err));
    enum hw_status status = block_take(run, &block, data, err);
    if (status != HW_OK) {
        span_error_place(run, err);
        return status;
    }
    run->result.lines += block.lines;
    run->result.records += block.records;
    run->result.rows += block.batch.rows;
    run->result.rejected += block.bad_count;
    run->result.bytes_done += block.consumed;
    run->piece_text_bytes += block.consumed;
    bytes_take(run, data, block.consumed);
    atomic_fetch_add(&run->conversion->shared->bytes_done, block.consumed);
    atomic_fetch_add(&run->conversion->shared->rows_done, block.batch.rows);
    *out_consumed = block.consumed;
    return HW_OK;
}

/* Positions of an error count from the block until here, then from the span; the offset from the start of the text. */
static void span_error_place(struct span_run *run, struct hw_error *err) {
    if (err && err->line != HW_NO_POSITION) {
        err->line += (int64_t)run->result.lines;
    }
    if (err && err->offset != HW_NO_POSITION) {
        err->offset += (int64_t)run->window.offset;
    }
}

/* A bad record fails the span, or goes to the rejects. */
static enum hw_status bad_take(struct span_run *run, const struct hw_csv_bad *bad, const char *data,
                               struct hw_error *err) {
    const struct hw_conversion *conversion = run->conversion;
    const struct hw_csv_parser_options options = {.dialect = run->text->dialect,
                                                  .schema = run->text->shape->schema,
                                                  .constraints = run->text->shape->constraints};
    if (!conversion->shared->options->csv.bad_rows_reject) {
        return hw_csv_bad_fail(bad, &options, data, err);
    }
    run->result.rejected_by[bad->reason]++;
    if (run->result.misfit || conversion->shared_state.widening) {
        return HW_OK; /* all of them come again in the second pass: nothing is to be held until the end of this one */
    }
    if (!run->bench->piece) {
        run->bench->piece = hw_alloc_zero(1, sizeof(*run->bench->piece));
        if (!run->bench->piece) {
            return hw_fail_nomem(err, sizeof(*run->bench->piece));
        }
        run->bench->piece->rejects.limit = HW_MIB(1024);
    }
    const struct hw_piece_place place = {run->result.text, run->result.lines, run->window.offset};
    struct hw_csv_bad placed = *bad;
    if (bad->column < run->text->shape->count) {
        placed.column = run->text->shape->places[bad->column];
    }
    return hw_piece_reject(run->bench->piece, &placed, data, &place, err);
}

/* For the report: where and by what columns widen. */
static enum hw_status misfits_take(struct span_run *run, const struct hw_csv_block *block, const char *data,
                                   struct hw_error *err) {
    for (size_t i = 0; run->result.facts && i < block->misfits_count; i++) {
        const struct hw_csv_misfit *from = &block->misfits[i];
        struct hw_misfit misfit = {
            .line = run->result.lines + hw_csv_line_at(&run->text->dialect, data, from->offset),
            .offset = run->window.offset + from->offset,
            .text = run->result.text,
            .column = run->text->shape->places[from->column],
            .bytes = (uint32_t)hw_min_size(from->bytes, sizeof(misfit.value)),
        };
        memcpy(misfit.value, data + from->offset, misfit.bytes);
        HW_TRY(hw_buf_append(&run->result.misfits, &misfit, sizeof(misfit), err));
    }
    return HW_OK;
}

static enum hw_status block_take(struct span_run *run, const struct hw_csv_block *block, const char *data,
                                 struct hw_error *err) {
    struct hw_conversion *conversion = run->conversion;

    if (block->records != block->batch.rows + block->bad_count) {
        return hw_fail(err, HW_EFAILED, "a block of %zu records has become %zu rows and %zu rejects", block->records,
                       block->batch.rows, block->bad_count);
    }
    for (size_t i = 0; i < block->bad_count; i++) {
        HW_TRY(bad_take(run, &block->bad[i], data, err));
    }
    HW_TRY(misfits_take(run, block, data, err));
    if (hw_csv_parser_misfit(run->bench->parser) && !run->result.misfit) {
        run->result.misfit = true;
        hw_bench_drop(conversion, run->bench);
    }
    if (run->result.misfit || conversion->shared_state.widening) {
        return HW_OK; /* from here on the text only shows its types */
    }
    struct hw_batch batch;
    HW_TRY(hw_bench_arrange(conversion, run->bench, &block->batch, &batch, err));
    if (run->result.facts) {
        hw_facts_add(run->result.facts, &batch);
    }
    return rows_encode(run, &batch, err);
}

/* Ends the piece in work where it is full. */
static enum hw_status piece_offer(struct span_run *run, bool full, struct hw_error *err) {
    struct hw_piece *piece;
    if (!full || (hw_bench_rows(run->conversion, run->bench) == 0 && !run->bench->piece)) {
        return HW_OK;
    }
    run->piece_text_bytes = 0;
    HW_TRY(hw_bench_piece(run->conversion, run->bench, &piece, err));
    return hw_conversion_offer(run->conversion, run->number, piece, err);
}

static enum hw_status rows_encode(struct span_run *run, const struct hw_batch *batch, struct hw_error *err) {
    const size_t rows_max = hw_bench_rows_max(run->conversion);
    const size_t slice_rows = hw_bench_slice_rows(run->conversion);
    struct hw_batch slice = {0};
    for (size_t row = 0; row < batch->rows; row += slice.rows) {
        size_t used = hw_bench_rows(run->conversion, run->bench);
        bool due = used >= rows_max || (used > 0 && rows_max - used < HW_BATCH_SLICE_ROWS) ||
                   hw_bench_crowded(run->conversion, run->bench);
        HW_TRY(piece_offer(run, due, err));
        used = hw_bench_rows(run->conversion, run->bench);
        size_t room = hw_min_size(hw_max_size(rows_max - used, HW_BATCH_SLICE_ROWS), slice_rows);
        slice = hw_batch_slice(batch, row, room, run->bench->slice);
        HW_TRY(hw_bench_add(run->conversion, run->bench, &slice, err));
    }
    /* A bench holds something even for few rows of many columns: pieces of next to nothing would not make that less. */
    bool some =
        run->piece_text_bytes >= hw_max_size(PIECE_TEXT_BYTES_MIN, batch->schema->count * PIECE_COLUMN_BYTES_MIN);
    bool full = (some && hw_bench_held(run->conversion, run->bench) >= hw_bench_held_max(run->conversion)) ||
                (run->bench->piece && run->bench->piece->rejects.size >= REJECTS_BYTES_MAX);
    return piece_offer(run, full, err);
}

/* The text ends inside quotes: its last record is bad. */
static enum hw_status open_quote_take(struct span_run *run, size_t bytes, struct hw_error *err) {
    struct window *window = &run->window;
    const char *data = window->memory + window->at;
    const struct hw_csv_bad bad = {
        .reason = HW_CSV_OPEN_QUOTE, .bytes = (uint32_t)bytes, .column = UINT32_MAX, .line = 1};
    enum hw_status status = bad_take(run, &bad, data, err);
    if (status != HW_OK) {
        span_error_place(run, err);
        return status;
    }
    run->result.records++;
    run->result.rejected++;
    run->result.lines += hw_csv_line_at(&run->text->dialect, data, bytes) - 1;
    bytes_take(run, data, bytes);
    return HW_OK;
}
