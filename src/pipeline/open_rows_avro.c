/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/open_rows_avro.h"

#include <hawser/avro.h>

enum { BATCH_ROWS_MAX = 65536 };

static void file_free(void *file) {
    hw_avro_close(file);
}

/* The library's own call opens the object once more, as it takes standard input too. */
enum hw_status hw_open_rows_avro(struct hw_opened_rows *rows, struct hw_error *err) {
    const struct hw_open_rows_options *options = rows->options;
    const struct hw_avro_open_options open = {
        .size = sizeof(open), .source_store = *options->store, .input_fd = options->input_fd};
    const struct hw_avro_batches_options batches = {
        .size = sizeof(batches),
        .threads = options->threads,
        .memory_bytes = options->memory_bytes,
        .batch_rows = (size_t)hw_clamp(options->rows_max, 1, BATCH_ROWS_MAX),
        .columns = options->columns,
        .skip_rows = options->skip,
        .limit_rows = options->rows_max == UINT64_MAX ? 0 : options->rows_max,
    };
    struct hw_avro_file *file;
    hw_opened_object_release(&rows->object);
    HW_TRY(hw_avro_open(rows->name, &open, &file, err));
    rows->file = file;
    rows->file_free = file_free;
    HW_TRY(hw_avro_batches(file, &batches, &rows->stream, err));
    rows->skipped = options->skip;
    rows->selected = true;
    return HW_OK;
}
