/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: 8 values of `width` bits take `width` whole bytes, so the places of all bits of
 * a vector are the same from one step to the next. With vectors, a shuffle brings the bytes of each
 * value into its lane, a shift by lane brings its first bit to the front, and a mask clears the
 * rest. Nothing depends on the width but the numbers in three registers.
 */
#include "parquet/unpack.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { LANES = 16 };

static uint64_t mask_of(unsigned width) {
    return width == 0 ? 0 : UINT64_MAX >> (64 - width);
}

/* Spreads the lowest 8 * width bits over the 8 bytes of a word: halves, quarters, then eighths. */
static inline uint64_t spread(uint64_t bits, unsigned width) {
    const uint64_t quarter = mask_of(2 * width) * UINT64_C(0x0000000100000001);
    const uint64_t eighth = mask_of(width) * UINT64_C(0x0001000100010001);
    bits = (bits & mask_of(4 * width)) | (bits >> 4 * width & mask_of(4 * width)) << 32;
    bits = (bits & quarter) | (bits >> 2 * width & quarter) << 16;
    return (bits & eighth) | (bits >> width & eighth) << 8;
}

static void to8_portable(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint8_t *out) {
    for (; count >= 8; count -= 8, bytes += width, out += 8) {
        hw_store_le64(out, spread(hw_load_le64(bytes) >> bit, width));
    }
    if (count > 0) {
        uint64_t last = spread(hw_load_le64(bytes) >> bit, width);
        memcpy(out, &last, count);
    }
}

static void to32_portable(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint32_t *out) {
    const uint32_t mask = (uint32_t)mask_of(width);
    size_t at = bit;
    for (size_t i = 0; i < count; i++, at += width) {
        out[i] = (uint32_t)(hw_load_le64(bytes + at / 8) >> at % 8) & mask;
    }
}

static void to64_portable(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint64_t *out) {
    const uint64_t mask = mask_of(width);
    size_t at = bit;
    for (size_t i = 0; i < count; i++, at += width) {
        const uint8_t *from = bytes + at / 8;
        /* The ninth byte is shifted in two steps, because no shift may be one by 64. */
        out[i] = (hw_load_le64(from) >> at % 8 | (uint64_t)from[8] << 1 << (63 - at % 8)) & mask;
    }
}

/* The lanes become one vector, or some. */
static inline __attribute__((always_inline)) uint32_t largest(const uint32_t *values, size_t count) {
    uint32_t most[LANES] = {0};
    uint32_t all = 0;
    for (; count >= LANES; values += LANES, count -= LANES) {
        for (size_t i = 0; i < LANES; i++) {
            most[i] = values[i] > most[i] ? values[i] : most[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        most[i] = values[i] > most[i] ? values[i] : most[i];
    }
    for (size_t i = 0; i < LANES; i++) {
        all = most[i] > all ? most[i] : all;
    }
    return all;
}

static uint32_t largest_portable(const uint32_t *values, size_t count) {
    return largest(values, count);
}

static const struct hw_unpacker portable = {"portable", to8_portable, to32_portable, to64_portable, largest_portable};

#if defined(__x86_64__)

#define TARGET_AVX2 __attribute__((target("avx2")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")))

enum {
    /* A value that begins at bit 7 of a byte ends in the fourth byte. */
    WIDTH_IN_4_BYTES = 25,
};

/* Two halves of four values: the second one begins in the middle of the 8 * width bits. */
TARGET_AVX2 static void to32_avx2(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint32_t *out) {
    const size_t middle = (bit + 4 * width) / 8;
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const int begin = (int)middle * 8;
    __m256i at = _mm256_add_epi32(_mm256_mullo_epi32(lane, _mm256_set1_epi32((int)width)), _mm256_set1_epi32((int)bit));
    at = _mm256_sub_epi32(at, _mm256_setr_epi32(0, 0, 0, 0, begin, begin, begin, begin));
    const __m256i places = _mm256_add_epi32(_mm256_mullo_epi32(_mm256_srli_epi32(at, 3), _mm256_set1_epi32(0x01010101)),
                                            _mm256_set1_epi32(0x03020100));
    const __m256i shifts = _mm256_and_si256(at, _mm256_set1_epi32(7));
    const __m256i mask = _mm256_set1_epi32((int)(uint32_t)mask_of(width));

    if (width > WIDTH_IN_4_BYTES) {
        to32_portable(bytes, bit, count, width, out);
        return;
    }
    for (; count >= 8; count -= 8, bytes += width, out += 8) {
        __m256i values =
            _mm256_loadu2_m128i((const __m128i *)(const void *)(bytes + middle), (const __m128i *)(const void *)bytes);
        values = _mm256_srlv_epi32(_mm256_shuffle_epi8(values, places), shifts);
        _mm256_storeu_si256((__m256i *)(void *)out, _mm256_and_si256(values, mask));
    }
    to32_portable(bytes, bit, count, width, out);
}

TARGET_AVX2 static uint32_t largest_avx2(const uint32_t *values, size_t count) {
    return largest(values, count);
}

static const struct hw_unpacker avx2 = {"avx2", to8_portable, to32_avx2, to64_portable, largest_avx2};

/* Returns for eight words the number of each in each of its bytes, plus 0, 1, .. 7. */
TARGET_AVX512 static inline __m512i byte_places(__m512i first) {
    return _mm512_add_epi64(_mm512_mullo_epi64(first, _mm512_set1_epi64(0x0101010101010101)),
                            _mm512_set1_epi64(0x0706050403020100));
}

/* Returns the bits at which eight values begin. */
TARGET_AVX512 static inline __m512i bits_of_8(unsigned bit, unsigned width) {
    const __m512i lane = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm512_add_epi64(_mm512_mullo_epi64(lane, _mm512_set1_epi64(width)), _mm512_set1_epi64(bit));
}

/* A word has 8 values, of which each byte is cut out at its bit. */
TARGET_AVX512 static void to8_avx512(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint8_t *out) {
    const __m512i places = byte_places(bits_of_8(0, width));
    const uint64_t first_bits = bit * UINT64_C(0x0101010101010101) + width * UINT64_C(0x0706050403020100);
    const __m512i cuts = _mm512_set1_epi64((long long)first_bits);
    const __m512i mask = _mm512_set1_epi8((char)mask_of(width));

    while (count > 0) {
        size_t step = hw_min_size(count, 64);
        __m512i words = _mm512_permutexvar_epi8(places, _mm512_loadu_si512(bytes));
        __m512i values = _mm512_and_si512(_mm512_multishift_epi64_epi8(cuts, words), mask);
        _mm512_mask_storeu_epi8(out, UINT64_MAX >> (64 - step), values);
        bytes += 8 * width;
        out += step;
        count -= step;
    }
}

TARGET_AVX512 static void to32_wide_avx512(const uint8_t *bytes, unsigned bit, size_t count, unsigned width,
                                           uint32_t *out) {
    const __m512i at = bits_of_8(bit, width);
    const __m512i places = byte_places(_mm512_srli_epi64(at, 3));
    const __m512i shifts = _mm512_and_si512(at, _mm512_set1_epi64(7));
    const __m256i mask = _mm256_set1_epi32((int)(uint32_t)mask_of(width));

    while (count > 0) {
        size_t step = hw_min_size(count, 8);
        __m512i words = _mm512_permutexvar_epi8(places, _mm512_loadu_si512(bytes));
        __m256i values = _mm256_and_si256(_mm512_cvtepi64_epi32(_mm512_srlv_epi64(words, shifts)), mask);
        _mm256_mask_storeu_epi32(out, (__mmask8)(0xff >> (8 - step)), values);
        bytes += width;
        out += step;
        count -= step;
    }
}

/* Cuts 16 values out of the bytes: each begins in the byte of its place, at its shift's bit. */
TARGET_AVX512 static inline __m512i cut32(const uint8_t *bytes, __m512i places, __m512i shifts, __m512i mask) {
    __m512i words = _mm512_permutexvar_epi8(places, _mm512_loadu_si512(bytes));
    return _mm512_and_si512(_mm512_srlv_epi32(words, shifts), mask);
}

/*
 * Whole vectors are not stored by mask: what is could not be loaded again before it is in the
 * cache, and sums of differences follow at once.
 */
TARGET_AVX512 static void to32_avx512(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint32_t *out) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i at =
        _mm512_add_epi32(_mm512_mullo_epi32(lane, _mm512_set1_epi32((int)width)), _mm512_set1_epi32((int)bit));
    const __m512i places = _mm512_add_epi32(_mm512_mullo_epi32(_mm512_srli_epi32(at, 3), _mm512_set1_epi32(0x01010101)),
                                            _mm512_set1_epi32(0x03020100));
    const __m512i shifts = _mm512_and_si512(at, _mm512_set1_epi32(7));
    const __m512i mask = _mm512_set1_epi32((int)(uint32_t)mask_of(width));

    if (width > WIDTH_IN_4_BYTES) {
        to32_wide_avx512(bytes, bit, count, width, out);
        return;
    }
    for (; count >= 16; count -= 16, bytes += 2 * width, out += 16) {
        _mm512_storeu_si512(out, cut32(bytes, places, shifts, mask));
    }
    _mm512_mask_storeu_epi32(out, (__mmask16)((1u << count) - 1), cut32(bytes, places, shifts, mask));
}

/* The shift takes the bits that a word has too few from the bytes that follow it. */
TARGET_AVX512 static inline __m512i cut64(const uint8_t *bytes, __m512i places, __m512i shifts, __m512i mask) {
    __m512i packed = _mm512_loadu_si512(bytes);
    __m512i next = _mm512_add_epi8(places, _mm512_set1_epi8(8));
    __m512i words =
        _mm512_shrdv_epi64(_mm512_permutexvar_epi8(places, packed), _mm512_permutexvar_epi8(next, packed), shifts);
    return _mm512_and_si512(words, mask);
}

TARGET_AVX512 static void to64_avx512(const uint8_t *bytes, unsigned bit, size_t count, unsigned width, uint64_t *out) {
    const __m512i at = bits_of_8(bit, width);
    const __m512i places = byte_places(_mm512_srli_epi64(at, 3));
    const __m512i shifts = _mm512_and_si512(at, _mm512_set1_epi64(7));
    const __m512i mask = _mm512_set1_epi64((long long)mask_of(width));

    for (; count >= 8; count -= 8, bytes += width, out += 8) {
        _mm512_storeu_si512(out, cut64(bytes, places, shifts, mask));
    }
    _mm512_mask_storeu_epi64(out, (__mmask8)((1u << count) - 1), cut64(bytes, places, shifts, mask));
}

static const struct hw_unpacker avx512 = {"avx512", to8_avx512, to32_avx512, to64_avx512, largest_avx2};

/* Every processor with VBMI2 has all that TARGET_AVX512 names. */
const struct hw_unpacker *hw_unpacker(void) {
    if (__builtin_cpu_supports("avx512vbmi2")) {
        return &avx512;
    }
    return __builtin_cpu_supports("avx2") ? &avx2 : &portable;
}

const struct hw_unpacker *hw_unpacker_at(size_t index) {
    static const struct hw_unpacker *const all[] = {&avx512, &avx2, &portable};
    size_t first = 0;
    while (first + 1 < COUNT_OF(all) && all[first] != hw_unpacker()) {
        first++;
    }
    return index < COUNT_OF(all) - first ? all[first + index] : NULL;
}

#else

const struct hw_unpacker *hw_unpacker(void) {
    return &portable;
}

const struct hw_unpacker *hw_unpacker_at(size_t index) {
    return index == 0 ? &portable : NULL;
}

#endif
