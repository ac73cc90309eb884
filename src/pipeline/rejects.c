/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/rejects.h"

static enum hw_status rejects_json(const struct hw_conversion *conversion, const struct hw_piece *piece,
                                   struct hw_buf *out, struct hw_error *err);

enum hw_status hw_rejects_write(struct hw_conversion *conversion, const struct hw_piece *piece, struct hw_error *err) {
    struct hw_targets *targets = conversion->targets;
    HW_AUTO(hw_buf) text = {.limit = HW_MIB(2047)};
    if (!conversion->rejects) {
        const struct hw_sink_options options = {.content_type = "application/x-ndjson"};
        HW_TRY(
            targets->store->ops->sink_open(targets->store, targets->rejects_key, &options, &conversion->rejects, err));
    }
    HW_TRY(rejects_json(conversion, piece, &text, err));
    return conversion->rejects->ops->write(conversion->rejects, text.data, text.size, err);
}

/* What counts the lines before the head is changed by the head's worker only. */
static enum hw_status rejects_json(const struct hw_conversion *conversion, const struct hw_piece *piece,
                                   struct hw_buf *out, struct hw_error *err) {
    const uint8_t *at = piece->rejects.data;
    for (uint64_t i = 0; i < piece->rejected; i++) {
        struct hw_reject reject;
        memcpy(&reject, at, sizeof(reject));
        const struct hw_text *text = &conversion->texts->items[reject.text];
        const hw_view raw = {(const char *)at + sizeof(reject), reject.bytes};
        reject.line += text->body_lines + hw_conversion_lines_before(conversion, reject.text);
        at += sizeof(reject) + reject.bytes;
        HW_TRY(
            hw_reject_json(&reject, raw, &conversion->layout.schema, conversion->merged ? text->name : NULL, out, err));
    }
    return HW_OK;
}
