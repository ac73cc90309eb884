/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/rejects.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "core/count.h"
#include "core/json_write.h"
#include "core/utf8_valid.h"

bool hw_reject_next(const struct hw_table_reader *reader, const struct hw_reject_list *list, size_t *at,
                    struct hw_csv_reject *out_reject, uint32_t *out_input) {
    struct hw_reject reject;
    if (*at == list->data.size) {
        return false;
    }
    memcpy(&reject, list->data.data + *at, sizeof(reject));
    const bool placed = reject.column != HW_REJECT_NO_COLUMN;
    *out_reject = (struct hw_csv_reject){
        .line = reader->ops->reject_line(reader, &reject) + 1,
        .offset = reject.offset,
        .reason = reader->reject_reasons[reject.reason],
        .column = placed ? reader->schema->fields[reject.column].name : NULL,
        .record = (const char *)list->data.data + *at + sizeof(reject),
        .record_bytes = reject.bytes,
    };
    *out_input = reject.input;
    *at += sizeof(reject) + reject.bytes;
    return true;
}

enum hw_status hw_rejects_check(const struct hw_csv_options *csv, uint64_t records, uint64_t rejected, bool ended,
                                struct hw_error *err) {
    if (csv->rejects_max > 0 && rejected > csv->rejects_max) {
        return hw_fail(err, HW_EDATA, "%" PRIu64 " records were rejected, at most %" PRIu64 " may be", rejected,
                       csv->rejects_max);
    }
    const double ratio = (double)rejected / (double)hw_max_size(records, 1);
    if (ended && csv->rejects_max_ratio > 0 && ratio > csv->rejects_max_ratio) {
        return hw_fail(err, HW_EDATA, "%" PRIu64 " of %s %s rejected, at most %g %% may be", rejected,
                       HW_COUNT(records, "record"), hw_plural(rejected, "was", "were"), csv->rejects_max_ratio * 100);
    }
    return HW_OK;
}

enum hw_status hw_rejects_check_all(const struct hw_table_reader *reader, struct hw_error *err) {
    if (reader->records == 0 || reader->rejected < reader->records) {
        return HW_OK;
    }
    return hw_fail(err, HW_EDATA,
                   "none of %s is good, so nothing is written but the rejects: is the delimiter, the "
                   "header or the first line (--skip-lines) another one?",
                   HW_COUNT(reader->records, "record"));
}

static enum hw_status list_json(const struct hw_rejects *rejects, const struct hw_reject_list *list, struct hw_buf *out,
                                struct hw_error *err);

enum hw_status hw_rejects_write(struct hw_rejects *rejects, const struct hw_reject_list *list, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {.limit = HW_MIB(2047)};
    if (!rejects->sink) {
        const struct hw_sink_options options = {.content_type = "application/x-ndjson", .write = rejects->write};
        HW_TRY(rejects->store->ops->sink_open(rejects->store, rejects->key, &options, &rejects->sink, err));
    }
    HW_TRY(list_json(rejects, list, &text, err));
    return rejects->sink->ops->write(rejects->sink, text.data, text.size, err);
}

/*
 * Bytes that are not UTF-8 cannot stand in JSON as they are: beside the text for the eye they go as
 * base64.
 */
static enum hw_status base64_write(struct hw_json_writer *writer, hw_view raw, struct hw_error *err) {
    char *text = hw_alloc(HW_BASE64_BYTES(raw.size));
    if (!text) {
        return hw_fail_nomem(err, HW_BASE64_BYTES(raw.size));
    }
    const size_t used = hw_base64((const uint8_t *)raw.data, raw.size, text);
    hw_json_view(writer, "raw_base64", (hw_view){text, used});
    hw_free(text);
    return HW_OK;
}

/* Appends a reject as a JSON line. `input`: what it stands in; NULL: that is not told. */
static enum hw_status reject_json(const struct hw_csv_reject *reject, const char *input, struct hw_buf *out,
                                  struct hw_error *err) {
    struct hw_json_writer writer = {.out = out, .style = HW_JSON_COMPACT};
    const hw_view raw = {reject->record, reject->record_bytes};
    hw_json_object_begin(&writer, NULL);
    if (input) {
        hw_json_text(&writer, "source", input);
    }
    hw_json_count(&writer, "line", reject->line);
    hw_json_count(&writer, "offset", reject->offset);
    hw_json_text(&writer, "reason", reject->reason);
    if (reject->column) {
        hw_json_text(&writer, "column", reject->column);
    }
    hw_json_view(&writer, "raw", raw);
    if (!hw_utf8_valid(raw, NULL)) {
        HW_TRY(base64_write(&writer, raw, err));
    }
    hw_json_object_end(&writer);
    return hw_json_end_text(&writer, err);
}

static enum hw_status list_json(const struct hw_rejects *rejects, const struct hw_reject_list *list, struct hw_buf *out,
                                struct hw_error *err) {
    const struct hw_table_reader *reader = rejects->reader;
    struct hw_csv_reject reject;
    uint32_t input;
    for (size_t at = 0; hw_reject_next(reader, list, &at, &reject, &input);) {
        const char *name = rejects->several ? reader->ops->input(reader, input).name : NULL;
        HW_TRY(reject_json(&reject, name, out, err));
    }
    return HW_OK;
}

enum hw_status hw_rejects_publish(struct hw_rejects *rejects, struct hw_error *err) {
    if (rejects->sink) {
        HW_TRY(rejects->sink->ops->finish(rejects->sink, err));
        rejects->published = true;
    }
    return HW_OK;
}

void hw_rejects_release(struct hw_rejects *rejects) {
    if (rejects->sink) {
        rejects->sink->ops->free(rejects->sink);
        rejects->sink = NULL;
    }
}
