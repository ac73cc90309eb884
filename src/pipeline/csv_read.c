/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hw_csv_read: one CSV text as a stream of batches. The table reader is the one that hw_convert
 * has; its batches are void with the cursor's next step, so they are copied once.
 */
#include <hawser/csv.h>

#include "core/alloc.h"
#include "core/budget.h"
#include "core/limits.h"
#include "csv/reader.h"
#include "pipeline/call_options.h"
#include "pipeline/given_schema.h"
#include "pipeline/pass.h"
#include "pipeline/rejects.h"
#include "pipeline/single_text.h"
#include "table/batch_copy.h"
#include "table/shared_schema.h"

enum { BATCH_ROWS_DEFAULT = 65536 };

#define PART_BYTES HW_MIB(64)       /* of text that can be cut */
#define PORTION_BYTES HW_MIB(16)    /* of text that comes as a stream */
#define REMOTE_READ_BYTES HW_MIB(8) /* that are read at once across a network */

struct csv_stream {
    struct hw_batch_stream base;
    struct hw_csv_read_options options; /* what they refer to lies in the arena */
    const char *source;
    struct hw_schema_file given;
    struct hw_arena arena;
    struct hw_budget unique_budget; /* pays for the values of unique columns */
    struct hw_single_text single;
    struct hw_table_reader *reader;
    struct hw_shared_schema *schema; /* what the batches keep */
    struct hw_pass pass;
    size_t row; /* of the pass's batch: those before it were handed out */
    bool ended;
};

static enum hw_status stream_open(struct csv_stream *stream, struct hw_error *err);
static enum hw_status stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err);
static void stream_free(struct hw_batch_stream *base);
static enum hw_status options_copy(struct csv_stream *stream, const char *source,
                                   const struct hw_csv_read_options *options, struct hw_error *err);

enum hw_status hw_csv_read(const char *source, const struct hw_csv_read_options *given,
                           struct hw_batch_stream **out_stream, struct hw_error *err) {
    struct hw_csv_read_options options;
    HW_TRY(hw_call_csv_read_options(given, &options, err));
    struct csv_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    stream->base.next = stream_next;
    stream->base.free = stream_free;
    hw_budget_init(&stream->unique_budget, hw_budget_default() / 4);
    enum hw_status status = options_copy(stream, source, &options, err);
    if (status == HW_OK) {
        status = stream_open(stream, err);
    }
    if (status != HW_OK) {
        hw_error_object(err, source);
        stream_free(&stream->base);
        return status;
    }
    *out_stream = &stream->base;
    return HW_OK;
}

static void stream_free(struct hw_batch_stream *base) {
    struct csv_stream *stream = (struct csv_stream *)base;
    hw_pass_release(&stream->pass);
    if (stream->reader) {
        stream->reader->ops->free(stream->reader);
    }
    hw_single_text_release(&stream->single);
    if (stream->schema) {
        hw_owner_drop(&stream->schema->owner);
    }
    hw_budget_release(&stream->unique_budget);
    hw_arena_release(&stream->arena);
    hw_free(stream);
}

/* ------ options */

static enum hw_status text_copy(struct csv_stream *stream, const char *text, const char **out_text,
                                struct hw_error *err) {
    const char *copy = text ? hw_arena_strdup(&stream->arena, text) : NULL;
    if (text && !copy) {
        return hw_fail_nomem(err, strlen(text));
    }
    *out_text = copy;
    return HW_OK;
}

static enum hw_status texts_copy(struct csv_stream *stream, const char *const *texts, size_t count,
                                 const char *const **out_texts, struct hw_error *err) {
    const char **copies = hw_arena_alloc(&stream->arena, count * sizeof(*copies));
    if (!copies) {
        return hw_fail_nomem(err, count * sizeof(*copies));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(text_copy(stream, texts[i], &copies[i], err));
    }
    *out_texts = copies;
    return HW_OK;
}

/* Stores copy what they need of their options themselves. */
static enum hw_status options_copy(struct csv_stream *stream, const char *source,
                                   const struct hw_csv_read_options *options, struct hw_error *err) {
    struct hw_csv_options *csv = &stream->options.csv;
    stream->options = *options;
    if (stream->options.batch_rows == 0) {
        stream->options.batch_rows = BATCH_ROWS_DEFAULT;
    }
    HW_TRY(texts_copy(stream, options->csv.null_values, options->csv.null_values_count, &csv->null_values, err));
    HW_TRY(texts_copy(stream, options->csv.true_values, options->csv.true_values_count, &csv->true_values, err));
    HW_TRY(texts_copy(stream, options->csv.false_values, options->csv.false_values_count, &csv->false_values, err));
    HW_TRY(text_copy(stream, options->csv.delimiter_tail, &csv->delimiter_tail, err));
    HW_TRY(text_copy(stream, options->csv.comment_tail, &csv->comment_tail, err));
    HW_TRY(text_copy(stream, options->csv.date_format, &csv->date_format, err));
    HW_TRY(text_copy(stream, options->csv.timestamp_format, &csv->timestamp_format, err));
    HW_TRY(text_copy(stream, options->csv.schema_path, &csv->schema_path, err));
    HW_TRY(text_copy(stream, options->csv.zip_member, &csv->zip_member, err));
    HW_TRY(text_copy(stream, options->csv.encoding, &csv->encoding, err));
    return text_copy(stream, source, &stream->source, err);
}

/* ------ before the rows */

static enum hw_status table_open(struct csv_stream *stream, struct hw_error *err);
static enum hw_status types_find(struct csv_stream *stream, struct hw_error *err);
static enum hw_status pass_begin(struct csv_stream *stream, bool types_only, struct hw_error *err);

static enum hw_status stream_open(struct csv_stream *stream, struct hw_error *err) {
    const struct hw_csv_read_options *options = &stream->options;
    HW_TRY(hw_given_schema_load(options->csv.schema_path, &options->columns, &options->source_store, &stream->arena,
                                &stream->given, err));
    HW_TRY(hw_single_text_open(&stream->single, stream->source, &options->csv, &options->source_store,
                               options->input_fd, err));
    HW_TRY(table_open(stream, err));
    /* The columns are decided, and what the caller has named is not borrowed any longer. */
    stream->options.columns = (struct hw_columns_options){0};
    HW_TRY(types_find(stream, err));
    HW_TRY(hw_shared_schema_dup(stream->reader->schema, &stream->schema, err));
    stream->base.schema = &stream->schema->schema;
    if (options->on_note) {
        hw_notes_each(stream->reader->notes, (const char *)stream->single.name.data, options->on_note, options->ctx);
    }
    return pass_begin(stream, false, err);
}

/* Makes the reader, which decides the columns by a sample, or as they were given. */
static enum hw_status table_open(struct csv_stream *stream, struct hw_error *err) {
    const struct hw_csv_read_options *options = &stream->options;
    const uint64_t read_bytes = options->source_store.part_bytes;
    const struct hw_schema_file *given = stream->given.schema.count > 0 ? &stream->given : NULL;
    const struct hw_csv_inputs_options inputs = {
        .csv = &options->csv,
        .choice = {&options->columns, given},
        .checksums = true,
        .one_member = true,
        .member = stream->single.text.member,
        .name = (const char *)stream->single.name.data,
        .record_bytes_max = HW_CSV_RECORD_BYTES_MAX,
    };
    const struct hw_csv_table_options table = {
        .csv = &options->csv,
        .history = options->sampled,
        .part_bytes = PART_BYTES,
        .portion_bytes = PORTION_BYTES,
        .remote_read_bytes = (size_t)(read_bytes > 0 ? read_bytes : REMOTE_READ_BYTES),
        .record_bytes_max = HW_CSV_RECORD_BYTES_MAX,
        .record_bytes_shared = HW_CSV_RECORD_BYTES_MAX,
        .budget = &stream->unique_budget,
    };
    HW_TRY(hw_csv_reader_new(&stream->single.object, 1, &inputs, &table, &stream->reader, err));
    HW_TRY(stream->reader->ops->look(stream->reader, 0, err));
    return stream->reader->ops->decide(stream->reader, err);
}

static enum hw_status pass_begin(struct csv_stream *stream, bool types_only, struct hw_error *err) {
    const struct hw_store_options *store = &stream->options.source_store;
    hw_pass_release(&stream->pass);
    stream->pass = (struct hw_pass){
        .reader = stream->reader,
        .stop = {store->cancelled, store->cancelled_ctx},
        .types_only = types_only,
    };
    return hw_pass_begin(&stream->pass, err);
}

/* Returns true where no value can have another type than its column has. */
static bool types_final(const struct csv_stream *stream) {
    const struct hw_schema *schema = stream->reader->schema;
    bool text = true;
    for (size_t i = 0; i < schema->count; i++) {
        text &= schema->fields[i].type.kind == HW_KIND_TEXT;
    }
    return text || stream->reader->types_final;
}

static enum hw_status rejects_check(const struct csv_stream *stream, bool ended, struct hw_error *err) {
    return hw_rejects_check(&stream->options.csv, hw_pass_records(&stream->pass), hw_pass_rejected(&stream->pass),
                            ended, err);
}

/* Reads the whole text for its types, unless they are known or the sample's are asked for. */
static enum hw_status types_find(struct csv_stream *stream, struct hw_error *err) {
    bool more;
    if (stream->options.sampled || types_final(stream)) {
        return HW_OK;
    }
    HW_TRY(pass_begin(stream, true, err));
    HW_TRY(hw_pass_next(&stream->pass, &more, err));
    HW_TRY(rejects_check(stream, true, err));
    return stream->pass.misfit ? stream->reader->ops->widen(stream->reader, err) : HW_OK;
}

/* ------ rows */

static enum hw_status rows_find(struct csv_stream *stream, struct hw_error *err);
static enum hw_status rows_copy(struct csv_stream *stream, struct hw_batch *out_batch, struct hw_error *err);

static enum hw_status stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err) {
    struct csv_stream *stream = (struct csv_stream *)base;
    enum hw_status status = rows_find(stream, err);
    if (status == HW_OK && !stream->ended) {
        status = rows_copy(stream, out_batch, err);
    }
    if (status != HW_OK) {
        hw_error_object(err, stream->source);
        return status;
    }
    *out_more = !stream->ended;
    return HW_OK;
}

static void rejects_tell(struct csv_stream *stream);
static enum hw_status misfit_fail(struct csv_stream *stream, struct hw_error *err);
static enum hw_status stream_end(struct csv_stream *stream, struct hw_error *err);

/* Goes on to rows that were not handed out yet, or to the end. */
static enum hw_status rows_find(struct csv_stream *stream, struct hw_error *err) {
    struct hw_pass *pass = &stream->pass;
    while (!stream->ended && stream->row == pass->rows) {
        bool more;
        stream->row = 0;
        HW_TRY(hw_pass_next(pass, &more, err));
        rejects_tell(stream);
        HW_TRY(rejects_check(stream, !more, err));
        if (pass->misfit) {
            return misfit_fail(stream, err);
        }
        if (!more) {
            return stream_end(stream, err);
        }
    }
    return HW_OK;
}

static enum hw_status rows_copy(struct csv_stream *stream, struct hw_batch *out_batch, struct hw_error *err) {
    struct hw_batch batch = stream->pass.cursor->batch;
    const size_t rows = hw_min_size(stream->options.batch_rows, stream->pass.rows - stream->row);
    batch.schema = &stream->schema->schema;
    HW_TRY(hw_batch_copy(&batch, stream->row, rows, &stream->schema->owner, out_batch, err));
    stream->row += rows;
    return HW_OK;
}

static void rejects_tell(struct csv_stream *stream) {
    struct hw_reject_list *rejects = &stream->pass.cursor->rejects;
    struct hw_csv_reject reject;
    uint32_t input;
    if (stream->options.on_reject) {
        for (size_t at = 0; hw_reject_next(stream->reader, rejects, &at, &reject, &input);) {
            stream->options.on_reject(stream->options.ctx, &reject);
        }
    }
    hw_buf_clear(&rejects->data);
    rejects->count = 0;
}

static enum hw_status stream_end(struct csv_stream *stream, struct hw_error *err) {
    HW_TRY(stream->reader->ops->end(stream->reader, err));
    HW_TRY(hw_rejects_check_all(stream->reader, err));
    stream->ended = true;
    return HW_OK;
}

/* ------ values that do not fit */

/* Finds the first value that made a column widen. */
static enum hw_status misfit_find(struct csv_stream *stream, struct hw_column_history *out_first, size_t *out_column,
                                  struct hw_error *err) {
    const struct hw_table_reader *reader = stream->reader;
    for (size_t i = 0; i < reader->schema->count; i++) {
        struct hw_column_history history;
        HW_TRY(reader->ops->history(reader, i, &stream->arena, &history, err));
        if (history.misfit && (!out_first->misfit || history.misfit_offset < out_first->misfit_offset)) {
            *out_first = history;
            *out_column = i;
        }
    }
    return HW_OK;
}

/* The reader tells of a value that did not fit once it has widened its column. */
static enum hw_status misfit_fail(struct csv_stream *stream, struct hw_error *err) {
    struct hw_column_history first = {0};
    char expected[320]; /* with what was found, within an error's message */
    char quoted[HW_QUOTE_BYTES];
    size_t column = 0;
    HW_TRY(hw_pass_leave(&stream->pass, err));
    HW_TRY(stream->reader->ops->widen(stream->reader, err));
    HW_TRY(misfit_find(stream, &first, &column, err));
    if (!first.misfit) {
        /* Every value was seen before, so this cannot be, unless parsers and profiles disagree. */
        return hw_fail(err, HW_EFAILED, "a value does not fit a type that was made from all values");
    }
    const char *name = stream->base.schema->fields[column].name;
    hw_type_format(*first.widened_from, expected, sizeof(expected));
    hw_error_set_at(err, HW_EDATA, (int64_t)first.misfit_offset,
                    "found %s, expected %s as in the sample (give a schema, or read without `sampled`)",
                    hw_quote(first.misfit, strlen(first.misfit), quoted, sizeof(quoted)), expected);
    hw_error_column(err, name, strlen(name));
    if (err) {
        err->line = (int64_t)first.misfit_line;
    }
    return HW_EDATA;
}
