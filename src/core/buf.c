/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/alloc.h"

void hw_buf_release(struct hw_buf *buf) {
    hw_free(buf->data);
    *buf = (struct hw_buf){.limit = buf->limit};
}

enum hw_status hw_buf_reserve(struct hw_buf *buf, size_t bytes, struct hw_error *err) {
    size_t limit = buf->limit ? buf->limit : HW_BUF_LIMIT;
    size_t needed;

    if (HW_LIKELY(bytes <= buf->capacity - buf->size)) {
        return HW_OK;
    }
    if (!hw_add(buf->size, bytes, &needed) || needed > limit) {
        return hw_fail(err, HW_ELIMIT, "a buffer would grow beyond its limit of %zu bytes", limit);
    }
    size_t capacity = hw_max_size(buf->capacity, 64);
    while (capacity < needed) {
        capacity += capacity / 2;
    }
    capacity = hw_max_size(hw_min_size(capacity, limit), needed);
    uint8_t *data = hw_realloc(buf->data, capacity);
    if (!data) {
        return hw_fail_nomem(err, capacity);
    }
    buf->data = data;
    buf->capacity = capacity;
    return HW_OK;
}

enum hw_status hw_buf_resize(struct hw_buf *buf, size_t size, struct hw_error *err) {
    if (size > buf->size) {
        HW_TRY(hw_buf_reserve(buf, size - buf->size, err));
    }
    buf->size = size;
    return HW_OK;
}

enum hw_status hw_buf_append(struct hw_buf *buf, const void *data, size_t bytes, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(buf, bytes, err));
    if (bytes > 0) {
        memcpy(buf->data + buf->size, data, bytes);
        buf->size += bytes;
    }
    return HW_OK;
}

enum hw_status hw_buf_append_byte(struct hw_buf *buf, uint8_t byte, struct hw_error *err) {
    return hw_buf_append(buf, &byte, 1, err);
}

enum hw_status hw_buf_append_text(struct hw_buf *buf, const char *text, struct hw_error *err) {
    return hw_buf_append(buf, text, strlen(text), err);
}

enum hw_status hw_buf_printf(struct hw_buf *buf, struct hw_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int needed = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (needed < 0) {
        return hw_fail(err, HW_EFAILED, "a text cannot be formatted");
    }
    HW_TRY(hw_buf_reserve(buf, (size_t)needed + 1, err));
    va_start(args, format);
    vsnprintf((char *)buf->data + buf->size, (size_t)needed + 1, format, args);
    va_end(args);
    buf->size += (size_t)needed;
    return HW_OK;
}

enum hw_status hw_buf_end_text(struct hw_buf *buf, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(buf, 1, err));
    buf->data[buf->size] = '\0';
    return HW_OK;
}
