/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka's asserts, told which row of a table they stand in. Include this instead of cmocka.h. */
#ifndef HW_TESTS_ROWS_H
#define HW_TESTS_ROWS_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_row_int(row, got, want)                                                    \
    do {                                                                                  \
        intmax_t got_ = (intmax_t)(got), want_ = (intmax_t)(want);                        \
        if (got_ != want_) {                                                              \
            fail_msg("%s: %s is %" PRIdMAX ", want %" PRIdMAX, (row), #got, got_, want_); \
        }                                                                                 \
    } while (0)

#define assert_row_text(row, got, want)                                      \
    do {                                                                     \
        const char *got_ = (got), *want_ = (want);                           \
        if (strcmp(got_, want_) != 0) {                                      \
            fail_msg("%s: %s is '%s', want '%s'", (row), #got, got_, want_); \
        }                                                                    \
    } while (0)

#define assert_row_bytes(row, got, got_size, want, want_size)                                              \
    do {                                                                                                   \
        size_t got_size_ = (got_size), want_size_ = (want_size);                                           \
        if (got_size_ != want_size_ || (want_size_ && memcmp((got), (want), want_size_) != 0)) {           \
            fail_msg("%s: %s (%zu bytes) differs from what is wanted (%zu bytes)", (row), #got, got_size_, \
                     want_size_);                                                                          \
        }                                                                                                  \
    } while (0)

#define assert_row_says(row, text, part)                                   \
    do {                                                                   \
        if (!strstr((text), (part))) {                                     \
            fail_msg("%s: '%s' does not say '%s'", (row), (text), (part)); \
        }                                                                  \
    } while (0)

/* A call that must succeed; prints its error otherwise. `err` is a struct hw_error variable. */
#define assert_ok(call, err)                                               \
    do {                                                                   \
        enum hw_status status_ = (call);                                   \
        if (status_ != HW_OK) {                                            \
            char line_[1024];                                              \
            hw_error_format(&(err), line_, sizeof(line_));                 \
            fail_msg("%s: %s: %s", #call, hw_status_name(status_), line_); \
        }                                                                  \
    } while (0)

#endif
