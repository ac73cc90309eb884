/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HAWSER_ERROR_H
#define HAWSER_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HW_NODISCARD __attribute__((warn_unused_result))
#define HW_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define HW_API __attribute__((visibility("default")))
#else
#define HW_NODISCARD
#define HW_PRINTF(format_at, args_at)
#define HW_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Every outcome that a Hawser function can have, in one table:
 * X(name, text, exit code of the command line, worth another try).
 */
#define HW_STATUS_TABLE(X)                                \
    X(HW_OK, "ok", 0, false)                              \
    X(HW_EFAILED, "failed", 1, false)                     \
    X(HW_ENOMEM, "out of memory", 1, false)               \
    X(HW_EUSAGE, "wrong usage", 2, false)                 \
    X(HW_ECONFIG, "wrong configuration", 2, false)        \
    X(HW_EPARTIAL, "partly done", 3, false)               \
    X(HW_EDATA, "invalid data", 4, false)                 \
    X(HW_ELIMIT, "beyond a limit", 4, false)              \
    X(HW_EUNSUPPORTED, "not supported", 4, false)         \
    X(HW_EAUTH, "refused", 5, false)                      \
    X(HW_ENOTFOUND, "not found", 6, false)                \
    X(HW_EEXISTS, "exists already", 6, false)             \
    X(HW_ECHANGED, "changed while it was read", 6, false) \
    X(HW_EIO, "local input/output error", 7, false)       \
    X(HW_ENETWORK, "network error", 1, true)              \
    X(HW_ETHROTTLED, "asked to slow down", 1, true)       \
    X(HW_ESERVER, "server error", 1, true)                \
    X(HW_ECHECKSUM, "checksum differs", 1, true)          \
    X(HW_EPROTOCOL, "unexpected reply", 1, false)         \
    X(HW_ECANCELLED, "stopped", 130, false)               \
    X(HW_EUNTRUSTED, "not trusted", 1, false)

enum hw_status {
#define HW_STATUS_ENUM(name, text, exit_code, retryable) name,
    HW_STATUS_TABLE(HW_STATUS_ENUM)
#undef HW_STATUS_ENUM
        HW_STATUS_COUNT
};

/** A position that is not known. */
#define HW_NO_POSITION INT64_C(-1)

/**
 * An error: what went wrong, and where. It lives on the caller's stack, who starts it with
 * HW_ERROR_INIT, and holds neither heap memory nor a secret. Every function that takes one accepts
 * NULL. Positions that do not apply are HW_NO_POSITION, texts that do not apply are empty.
 */
struct hw_error {
    enum hw_status status;
    int sys_errno;       /**< errno of the call that failed, or 0. */
    int http_status;     /**< HTTP status of the reply, or 0. */
    int64_t offset;      /**< Byte offset in the object, from 0, after unpacking. */
    int64_t line;        /**< Physical line, from 1. */
    int64_t row;         /**< Record, from 1, the header not counted. */
    char object[256];    /**< Store path of the object, shortened in the middle when longer. */
    char column[96];     /**< Name of the column. */
    char s3_code[64];    /**< Error code of the service, like `SlowDown`. */
    char request_id[64]; /**< x-amz-request-id of the reply. */
    char message[512];   /**< One line that says what was found and what was expected. */
    const char *hint;    /**< A sentence that lives for ever: what would help. NULL: not known. */
};

#define HW_ERROR_INIT \
    { HW_OK, 0, 0, HW_NO_POSITION, HW_NO_POSITION, HW_NO_POSITION, "", "", "", "", "", NULL }

/** Text of a status, for example "not found". Never NULL. */
HW_API const char *hw_status_text(enum hw_status status);

/** The status as a word for machines, for example "HW_ENOTFOUND". Never NULL. */
HW_API const char *hw_status_name(enum hw_status status);

/** Exit code that the command line ends with for this status. */
HW_API int hw_status_exit_code(enum hw_status status);

/** True where the same call may succeed when it is made again. */
HW_API bool hw_status_retryable(enum hw_status status);

/**
 * Fills in an error: its status, and the message as printf writes it, cut where it is too long. All
 * else is empty then. `err` may be NULL. For programs that bring a store of their own.
 */
HW_API void hw_error_set(struct hw_error *err, enum hw_status status, const char *format, ...) HW_PRINTF(3, 4);

/**
 * Writes the whole error as one line, without a newline: object, line, column, offset, message,
 * S3 code and request id, as far as they are known. Always ends `out` with NUL.
 */
HW_API void hw_error_format(const struct hw_error *err, char *out, size_t out_bytes);

#ifdef __cplusplus
}
#endif

#endif
