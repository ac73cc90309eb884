/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows.h"

#include "pipeline/file_magic.h"
#include "pipeline/input_peek.h"
#include "pipeline/open_rows_avro.h"
#include "pipeline/open_rows_csv.h"
#include "pipeline/open_rows_parquet.h"
#include "pipeline/pipe.h"

/* Opens the format's batches: sets `stream`, and `skipped` and `selected` where it does these. */
typedef enum hw_status open_fn(struct hw_opened_rows *rows, struct hw_error *err);

/* A format that is told by the bytes that a file begins with. */
static const struct format_row {
    enum hw_name_format format;
    const char *name;
    hw_view magic;
    /* It is read at any place of an object, and not as it comes. */
    bool seeks;
    open_fn *open;
} formats[] = {
    {HW_NAME_PARQUET, "Parquet", HW_VIEW_INIT("PAR1"), true, hw_open_rows_parquet},
    {HW_NAME_AVRO, "Avro", HW_VIEW_INIT("Obj\x01"), false, hw_open_rows_avro},
};
/* All else is CSV. */
static const struct format_row csv_format = {HW_NAME_CSV, "CSV", {NULL, 0}, false, hw_open_rows_csv};

static enum hw_status format_find(struct hw_opened_rows *rows, const struct format_row **out_format,
                                  struct hw_error *err);
static enum hw_status rows_begin(struct hw_opened_rows *rows, struct hw_error *err);

enum hw_status hw_open_rows(struct hw_opened_rows *rows, const char *source, const struct hw_open_rows_options *options,
                            struct hw_error *err) {
    const struct format_row *format = NULL;
    *rows = (struct hw_opened_rows){.name = source, .options = options, .left = options->rows_max};
    enum hw_status status = format_find(rows, &format, err);
    status = status ? status : format->open(rows, err);
    status = status ? status : rows_begin(rows, err);
    if (status != HW_OK) {
        hw_error_object(err, source);
    }
    return status;
}

void hw_opened_rows_release(struct hw_opened_rows *rows) {
    hw_batch_release(&rows->whole);
    if (rows->stream) {
        rows->stream->free(rows->stream);
    }
    if (rows->file) {
        rows->file_free(rows->file);
    }
    hw_selection_release(&rows->selection);
    hw_arena_release(&rows->arena);
    hw_opened_object_release(&rows->object);
    *rows = (struct hw_opened_rows){0};
}

/* ------ formats */

/* Returns NULL for all but Parquet and Avro. */
static const struct format_row *format_of(enum hw_name_format format) {
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        if (formats[i].format == format) {
            return &formats[i];
        }
    }
    return NULL;
}

static bool opened_by_name(const struct hw_opened_rows *rows) {
    return strcmp(rows->name, "-") != 0;
}

static enum hw_status object_begin(struct hw_opened_rows *rows, struct hw_input_start *start, struct hw_error *err) {
    HW_TRY(hw_opened_object_open(&rows->object, rows->name, rows->options->store, 0, err));
    struct hw_source *source = rows->object.source;
    start->seekable = true;
    start->size = (size_t)hw_clamp(source->size, 0, sizeof(start->bytes));
    return start->size > 0 ? source->ops->read_at(source, 0, start->bytes, start->size, err) : HW_OK;
}

static enum hw_status start_look(struct hw_opened_rows *rows, struct hw_input_start *start, struct hw_error *err) {
    const struct hw_store_options *store = rows->options->store;
    const struct hw_io_stop stop = {store->cancelled, store->cancelled_ctx};
    return opened_by_name(rows) ? object_begin(rows, start, err)
                                : hw_input_peek(rows->options->input_fd, &stop, start, err);
}

static enum hw_status input_open(struct hw_opened_rows *rows, const struct format_row *format,
                                 const struct hw_input_start *start, struct hw_error *err) {
    const struct hw_store_options *store = rows->options->store;
    const struct hw_io_stop stop = {store->cancelled, store->cancelled_ctx};
    if (!format->seeks || rows->object.source) {
        return HW_OK;
    }
    if (!start->seekable) {
        return hw_fail(err, HW_EUSAGE, "%s is read from standard input where that is a file, and not from a pipe",
                       format->name);
    }
    return hw_pipe_source_open(rows->options->input_fd, &stop, &rows->object.source, err);
}

/* A file without any magic is CSV, unless its name says another format. */
static enum hw_status name_check(const struct hw_opened_rows *rows, struct hw_error *err) {
    const struct format_row *named = format_of(hw_name_look(rows->name).format);
    if (named) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail_at(err, HW_EDATA, 0, "its name says %s, but it has no %s at its start", named->name,
                          hw_quote(named->magic.data, named->magic.size, quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static enum hw_status schema_check(const struct hw_opened_rows *rows, const struct format_row *format,
                                   struct hw_error *err) {
    return rows->options->csv->schema_path
               ? hw_fail(err, HW_EUSAGE, "--schema is for CSV, and this is a file of %s, which has a schema of its own",
                         format->name)
               : HW_OK;
}

static enum hw_status format_find(struct hw_opened_rows *rows, const struct format_row **out_format,
                                  struct hw_error *err) {
    struct hw_input_start start = {.size = 0};
    HW_TRY(start_look(rows, &start, err));
    const struct format_row *told = format_of(hw_file_magic((hw_view){(const char *)start.bytes, start.size}));
    HW_TRY(told ? schema_check(rows, told, err) : name_check(rows, err));
    *out_format = told ? told : &csv_format;
    return input_open(rows, *out_format, &start, err);
}

/* ------ rows */

static enum hw_status rows_begin(struct hw_opened_rows *rows, struct hw_error *err) {
    rows->to_skip = rows->options->skip - rows->skipped;
    rows->schema = rows->stream->schema;
    if (!rows->selected) {
        HW_TRY(hw_selection_make(&rows->selection, rows->stream->schema, rows->options->columns, err));
        rows->schema = &rows->selection.schema;
    }
    return HW_OK;
}

/* Takes the next batch of the stream; `*out_more` is false at its end. */
static enum hw_status batch_take(struct hw_opened_rows *rows, bool *out_more, struct hw_error *err) {
    hw_batch_release(&rows->whole);
    hw_arena_release(&rows->arena);
    rows->whole = (struct hw_batch){0};
    HW_TRY(rows->stream->next(rows->stream, &rows->whole, out_more, err));
    if (!*out_more) {
        return HW_OK;
    }
    rows->batch = rows->whole;
    rows->begin = (size_t)hw_clamp(rows->to_skip, 0, rows->whole.rows);
    rows->to_skip -= rows->begin;
    rows->end = rows->begin + (size_t)hw_clamp(rows->left, 0, rows->whole.rows - rows->begin);
    rows->left -= rows->end - rows->begin;
    return rows->selected ? HW_OK : hw_selection_apply(&rows->selection, &rows->whole, &rows->arena, &rows->batch, err);
}

enum hw_status hw_opened_rows_next(struct hw_opened_rows *rows, bool *out_more, struct hw_error *err) {
    bool more = rows->left > 0;
    enum hw_status status = HW_OK;
    rows->begin = rows->end = 0;
    while (status == HW_OK && more && rows->begin == rows->end) {
        more = rows->left > 0;
        status = more ? batch_take(rows, &more, err) : HW_OK;
    }
    if (status != HW_OK) {
        hw_error_object(err, rows->name);
        return status;
    }
    *out_more = more;
    return HW_OK;
}
