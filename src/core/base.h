/* SPDX-License-Identifier: Apache-2.0 */
/* The few macros that every file uses, and size arithmetic that cannot wrap in silence. */
#ifndef HW_CORE_BASE_H
#define HW_CORE_BASE_H

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hawser/error.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define HW_KIB(n) ((uint64_t)(n) << 10)
#define HW_MIB(n) ((uint64_t)(n) << 20)

#define HW_LIKELY(x) __builtin_expect(!!(x), 1)
#define HW_UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Returns the status of `expr` from the calling function unless it is HW_OK. */
#define HW_TRY(expr)                                \
    do {                                            \
        enum hw_status hw_try_status_ = (expr);     \
        if (HW_UNLIKELY(hw_try_status_ != HW_OK)) { \
            return hw_try_status_;                  \
        }                                           \
    } while (0)

/* A local that is released when its scope ends: HW_AUTO(hw_buf) text = {0}; */
#define HW_AUTO(type) __attribute__((cleanup(type##_release))) struct type

/*
 * hw_add and hw_mul set `*out` to the sum or product. They are false where it does not fit; `*out`
 * is then unspecified.
 */
#define hw_add(a, b, out) (!__builtin_add_overflow((a), (b), (out)))
#define hw_mul(a, b, out) (!__builtin_mul_overflow((a), (b), (out)))

static inline size_t hw_min_size(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Returns `value`, or `low` where it is less than that, or `high` where it is more. */
static inline uint64_t hw_clamp(uint64_t value, uint64_t low, uint64_t high) {
    return value < low ? low : value > high ? high : value;
}

static inline size_t hw_max_size(size_t a, size_t b) {
    return a > b ? a : b;
}

static inline uint32_t hw_load_le32(const void *at) {
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static inline uint64_t hw_load_le64(const void *at) {
    uint64_t value;
    memcpy(&value, at, sizeof(value));
    return value;
}

static inline void hw_store_le32(void *at, uint32_t value) {
    memcpy(at, &value, sizeof(value));
}

static inline void hw_store_le64(void *at, uint64_t value) {
    memcpy(at, &value, sizeof(value));
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "loads and column layouts assume little-endian");

#endif
