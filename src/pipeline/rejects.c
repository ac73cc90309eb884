/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/rejects.h"

enum hw_status hw_rejects_write(struct hw_conversion *conversion, const struct hw_piece *piece, struct hw_error *err) {
    struct hw_targets *targets = conversion->targets;
    HW_AUTO(hw_buf) text = {.limit = HW_MIB(2047)};
    if (!conversion->rejects) {
        const struct hw_sink_options options = {.content_type = "application/x-ndjson"};
        HW_TRY(
            targets->store->ops->sink_open(targets->store, targets->rejects_key, &options, &conversion->rejects, err));
    }
    /* `lines` counts the spans before this one: only the head's worker changes it. */
    uint64_t lines = conversion->layout.body_lines + conversion->shared_state.lines;
    HW_TRY(hw_piece_rejects_json(piece, &conversion->layout.schema, lines, &text, err));
    return conversion->rejects->ops->write(conversion->rejects, text.data, text.size, err);
}
