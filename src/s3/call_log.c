/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/call_log.h"

#include <stdio.h>

enum { REQUEST_ID_BYTES = 64 };

static void try_tell(const struct hw_log *log, const struct hw_s3_try *attempt, struct hw_log_record record) {
    const struct hw_http_response *response = attempt->response;
    const hw_view id = hw_http_header_find(response, "x-amz-request-id");
    char request_id[REQUEST_ID_BYTES] = "";
    snprintf(request_id, sizeof(request_id), "%.*s", (int)hw_min_size(id.size, sizeof(request_id) - 1),
             id.data ? id.data : "");
    record.object = attempt->object;
    record.operation = attempt->operation;
    record.attempt = attempt->attempt;
    record.seconds = attempt->seconds;
    record.http_status = response->status;
    record.request_id = request_id;
    record.bytes = attempt->body_bytes + response->body.size + response->into_bytes;
    hw_log_tell(log, record);
}

void hw_s3_log_done(const struct hw_log *log, const struct hw_s3_try *attempt) {
    if (hw_log_wants(log, HW_LOG_DEBUG)) {
        try_tell(log, attempt, (struct hw_log_record){.level = HW_LOG_DEBUG, .event = "request.done"});
    }
}

void hw_s3_log_failed(const struct hw_log *log, const struct hw_s3_try *attempt, const struct hw_error *error,
                      int64_t delay_ms) {
    const bool again = delay_ms >= 0;
    const struct hw_log_record record = {
        .level = HW_LOG_WARN,
        .event = again ? "request.retry" : "request.failed",
        .message = error->message,
        .error = error,
        .retry_in_seconds = again ? (double)delay_ms / 1e3 : 0,
    };
    if (hw_log_wants(log, HW_LOG_WARN)) {
        try_tell(log, attempt, record);
    }
}
