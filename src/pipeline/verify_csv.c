/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/verify_csv.h"

#include <stdio.h>

#include <hawser/csv.h>

#include "codec/packed.h"
#include "codec/unpack_zip.h"
#include "csv/members.h"

/* Each text is looked for among all members of its ZIP: so many looks take about a second. */
enum { MEMBER_LOOKS_MAX = 1 << 20 };

/* The texts of a file, one after the other. */
struct reading {
    struct hw_verify_file *file;
    struct hw_source *source;
    const struct hw_verify_file_options *options;
    /* The member of a ZIP that is read; NULL where the file has one text. */
    const char *member;
    /* Of the text: any record is bad, and how many are good so far. */
    bool rejected;
    int64_t rows;
    /* The good records of all texts; -1 where one was not read to its end. */
    int64_t rows_all;
    /* The first failure to keep a finding. */
    enum hw_status status;
    struct hw_error error;
};

static void reject_tell(void *ctx, const struct hw_csv_reject *reject);
static enum hw_status text_verify(struct reading *reading, struct hw_error *err);
static enum hw_status text_read(struct reading *reading, struct hw_error *err);
static enum hw_status members_verify(struct reading *reading, struct hw_error *err);
static bool none_is_good(const struct reading *reading, enum hw_status status, const struct hw_error *fault);
static enum hw_status failure_tell(const struct reading *reading, const struct hw_error *fault, struct hw_error *err);

enum hw_status hw_verify_csv(struct hw_verify_file *file, struct hw_source *source,
                             const struct hw_verify_file_options *options, struct hw_error *err) {
    struct reading reading = {.file = file, .source = source, .options = options, .error = HW_ERROR_INIT};
    struct hw_error fault = HW_ERROR_INIT;
    file->counts.bytes_read = source->size;
    enum hw_status status = text_verify(&reading, &fault);
    /* Of a ZIP with several texts one must be named. */
    if (status == HW_EUSAGE) {
        reading.rows_all = 0;
        fault = (struct hw_error)HW_ERROR_INIT;
        status = members_verify(&reading, &fault);
    }
    file->counts.rows = reading.rows_all;
    return status ? hw_error_pass(err, status, &fault) : HW_OK;
}

static enum hw_status members_verify(struct reading *reading, struct hw_error *err) {
    HW_AUTO(hw_csv_members) members = {0};
    const struct hw_csv_members_options any = {.glob = NULL};
    struct hw_csv_text text = {0};
    enum hw_status status = hw_zip_open(reading->source, &text.zip, err);
    HW_TRY(status);
    status = hw_csv_members_choose(&members, &text, &any, err);
    if (status == HW_OK && members.wanted > MEMBER_LOOKS_MAX / members.count) {
        status = hw_fail(err, HW_EUNSUPPORTED, "it is a ZIP of %zu texts, which are too many to be verified",
                         members.wanted);
    }
    for (size_t i = 0; status == HW_OK && i < members.count; i++) {
        reading->member = hw_zip_member(text.zip, i)->name;
        status = hw_csv_members_has(&members, i) ? text_verify(reading, err) : HW_OK;
    }
    hw_zip_close(text.zip);
    return status == HW_EUSAGE ? hw_fail(err, HW_EUNSUPPORTED, "it is a ZIP with several texts of one name") : status;
}

/* Reads a text, and tells what is wrong with it. */
static enum hw_status text_verify(struct reading *reading, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    reading->rejected = false;
    reading->rows = 0;
    const enum hw_status status = text_read(reading, &fault);
    if (reading->status) {
        return hw_error_pass(err, reading->status, &reading->error);
    }
    if (status == HW_OK || none_is_good(reading, status, &fault)) {
        reading->rows_all += reading->rows_all >= 0 ? reading->rows : 0;
        return HW_OK;
    }
    reading->rows_all = -1;
    return status == HW_EDATA || status == HW_ECHECKSUM ? failure_tell(reading, &fault, err)
                                                        : hw_error_pass(err, status, &fault);
}

/*
 * Whether the text was read to its end and has no good record. That is no finding: each of them was
 * told of, or none is looked at.
 */
static bool none_is_good(const struct reading *reading, enum hw_status status, const struct hw_error *fault) {
    return status == HW_EDATA && reading->rejected && reading->rows == 0 && fault->offset == HW_NO_POSITION;
}

/* Values are texts, so that the records alone decide. */
static enum hw_status text_read(struct reading *reading, struct hw_error *err) {
    const struct hw_verify_file_options *options = reading->options;
    struct hw_csv_read_options read = {
        .size = sizeof(read),
        .csv = options->csv ? *options->csv : (struct hw_csv_options){0},
        .source_store = *options->store,
        .on_reject = reject_tell,
        .ctx = reading,
    };
    read.csv.types = HW_CSV_TYPES_TEXT;
    read.csv.bad_rows_reject = true;
    read.csv.zip_member = reading->member ? reading->member : read.csv.zip_member;
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

/* Tells a finding of a text. */
static enum hw_status text_tell(const struct reading *reading, struct hw_finding *finding, struct hw_error *err) {
    finding->severity = HW_SEVERITY_ERROR;
    finding->row_group = finding->page = -1;
    return hw_verify_file_found(reading->file, finding, err);
}

/* Messages name the member as those of unpacking do. */
static void reject_tell(void *ctx, const struct hw_csv_reject *reject) {
    struct reading *reading = ctx;
    struct hw_error said = HW_ERROR_INIT;
    char quoted[HW_QUOTE_BYTES];
    char code[64];
    reading->rejected = true;
    if (reading->options->level != HW_VERIFY_VALUES || reading->status) {
        return;
    }
    snprintf(code, sizeof(code), "csv.%s", reject->reason);
    hw_error_set(&said, HW_EDATA, "the record in line %" PRIu64 " is bad: %s", reject->line, reject->reason);
    if (reading->member) {
        hw_quote(reading->member, strlen(reading->member), quoted, sizeof(quoted));
        hw_error_prefix(&said, "member %s", quoted);
    }
    struct hw_finding finding = {
        .level = HW_VERIFY_VALUES,
        .code = code,
        .message = said.message,
        .column = reject->column,
        .offset = (int64_t)reject->offset,
    };
    reading->status = text_tell(reading, &finding, &reading->error);
}

static enum hw_status failure_tell(const struct reading *reading, const struct hw_error *fault, struct hw_error *err) {
    struct hw_finding finding = {
        .level = HW_VERIFY_PAGES,
        .code = !hw_packed_is_fault(fault) ? "csv.text"
                : hw_packed_was_cut(fault) ? "pack.truncated"
                                           : "pack.checksum",
        .message = fault->message,
        .offset = fault->offset,
    };
    return text_tell(reading, &finding, err);
}
