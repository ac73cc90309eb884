/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/request_parts.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "net/uri.h"

enum hw_status hw_s3_request_begin(struct hw_s3_request *request, enum hw_s3_operation operation, const char *method,
                                   const char *key, struct hw_error *err) {
    request->rule = &hw_s3_reply_rules[operation];
    request->method = method;
    request->on_precondition = HW_EFAILED;
    HW_TRY(hw_buf_end_text(&request->path, err));
    HW_TRY(hw_buf_end_text(&request->query, err));
    if (!key) {
        return HW_OK;
    }
    size_t bytes = strlen(key);
    if (bytes == 0) {
        return hw_fail(err, HW_EUSAGE, "an object needs a name");
    }
    if (bytes > HW_S3_KEY_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "the name of an object has %zu bytes, S3 allows %u", bytes, HW_S3_KEY_BYTES_MAX);
    }
    request->key = hw_strdup(key);
    if (!request->key) {
        return hw_fail_nomem(err, bytes + 1);
    }
    HW_TRY(hw_buf_append_byte(&request->path, '/', err));
    HW_TRY(hw_uri_encode(hw_view_of(key), true, &request->path, err));
    return hw_buf_end_text(&request->path, err);
}

enum hw_status hw_s3_request_query(struct hw_s3_request *request, const char *name, const char *value,
                                   struct hw_error *err) {
    struct hw_buf *query = &request->query;
    HW_TRY(hw_buf_printf(query, err, "%s%s=", query->size > 0 ? "&" : "", name));
    HW_TRY(hw_uri_encode(hw_view_of(value), false, query, err));
    return hw_buf_end_text(query, err);
}

enum hw_status hw_s3_header_add(struct hw_s3_request *request, struct hw_error *err, const char *name,
                                const char *format, ...) {
    va_list args;
    va_start(args, format);
    int bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(bytes >= 0 && request->headers_count < HW_S3_HEADERS_MAX);
    char *value = hw_arena_alloc(&request->texts, (size_t)bytes + 1);
    if (!value) {
        return hw_fail_nomem(err, (size_t)bytes + 1);
    }
    va_start(args, format);
    vsnprintf(value, (size_t)bytes + 1, format, args);
    va_end(args);
    request->headers[request->headers_count++] = (struct hw_sigv4_header){name, value};
    return HW_OK;
}
