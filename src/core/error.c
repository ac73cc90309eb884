/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/shown_name.h"

/* An address on the web that is longer is cut. */
enum { SHOWN_BYTES = 1024 };

struct status_row {
    const char *name;
    const char *text;
    int exit_code;
    bool retryable;
};

static const struct status_row status_rows[] = {
#define HW_STATUS_ROW(name, text, exit_code, retryable) [name] = {#name, text, exit_code, retryable},
    HW_STATUS_TABLE(HW_STATUS_ROW)
#undef HW_STATUS_ROW
};
static_assert(COUNT_OF(status_rows) == HW_STATUS_COUNT, "one row a status");

static const struct status_row *status_row(enum hw_status status) {
    return &status_rows[(unsigned)status < HW_STATUS_COUNT ? status : HW_EFAILED];
}

const char *hw_status_text(enum hw_status status) {
    return status_row(status)->text;
}

const char *hw_status_name(enum hw_status status) {
    return status_row(status)->name;
}

int hw_status_exit_code(enum hw_status status) {
    return status_row(status)->exit_code;
}

bool hw_status_retryable(enum hw_status status) {
    return status_row(status)->retryable;
}

static void error_start(struct hw_error *err, enum hw_status status) {
    *err = (struct hw_error)HW_ERROR_INIT;
    err->status = status;
}

void hw_error_set(struct hw_error *err, enum hw_status status, const char *format, ...) {
    if (!err) {
        return;
    }
    error_start(err, status);
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
}

void hw_error_set_at(struct hw_error *err, enum hw_status status, int64_t offset, const char *format, ...) {
    if (!err) {
        return;
    }
    error_start(err, status);
    err->offset = offset;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
}

static enum hw_status errno_status(int errnum) {
    switch (errnum) {
    case ENOENT:
    case ENOTDIR:
        return HW_ENOTFOUND;
    case EEXIST:
        return HW_EEXISTS;
    case ENOMEM:
        return HW_ENOMEM;
    default:
        return HW_EIO;
    }
}

enum hw_status hw_error_set_errno(struct hw_error *err, int errnum, const char *format, ...) {
    enum hw_status status = errno_status(errnum);
    if (!err) {
        return status;
    }
    error_start(err, status);
    err->sys_errno = errnum;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof(err->message)) {
        char reason[128];
        /* The GNU strerror_r: thread-safe, may return a static text instead of filling `reason`. */
        const char *text = strerror_r(errnum, reason, sizeof(reason));
        snprintf(err->message + used, sizeof(err->message) - (size_t)used, ": %s", text);
    }
    return status;
}

/* Appends to the line and keeps `*used` within it. */
HW_PRINTF(4, 5) static void line_add(char *out, size_t out_bytes, size_t *used, const char *format, ...) {
    if (*used + 1 >= out_bytes) {
        return;
    }
    va_list args;
    va_start(args, format);
    int added = vsnprintf(out + *used, out_bytes - *used, format, args);
    va_end(args);
    if (added > 0) {
        *used = hw_min_size(*used + (size_t)added, out_bytes - 1);
    }
}

enum hw_status hw_error_pass(struct hw_error *err, enum hw_status status, const struct hw_error *kept) {
    if (err) {
        *err = *kept;
    }
    return status;
}

HW_PRINTF(3, 0)
static void message_join(struct hw_error *err, const char *join, const char *format, va_list args) {
    char old[sizeof(err->message)];
    memcpy(old, err->message, sizeof(old));
    int used = vsnprintf(err->message, sizeof(err->message), format, args);
    size_t kept = used < 0 ? 0 : hw_min_size((size_t)used, sizeof(err->message) - 1);
    line_add(err->message, sizeof(err->message), &kept, "%s%s", join, old);
}

void hw_error_prefix(struct hw_error *err, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        message_join(err, ": ", format, args);
        va_end(args);
    }
}

void hw_error_join(struct hw_error *err, const char *join, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        message_join(err, join, format, args);
        va_end(args);
    }
}

void hw_error_object(struct hw_error *err, const char *object) {
    if (!err || err->object[0] != '\0' || !object) {
        return;
    }
    char shown[SHOWN_BYTES];
    snprintf(shown, sizeof(shown), HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(object)));
    object = hw_shown_name(object).scheme.size > 0 ? shown : object;
    size_t length = strlen(object);
    size_t room = sizeof(err->object) - 1;
    if (length <= room) {
        memcpy(err->object, object, length + 1);
        return;
    }
    /* Both ends of a path tell more than its middle. */
    size_t head = room / 2 - 2;
    size_t tail = room - head - 3;
    snprintf(err->object, sizeof(err->object), "%.*s...%s", (int)head, object, object + length - tail);
}

void hw_error_column(struct hw_error *err, const char *column, size_t bytes) {
    if (!err || err->column[0] != '\0') {
        return;
    }
    size_t kept = hw_min_size(bytes, sizeof(err->column) - 1);
    memcpy(err->column, column, kept);
    err->column[kept] = '\0';
}

void hw_error_format(const struct hw_error *err, char *out, size_t out_bytes) {
    size_t used = 0;
    if (out_bytes == 0) {
        return;
    }
    out[0] = '\0';
    if (err->object[0]) {
        line_add(out, out_bytes, &used, "%s: ", err->object);
    }
    if (err->line != HW_NO_POSITION) {
        line_add(out, out_bytes, &used, "line %" PRId64 ": ", err->line);
    }
    if (err->column[0]) {
        char quoted[HW_QUOTE_BYTES];
        line_add(out, out_bytes, &used,
                 "column %s: ", hw_quote(err->column, strlen(err->column), quoted, sizeof(quoted)));
    }
    line_add(out, out_bytes, &used, "%s", err->message[0] ? err->message : hw_status_text(err->status));
    if (err->offset != HW_NO_POSITION) {
        line_add(out, out_bytes, &used, " (byte offset %" PRId64 ")", err->offset);
    }
    if (err->http_status != 0) {
        line_add(out, out_bytes, &used, " (HTTP %d%s%s%s%s)", err->http_status, err->s3_code[0] ? ", " : "",
                 err->s3_code, err->request_id[0] ? ", request " : "", err->request_id);
    }
    for (size_t i = 0; i < used; i++) {
        if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f) {
            out[i] = '?'; /* one line, whatever a name holds */
        }
    }
}

char *hw_quote(const void *data, size_t bytes, char *out, size_t out_bytes) {
    static const char hex[] = "0123456789abcdef";
    const unsigned char *text = data;
    size_t used = 0;
    /* Room for one escape, the ellipsis, the closing quote and NUL. */
    const size_t tail = 4 + 3 + 1 + 1;
    assert(out_bytes > tail + 1);

    out[used++] = '"';
    for (size_t i = 0; i < bytes; i++) {
        if (used + tail > out_bytes) {
            memcpy(out + used, "...", 3);
            used += 3;
            break;
        }
        if (text[i] == '"' || text[i] == '\\') {
            out[used++] = '\\';
            out[used++] = (char)text[i];
        } else if (text[i] < 0x20 || text[i] == 0x7f) {
            out[used++] = '\\';
            out[used++] = 'x';
            out[used++] = hex[text[i] >> 4];
            out[used++] = hex[text[i] & 15];
        } else {
            out[used++] = (char)text[i];
        }
    }
    out[used++] = '"';
    out[used] = '\0';
    return out;
}
