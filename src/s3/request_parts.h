/* SPDX-License-Identifier: Apache-2.0 */
/* The steps by which builders put a request together (s3/request.h, s3/request_bucket.h). */
#ifndef HW_S3_REQUEST_PARTS_H
#define HW_S3_REQUEST_PARTS_H

#include "s3/reply.h"
#include "s3/request.h"

/*
 * Begins a zeroed request: its rule, method and path. `key` is NULL if the request is about the
 * bucket or the service. HW_EUSAGE means that the key is empty, HW_ELIMIT that it is too long.
 */
HW_NODISCARD enum hw_status hw_s3_request_begin(struct hw_s3_request *request, enum hw_s3_operation operation,
                                                const char *method, const char *key, struct hw_error *err);
/* Adds a parameter to the query; its value is percent-encoded. */
HW_NODISCARD enum hw_status hw_s3_request_query(struct hw_s3_request *request, const char *name, const char *value,
                                                struct hw_error *err);
/* Adds a header, whose name must be a constant. There is room for HW_S3_HEADERS_MAX. */
HW_NODISCARD enum hw_status hw_s3_header_add(struct hw_s3_request *request, struct hw_error *err, const char *name,
                                             const char *format, ...) HW_PRINTF(4, 5);

#endif
