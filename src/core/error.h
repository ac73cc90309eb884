/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors are made by these macros only. A caller adds by prefix what its callee cannot know. Every
 * `err` may be NULL: then there is only the status.
 */
#ifndef HW_CORE_ERROR_H
#define HW_CORE_ERROR_H

#include "core/base.h"

/* Fails with `status`: fills `err` and evaluates to `status`. */
#define hw_fail(err, status, ...) (hw_error_set((err), (status), __VA_ARGS__), (enum hw_status)(status))
/* Does the same and keeps the byte offset of the fault. */
#define hw_fail_at(err, status, offset, ...) \
    (hw_error_set_at((err), (status), (int64_t)(offset), __VA_ARGS__), (enum hw_status)(status))
/*
 * Does the same for a system call, and appends the text of its errno. The status is HW_ENOTFOUND
 * for ENOENT and ENOTDIR, HW_EEXISTS for EEXIST, HW_ENOMEM for ENOMEM, and otherwise HW_EIO.
 */
#define hw_fail_errno(err, errnum, ...) hw_error_set_errno((err), (errnum), __VA_ARGS__)
/* Fails with HW_ENOMEM: there was no memory for `bytes` bytes. */
#define hw_fail_nomem(err, bytes) hw_fail((err), HW_ENOMEM, "out of memory asking for %zu bytes", (size_t)(bytes))

/* Functions behind the macros; hw_error_set is public. */
void hw_error_set_at(struct hw_error *err, enum hw_status status, int64_t offset, const char *format, ...)
    HW_PRINTF(4, 5);
enum hw_status hw_error_set_errno(struct hw_error *err, int errnum, const char *format, ...) HW_PRINTF(3, 4);

/* Fails with an error that was kept elsewhere: copies it to `err` and returns `status`. */
HW_NODISCARD enum hw_status hw_error_pass(struct hw_error *err, enum hw_status status, const struct hw_error *kept);
/* Puts "<prefix>: " before the message. */
void hw_error_prefix(struct hw_error *err, const char *format, ...) HW_PRINTF(2, 3);
/* Does the same with another join than ": ", as ", " for a place that the message goes on with. */
void hw_error_join(struct hw_error *err, const char *join, const char *format, ...) HW_PRINTF(3, 4);
/* Names the object, unless a callee has named one. Long names lose their middle. */
void hw_error_object(struct hw_error *err, const char *object);
/* Names the column, unless a callee has named one. */
void hw_error_column(struct hw_error *err, const char *column, size_t bytes);

/* The room that messages give to one quoted text. */
enum { HW_QUOTE_BYTES = 128 };
/*
 * Writes untrusted bytes as one quoted line: ab and a line end become "ab\x0a", quotes included.
 * Quotes and backslashes get a backslash. A text that does not fit into `out_bytes` (11 at least)
 * ends with "...". Returns `out`, always ended with NUL.
 */
char *hw_quote(const void *data, size_t bytes, char *out, size_t out_bytes);

#endif
