/* SPDX-License-Identifier: Apache-2.0 */
#include "table/bits.h"

enum { WORD_BITS = 64 };

uint64_t hw_bits_load(const uint8_t *bits, size_t from, unsigned count) {
    const uint8_t *at = bits + (from >> 3);
    unsigned shift = from & 7;
    unsigned bytes = (shift + count + 7) >> 3;
    uint64_t word = 0;

    if (bytes >= 8) {
        word = hw_load_le64(at) >> shift;
        if (bytes > 8) {
            word |= (uint64_t)at[8] << (WORD_BITS - shift);
        }
    } else {
        for (unsigned i = 0; i < bytes; i++) {
            word |= (uint64_t)at[i] << (8 * i);
        }
        word >>= shift;
    }
    return count < WORD_BITS ? word & ((UINT64_C(1) << count) - 1) : word;
}

size_t hw_bits_count(const uint8_t *bits, size_t from, size_t count) {
    size_t ones = 0;

    for (size_t at = 0; at < count; at += WORD_BITS) {
        unsigned n = (unsigned)hw_min_size(WORD_BITS, count - at);
        ones += (size_t)__builtin_popcountll(hw_bits_load(bits, from + at, n));
    }
    return ones;
}

void hw_bits_copy(uint8_t *out, const uint8_t *bits, size_t from, size_t count) {
    for (size_t at = 0; at < count; at += WORD_BITS) {
        unsigned n = (unsigned)hw_min_size(WORD_BITS, count - at);
        hw_store_le64(out + at / 8, hw_bits_load(bits, from + at, n));
    }
}

size_t hw_bits_run(const uint8_t *bits, size_t from, size_t count) {
    const bool first = (bits[from >> 3] >> (from & 7) & 1) != 0;

    for (size_t at = 0; at < count; at += WORD_BITS) {
        unsigned n = (unsigned)hw_min_size(WORD_BITS, count - at);
        uint64_t word = hw_bits_load(bits, from + at, n);
        uint64_t others = first ? ~word : word;
        size_t same = others != 0 ? (size_t)__builtin_ctzll(others) : WORD_BITS;
        if (same < n) {
            return at + same;
        }
    }
    return count;
}

void hw_bits_put(uint8_t *out, size_t at, const uint8_t *bits, size_t from, size_t count) {
    while (count > 0) {
        const size_t room = 64 - at % 64;
        const size_t taken = hw_min_size(count, room);
        uint8_t *word = out + at / 64 * 8;
        hw_store_le64(word, hw_load_le64(word) | hw_bits_load(bits, from, (unsigned)taken) << at % 64);
        at += taken;
        from += taken;
        count -= taken;
    }
}

enum hw_status hw_bits_append(struct hw_buf *bitmap, size_t held, const uint8_t *bits, size_t from, size_t count,
                              struct hw_error *err) {
    size_t size = (held + count + 7) / 8;
    size_t old_size = bitmap->size;

    HW_TRY(hw_buf_reserve(bitmap, size - old_size + 2 * sizeof(uint64_t), err));
    memset(bitmap->data + old_size, 0, size - old_size + 2 * sizeof(uint64_t));
    bitmap->size = size;
    for (size_t at = 0; at < count; at += WORD_BITS) {
        unsigned n = (unsigned)hw_min_size(WORD_BITS, count - at);
        uint64_t ones = n < WORD_BITS ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
        uint64_t word = bits ? hw_bits_load(bits, from + at, n) : ones;
        uint8_t *to = bitmap->data + ((held + at) >> 3);
        unsigned shift = (held + at) & 7;
        hw_store_le64(to, hw_load_le64(to) | word << shift);
        if (shift > 0) {
            to[8] = (uint8_t)(word >> (WORD_BITS - shift));
        }
    }
    return HW_OK;
}
