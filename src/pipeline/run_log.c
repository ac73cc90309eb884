/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/run_log.h"

#include <stdio.h>

#include "core/count.h"

/* A message is short: names and errors stand in members of their own. */
enum { MESSAGE_BYTES = 256 };

void hw_run_log_start(const struct hw_log *log, uint32_t threads, uint64_t memory_bytes) {
    char message[MESSAGE_BYTES];
    if (!hw_log_wants(log, HW_LOG_INFO)) {
        return;
    }
    snprintf(message, sizeof(message), "hawser " HW_VERSION ", %" PRIu32 " threads, %" PRIu64 " MiB of memory", threads,
             memory_bytes >> 20);
    hw_log_tell(log, (struct hw_log_record){.level = HW_LOG_INFO, .event = "run.start", .message = message});
}

void hw_run_log_object(const struct hw_log *log, const struct hw_convert_object *object) {
    static const char *const outcomes[] = {
        [HW_CONVERTED] = "converted", [HW_SKIPPED] = "left alone", [HW_PLANNED] = "planned"};
    char message[MESSAGE_BYTES];
    const bool failed = object->outcome == HW_CONVERT_FAILED;
    const enum hw_log_level level = failed ? HW_LOG_ERROR : HW_LOG_INFO;
    if (!hw_log_wants(log, level)) {
        return;
    }
    if (!failed) {
        snprintf(message, sizeof(message), "%s: %s read, %" PRIu64 " written, %" PRIu64 " rejected, %s",
                 outcomes[object->outcome], HW_COUNT(object->rows_in, "row"), object->rows_out, object->rejected,
                 HW_COUNT(object->outputs_count, "file"));
    }
    hw_log_tell(log, (struct hw_log_record){
                         .level = level,
                         .event = failed ? "object.failed" : "object.done",
                         .object = object->source,
                         .message = failed && object->error ? object->error->message : message,
                         .seconds = object->seconds,
                         .bytes = object->source_bytes,
                         .error = object->error,
                     });
}

void hw_run_log_end(const struct hw_log *log, const struct hw_convert_result *result, enum hw_status status,
                    const struct hw_error *error) {
    char message[MESSAGE_BYTES];
    const enum hw_log_level level = status == HW_OK ? HW_LOG_INFO : HW_LOG_ERROR;
    if (!hw_log_wants(log, level)) {
        return;
    }
    snprintf(message, sizeof(message), "%s: %s, %" PRIu64 " converted, %" PRIu64 " left alone, %" PRIu64 " failed",
             hw_status_text(status), HW_COUNT(result->objects, "object"), result->converted, result->skipped,
             result->failed);
    hw_log_tell(log, (struct hw_log_record){
                         .level = level,
                         .event = "run.end",
                         .message = message,
                         .seconds = result->seconds,
                         .bytes = result->bytes_in,
                         .error = status == HW_OK ? NULL : error,
                     });
}
