/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This follows Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2021).
 * Every fault of UTF-8 shows in two neighbouring bytes: in both halves of the first and the upper
 * half of the second. So each kind of fault has a bit, a table for each of the three halves has the
 * bits of the faults that are possible with it, and a bit that is in all three is a fault. There is
 * one exception: a continuation after a continuation is right, and required, where it is the third
 * byte of a sequence of three or four bytes, or the fourth of four. The lead bytes two and three
 * places before tell where that is.
 */
#include "core/utf8_lookup.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum {
    CUT = 1 << 0,    /* a lead byte, then no continuation */
    STRAY = 1 << 1,  /* ASCII, then a continuation */
    LONG_2 = 1 << 2, /* c0, c1: two bytes for what takes one */
    LONG_3 = 1 << 3, /* e0, then 80 to 9f: three for what takes two */
    /* f0, then 80 to 8f: four for what takes three; f5 to ff, then 80 to 8f */
    LONG_4_OR_OVER = 1 << 4,
    OVER = 1 << 5,      /* f4 to ff, then 90 to bf: above U+10FFFF */
    SURROGATE = 1 << 6, /* ed, then a0 to bf */
    FOLLOWING = 1 << 7, /* a continuation after a continuation */
    /* The lower half of the first byte tells nothing about these. */
    ANY_FIRST = CUT | STRAY | FOLLOWING,
    FROM_5 = ANY_FIRST | LONG_4_OR_OVER | OVER,
    ANY_SECOND = STRAY | LONG_2 | FOLLOWING,
};
static_assert(FOLLOWING == 0x80, "the bit that sequence_continues gives");

#define TABLE(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))
#define BITS(bits) ((char)(bits))
#define FOUR(bits) BITS(bits), BITS(bits), BITS(bits), BITS(bits)

/*
 * The bytes that stand `distance` before each of `bytes`; the first of them are in the vector
 * before.
 */
#define EARLIER(before, bytes, distance) \
    _mm256_alignr_epi8(bytes, _mm256_permute2x128_si256(before, bytes, 0x21), 16 - (distance))

__attribute__((target("avx2"))) static inline __m256i upper_halves(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
}

/* Returns for each byte the bits of the faults that it and the byte before it have. */
__attribute__((target("avx2"))) static inline __m256i pair_faults(__m256i first, __m256i second) {
    const __m256i by_first_upper = TABLE(FOUR(STRAY), FOUR(STRAY), FOUR(FOLLOWING), BITS(CUT | LONG_2), BITS(CUT),
                                         BITS(CUT | LONG_3 | SURROGATE), BITS(CUT | LONG_4_OR_OVER | OVER));
    const __m256i by_first_lower =
        TABLE(BITS(ANY_FIRST | LONG_2 | LONG_3 | LONG_4_OR_OVER), BITS(ANY_FIRST | LONG_2), BITS(ANY_FIRST),
              BITS(ANY_FIRST), BITS(ANY_FIRST | OVER), BITS(FROM_5), BITS(FROM_5), BITS(FROM_5), FOUR(FROM_5),
              BITS(FROM_5), BITS(FROM_5 | SURROGATE), BITS(FROM_5), BITS(FROM_5));
    const __m256i by_second_upper =
        TABLE(FOUR(CUT), FOUR(CUT), BITS(ANY_SECOND | LONG_3 | LONG_4_OR_OVER), BITS(ANY_SECOND | LONG_3 | OVER),
              BITS(ANY_SECOND | SURROGATE | OVER), BITS(ANY_SECOND | SURROGATE | OVER), FOUR(CUT));
    __m256i first_upper = _mm256_shuffle_epi8(by_first_upper, upper_halves(first));
    __m256i first_lower = _mm256_shuffle_epi8(by_first_lower, _mm256_and_si256(first, _mm256_set1_epi8(0x0f)));
    __m256i second_upper = _mm256_shuffle_epi8(by_second_upper, upper_halves(second));
    return _mm256_and_si256(_mm256_and_si256(first_upper, first_lower), second_upper);
}

/* Returns FOLLOWING for each byte that must be the third of three or four bytes, or the fourth. */
__attribute__((target("avx2"))) static inline __m256i sequence_continues(__m256i two_before, __m256i three_before) {
    __m256i third = _mm256_subs_epu8(two_before, _mm256_set1_epi8(0xe0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(three_before, _mm256_set1_epi8(0xf0 - 0x80));
    return _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)FOLLOWING));
}

__attribute__((target("avx2"))) static inline __m256i vector_faults(__m256i before, __m256i bytes) {
    __m256i faults = pair_faults(EARLIER(before, bytes, 1), bytes);
    return _mm256_xor_si256(faults, sequence_continues(EARLIER(before, bytes, 2), EARLIER(before, bytes, 3)));
}

__attribute__((target("avx2"))) bool hw_utf8_lookup_valid(hw_view text) {
    __m256i before = _mm256_setzero_si256();
    __m256i faults = before;
    bool ascii_before = true;
    size_t at = 0;

    for (; at + 64 <= text.size; at += 64) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(text.data + at));
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(text.data + at + 32));
        bool ascii = _mm256_movemask_epi8(_mm256_or_si256(low, high)) == 0;
        if (!ascii || !ascii_before) { /* otherwise nothing can be wrong or unfinished */
            faults = _mm256_or_si256(faults, vector_faults(before, low));
            faults = _mm256_or_si256(faults, vector_faults(low, high));
        }
        before = high;
        ascii_before = ascii;
    }
    /*
     * The rest is checked with at least one zero behind it, before which an unfinished sequence is
     * cut.
     */
    char rest[64] = {0};
    memcpy(rest, text.data + at, text.size - at);
    for (size_t i = 0; i < sizeof(rest); i += 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(rest + i));
        faults = _mm256_or_si256(faults, vector_faults(before, bytes));
        before = bytes;
    }
    return _mm256_testz_si256(faults, faults);
}

bool hw_utf8_lookup_usable(void) {
    return __builtin_cpu_supports("avx2");
}

#else

bool hw_utf8_lookup_usable(void) {
    return false;
}

bool hw_utf8_lookup_valid(hw_view text) {
    (void)text;
    return false;
}

#endif
