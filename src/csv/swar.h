/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight ASCII digits in one 64-bit word, without a loop or a branch on any of them.
 *
 * Words are little-endian loads: the first character of the text, the most significant digit, is
 * the lowest byte. "Digits" are such a word with '0' taken off each byte, so a byte of 0..9 is a
 * digit and any other byte is not.
 */
#ifndef HW_CSV_SWAR_H
#define HW_CSV_SWAR_H

#include "core/base.h"

#define HW_SWAR_EACH(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))

/* The digits at `text`; all 8 bytes are read. */
static inline uint64_t hw_swar_load_digits(const char *text) {
    return hw_load_le64(text) ^ HW_SWAR_EACH('0');
}

/*
 * Bit 7 of each byte that is no digit. Exact up to and with the lowest such byte: 0x76 + 10 is the
 * first sum to reach bit 7, and only a byte that is flagged itself carries into the next.
 */
static inline uint64_t hw_swar_not_digits(uint64_t digits) {
    return (digits | (digits + HW_SWAR_EACH(0x76))) & HW_SWAR_EACH(0x80);
}

/* Bit 7 of each byte of `word` that is `byte`. Exact up to and with the lowest such byte. */
static inline uint64_t hw_swar_match(uint64_t word, char byte) {
    uint64_t zero_where_equal = word ^ HW_SWAR_EACH(byte);
    return (zero_where_equal - HW_SWAR_EACH(1)) & ~zero_where_equal & HW_SWAR_EACH(0x80);
}

/* The index of the lowest flagged byte; 8 where none is. */
static inline size_t hw_swar_first(uint64_t flags) {
    return flags ? (size_t)__builtin_ctzll(flags) >> 3 : 8;
}

/* All bytes up to and with the lowest flagged one; none where none is. */
static inline uint64_t hw_swar_through(uint64_t flags) {
    return (flags ^ (flags - 1)) & -(uint64_t)(flags != 0);
}

/*
 * How many bytes stand behind the lowest flagged one; 0 where none is, hence the flag at the last
 * byte.
 */
static inline size_t hw_swar_behind(uint64_t flags) {
    return (size_t)(63 - __builtin_ctzll(flags | UINT64_C(1) << 63)) >> 3;
}

/*
 * The first `count` digits (1..8), moved to the end of the word: zeros in front of them, and what
 * stood behind them is gone.
 */
static inline uint64_t hw_swar_align(uint64_t digits, size_t count) {
    return digits << (64 - 8 * count);
}

/*
 * Each byte times 10 plus the byte behind it: every even byte holds the number of its pair, 0..99.
 * No byte exceeds 99, so none carries into its neighbour.
 */
static inline uint64_t hw_swar_pairs(uint64_t digits) {
    return digits * 10 + (digits >> 8);
}

/*
 * The value of 8 digits. Four pairs, then one multiply puts two of them in place at once; the sum
 * ends in the upper half.
 */
static inline uint32_t hw_swar_value(uint64_t digits) {
    const uint64_t pair = UINT64_C(0x000000ff000000ff);
    uint64_t pairs = hw_swar_pairs(digits);
    uint64_t first_and_third = (pairs & pair) * (100 + (UINT64_C(1000000) << 32));
    uint64_t second_and_fourth = (pairs >> 16 & pair) * (1 + (UINT64_C(10000) << 32));
    return (uint32_t)((first_and_third + second_and_fourth) >> 32);
}

/*
 * The way back: the 8 digits of a number below 10^8. Twice halves are split off, in all parts of
 * the word at once, by a multiplication that divides exactly: 10486 / 2^20 is 1/100 for up to 9999,
 * 103 / 2^10 is 1/10 for up to 99.
 */
static inline uint64_t hw_swar_of_value(uint32_t value) {
    uint64_t fours = value / 10000 + ((uint64_t)(value % 10000) << 32);
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t pairs = hundreds + ((fours - hundreds * 100) << 16);
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens + ((pairs - tens * 10) << 8);
}

#endif
