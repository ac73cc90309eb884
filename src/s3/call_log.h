/* SPDX-License-Identifier: Apache-2.0 */
/* The lines that requests leave in the log. */
#ifndef HW_S3_CALL_LOG_H
#define HW_S3_CALL_LOG_H

#include "core/log.h"
#include "net/http.h"

/* One try of a request, as far as it got. */
struct hw_s3_try {
    const char *object;    /* store path */
    const char *operation; /* "GetObject" */
    unsigned attempt;      /* from 1 */
    double seconds;
    uint64_t body_bytes;                     /* of the request */
    const struct hw_http_response *response; /* empty where none came */
};

/* Tells of a try that was good. */
void hw_s3_log_done(const struct hw_log *log, const struct hw_s3_try *attempt);
/*
 * Tells of a try that failed. `error` holds no secret any more. The request is made again after
 * `delay_ms`; below 0 it is given up.
 */
void hw_s3_log_failed(const struct hw_log *log, const struct hw_s3_try *attempt, const struct hw_error *error,
                      int64_t delay_ms);

#endif
