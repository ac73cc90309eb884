/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/headers.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "core/alloc.h"

void hw_s3_headers_release(struct hw_s3_headers *headers) {
    hw_free(headers->items);
    hw_arena_release(&headers->texts);
    *headers = (struct hw_s3_headers){0};
}

enum hw_status hw_s3_headers_add(struct hw_s3_headers *headers, struct hw_error *err, const char *name,
                                 const char *format, ...) {
    va_list args;
    va_start(args, format);
    int bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(bytes >= 0);
    char *value = hw_arena_alloc(&headers->texts, (size_t)bytes + 1);
    if (!value) {
        return hw_fail_nomem(err, (size_t)bytes + 1);
    }
    va_start(args, format);
    vsnprintf(value, (size_t)bytes + 1, format, args);
    va_end(args);
    return hw_s3_headers_borrow(headers, name, value, err);
}

enum hw_status hw_s3_headers_copy(struct hw_s3_headers *headers, const char *name, const char *value,
                                  struct hw_error *err) {
    const char *own = hw_arena_strdup(&headers->texts, name);
    return own ? hw_s3_headers_add(headers, err, own, "%s", value) : hw_fail_nomem(err, strlen(name) + 1);
}

enum hw_status hw_s3_headers_append(struct hw_s3_headers *headers, const struct hw_s3_headers *more,
                                    struct hw_error *err) {
    for (size_t i = 0; more && i < more->count; i++) {
        HW_TRY(hw_s3_headers_copy(headers, more->items[i].name, more->items[i].value, err));
    }
    return HW_OK;
}

const char *hw_s3_headers_find(const struct hw_s3_headers *headers, const char *name) {
    for (size_t i = 0; headers && i < headers->count; i++) {
        if (strcasecmp(headers->items[i].name, name) == 0) {
            return headers->items[i].value;
        }
    }
    return NULL;
}

enum hw_status hw_s3_headers_borrow(struct hw_s3_headers *headers, const char *name, const char *value,
                                    struct hw_error *err) {
    if (headers->count == HW_S3_HEADERS_MAX) {
        return hw_fail(err, HW_ELIMIT, "a request of more than %d headers", HW_S3_HEADERS_MAX);
    }
    if (headers->count == headers->capacity) {
        size_t capacity = headers->capacity ? 2 * headers->capacity : 8;
        struct hw_sigv4_header *items = hw_realloc_array(headers->items, capacity, sizeof(*items));
        if (!items) {
            return hw_fail_nomem(err, capacity * sizeof(*items));
        }
        headers->items = items;
        headers->capacity = capacity;
    }
    headers->items[headers->count++] = (struct hw_sigv4_header){name, value};
    return HW_OK;
}
