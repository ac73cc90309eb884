/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows_parquet.h"

#include "core/alloc.h"
#include "core/thread.h"
#include "parquet/read_stream.h"

enum { BATCH_ROWS_MAX = 65536 };

static void file_free(void *file) {
    hw_read_file_release(file);
    hw_free(file);
}

static enum hw_status file_open(struct hw_opened_rows *rows, struct hw_read_file *file, struct hw_error *err) {
    static const struct hw_read_schema_options schema = {HW_INT96_TEXT};
    const struct hw_open_rows_options *options = rows->options;
    struct hw_notes notes = {0};
    HW_TRY(hw_read_file_open(file, rows->object.source, &schema, &notes, err));
    if (options->on_note) {
        hw_notes_each(&notes, rows->name, options->on_note, options->ctx);
    }
    return hw_selection_make(&rows->selection, &file->schema.schema, options->columns, err);
}

enum hw_status hw_open_rows_parquet(struct hw_opened_rows *rows, struct hw_error *err) {
    const struct hw_open_rows_options *options = rows->options;
    struct hw_read_file *file = hw_alloc_zero(1, sizeof(*file));
    if (!file) {
        return hw_fail_nomem(err, sizeof(*file));
    }
    rows->file = file;
    rows->file_free = file_free;
    HW_TRY(file_open(rows, file, err));
    const uint64_t wanted = options->rows_max == UINT64_MAX ? 0 : options->rows_max;
    const struct hw_read_stream_options stream = {
        .selection = &rows->selection,
        .threads = options->threads > 0 ? options->threads : hw_thread_count(),
        .memory_bytes = (size_t)options->memory_bytes,
        .page_bytes_max = (size_t)options->page_bytes_max,
        .batch_rows = (size_t)hw_clamp(options->rows_max, 1, BATCH_ROWS_MAX),
        .skip = options->skip,
        .limit = wanted,
    };
    HW_TRY(hw_read_stream_new(file, &stream, &rows->stream, err));
    rows->skipped = options->skip;
    rows->selected = true;
    return HW_OK;
}
