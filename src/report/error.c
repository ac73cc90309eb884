/* SPDX-License-Identifier: Apache-2.0 */
#include "report/error.h"

static void position_write(struct hw_json_writer *json, const char *key, int64_t position) {
    if (position == HW_NO_POSITION) {
        hw_json_null(json, key);
    } else {
        hw_json_number(json, key, position);
    }
}

void hw_report_error(struct hw_json_writer *json, const struct hw_error *error) {
    char line[HW_REPORT_ERROR_BYTES];
    if (!error) {
        hw_json_null(json, "error");
        return;
    }
    hw_error_format(error, line, sizeof(line));
    hw_json_object_begin(json, "error");
    hw_json_text(json, "status", hw_status_name(error->status));
    hw_report_word(json, "message", error->message);
    hw_json_text(json, "text", line);
    position_write(json, "line", error->line);
    position_write(json, "offset", error->offset);
    position_write(json, "row", error->row);
    hw_report_word(json, "column", error->column);
    hw_json_number(json, "http_status", error->http_status);
    hw_report_word(json, "s3_code", error->s3_code);
    hw_report_word(json, "request_id", error->request_id);
    hw_json_object_end(json);
}

void hw_report_word(struct hw_json_writer *json, const char *key, const char *word) {
    hw_json_text(json, key, word && word[0] != '\0' ? word : NULL);
}
