/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outcome.h"

#include "cli/text.h"
#include "report/object.h"

enum { OUTPUTS_NAMED_MAX = 8 };

static enum hw_status object_text(struct hw_buf *out, const struct hw_convert_object *object);
static enum hw_status outputs_text(struct hw_buf *out, const struct hw_convert_object *object);

void hw_outcome_detail(struct hw_teller *teller, const struct hw_convert_object *object) {
    const struct hw_schema *schema = object->schema;
    HW_AUTO(hw_buf) line = {0};
    if (!hw_teller_details(teller)) {
        return;
    }
    if (object_text(&line, object) == HW_OK && hw_buf_end_text(&line, NULL) == HW_OK) {
        hw_teller_detail(teller, "%s", (const char *)line.data);
    }
    for (size_t i = 0; schema && i < schema->count; i++) {
        char type[HW_OBJECT_TYPE_BYTES];
        hw_type_format(schema->fields[i].type, type, sizeof(type));
        hw_teller_detail(teller, "  %s %s", schema->fields[i].name, type);
    }
}

static enum hw_status object_text(struct hw_buf *out, const struct hw_convert_object *object) {
    char seconds[HW_BYTES_TEXT_BYTES];
    HW_TRY(hw_buf_printf(out, NULL, "%s: %s", object->source, hw_object_outcome_name(object->outcome)));
    if (object->outcome != HW_CONVERTED) {
        return HW_OK;
    }
    HW_TRY(hw_buf_printf(out, NULL, ", %" PRIu64 " row%s, %zu column%s, %s", object->rows_out,
                         object->rows_out == 1 ? "" : "s", object->columns, object->columns == 1 ? "" : "s",
                         hw_text_seconds(object->seconds, seconds)));
    HW_TRY(hw_buf_append_text(out, object->restarted ? ", read twice" : "", NULL));
    HW_TRY(hw_buf_append_text(out, object->limited ? ", limited" : "", NULL));
    if (object->rejected > 0) {
        HW_TRY(hw_buf_printf(out, NULL, ", %" PRIu64 " rejected", object->rejected));
    }
    return outputs_text(out, object);
}

static enum hw_status outputs_text(struct hw_buf *out, const struct hw_convert_object *object) {
    char bytes[HW_BYTES_TEXT_BYTES];
    uint64_t unnamed_bytes = 0;
    for (size_t i = 0; i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        if (i < OUTPUTS_NAMED_MAX) {
            HW_TRY(hw_buf_printf(out, NULL, "%s%s (%s)", i == 0 ? " -> " : ", ", output->path,
                                 hw_text_bytes((double)output->bytes, bytes)));
        } else {
            unnamed_bytes += output->bytes;
        }
    }
    if (object->outputs_count > OUTPUTS_NAMED_MAX) {
        HW_TRY(hw_buf_printf(out, NULL, " and %zu more (%s)", object->outputs_count - OUTPUTS_NAMED_MAX,
                             hw_text_bytes((double)unnamed_bytes, bytes)));
    }
    return HW_OK;
}

struct hw_summary hw_outcome_summary(const struct hw_convert_result *result, bool dry_run) {
    return (struct hw_summary){
        .objects = dry_run ? result->objects - result->skipped - result->failed : result->objects,
        .planned = dry_run ? "converted" : NULL,
        .has_rows = true,
        .has_output = true,
        .rows = result->rows_out,
        .bytes_in = result->bytes_in,
        .bytes_out = result->bytes_out,
        .seconds = result->seconds,
        .notes = {{"skipped", result->skipped},
                  {"failed", result->failed},
                  {"rejected rows", result->rejected},
                  {"limited", result->limited}},
    };
}
