/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/summary.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/text.h"
#include "core/count.h"

static void add(char *out, const char *format, ...) HW_PRINTF(2, 3);
static void done_add(const struct hw_summary *summary, char *out);
static void work_add(const struct hw_summary *summary, char *out);
static void notes_add(const struct hw_summary *summary, char *out);

const char *hw_summary_none(uint64_t failures) {
    return failures > 0 ? "nothing done" : "nothing to do";
}

char *hw_summary_text(const struct hw_summary *summary, char *out) {
    out[0] = '\0';
    add(out, "%s", HW_COUNT(summary->objects, "object"));
    if (summary->planned) {
        add(out, " would be %s", summary->planned);
    } else if (summary->none) {
        add(out, ", %s", summary->none);
    } else if (summary->done) {
        done_add(summary, out);
    } else {
        work_add(summary, out);
    }
    notes_add(summary, out);
    return out;
}

static void done_add(const struct hw_summary *summary, char *out) {
    char bytes[HW_BYTES_TEXT_BYTES];
    add(out, " %s, %s", summary->done, hw_text_bytes((double)summary->bytes_in, bytes));
    add(out, ", %s", hw_text_seconds(summary->seconds, bytes));
}

static void work_add(const struct hw_summary *summary, char *out) {
    char bytes[HW_BYTES_TEXT_BYTES];
    if (summary->has_rows) {
        add(out, ", %s", HW_COUNT(summary->rows, "row"));
    }
    add(out, ", %s", hw_text_bytes((double)summary->bytes_in, bytes));
    if (summary->bytes_copied > 0) {
        add(out, " (%s copied by the service)", hw_text_bytes((double)summary->bytes_copied, bytes));
    }
    if (summary->has_output) {
        add(out, " -> %s", hw_text_bytes((double)summary->bytes_out, bytes));
    }
    add(out, ", %s/s", hw_text_bytes(summary->seconds > 0 ? (double)summary->bytes_in / summary->seconds : 0, bytes));
    add(out, ", %s", hw_text_seconds(summary->seconds, bytes));
}

static void notes_add(const struct hw_summary *summary, char *out) {
    const char *before = " (";
    for (size_t i = 0; i < COUNT_OF(summary->notes); i++) {
        if (summary->notes[i].count > 0) {
            add(out, "%s%s: %" PRIu64, before, summary->notes[i].name, summary->notes[i].count);
            before = ", ";
        }
    }
    add(out, "%s", before[0] == ',' ? ")" : "");
}

static void add(char *out, const char *format, ...) {
    const size_t used = strlen(out);
    va_list args;
    va_start(args, format);
    vsnprintf(out + used, HW_SUMMARY_TEXT_BYTES - used, format, args);
    va_end(args);
}
