/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outcome.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/text.h"

/* Seconds to the microsecond, without digits that mean nothing. */
enum { REAL_DIGITS = 9 };

static const char *const outcome_names[] = {
    [HW_CONVERTED] = "converted", [HW_SKIPPED] = "skipped", [HW_PLANNED] = "planned", [HW_CONVERT_FAILED] = "failed"};

static json_t *object_json(const struct hw_convert_object *object);
static json_t *outputs_json(const struct hw_convert_object *object);
static json_t *schema_json(const struct hw_schema *schema);
static json_t *rejects_json(const struct hw_convert_object *object);
static json_t *error_json(const struct hw_error *error);
static json_t *position_json(int64_t position);
static json_t *text_json(const char *text);
static enum hw_status line_append(struct hw_buf *out, json_t *root, struct hw_error *err);

enum hw_status hw_outcome_json(struct hw_buf *out, const struct hw_convert_object *object, struct hw_error *err) {
    json_t *json = object_json(object);
    if (object->sources_count > 0 &&
        json_object_set_new(json, "sources_count", json_integer((json_int_t)object->sources_count)) != 0) {
        json_decref(json);
        json = NULL;
    }
    return line_append(out, json, err);
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

/* NULL when out of memory, as all below; json_pack passes a NULL among its parts on. */
static json_t *object_json(const struct hw_convert_object *object) {
    return json_pack("{s:s, s:o, s:s, s:I, s:I, s:I, s:I, s:o, s:I, s:f, s:b, s:o, s:o, s:o, s:o, s:o}", "type",
                     "object", "source", text_json(object->source), "outcome", outcome_names[object->outcome],
                     "source_bytes", (json_int_t)object->source_bytes, "rows_in", (json_int_t)object->rows_in,
                     "rows_out", (json_int_t)object->rows_out, "rejected", (json_int_t)object->rejected,
                     "rejected_by_reason", rejects_json(object), "columns", (json_int_t)object->columns, "seconds",
                     object->seconds, "restarted", (int)object->restarted, "schema", schema_json(object->schema),
                     "outputs", outputs_json(object), "source_checksum", text_json(object->source_checksum),
                     "rejects_path", text_json(object->rejects_path), "error", error_json(object->error));
}

static json_t *outputs_json(const struct hw_convert_object *object) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < object->outputs_count; i++) {
        const struct hw_convert_output *output = &object->outputs[i];
        json_t *entry = json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "path", text_json(output->path), "format",
                                  text_json(output->format), "bytes", (json_int_t)output->bytes, "sha256",
                                  text_json(output->sha256), "crc64nvme", text_json(output->crc64nvme), "etag",
                                  text_json(output->etag));
        if (json_array_append_new(array, entry) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *schema_json(const struct hw_schema *schema) {
    json_t *array = schema ? json_array() : json_null();
    for (size_t i = 0; array && schema && i < schema->count; i++) {
        char type[64];
        hw_type_format(schema->fields[i].type, type, sizeof(type));
        json_t *entry = json_pack("{s:o, s:s}", "name", text_json(schema->fields[i].name), "type", type);
        if (json_array_append_new(array, entry) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *rejects_json(const struct hw_convert_object *object) {
    json_t *reasons = json_object();
    for (size_t i = 0; i < object->rejects_count; i++) {
        const struct hw_convert_reject *reject = &object->rejects[i];
        if (json_object_set_new(reasons, reject->reason, json_integer((json_int_t)reject->records)) != 0) {
            json_decref(reasons);
            return NULL;
        }
    }
    return reasons;
}

static json_t *error_json(const struct hw_error *error) {
    if (!error) {
        return json_null();
    }
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "status", hw_status_name(error->status),
                     "message", text_json(error->message), "line", position_json(error->line), "offset",
                     position_json(error->offset), "row", position_json(error->row), "column", text_json(error->column),
                     "http_status", error->http_status, "s3_code", text_json(error->s3_code), "request_id",
                     text_json(error->request_id));
}

static json_t *position_json(int64_t position) {
    return position == HW_NO_POSITION ? json_null() : json_integer((json_int_t)position);
}

/* NULL texts and empty ones, which stand for "none" in all of these fields, become null. */
static json_t *text_json(const char *text) {
    static const char replacement[] = "\xef\xbf\xbd";
    if (!text || text[0] == '\0') {
        return json_null();
    }
    size_t left = strlen(text);
    HW_AUTO(hw_buf) valid = {0};
    while (left > 0) {
        size_t length = hw_utf8_bytes(text, left);
        size_t step = length > 0 ? length : 1;
        enum hw_status status =
            length > 0 ? hw_buf_append(&valid, text, length, NULL) : hw_buf_append_text(&valid, replacement, NULL);
        if (status) {
            return NULL;
        }
        text += step;
        left -= step;
    }
    return json_stringn((const char *)valid.data, valid.size);
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
