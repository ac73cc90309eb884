/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/piece.h"

#include <jansson.h>

#include "core/alloc.h"
#include "core/json_text.h"
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

/* Bytes that are no UTF-8 cannot stand in JSON as they are: beside the text for the eye they go as base64. */
static json_t *base64_json(hw_view raw) {
    char *text = hw_alloc(HW_BASE64_BYTES(raw.size));
    if (!text) {
        return NULL;
    }
    size_t used = hw_base64((const uint8_t *)raw.data, raw.size, text);
    json_t *json = json_stringn(text, used);
    hw_free(text);
    return json;
}

static json_t *reject_object(const struct hw_reject *reject, hw_view raw, const struct hw_schema *schema,
                             const char *source) {
    json_t *json = json_object();
    int failed = 0;
    if (source) {
        failed |= json_object_set_new(json, "source", hw_json_text(hw_view_of(source)));
    }
    failed |= json_object_set_new(json, "line", json_integer((json_int_t)reject->line + 1));
    failed |= json_object_set_new(json, "offset", json_integer((json_int_t)reject->offset));
    failed |= json_object_set_new(json, "reason", json_string(hw_csv_reason_name(reject->reason)));
    if (reject->column < schema->count) {
        failed |= json_object_set_new(json, "column", json_string(schema->fields[reject->column].name));
    }
    failed |= json_object_set_new(json, "raw", hw_json_text(raw));
    if (!hw_utf8_valid(raw, NULL)) {
        failed |= json_object_set_new(json, "raw_base64", base64_json(raw));
    }
    if (failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}

enum hw_status hw_reject_json(const struct hw_reject *reject, hw_view raw, const struct hw_schema *schema,
                              const char *source, struct hw_buf *out, struct hw_error *err) {
    json_t *json = reject_object(reject, raw, schema, source);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    json_decref(json);
    if (!text) {
        return hw_fail(err, HW_ENOMEM, "out of memory writing a reject");
    }
    enum hw_status status = hw_buf_printf(out, err, "%s\n", text);
    free(text); /* allowed: jansson's */
    return status;
}
