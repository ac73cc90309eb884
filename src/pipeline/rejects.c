/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/rejects.h"

#include "core/alloc.h"
#include "codec/checksum.h"
#include "core/json_write.h"
#include "csv/utf8.h"

/* What the JSON of a reject tells beside the reject itself. */
struct told {
    const char *input; /* NULL: it is not told */
    uint64_t line;     /* physical line in the whole input, from 0 */
    const char *reason;
    const char *column; /* NULL: none */
    hw_view raw;
};

static enum hw_status list_json(const struct hw_rejects *rejects, const struct hw_reject_list *list, struct hw_buf *out,
                                struct hw_error *err);

enum hw_status hw_rejects_write(struct hw_rejects *rejects, const struct hw_reject_list *list, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {.limit = HW_MIB(2047)};
    if (!rejects->sink) {
        const struct hw_sink_options options = {.content_type = "application/x-ndjson"};
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

/* Appends a reject as a JSON line. */
static enum hw_status reject_json(const struct hw_reject *reject, const struct told *told, struct hw_buf *out,
                                  struct hw_error *err) {
    struct hw_json_writer writer = {.out = out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&writer, NULL);
    if (told->input) {
        hw_json_text(&writer, "source", told->input);
    }
    hw_json_count(&writer, "line", told->line + 1);
    hw_json_count(&writer, "offset", reject->offset);
    hw_json_text(&writer, "reason", told->reason);
    if (told->column) {
        hw_json_text(&writer, "column", told->column);
    }
    hw_json_view(&writer, "raw", told->raw);
    if (!hw_utf8_valid(told->raw, NULL)) {
        HW_TRY(base64_write(&writer, told->raw, err));
    }
    hw_json_object_end(&writer);
    return hw_json_end_text(&writer, err);
}

static enum hw_status list_json(const struct hw_rejects *rejects, const struct hw_reject_list *list, struct hw_buf *out,
                                struct hw_error *err) {
    const struct hw_table_reader *reader = rejects->reader;
    const uint8_t *at = list->data.data;
    for (uint64_t i = 0; i < list->count; i++) {
        struct hw_reject reject;
        memcpy(&reject, at, sizeof(reject));
        const bool placed = reject.column != HW_REJECT_NO_COLUMN;
        const struct told told = {
            .input = rejects->several ? reader->ops->input(reader, reject.input).name : NULL,
            .line = reader->ops->reject_line(reader, &reject),
            .reason = reader->reject_reasons[reject.reason],
            .column = placed ? reader->schema->fields[reject.column].name : NULL,
            .raw = {(const char *)at + sizeof(reject), reject.bytes},
        };
        at += sizeof(reject) + reject.bytes;
        HW_TRY(reject_json(&reject, &told, out, err));
    }
    return HW_OK;
}

void hw_rejects_release(struct hw_rejects *rejects) {
    if (rejects->sink) {
        rejects->sink->ops->free(rejects->sink);
        rejects->sink = NULL;
    }
}
