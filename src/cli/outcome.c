/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outcome.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/text.h"
#include "core/json_write.h"

/* Seconds to the microsecond, without digits that mean nothing. */
enum { REAL_DIGITS = 9 };

static const char *const outcome_names[] = {
    [HW_CONVERTED] = "converted", [HW_SKIPPED] = "skipped", [HW_PLANNED] = "planned", [HW_CONVERT_FAILED] = "failed"};

static void rejects_write(struct hw_json_writer *writer, const struct hw_convert_object *object);
static void schema_write(struct hw_json_writer *writer, const struct hw_schema *schema);
static void outputs_write(struct hw_json_writer *writer, const struct hw_convert_object *object);
static void error_write(struct hw_json_writer *writer, const struct hw_error *error);
static void text_write(struct hw_json_writer *writer, const char *key, const char *text);
static enum hw_status line_append(struct hw_buf *out, json_t *root, struct hw_error *err);

/* Written as it comes: there may be 100,000 outputs. */
enum hw_status hw_outcome_json(struct hw_buf *out, struct hw_sink *sink, const struct hw_convert_object *object,
                               struct hw_error *err) {
    struct hw_json_writer writer = {.out = out, .style = HW_JSON_COMPACT, .sink = sink};
    hw_json_object_begin(&writer, NULL);
    hw_json_text(&writer, "type", "object");
    text_write(&writer, "source", object->source);
    hw_json_text(&writer, "outcome", outcome_names[object->outcome]);
    hw_json_count(&writer, "source_bytes", object->source_bytes);
    hw_json_count(&writer, "rows_in", object->rows_in);
    hw_json_count(&writer, "rows_out", object->rows_out);
    hw_json_count(&writer, "rejected", object->rejected);
    rejects_write(&writer, object);
    hw_json_count(&writer, "columns", object->columns);
    hw_json_real(&writer, "seconds", object->seconds);
    hw_json_bool(&writer, "restarted", object->restarted);
    schema_write(&writer, object->schema);
    outputs_write(&writer, object);
    text_write(&writer, "source_checksum", object->source_checksum);
    text_write(&writer, "rejects_path", object->rejects_path);
    error_write(&writer, object->error);
    if (object->sources_count > 0) {
        hw_json_count(&writer, "sources_count", object->sources_count);
    }
    hw_json_object_end(&writer);
    return hw_json_end_text(&writer, err);
}

enum hw_status hw_outcome_summary_json(struct hw_buf *out, const struct hw_convert_result *result,
                                       enum hw_status status, struct hw_error *err) {
    json_t *root =
        json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f}", "type", "summary", "status",
                  hw_status_name(status), "objects", (json_int_t)result->objects, "converted",
                  (json_int_t)result->converted, "skipped", (json_int_t)result->skipped, "failed",
                  (json_int_t)result->failed, "bytes_in", (json_int_t)result->bytes_in, "bytes_out",
                  (json_int_t)result->bytes_out, "rows_in", (json_int_t)result->rows_in, "rows_out",
                  (json_int_t)result->rows_out, "rejected", (json_int_t)result->rejected, "seconds", result->seconds);
    return line_append(out, root, err);
}

static size_t planned_text(const struct hw_convert_result *result, char *out) {
    uint64_t planned = result->objects - result->skipped - result->failed;
    return (size_t)snprintf(out, HW_OUTCOME_TEXT_BYTES, "%" PRIu64 " object%s would be converted", planned,
                            planned == 1 ? "" : "s");
}

static size_t converted_text(const struct hw_convert_result *result, char *out) {
    char bytes_in[HW_BYTES_TEXT_BYTES];
    char bytes_out[HW_BYTES_TEXT_BYTES];
    char rate[HW_BYTES_TEXT_BYTES];
    char seconds[HW_BYTES_TEXT_BYTES];
    hw_text_bytes((double)result->bytes_in, bytes_in);
    hw_text_bytes((double)result->bytes_out, bytes_out);
    hw_text_bytes(result->seconds > 0 ? (double)result->bytes_in / result->seconds : 0, rate);
    hw_text_seconds(result->seconds, seconds);
    return (size_t)snprintf(out, HW_OUTCOME_TEXT_BYTES, "%" PRIu64 " object%s, %" PRIu64 " rows, %s -> %s, %s/s, %s",
                            result->objects, result->objects == 1 ? "" : "s", result->rows_out, bytes_in, bytes_out,
                            rate, seconds);
}

char *hw_outcome_summary_text(const struct hw_convert_result *result, bool dry_run, char *out) {
    const struct {
        uint64_t count;
        const char *name;
    } notes[] = {{result->skipped, "skipped"}, {result->failed, "failed"}, {result->rejected, "rejected rows"}};
    size_t used = dry_run ? planned_text(result, out) : converted_text(result, out);
    const char *before = " (";
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        if (notes[i].count > 0) {
            used += (size_t)snprintf(out + used, HW_OUTCOME_TEXT_BYTES - used, "%s%s: %" PRIu64, before, notes[i].name,
                                     notes[i].count);
            before = ", ";
        }
    }
    snprintf(out + used, HW_OUTCOME_TEXT_BYTES - used, "%s", before[0] == ',' ? ")" : "");
    return out;
}

static void outputs_write(struct hw_json_writer *writer, const struct hw_convert_object *object) {
    hw_json_list_begin(writer, "outputs");
    for (size_t i = 0; i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        hw_json_object_begin(writer, NULL);
        text_write(writer, "path", output->path);
        text_write(writer, "format", output->format);
        hw_json_count(writer, "bytes", output->bytes);
        text_write(writer, "sha256", output->sha256);
        text_write(writer, "crc64nvme", output->crc64nvme);
        text_write(writer, "etag", output->etag);
        hw_json_object_end(writer);
    }
    hw_json_list_end(writer);
}

static void schema_write(struct hw_json_writer *writer, const struct hw_schema *schema) {
    if (!schema) {
        hw_json_null(writer, "schema");
        return;
    }
    hw_json_list_begin(writer, "schema");
    for (size_t i = 0; i < schema->count; i++) {
        char type[64];
        hw_type_format(schema->fields[i].type, type, sizeof(type));
        hw_json_object_begin(writer, NULL);
        text_write(writer, "name", schema->fields[i].name);
        hw_json_text(writer, "type", type);
        hw_json_object_end(writer);
    }
    hw_json_list_end(writer);
}

static void rejects_write(struct hw_json_writer *writer, const struct hw_convert_object *object) {
    hw_json_object_begin(writer, "rejected_by_reason");
    for (size_t i = 0; i < object->rejects_count; i++) {
        hw_json_count(writer, object->rejects[i].reason, object->rejects[i].records);
    }
    hw_json_object_end(writer);
}

static void position_write(struct hw_json_writer *writer, const char *key, int64_t position) {
    if (position == HW_NO_POSITION) {
        hw_json_null(writer, key);
    } else {
        hw_json_number(writer, key, position);
    }
}

static void error_write(struct hw_json_writer *writer, const struct hw_error *error) {
    if (!error) {
        hw_json_null(writer, "error");
        return;
    }
    hw_json_object_begin(writer, "error");
    hw_json_text(writer, "status", hw_status_name(error->status));
    text_write(writer, "message", error->message);
    position_write(writer, "line", error->line);
    position_write(writer, "offset", error->offset);
    position_write(writer, "row", error->row);
    text_write(writer, "column", error->column);
    hw_json_number(writer, "http_status", error->http_status);
    text_write(writer, "s3_code", error->s3_code);
    text_write(writer, "request_id", error->request_id);
    hw_json_object_end(writer);
}

/* Texts that are NULL or empty, which stand for "none" in all of these fields, become null. */
static void text_write(struct hw_json_writer *writer, const char *key, const char *text) {
    static const char replacement[] = "\xef\xbf\xbd";
    HW_AUTO(hw_buf) valid = {0};
    if (!text || text[0] == '\0') {
        hw_json_null(writer, key);
        return;
    }
    for (size_t left = strlen(text), step; left > 0; text += step, left -= step) {
        const size_t length = hw_utf8_bytes(text, left);
        step = length > 0 ? length : 1;
        enum hw_status status =
            length > 0 ? hw_buf_append(&valid, text, length, NULL) : hw_buf_append_text(&valid, replacement, NULL);
        if (status != HW_OK && writer->status == HW_OK) {
            writer->status = hw_fail(&writer->error, HW_ENOMEM, "out of memory while writing JSON");
        }
    }
    hw_json_view(writer, key, hw_buf_view(&valid));
}

/* Takes `root`. */
static enum hw_status line_append(struct hw_buf *out, json_t *root, struct hw_error *err) {
    char *text = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) : NULL;
    json_decref(root);
    if (!text) {
        return hw_fail(err, HW_ENOMEM, "out of memory while writing JSON");
    }
    enum hw_status status = hw_buf_append_text(out, text, err);
    if (!status) {
        status = hw_buf_append_byte(out, '\n', err);
    }
    free(text); /* allowed: jansson's */
    return status;
}
