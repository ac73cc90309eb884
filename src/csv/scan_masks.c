/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/scan_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/*
 * Returns 8 bits, of which bit k says whether byte k of `word` equals byte k of `pattern`. This is
 * exact: no carry leaves a byte.
 */
static uint64_t word_equal(uint64_t word, uint64_t pattern) {
    const uint64_t low7 = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t differs = word ^ pattern;
    /* 0x80 where a byte is zero */
    uint64_t zero_bytes = ~(((differs & low7) + low7) | differs | low7);
    return (zero_bytes >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

void hw_csv_masks_portable(const struct hw_csv_dialect *dialect, const char *data, size_t chunks,
                           struct hw_csv_masks *out) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t quote = ones * (uint8_t)dialect->quote;
    const uint64_t delimiter = ones * (uint8_t)dialect->delimiter;
    const uint64_t end = ones * (uint8_t)dialect->end;
    const uint64_t carriage_return = ones * (uint8_t)'\r';

    for (size_t chunk = 0; chunk < chunks; chunk++) {
        struct hw_csv_masks masks = {0};
        for (unsigned i = 0; i < 8; i++) {
            uint64_t word = hw_load_le64(data + chunk * HW_CSV_CHUNK_BYTES + i * 8);
            masks.quote |= word_equal(word, quote) << (i * 8);
            masks.delimiter |= word_equal(word, delimiter) << (i * 8);
            masks.end |= word_equal(word, end) << (i * 8);
            masks.carriage_return |= word_equal(word, carriage_return) << (i * 8);
            masks.high |= ((word & ~(ones * 0x7f)) >> 7) * UINT64_C(0x0102040810204080) >> 56 << (i * 8);
        }
        out[chunk] = masks;
    }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static inline uint64_t equal_avx2(__m256i low, __m256i high, __m256i pattern) {
    uint32_t low_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
    uint32_t high_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
    return (uint64_t)high_bits << 32 | low_bits;
}

__attribute__((target("avx2"))) void hw_csv_masks_avx2(const struct hw_csv_dialect *dialect, const char *data,
                                                       size_t chunks, struct hw_csv_masks *out) {
    const __m256i quote = _mm256_set1_epi8(dialect->quote);
    const __m256i delimiter = _mm256_set1_epi8(dialect->delimiter);
    const __m256i end = _mm256_set1_epi8(dialect->end);
    const __m256i carriage_return = _mm256_set1_epi8('\r');

    for (size_t chunk = 0; chunk < chunks; chunk++) {
        const char *at = data + chunk * HW_CSV_CHUNK_BYTES;
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
        out[chunk] = (struct hw_csv_masks){
            .quote = equal_avx2(low, high, quote),
            .delimiter = equal_avx2(low, high, delimiter),
            .end = equal_avx2(low, high, end),
            .carriage_return = equal_avx2(low, high, carriage_return),
            .high = (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low),
        };
    }
}

__attribute__((target("avx512f,avx512bw"))) void hw_csv_masks_avx512(const struct hw_csv_dialect *dialect,
                                                                     const char *data, size_t chunks,
                                                                     struct hw_csv_masks *out) {
    const __m512i quote = _mm512_set1_epi8(dialect->quote);
    const __m512i delimiter = _mm512_set1_epi8(dialect->delimiter);
    const __m512i end = _mm512_set1_epi8(dialect->end);
    const __m512i carriage_return = _mm512_set1_epi8('\r');

    for (size_t chunk = 0; chunk < chunks; chunk++) {
        __m512i bytes = _mm512_loadu_si512(data + chunk * HW_CSV_CHUNK_BYTES);
        out[chunk] = (struct hw_csv_masks){
            .quote = _mm512_cmpeq_epi8_mask(bytes, quote),
            .delimiter = _mm512_cmpeq_epi8_mask(bytes, delimiter),
            .end = _mm512_cmpeq_epi8_mask(bytes, end),
            .carriage_return = _mm512_cmpeq_epi8_mask(bytes, carriage_return),
            .high = _mm512_movepi8_mask(bytes),
        };
    }
}

#endif

hw_csv_masks_fn *hw_csv_masks_best(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) {
        return hw_csv_masks_avx512;
    }
    if (__builtin_cpu_supports("avx2")) {
        return hw_csv_masks_avx2;
    }
#endif
    return hw_csv_masks_portable;
}
