/* SPDX-License-Identifier: Apache-2.0 */
/* Making errors. Only these macros do; callers add by prefix what a callee cannot know. */
#ifndef HW_CORE_ERROR_H
#define HW_CORE_ERROR_H

#include "core/base.h"

/* Fails with `status`: fills `err` (NULL allowed) and evaluates to `status`. */
#define hw_fail(err, status, ...) (hw_error_set((err), (status), __VA_ARGS__), (enum hw_status)(status))
/* The same with the byte offset of the fault. */
#define hw_fail_at(err, status, offset, ...) \
    (hw_error_set_at((err), (status), (int64_t)(offset), __VA_ARGS__), (enum hw_status)(status))
/*
 * The same for a system call: appends errno's text. HW_ENOTFOUND for ENOENT, HW_EAUTH never, else
 * HW_EIO.
 */
#define hw_fail_errno(err, errnum, ...) hw_error_set_errno((err), (errnum), __VA_ARGS__)
/* Out of memory while asking for `bytes`. */
#define hw_fail_nomem(err, bytes) hw_fail((err), HW_ENOMEM, "out of memory asking for %zu bytes", (size_t)(bytes))

void hw_error_set_at(struct hw_error *err, enum hw_status status, int64_t offset, const char *format, ...)
    HW_PRINTF(4, 5);
enum hw_status hw_error_set_errno(struct hw_error *err, int errnum, const char *format, ...) HW_PRINTF(3, 4);

/*
 * Fails with `status` and an error that was kept elsewhere: fills `err` (NULL allowed) and returns
 * `status`.
 */
HW_NODISCARD enum hw_status hw_error_pass(struct hw_error *err, enum hw_status status, const struct hw_error *kept);
/* Puts "<prefix>: " before the message. */
void hw_error_prefix(struct hw_error *err, const char *format, ...) HW_PRINTF(2, 3);
/* Names the object, unless a callee has named one. Long names lose their middle. */
void hw_error_object(struct hw_error *err, const char *object);
/* Names the column, unless a callee has named one. */
void hw_error_column(struct hw_error *err, const char *column, size_t bytes);

/*
 * Writes untrusted bytes as one quoted, printable, length-capped text: "ab\n" becomes "ab\x0a",
 * quotes included. Returns `out`, always ended with NUL.
 */
char *hw_quote(const void *data, size_t bytes, char *out, size_t out_bytes);
/* Room that hw_quote needs for messages. */
enum { HW_QUOTE_BYTES = 128 };

#endif
