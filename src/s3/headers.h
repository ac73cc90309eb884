/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of headers that owns its texts. Start it zeroed. Functions that add to it fail with
 * HW_ELIMIT beyond HW_S3_HEADERS_MAX, and with HW_ENOMEM. One thread at a time.
 */
#ifndef HW_S3_HEADERS_H
#define HW_S3_HEADERS_H

#include "aws/sigv4.h"
#include "core/arena.h"

/* The most headers of one request, so that metadata of many short names still fits. */
enum { HW_S3_HEADERS_MAX = 1024 };

struct hw_s3_headers {
    struct hw_sigv4_header *items;
    size_t count;
    size_t capacity;
    struct hw_arena texts;
};

void hw_s3_headers_release(struct hw_s3_headers *headers);
/* Adds a header. The name is borrowed, the value is made of the format. */
HW_NODISCARD enum hw_status hw_s3_headers_add(struct hw_s3_headers *headers, struct hw_error *err, const char *name,
                                              const char *format, ...) HW_PRINTF(4, 5);
/* Adds a header whose name and value are copied. */
HW_NODISCARD enum hw_status hw_s3_headers_copy(struct hw_s3_headers *headers, const char *name, const char *value,
                                               struct hw_error *err);
/* Adds a header whose name and value are borrowed for as long as the list lives. */
HW_NODISCARD enum hw_status hw_s3_headers_borrow(struct hw_s3_headers *headers, const char *name, const char *value,
                                                 struct hw_error *err);
/* Copies all headers of `more`, which may be NULL, to the end. */
HW_NODISCARD enum hw_status hw_s3_headers_append(struct hw_s3_headers *headers, const struct hw_s3_headers *more,
                                                 struct hw_error *err);
/* Returns the value of the first header of this name, in any case, or NULL. Accepts NULL. */
const char *hw_s3_headers_find(const struct hw_s3_headers *headers, const char *name);

#endif
