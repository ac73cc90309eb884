/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Avro files of any bytes: they are refused, or read as batches that every reader of batches takes.
 * The check of a file and its reader agree, and small batches change nothing.
 */
#include "avro/file_check.h"
#include "avro/file_reader.h"
#include "fuzz/fuzz.h"
#include "support/memory_io.h"
#include "table/batch_check.h"

#define MEMORY_BYTES HW_MIB(32)

static bool is_refusal(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT || status == HW_EUNSUPPORTED;
}

/* Reads all rows. Returns how it ended. */
static enum hw_status rows_read(hw_view bytes, const struct hw_avro_reader_options *options, uint64_t *out_rows) {
    struct memory_source source = memory_source(bytes, 0);
    HW_AUTO(hw_avro_container) file = {0};
    struct hw_batch_stream *stream;
    bool more = true;
    *out_rows = 0;
    HW_TRY(hw_avro_container_open(&file, &source.base, NULL));
    HW_TRY(hw_avro_reader_new(&file, options, &stream, NULL));
    enum hw_status status = HW_OK;
    while (status == HW_OK && more) {
        struct hw_batch batch;
        status = stream->next(stream, &batch, &more, NULL);
        if (status == HW_OK && more) {
            FUZZ_CHECK(batch.rows > 0 && hw_batch_check(stream->schema, &batch, NULL) == HW_OK);
            *out_rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
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
    uint64_t rows[COUNT_OF(ways)];
    const bool right = file_is_right(bytes, &checked);
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const enum hw_status status = rows_read(bytes, &ways[i], &rows[i]);
        FUZZ_CHECK(status == HW_OK || is_refusal(status));
        /* Only memory may be too little for a file that is right. */
        FUZZ_CHECK(right ? status == HW_OK || status == HW_ELIMIT : status != HW_OK);
        FUZZ_CHECK(status != HW_OK || rows[i] == checked.rows);
    }
    return 0;
}
