/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/piece.h"

#include "core/alloc.h"
#include "core/json_write.h"
#include "csv/utf8.h"

static void part_free(struct hw_piece_part *part) {
    for (size_t i = 0; i < COUNT_OF(part->encoded); i++) {
        if (part->encoded[i]) {
            part->encoded[i]->ops->free(part->encoded[i]);
        }
    }
    hw_free(part);
}

void hw_piece_free(struct hw_piece *piece) {
    if (!piece) {
        return;
    }
    while (piece->first) {
        struct hw_piece_part *part = piece->first;
        piece->first = part->next;
        part_free(part);
    }
    hw_buf_release(&piece->rejects);
    hw_free(piece);
}

enum hw_status hw_piece_add(struct hw_piece *piece, const char *partition, struct hw_piece_part **out_part,
                            struct hw_error *err) {
    size_t bytes = sizeof(struct hw_piece_part) + strlen(partition) + 1;
    struct hw_piece_part *part = hw_alloc_zero(1, bytes);
    if (!part) {
        return hw_fail_nomem(err, bytes);
    }
    memcpy(part->partition, partition, strlen(partition));
    *(piece->last ? &piece->last->next : &piece->first) = part;
    piece->last = part;
    piece->held_bytes += bytes;
    *out_part = part;
    return HW_OK;
}

enum hw_status hw_piece_reject(struct hw_piece *piece, const struct hw_csv_bad *bad, const char *data,
                               const struct hw_piece_place *place, struct hw_error *err) {
    struct hw_reject reject = {
        .line = place->line + bad->line - 1,
        .offset = place->offset + bad->offset,
        .text = place->text,
        .bytes = bad->bytes,
        .column = bad->column,
        .reason = bad->reason,
    };
    HW_TRY(hw_buf_append(&piece->rejects, &reject, sizeof(reject), err));
    HW_TRY(hw_buf_append(&piece->rejects, data + bad->offset, bad->bytes, err));
    piece->rejected++;
    return HW_OK;
}

/* Bytes that are not UTF-8 cannot stand in JSON as they are: beside the text for the eye they go as base64. */
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

enum hw_status hw_reject_json(const struct hw_reject *reject, hw_view raw, const struct hw_schema *schema,
                              const char *source, struct hw_buf *out, struct hw_error *err) {
    struct hw_json_writer writer = {.out = out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&writer, NULL);
    if (source) {
        hw_json_text(&writer, "source", source);
    }
    hw_json_count(&writer, "line", reject->line + 1);
    hw_json_count(&writer, "offset", reject->offset);
    hw_json_text(&writer, "reason", hw_csv_reason_name(reject->reason));
    if (reject->column < schema->count) {
        hw_json_text(&writer, "column", schema->fields[reject->column].name);
    }
    hw_json_view(&writer, "raw", raw);
    if (!hw_utf8_valid(raw, NULL)) {
        HW_TRY(base64_write(&writer, raw, err));
    }
    hw_json_object_end(&writer);
    return hw_json_end_text(&writer, err);
}
