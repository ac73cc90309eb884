/* SPDX-License-Identifier: Apache-2.0 */
#include "report/object.h"

#include "report/error.h"

static void rejects_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void columns_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void facts_write(struct hw_json_writer *json, const struct hw_convert_column *column);
static void type_write(struct hw_json_writer *json, const char *key, struct hw_type type);
static void notes_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void outputs_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void sources_write(struct hw_json_writer *json, const struct hw_convert_object *object);

const char *hw_object_outcome_name(enum hw_convert_outcome outcome) {
    static const char *const names[] = {[HW_CONVERTED] = "converted",
                                        [HW_SKIPPED] = "skipped",
                                        [HW_PLANNED] = "planned",
                                        [HW_CONVERT_FAILED] = "failed"};
    return names[outcome];
}

/* The word and the text of every reason. */
static const struct {
    const char *word, *text;
} reasons[] = {
#define HW_REASON_ROW(name, word, text) [name] = {word, text},
    HW_REASON_TABLE(HW_REASON_ROW)
#undef HW_REASON_ROW
};

const char *hw_object_reason_text(enum hw_convert_reason reason) {
    return reasons[reason].text;
}

void hw_object_write(struct hw_json_writer *json, const char *type, const struct hw_convert_object *object) {
    hw_json_object_begin(json, NULL);
    if (type) {
        hw_json_text(json, "type", type);
    }
    hw_json_text(json, "source", object->source);
    hw_json_text(json, "outcome", hw_object_outcome_name(object->outcome));
    hw_report_word(json, "reason", object->reason == HW_REASON_UNKNOWN ? NULL : reasons[object->reason].word);
    hw_json_count(json, "source_bytes", object->source_bytes);
    hw_json_count(json, "rows_in", object->rows_in);
    hw_json_count(json, "rows_out", object->rows_out);
    hw_json_count(json, "rejected", object->rejected);
    rejects_write(json, object);
    hw_json_real(json, "seconds", object->seconds);
    hw_json_bool(json, "restarted", object->restarted);
    hw_json_count(json, "bytes_left_out", object->bytes_left_out);
    hw_json_bool(json, "limited", object->limited);
    columns_write(json, object);
    notes_write(json, object);
    outputs_write(json, object);
    hw_report_word(json, "source_checksum", object->source_checksum);
    hw_report_word(json, "rejects_path", object->rejects_path);
    hw_report_error(json, object->error);
    if (object->sources_count > 0) {
        sources_write(json, object);
    }
    hw_json_object_end(json);
}

static void rejects_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    hw_json_object_begin(json, "rejected_by_reason");
    for (size_t i = 0; i < object->rejects_count; i++) {
        hw_json_count(json, object->rejects[i].reason, object->rejects[i].records);
    }
    hw_json_object_end(json);
}

static void columns_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    const struct hw_schema *schema = object->schema;
    if (!schema) {
        hw_json_null(json, "columns");
        return;
    }
    hw_json_list_begin(json, "columns");
    for (size_t i = 0; i < schema->count; i++) {
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "name", schema->fields[i].name);
        type_write(json, "type", schema->fields[i].type);
        if (object->column_facts) {
            facts_write(json, &object->column_facts[i]);
        }
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

/* What is known of a column's values. */
static void facts_write(struct hw_json_writer *json, const struct hw_convert_column *column) {
    hw_json_count(json, "nulls", column->nulls);
    hw_json_count(json, "distinct_estimate", column->distinct);
    hw_json_text(json, "min", column->min);
    hw_json_text(json, "max", column->max);
    if (column->widened_from) {
        type_write(json, "widened_from", *column->widened_from);
    }
    if (column->misfit) {
        hw_json_object_begin(json, "widened_because");
        hw_json_text(json, "value", column->misfit);
        hw_json_count(json, "line", column->misfit_line);
        hw_json_count(json, "offset", column->misfit_offset);
        if (column->misfit_source) {
            hw_json_text(json, "source", column->misfit_source);
        }
        hw_json_object_end(json);
    }
}

static void type_write(struct hw_json_writer *json, const char *key, struct hw_type type) {
    char text[HW_OBJECT_TYPE_BYTES];
    hw_type_format(type, text, sizeof(text));
    hw_json_text(json, key, text);
}

static void notes_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    hw_json_list_begin(json, "notes");
    for (size_t i = 0; i < object->notes_count; i++) {
        const struct hw_note *note = &object->notes[i];
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "kind", hw_note_word(note->kind));
        hw_json_count(json, "texts", note->texts);
        hw_json_text(json, "source", note->source);
        hw_json_text(json, "text", note->text);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

static void outputs_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    hw_json_list_begin(json, "outputs");
    for (size_t i = 0; i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "path", output->path);
        hw_json_text(json, "format", output->format);
        hw_json_count(json, "bytes", output->bytes);
        hw_report_word(json, "sha256", output->sha256);
        hw_report_word(json, "crc64nvme", output->crc64nvme);
        hw_report_word(json, "etag", output->etag);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

/* Of a merge: how many sources there were, and the first of them. */
static void sources_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    const size_t listed = object->sources ? hw_min_size(object->sources_count, HW_OBJECT_SOURCES_MAX) : 0;
    hw_json_count(json, "sources_count", object->sources_count);
    hw_json_list_begin(json, "sources");
    for (size_t i = 0; i < listed; i++) {
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "name", object->sources[i].name);
        hw_json_count(json, "bytes", object->sources[i].bytes);
        hw_json_count(json, "rows", object->sources[i].rows);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

void hw_object_sums_write(struct hw_json_writer *json, enum hw_status status, const struct hw_convert_result *result) {
    hw_json_text(json, "status", hw_status_name(status));
    hw_json_count(json, "objects_total", result->objects);
    hw_json_count(json, "converted", result->converted);
    hw_json_count(json, "skipped", result->skipped);
    hw_json_count(json, "failed", result->failed);
    hw_json_count(json, "not_tried", result->not_tried);
    hw_json_count(json, "bytes_in", result->bytes_in);
    hw_json_count(json, "bytes_out", result->bytes_out);
    hw_json_count(json, "rows_in", result->rows_in);
    hw_json_count(json, "rows_out", result->rows_out);
    hw_json_count(json, "rejected", result->rejected);
    hw_json_count(json, "restarted", result->restarted);
    hw_json_count(json, "limited", result->limited);
    hw_json_count(json, "junk_left_out", result->junk_left_out);
    hw_json_count(json, "txt_left_out", result->texts_left_out);
    hw_json_real(json, "seconds", result->seconds);
}

void hw_object_report(struct hw_json_writer *json, const void *object) {
    hw_object_write(json, NULL, object);
}

void hw_object_sums_report(struct hw_json_writer *json, const void *what) {
    const struct hw_object_sums *sums = what;
    hw_object_sums_write(json, sums->status, sums->result);
}
