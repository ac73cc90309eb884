/* SPDX-License-Identifier: Apache-2.0 */
#include "report/transfer.h"

#include "codec/checksum.h"
#include "report/error.h"

static const char *const ops[] = {
    [HW_TRANSFER_COPY] = "cp",
    [HW_TRANSFER_MOVE] = "mv",
    [HW_TRANSFER_REMOVE] = "rm",
};

static const char *const outcomes[] = {
    [HW_TRANSFER_DONE] = "ok",
    [HW_TRANSFER_SKIPPED] = "skipped",
    [HW_TRANSFER_FAILED] = "failed",
    [HW_TRANSFER_PLANNED] = "would",
};

static const struct {
    const char *word, *text;
} reasons[] = {
    [HW_TRANSFER_NO_REASON] = {"", ""},
    [HW_TRANSFER_EXISTS] = {"exists", "it is there already"},
    [HW_TRANSFER_SAME_SIZE] = {"same-size", "it is there with the same size"},
    [HW_TRANSFER_NOT_NEWER] = {"not-newer", "what is there is as new"},
    [HW_TRANSFER_MARKER] = {"folder-marker", "its key stands for a folder"},
    [HW_TRANSFER_SAME] = {"same", "it is there with the same bytes"},
    [HW_TRANSFER_BELOW] = {"below-destination", "it lies below the destination"},
};

static const char *const ways[] = {[HW_TRANSFER_THROUGH] = "through", [HW_TRANSFER_ON_SERVER] = "on-server"};

const char *hw_transfer_op_name(enum hw_transfer_op op) {
    return ops[op];
}

const char *hw_transfer_reason_text(enum hw_transfer_reason reason) {
    return reasons[reason].text;
}

void hw_transfer_object_write(struct hw_json_writer *json, const struct hw_transfer_object *object) {
    /* Other objects took no way. */
    const bool moved = object->outcome == HW_TRANSFER_DONE && object->op != HW_TRANSFER_REMOVE;
    const bool proved = object->proved_by != HW_CHECKSUM_NONE;
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "op", ops[object->op]);
    hw_json_text(json, "source", object->source);
    hw_json_text(json, "path", object->path);
    if (object->version_id) {
        hw_json_text(json, "version_id", object->version_id);
    }
    hw_json_count(json, "size", object->size);
    hw_json_text(json, "status", outcomes[object->outcome]);
    hw_report_word(json, "reason", reasons[object->reason].word);
    hw_report_word(json, "way", moved ? ways[object->way] : NULL);
    hw_report_word(json, "proved_by", proved ? hw_checksum_name(object->proved_by) : NULL);
    if (object->delta) {
        hw_json_count(json, "bytes_sent", object->bytes_sent);
        hw_json_count(json, "bytes_copied", object->bytes_copied);
    }
    hw_json_real(json, "seconds", object->seconds);
    hw_report_error(json, object->error);
    hw_json_object_end(json);
}

/* Objects that the service has copied cross no wire of ours, the others do once each way. */
static void ways_write(struct hw_json_writer *json, const struct hw_transfer_result *result) {
    hw_json_object_begin(json, "ways");
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const struct hw_transfer_way_sums *way = &result->ways[i];
        hw_json_object_begin(json, ways[i]);
        hw_json_count(json, "objects", way->objects);
        hw_json_count(json, "bytes", way->bytes);
        hw_json_real(json, "object_seconds", way->object_seconds);
        hw_json_object_end(json);
    }
    hw_json_object_end(json);
}

void hw_transfer_sums_write(struct hw_json_writer *json, enum hw_status status,
                            const struct hw_transfer_result *result) {
    hw_json_text(json, "status", hw_status_name(status));
    hw_json_count(json, "objects_total", result->objects);
    hw_json_count(json, "done", result->done);
    hw_json_count(json, "skipped", result->skipped);
    hw_json_count(json, "failed", result->failed);
    hw_json_count(json, "not_tried", result->not_tried);
    hw_json_count(json, "bytes", result->bytes);
    hw_json_real(json, "seconds", result->seconds);
    ways_write(json, result);
}
