/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows_csv.h"

/* So many rows are surely within a sample. */
enum { SAMPLED_ROWS_MAX = 1000 };

/* The reader opens the object by itself, as it may be packed, or one of several in a ZIP. */
enum hw_status hw_open_rows_csv(struct hw_opened_rows *rows, struct hw_error *err) {
    const struct hw_open_rows_options *options = rows->options;
    const bool few = options->skip <= SAMPLED_ROWS_MAX && options->rows_max <= SAMPLED_ROWS_MAX - options->skip;
    const struct hw_csv_read_options csv = {
        .size = sizeof(csv),
        .csv = *options->csv,
        .sampled = few,
        .batch_rows = few ? (size_t)hw_clamp(options->skip + options->rows_max, 1, SAMPLED_ROWS_MAX) : 0,
        .source_store = *options->store,
        .input_fd = options->input_fd,
        .on_note = options->on_note,
        .ctx = options->ctx,
    };
    hw_opened_object_release(&rows->object);
    return hw_csv_read(rows->name, &csv, &rows->stream, err);
}
