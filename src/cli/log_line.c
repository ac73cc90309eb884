/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log_line.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/output.h"
#include "core/clock.h"
#include "core/count.h"

/* A line that is being written; what does not fit is cut. */
struct line {
    char *text;
    size_t used;
};

static void line_add(struct line *line, const char *format, ...) HW_PRINTF(2, 3);

static void line_add(struct line *line, const char *format, ...) {
    va_list args;
    const size_t left = HW_LOG_LINE_BYTES - line->used;
    va_start(args, format);
    const int bytes = vsnprintf(line->text + line->used, left, format, args);
    va_end(args);
    line->used += bytes > 0 ? hw_min_size((size_t)bytes, left - 1) : 0;
}

void hw_log_line(const struct hw_log_record *record, int64_t now_us, char out[HW_LOG_LINE_BYTES]) {
    static const char *const levels[] = {"off", "error", "warn", "info", "debug"};
    struct line line = {.text = out};
    char time[HW_CLOCK_TEXT_BYTES];
    hw_clock_format(now_us, time);
    line_add(&line, "%s %s %s", time, levels[record->level], record->event);
    line_add(&line, "%s%s", record->operation[0] ? " " : "", record->operation);
    line_add(&line, "%s%s", record->object[0] ? " " : "", record->object);
    line_add(&line, "%s%s", record->message[0] ? ": " : "", record->message);
    if (record->http_status > 0) {
        line_add(&line, ", HTTP %d", record->http_status);
    }
    if (record->attempt > 0) {
        line_add(&line, ", try %u", record->attempt);
    }
    if (record->bytes > 0) {
        line_add(&line, ", %s", HW_COUNT(record->bytes, "byte"));
    }
    if (record->seconds > 0) {
        line_add(&line, ", %.3f s", record->seconds);
    }
    if (record->retry_in_seconds > 0) {
        line_add(&line, ", next in %.2f s", record->retry_in_seconds);
    }
    line_add(&line, "%s%s", record->request_id[0] ? ", request " : "", record->request_id);
}

void hw_log_line_write(void *cli, const struct hw_log_record *record) {
    char text[HW_LOG_LINE_BYTES];
    hw_log_line(record, hw_clock_now_us(), text);
    hw_output_line(cli, text);
}
