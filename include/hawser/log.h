/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log for programs that want to see what a call does: each request of a service, each object, and
 * the call as a whole. It tells nothing that results, reports and errors do not tell as well, and
 * changes none of them.
 */
#ifndef HAWSER_LOG_H
#define HAWSER_LOG_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hw_log_level {
    HW_LOG_OFF,
    HW_LOG_ERROR, /**< An object or the whole call failed. */
    HW_LOG_WARN,  /**< A request failed, and is made again or given up. */
    HW_LOG_INFO,  /**< The call begins and ends, objects end, and redirects are followed. */
    HW_LOG_DEBUG  /**< Every request. */
};

/**
 * One line of the log. All of it is borrowed for the call. A text that does not apply is "", a
 * number 0, and `error` NULL. No text holds a secret.
 */
struct hw_log_record {
    enum hw_log_level level;
    /**
     * "run.start", "run.end", "object.done", "object.failed", "request.done", "request.retry" (it
     * failed and is made again), "request.failed" (it is given up), "request.redirected".
     */
    const char *event;
    const char *object;           /**< Store path of the object. */
    const char *message;          /**< A sentence for people, which does not repeat the rest. */
    double seconds;               /**< Duration of the call, the object or the try of a request. */
    const char *operation;        /**< The request's operation, "GetObject". */
    unsigned attempt;             /**< Number of the request's try, from 1. */
    int http_status;              /**< HTTP status of the reply; 0: none came. */
    const char *request_id;       /**< x-amz-request-id of the reply. */
    uint64_t bytes;               /**< Bytes of the request's body and of its reply's. */
    double retry_in_seconds;      /**< Pause before the next try. */
    const struct hw_error *error; /**< The failure. */
};

/** A place for log lines. {0} wants none. */
struct hw_log {
    size_t size; /**< sizeof(struct hw_log). 0 stands for that of version 0.1. */
    /** Lines of this level and of those above it are told. */
    enum hw_log_level level;
    /**
     * Takes a line. It is called by any thread, several at once, while they wait: it should be
     * quick, and must not call the library. NULL: nothing is told.
     */
    void (*write)(void *ctx, const struct hw_log_record *record);
    void *ctx;
};

#ifdef __cplusplus
}
#endif

#endif
