/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/json_text.h"

struct hw_report {
    json_t *objects;
};

enum hw_status hw_report_new(struct hw_report **out_report, struct hw_error *err) {
    struct hw_report *report = hw_alloc_zero(1, sizeof(*report));
    if (!report) {
        return hw_fail_nomem(err, sizeof(*report));
    }
    report->objects = json_array();
    *out_report = report;
    return HW_OK;
}

void hw_report_free(struct hw_report *report) {
    if (report) {
        json_decref(report->objects);
        hw_free(report);
    }
}

static const char *outcome_name(enum hw_convert_outcome outcome) {
    static const char *const names[] = {[HW_CONVERTED] = "converted",
                                        [HW_SKIPPED] = "skipped",
                                        [HW_PLANNED] = "planned",
                                        [HW_CONVERT_FAILED] = "failed"};
    return names[outcome];
}

/* NULL when out of memory, as all below; json_pack passes a NULL among its parts on. */
static json_t *text_json(const char *text) {
    return hw_json_text(hw_view_of(text));
}

/* Takes the element, also where either is NULL. */
static json_t *array_with(json_t *array, json_t *element) {
    if (json_array_append_new(array, element) == 0) {
        return array;
    }
    json_decref(array);
    return NULL;
}

static json_t *outputs_json(const struct hw_convert_object *object) {
    json_t *array = json_array();
    for (size_t i = 0; i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        array =
            array_with(array, json_pack("{s:o, s:s, s:I, s:s, s:s, s:o}", "path", text_json(output->path), "format",
                                        output->format, "bytes", (json_int_t)output->bytes, "sha256", output->sha256,
                                        "crc64nvme", output->crc64nvme, "etag", text_json(output->etag)));
    }
    return array;
}

/* Adds what is known of a column's values; takes `json`. */
static json_t *facts_json(json_t *json, const struct hw_convert_column *column) {
    json_t *facts = json_pack("{s:I, s:I, s:s?, s:s?}", "nulls", (json_int_t)column->nulls, "distinct_estimate",
                              (json_int_t)column->distinct, "min", column->min, "max", column->max);
    int failed = json_object_update(json, facts);
    json_decref(facts);
    if (column->widened_from) {
        char type[64];
        hw_type_format(*column->widened_from, type, sizeof(type));
        failed |= json_object_set_new(json, "widened_from", json_string(type));
    }
    if (column->misfit) {
        json_t *misfit = json_pack("{s:s, s:I, s:I}", "value", column->misfit, "line", (json_int_t)column->misfit_line,
                                   "offset", (json_int_t)column->misfit_offset);
        if (column->misfit_source) {
            failed |= json_object_set_new(misfit, "source", text_json(column->misfit_source));
        }
        failed |= json_object_set_new(json, "widened_because", misfit);
    }
    if (failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static json_t *columns_json(const struct hw_convert_object *object) {
    const struct hw_schema *schema = object->schema;
    json_t *array = json_array();
    for (size_t i = 0; schema && i < schema->count; i++) {
        char type[64];
        hw_type_format(schema->fields[i].type, type, sizeof(type));
        json_t *column = json_pack("{s:o, s:s}", "name", text_json(schema->fields[i].name), "type", type);
        array = array_with(array, object->column_facts ? facts_json(column, &object->column_facts[i]) : column);
    }
    return array;
}

static json_t *rejects_json(const struct hw_convert_object *object) {
    json_t *reasons = json_object();
    int failed = 0;
    for (size_t i = 0; i < object->rejects_count; i++) {
        failed |= json_object_set_new(reasons, object->rejects[i].reason,
                                      json_integer((json_int_t)object->rejects[i].records));
    }
    if (failed) {
        json_decref(reasons);
        return NULL;
    }
    return reasons;
}

static json_t *error_json(const struct hw_error *error) {
    char line[1024];
    hw_error_format(error, line, sizeof(line));
    json_t *json = json_pack("{s:s, s:o}", "status", hw_status_name(error->status), "message", text_json(line));
    if (error->line != HW_NO_POSITION) {
        json_object_set_new(json, "line", json_integer(error->line));
    }
    if (error->offset != HW_NO_POSITION) {
        json_object_set_new(json, "offset", json_integer(error->offset));
    }
    return json;
}

/* Of a merge: how many sources there were, and the first of them. */
static int sources_set(json_t *json, const struct hw_convert_object *object) {
    const size_t listed = object->sources ? hw_min_size(object->sources_count, HW_REPORT_SOURCES_MAX) : 0;
    json_t *array = json_array();
    int failed = json_object_set_new(json, "sources_count", json_integer((json_int_t)object->sources_count));
    for (size_t i = 0; i < listed; i++) {
        const struct hw_convert_source *source = &object->sources[i];
        array = array_with(array, json_pack("{s:o, s:I, s:I}", "name", text_json(source->name), "bytes",
                                            (json_int_t)source->bytes, "rows", (json_int_t)source->rows));
    }
    return failed | json_object_set_new(json, "sources", array);
}

enum hw_status hw_report_add(struct hw_report *report, const struct hw_convert_object *object, struct hw_error *err) {
    json_t *json =
        json_pack("{s:o, s:s, s:I, s:I, s:I, s:I, s:o, s:f, s:b, s:o, s:o}", "source", text_json(object->source),
                  "outcome", outcome_name(object->outcome), "source_bytes", (json_int_t)object->source_bytes, "rows_in",
                  (json_int_t)object->rows_in, "rows_out", (json_int_t)object->rows_out, "rejected",
                  (json_int_t)object->rejected, "rejected_by_reason", rejects_json(object), "seconds", object->seconds,
                  "read_twice", object->restarted, "columns", columns_json(object), "outputs", outputs_json(object));
    int failed = 0;
    if (object->sources_count > 0) {
        failed |= sources_set(json, object);
    }
    if (object->source_checksum) {
        failed |= json_object_set_new(json, "source_checksum", json_string(object->source_checksum));
    }
    if (object->rejects_path) {
        failed |= json_object_set_new(json, "rejects", text_json(object->rejects_path));
    }
    if (object->error) {
        failed |= json_object_set_new(json, "error", error_json(object->error));
    }
    if (!json || failed) {
        json_decref(json);
        return hw_fail(err, HW_ENOMEM, "out of memory for the report");
    }
    return json_array_append_new(report->objects, json) == 0 ? HW_OK
                                                             : hw_fail(err, HW_ENOMEM, "out of memory for the report");
}

enum hw_status hw_report_write(struct hw_report *report, const struct hw_convert_result *result, int64_t started_us,
                               struct hw_buf *out, struct hw_error *err) {
    char started[HW_CLOCK_TEXT_BYTES];
    hw_clock_format(started_us, started);
    json_t *root =
        json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:O}", "hawser", HW_VERSION, "started",
                  started, "objects_total", (json_int_t)result->objects, "converted", (json_int_t)result->converted,
                  "skipped", (json_int_t)result->skipped, "failed", (json_int_t)result->failed, "bytes_in",
                  (json_int_t)result->bytes_in, "bytes_out", (json_int_t)result->bytes_out, "rows_in",
                  (json_int_t)result->rows_in, "rows_out", (json_int_t)result->rows_out, "rejected",
                  (json_int_t)result->rejected, "seconds", result->seconds, "objects", report->objects);
    char *text = root ? json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(root);
    if (!text) {
        return hw_fail(err, HW_ENOMEM, "out of memory writing the report");
    }
    enum hw_status status = hw_buf_printf(out, err, "%s\n", text);
    free(text); /* allowed: jansson's */
    return status;
}
