/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify_csv.h"

#include <stdio.h>

#include <hawser/csv.h>

#include "codec/packed.h"
#include "codec/packing.h"

/* A text that is read. */
struct reading {
    struct hw_verify_file *file;
    /* Bad records are told of. */
    bool records;
    /* Any record is bad. */
    bool rejected;
    /* Records that are good, so far. */
    int64_t rows;
    /* The first failure to keep a finding. */
    enum hw_status status;
    struct hw_error error;
};

static void reject_tell(void *ctx, const struct hw_csv_reject *reject);
static enum hw_status text_read(struct reading *reading, const struct hw_verify_file_options *options,
                                struct hw_error *err);
static bool none_is_good(const struct reading *reading, enum hw_status status, const struct hw_error *fault);
static enum hw_status failure_tell(struct hw_verify_file *file, struct hw_source *source, const struct hw_error *fault,
                                   struct hw_error *err);

enum hw_status hw_verify_csv(struct hw_verify_file *file, struct hw_source *source,
                             const struct hw_verify_file_options *options, struct hw_error *err) {
    struct reading reading = {.file = file, .records = options->level == HW_VERIFY_VALUES, .error = HW_ERROR_INIT};
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = text_read(&reading, options, &fault);
    file->counts.bytes_read = source->size;
    if (reading.status) {
        return hw_error_pass(err, reading.status, &reading.error);
    }
    if (status == HW_OK || none_is_good(&reading, status, &fault)) {
        file->counts.rows = reading.rows;
        return HW_OK;
    }
    if (status == HW_EUSAGE) {
        return hw_fail(err, HW_EUNSUPPORTED, "it is a ZIP of several texts, and only that of one can be verified");
    }
    if (status == HW_EDATA || status == HW_ECHECKSUM) {
        return failure_tell(file, source, &fault, err);
    }
    return hw_error_pass(err, status, &fault);
}

/*
 * Whether the text was read to its end and has no good record. That is no finding: each of them was
 * told of, or none is looked at.
 */
static bool none_is_good(const struct reading *reading, enum hw_status status, const struct hw_error *fault) {
    return status == HW_EDATA && reading->rejected && reading->rows == 0 && fault->offset == HW_NO_POSITION;
}

/* Values are texts, so that the records alone decide. */
static enum hw_status text_read(struct reading *reading, const struct hw_verify_file_options *options,
                                struct hw_error *err) {
    struct hw_csv_read_options read = {
        .size = sizeof(read),
        .csv = options->csv ? *options->csv : (struct hw_csv_options){0},
        .source_store = *options->store,
        .on_reject = reject_tell,
        .ctx = reading,
    };
    read.csv.types = HW_CSV_TYPES_TEXT;
    read.csv.bad_rows_reject = true;
    struct hw_batch_stream *stream;
    enum hw_status status = hw_csv_read(reading->file->path, &read, &stream, err);
    HW_TRY(status);
    bool more = true;
    while (status == HW_OK && more && reading->status == HW_OK) {
        struct hw_batch batch = {0};
        status = stream->next(stream, &batch, &more, err);
        if (status == HW_OK && more) {
            reading->rows += (int64_t)batch.rows;
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
    return status;
}

static void reject_tell(void *ctx, const struct hw_csv_reject *reject) {
    struct reading *reading = ctx;
    char message[128];
    char code[64];
    reading->rejected = true;
    if (!reading->records || reading->status) {
        return;
    }
    snprintf(code, sizeof(code), "csv.%s", reject->reason);
    snprintf(message, sizeof(message), "the record in line %" PRIu64 " is bad: %s", reject->line, reject->reason);
    const struct hw_finding finding = {
        .level = HW_VERIFY_VALUES,
        .severity = HW_SEVERITY_ERROR,
        .code = code,
        .message = message,
        .row_group = -1,
        .column = reject->column,
        .page = -1,
        .offset = (int64_t)reject->offset,
    };
    reading->status = hw_verify_file_found(reading->file, &finding, &reading->error);
}

static enum hw_status failure_tell(struct hw_verify_file *file, struct hw_source *source, const struct hw_error *fault,
                                   struct hw_error *err) {
    uint8_t magic[HW_PACKING_MAGIC_BYTES];
    const size_t bytes = (size_t)hw_clamp(source->size, 0, sizeof(magic));
    HW_TRY(source->ops->read_at(source, 0, magic, bytes, err));
    const bool packed = hw_packing_detect(magic, bytes) != HW_PACKING_NONE;
    const struct hw_finding finding = {
        .level = HW_VERIFY_PAGES,
        .severity = HW_SEVERITY_ERROR,
        .code = !packed                    ? "csv.text"
                : hw_packed_was_cut(fault) ? "pack.truncated"
                                           : "pack.checksum",
        .message = fault->message,
        .row_group = -1,
        .page = -1,
        .offset = fault->offset,
    };
    return hw_verify_file_found(file, &finding, err);
}
