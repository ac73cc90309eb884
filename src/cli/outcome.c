/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outcome.h"

#include "cli/text.h"
#include "core/count.h"
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
    if (object->reason != HW_REASON_UNKNOWN) {
        HW_TRY(hw_buf_printf(out, NULL, " (%s)", hw_object_reason_text(object->reason)));
    }
    if (object->outcome != HW_CONVERTED) {
        return HW_OK;
    }
    HW_TRY(hw_buf_printf(out, NULL, ", %s, %s, %s", HW_COUNT(object->rows_out, "row"),
                         HW_COUNT(object->columns, "column"), hw_text_seconds(object->seconds, seconds)));
    HW_TRY(hw_buf_append_text(out, object->restarted ? ", read twice" : "", NULL));
    HW_TRY(hw_buf_append_text(out, object->limited ? ", limited" : "", NULL));
    if (object->rejected > 0) {
        HW_TRY(hw_buf_printf(out, NULL, ", %" PRIu64 " rejected", object->rejected));
    }
    if (object->rejects_path) {
        HW_TRY(hw_buf_printf(out, NULL, " (%s)", object->rejects_path));
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

/* Writes the line of one object of a dry run. */
static enum hw_status plan_text(struct hw_buf *out, const struct hw_convert_object *object) {
    const bool planned = object->outcome == HW_PLANNED;
    char bytes[HW_BYTES_TEXT_BYTES];
    HW_TRY(hw_buf_printf(out, NULL, "would %s %s", planned ? "convert" : "skip", object->source));
    for (size_t i = 0; i < object->outputs_count; i++) {
        HW_TRY(hw_buf_printf(out, NULL, "%s%s", i == 0 ? " -> " : ", ", object->outputs[i].path));
    }
    HW_TRY(hw_buf_printf(out, NULL, " (%s, %s)", hw_text_bytes((double)object->source_bytes, bytes),
                         hw_object_reason_text(object->reason)));
    return hw_buf_end_text(out, NULL);
}

void hw_outcome_plan(struct hw_teller *teller, const struct hw_convert_object *object) {
    HW_AUTO(hw_buf) line = {0};
    if (object->outcome != HW_CONVERT_FAILED && plan_text(&line, object) == HW_OK) {
        hw_teller_note(teller, "%s", (const char *)line.data);
    }
}

void hw_outcome_rejects_note(struct hw_outcome_rejects *rejects, const struct hw_convert_object *object) {
    if (object->rejects_path && rejects->files++ == 0 &&
        hw_buf_append(&rejects->first, object->rejects_path, strlen(object->rejects_path) + 1, NULL) != HW_OK) {
        hw_buf_clear(&rejects->first);
    }
}

void hw_outcome_rejects_release(struct hw_outcome_rejects *rejects) {
    hw_buf_release(&rejects->first);
}

static void rejects_tell(struct hw_teller *teller, const struct hw_outcome_rejects *rejects) {
    const uint64_t others = rejects->files - 1;
    if (rejects->files == 0 || rejects->first.size == 0) {
        return;
    }
    if (others == 0) {
        hw_teller_note(teller, "rejected rows are in %s", (const char *)rejects->first.data);
    } else {
        hw_teller_note(teller, "rejected rows are in %s and %s (--verbose names them)",
                       (const char *)rejects->first.data, HW_COUNT(others, "other file"));
    }
}

void hw_outcome_lines(struct hw_teller *teller, const struct hw_convert_result *result,
                      const struct hw_outcome_rejects *rejects) {
    const struct {
        uint64_t count;
        const char *noun, *text;
    } lines[] = {
        {result->restarted, "source", "read twice, because a type had to widen (--verbose names them)"},
        {result->texts_left_out, ".txt file", "left out (--all-files takes them, --include '*.txt' only them)"},
        {result->junk_left_out, "hidden or temporary file", "left out (--all-files takes them)"},
    };
    rejects_tell(teller, rejects);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        const uint64_t count = lines[i].count;
        if (count > 0) {
            hw_teller_note(teller, "%s %s %s", HW_COUNT(count, lines[i].noun), hw_plural(count, "was", "were"),
                           lines[i].text);
        }
    }
}

struct hw_summary hw_outcome_summary(const struct hw_convert_result *result, bool dry_run) {
    return (struct hw_summary){
        .objects = dry_run ? result->objects - result->skipped - result->failed : result->objects,
        .planned = dry_run ? "converted" : NULL,
        .none = result->converted == 0 ? "none converted" : NULL,
        .has_rows = true,
        .has_output = true,
        .rows = result->rows_out,
        .bytes_in = result->bytes_in,
        .bytes_out = result->bytes_out,
        .seconds = result->seconds,
        .notes = {{"skipped", result->skipped},
                  {"failed", result->failed},
                  {"not tried", result->not_tried},
                  {"rejected rows", result->rejected},
                  {"limited", result->limited}},
    };
}
