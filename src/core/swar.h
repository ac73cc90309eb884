/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Works on eight ASCII digits in one 64-bit word ("SIMD within a register"), without a loop or a
 * branch on any of them.
 *
 * Words are little-endian loads: the first character of the text, the most significant digit, is
 * the lowest byte. "Digits" are such a word after an XOR of each byte with '0', so a byte of 0 to 9
 * is a digit and any other byte is not. "Flags" are a word in which only bit 7 of a byte can be
 * set.
 */
#ifndef HW_CORE_SWAR_H
#define HW_CORE_SWAR_H

#include "core/base.h"

/* The word whose bytes all are `byte`. */
#define HW_SWAR_EACH(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))

/* Returns the digits at `text`, of which all 8 bytes are read. */
static inline uint64_t hw_swar_load_digits(const char *text) {
    return hw_load_le64(text) ^ HW_SWAR_EACH('0');
}

/*
 * Flags each byte that is no digit. Exact up to and with the lowest such byte: 0x76 + 10 is the
 * first sum to reach bit 7, and only a byte that is flagged itself carries into the next.
 */
static inline uint64_t hw_swar_not_digits(uint64_t digits) {
    return (digits | (digits + HW_SWAR_EACH(0x76))) & HW_SWAR_EACH(0x80);
}

/* Flags each byte of `word` that is `byte`. Exact up to and with the lowest such byte. */
static inline uint64_t hw_swar_match(uint64_t word, char byte) {
    uint64_t zero_where_equal = word ^ HW_SWAR_EACH(byte);
    return (zero_where_equal - HW_SWAR_EACH(1)) & ~zero_where_equal & HW_SWAR_EACH(0x80);
}

/* Returns the index of the lowest flagged byte; 8 where none is flagged. */
static inline size_t hw_swar_first(uint64_t flags) {
    return flags ? (size_t)__builtin_ctzll(flags) >> 3 : 8;
}

/* Returns all ones up to and with bit 7 of the lowest flagged byte; 0 where none is flagged. */
static inline uint64_t hw_swar_through(uint64_t flags) {
    return (flags ^ (flags - 1)) & -(uint64_t)(flags != 0);
}

/*
 * Returns the number of bytes behind the lowest flagged one; 0 where none is flagged, for which the
 * last byte gets a flag.
 */
static inline size_t hw_swar_behind(uint64_t flags) {
    return (size_t)(63 - __builtin_ctzll(flags | UINT64_C(1) << 63)) >> 3;
}

/*
 * Moves the first `count` digits (1 to 8) to the end of the word. Zeros come in front of them, and
 * the bytes that stood behind them are gone.
 */
static inline uint64_t hw_swar_align(uint64_t digits, size_t count) {
    return digits << (64 - 8 * count);
}

/*
 * Multiplies each byte by 10 and adds the byte behind it: every even byte then holds the number of
 * its pair of digits, 0 to 99. No byte exceeds 99, so none carries into its neighbour.
 */
static inline uint64_t hw_swar_pairs(uint64_t digits) {
    return digits * 10 + (digits >> 8);
}

/*
 * Returns the value of 8 digits. They become four pairs; each of two multiplications puts two pairs
 * in their place at once, and the upper half of the sum is the value.
 */
static inline uint32_t hw_swar_value(uint64_t digits) {
    const uint64_t pair = UINT64_C(0x000000ff000000ff);
    uint64_t pairs = hw_swar_pairs(digits);
    uint64_t first_and_third = (pairs & pair) * (100 + (UINT64_C(1000000) << 32));
    uint64_t second_and_fourth = (pairs >> 16 & pair) * (1 + (UINT64_C(10000) << 32));
    return (uint32_t)((first_and_third + second_and_fourth) >> 32);
}

/*
 * Returns the 8 digits of a number below 10^8, which is the way back. A division splits it in two
 * numbers of 4 digits; then all parts of the word are split in halves at once, twice, by a
 * multiplication that divides exactly: 10486 / 2^20 is 1/100 for up to 9999, and 103 / 2^10 is 1/10
 * for up to 99.
 */
static inline uint64_t hw_swar_of_value(uint32_t value) {
    uint64_t fours = value / 10000 + ((uint64_t)(value % 10000) << 32);
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t pairs = hundreds + ((fours - hundreds * 100) << 16);
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens + ((pairs - tens * 10) << 8);
}

/*
 * A word for texts of three pairs of digits with separators between, "00-00-00": XOR with it turns
 * the digits into 0 to 9 and the separators into 0.
 */
#define HW_SWAR_PAIRS(separator) (UINT64_C(0x3030003030003030) | UINT64_C(0x0000010000010000) * (uint8_t)(separator))

#endif
