/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Avro files of any bytes: they are refused, or read as batches that every reader of batches takes.
 * The check of a file and its reader agree, and neither small batches nor parts change anything.
 */
#include "avro/file_check.h"
#include "avro/file_reader.h"
#include "avro/row_file.h"
#include "fuzz/fuzz.h"
#include "support/memory_io.h"
#include "table/batch_check.h"

#define MEMORY_BYTES HW_MIB(32)

static bool is_refusal(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT || status == HW_EUNSUPPORTED;
}

/* Reads all rows of a stream, and frees it. Returns how it ended. */
static enum hw_status stream_read(struct hw_batch_stream *stream, uint64_t *rows) {
    bool more = true;
    enum hw_status status = HW_OK;
    while (status == HW_OK && more) {
        struct hw_batch batch;
        status = stream->next(stream, &batch, &more, NULL);
        if (status == HW_OK && more) {
            FUZZ_CHECK(batch.rows > 0 && hw_batch_check(stream->schema, &batch, NULL) == HW_OK);
            *rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
    return status;
}

static enum hw_status rows_read(hw_view bytes, const struct hw_avro_reader_options *options, uint64_t *out_rows) {
    struct memory_source source = memory_source(bytes, 0);
    HW_AUTO(hw_avro_container) file = {0};
    struct hw_batch_stream *stream;
    *out_rows = 0;
    HW_TRY(hw_avro_container_open(&file, &source.base, NULL));
    HW_TRY(hw_avro_reader_new(&file, options, &stream, NULL));
    return stream_read(stream, out_rows);
}

/* Reads all rows part by part. */
static enum hw_status parts_read(hw_view bytes, uint64_t *out_rows) {
    struct memory_source source = memory_source(bytes, 0);
    struct hw_row_file *file;
    enum hw_status status = HW_OK;
    *out_rows = 0;
    HW_TRY(hw_avro_row_format.open(&source.base, &(struct hw_row_file_options){0}, &file, NULL));
    for (size_t part = 0; status == HW_OK && part < file->parts_count; part++) {
        const struct hw_row_wanted wanted = {.part = part, .limit = UINT64_MAX, .memory_bytes = MEMORY_BYTES};
        struct hw_batch_stream *stream;
        const uint64_t before = *out_rows;
        status = file->ops->batches(file, &wanted, &stream, NULL);
        status = status == HW_OK ? stream_read(stream, out_rows) : status;
        FUZZ_CHECK(status != HW_OK || file->parts[part].rows == HW_ROWS_UNKNOWN ||
                   file->parts[part].rows == *out_rows - before);
    }
    file->ops->free(file);
    return status;
}

static enum hw_status finding_count(void *ctx, const struct hw_finding *finding, struct hw_error *err) {
    (void)err;
    *(size_t *)ctx += finding->severity == HW_SEVERITY_ERROR;
    return HW_OK;
}

/* Returns whether the check finds nothing wrong. */
static bool file_is_right(hw_view bytes, struct hw_avro_checked *out_checked) {
    struct memory_source source = memory_source(bytes, 0);
    HW_AUTO(hw_packed) input = {0};
    size_t errors = 0;
    FUZZ_CHECK(hw_packed_init(&input, &source.base, 0, NULL) == HW_OK);
    const enum hw_status status =
        hw_avro_file_check(&input, HW_VERIFY_VALUES, finding_count, &errors, out_checked, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EUNSUPPORTED);
    return status == HW_OK && errors == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const hw_view bytes = {(const char *)data, size};
    const struct hw_avro_reader_options ways[] = {
        {.memory_bytes = MEMORY_BYTES},
        {.memory_bytes = MEMORY_BYTES, .batch_rows = 2},
    };
    struct hw_avro_checked checked;
    uint64_t rows[COUNT_OF(ways) + 1];
    const bool right = file_is_right(bytes, &checked);
    for (size_t i = 0; i <= COUNT_OF(ways); i++) {
        const enum hw_status status =
            i < COUNT_OF(ways) ? rows_read(bytes, &ways[i], &rows[i]) : parts_read(bytes, &rows[i]);
        FUZZ_CHECK(status == HW_OK || is_refusal(status));
        /* Only memory may be too little for a file that is right. */
        FUZZ_CHECK(right ? status == HW_OK || status == HW_ELIMIT : status != HW_OK);
        FUZZ_CHECK(status != HW_OK || rows[i] == checked.rows);
    }
    return 0;
}
