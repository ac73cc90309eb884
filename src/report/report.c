/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/json_write.h"

enum { ERROR_LINE_BYTES = 1024 };

struct hw_report {
    struct hw_sink *sink;
    struct hw_buf text;
    struct hw_json_writer json;
    struct hw_buf warnings; /* texts, each ended with NUL */
    uint64_t warnings_count;
};

enum hw_status hw_report_new(struct hw_sink *sink, int64_t started_us, struct hw_report **out_report,
                             struct hw_error *err) {
    char started[HW_CLOCK_TEXT_BYTES];
    struct hw_report *report = hw_alloc_zero(1, sizeof(*report));
    if (!report) {
        sink->ops->free(sink);
        return hw_fail_nomem(err, sizeof(*report));
    }
    report->sink = sink;
    report->json = (struct hw_json_writer){.out = &report->text, .sink = sink};
    hw_clock_format(started_us, started);
    hw_json_object_begin(&report->json, NULL);
    hw_json_text(&report->json, "hawser", HW_VERSION);
    hw_json_text(&report->json, "started", started);
    hw_json_list_begin(&report->json, "objects");
    *out_report = report;
    return HW_OK;
}

void hw_report_free(struct hw_report *report) {
    if (report) {
        report->sink->ops->free(report->sink);
        hw_buf_release(&report->text);
        hw_buf_release(&report->warnings);
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

static enum hw_status report_status(const struct hw_report *report, struct hw_error *err) {
    if (report->json.status != HW_OK && err) {
        *err = report->json.error;
    }
    return report->json.status;
}

static void rejects_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void columns_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void outputs_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void sources_write(struct hw_json_writer *json, const struct hw_convert_object *object);
static void error_write(struct hw_json_writer *json, const struct hw_error *error);

enum hw_status hw_report_add(struct hw_report *report, const struct hw_convert_object *object, struct hw_error *err) {
    struct hw_json_writer *json = &report->json;
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "source", object->source);
    hw_json_text(json, "outcome", outcome_name(object->outcome));
    hw_json_count(json, "source_bytes", object->source_bytes);
    hw_json_count(json, "rows_in", object->rows_in);
    hw_json_count(json, "rows_out", object->rows_out);
    hw_json_count(json, "rejected", object->rejected);
    rejects_write(json, object);
    hw_json_real(json, "seconds", object->seconds);
    hw_json_bool(json, "read_twice", object->restarted);
    columns_write(json, object);
    outputs_write(json, object);
    if (object->sources_count > 0) {
        sources_write(json, object);
    }
    if (object->source_checksum) {
        hw_json_text(json, "source_checksum", object->source_checksum);
    }
    if (object->rejects_path) {
        hw_json_text(json, "rejects", object->rejects_path);
    }
    if (object->error) {
        error_write(json, object->error);
    }
    hw_json_object_end(json);
    return report_status(report, err);
}

static void rejects_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    hw_json_object_begin(json, "rejected_by_reason");
    for (size_t i = 0; i < object->rejects_count; i++) {
        hw_json_count(json, object->rejects[i].reason, object->rejects[i].records);
    }
    hw_json_object_end(json);
}

static void type_write(struct hw_json_writer *json, const char *key, struct hw_type type) {
    char text[64];
    hw_type_format(type, text, sizeof(text));
    hw_json_text(json, key, text);
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

static void columns_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    const struct hw_schema *schema = object->schema;
    hw_json_list_begin(json, "columns");
    for (size_t i = 0; schema && i < schema->count; i++) {
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

static void outputs_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    hw_json_list_begin(json, "outputs");
    for (size_t i = 0; i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        hw_json_object_begin(json, NULL);
        hw_json_text(json, "path", output->path);
        hw_json_text(json, "format", output->format);
        hw_json_count(json, "bytes", output->bytes);
        hw_json_text(json, "sha256", output->sha256);
        hw_json_text(json, "crc64nvme", output->crc64nvme);
        hw_json_text(json, "etag", output->etag);
        hw_json_object_end(json);
    }
    hw_json_list_end(json);
}

/* Of a merge: how many sources there were, and the first of them. */
static void sources_write(struct hw_json_writer *json, const struct hw_convert_object *object) {
    const size_t listed = object->sources ? hw_min_size(object->sources_count, HW_REPORT_SOURCES_MAX) : 0;
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

static void error_write(struct hw_json_writer *json, const struct hw_error *error) {
    char line[ERROR_LINE_BYTES];
    hw_error_format(error, line, sizeof(line));
    hw_json_object_begin(json, "error");
    hw_json_text(json, "status", hw_status_name(error->status));
    hw_json_text(json, "message", line);
    if (error->line != HW_NO_POSITION) {
        hw_json_number(json, "line", error->line);
    }
    if (error->offset != HW_NO_POSITION) {
        hw_json_number(json, "offset", error->offset);
    }
    hw_json_object_end(json);
}

enum hw_status hw_report_warn(struct hw_report *report, const struct hw_error *warning, struct hw_error *err) {
    char line[ERROR_LINE_BYTES];
    report->warnings_count++;
    if (report->warnings_count > HW_REPORT_WARNINGS_MAX) {
        return HW_OK;
    }
    hw_error_format(warning, line, sizeof(line));
    return hw_buf_append(&report->warnings, line, strlen(line) + 1, err);
}

static void sums_write(struct hw_json_writer *json, const struct hw_convert_result *result) {
    hw_json_count(json, "objects_total", result->objects);
    hw_json_count(json, "converted", result->converted);
    hw_json_count(json, "skipped", result->skipped);
    hw_json_count(json, "failed", result->failed);
    hw_json_count(json, "bytes_in", result->bytes_in);
    hw_json_count(json, "bytes_out", result->bytes_out);
    hw_json_count(json, "rows_in", result->rows_in);
    hw_json_count(json, "rows_out", result->rows_out);
    hw_json_count(json, "rejected", result->rejected);
    hw_json_real(json, "seconds", result->seconds);
}

enum hw_status hw_report_finish(struct hw_report *report, const struct hw_convert_result *result,
                                struct hw_error *err) {
    struct hw_json_writer *json = &report->json;
    hw_json_list_end(json);
    if (report->warnings_count > 0) {
        const char *at = (const char *)report->warnings.data;
        const char *end = at + report->warnings.size;
        hw_json_count(json, "warnings_total", report->warnings_count);
        hw_json_list_begin(json, "warnings");
        for (; at < end; at += strlen(at) + 1) {
            hw_json_text(json, NULL, at);
        }
        hw_json_list_end(json);
    }
    sums_write(json, result);
    hw_json_object_end(json);
    HW_TRY(hw_json_end_text(json, err));
    return report->sink->ops->finish(report->sink, err);
}
