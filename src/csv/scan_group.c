/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: quoted stretches fall out of one prefix XOR of the quote mask; field ends are
 * emitted eight at a time, or as many as there are, without a branch per field.
 */
#include "csv/scan_group.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { EMIT_STEP = 8 };
static_assert((int)EMIT_STEP <= (int)HW_CSV_GROUP_ROOM, "writes beyond the last end");

/* Returns a word whose bit n is set where an odd number of the bits 0 to n are. */
typedef uint64_t prefix_xor_fn(uint64_t bits);
/* Writes `base` plus the number of each bit that is set; `count` bits are. */
typedef void ends_emit_fn(uint32_t *out, uint32_t base, uint64_t bits, size_t count);

static inline uint64_t prefix_xor(uint64_t bits) {
    for (unsigned shift = 1; shift < 64; shift *= 2) {
        bits ^= bits << shift;
    }
    return bits;
}

/*
 * Clears the delimiters and record ends inside quotes from the masks. Returns false where a quote
 * stands where RFC 4180 allows none: an opening one that is not at the start of a field, or a
 * closing one that is not before the end of its field. A doubled quote counts as a closing one with
 * an opening one right behind it.
 */
static inline bool quotes_apply(struct hw_csv_masks *masks, struct hw_csv_scan_state *state, prefix_xor_fn *prefix) {
    /* Opening quotes count as inside, closing ones as outside. */
    uint64_t inside = prefix(masks->quote) ^ state->inside;
    uint64_t open = masks->quote & inside;
    uint64_t close = masks->quote & ~inside;
    uint64_t field_ends = (masks->delimiter | masks->end) & ~inside;
    uint64_t after_close = close << 1 | state->after_close;
    uint64_t after_field = field_ends << 1 | state->after_field;
    uint64_t close_cr = after_close & masks->carriage_return & ~inside;
    uint64_t wrong = (open & ~(after_field | after_close)) | (after_close & ~(field_ends | open | close_cr)) |
                     ((close_cr << 1 | state->after_close_cr) & ~(masks->end & ~inside));

    masks->delimiter &= ~inside;
    masks->end &= ~inside;
    state->inside = (uint64_t)((int64_t)inside >> 63);
    state->after_close = close >> 63;
    state->after_close_cr = close_cr >> 63;
    return wrong == 0;
}

static inline void ends_emit(uint32_t *out, uint32_t base, uint64_t bits, size_t count) {
    for (size_t i = 0; i < count; i += EMIT_STEP) {
        /*
         * Writes beyond `count` are overwritten by the next chunk; the capacity has room for them.
         */
#pragma GCC unroll 8
        for (size_t k = 0; k < EMIT_STEP; k++) {
            out[i + k] = base + (uint32_t)(bits ? __builtin_ctzll(bits) : 0);
            bits &= bits - 1;
        }
    }
}

static inline void records_emit(struct hw_csv_index *index, const char *data, uint32_t base, uint64_t record_ends,
                                uint64_t field_ends, bool strip_cr) {
    while (record_ends) {
        uint64_t below = (record_ends & -record_ends) - 1;
        uint32_t at = base + (uint32_t)__builtin_ctzll(record_ends);
        size_t field = index->ends_count + (size_t)__builtin_popcountll(field_ends & below);
        uint32_t start = index->record_starts[index->records];
        if (strip_cr && at > start && data[at - 1] == '\r') {
            index->ends[field] = at - 1;
        }
        index->record_fields[index->records] = (uint32_t)field + 1;
        index->record_starts[++index->records] = at + 1;
        record_ends &= record_ends - 1;
    }
}

__attribute__((always_inline)) static inline bool group_index(struct hw_csv_index *index,
                                                              const struct hw_csv_dialect *dialect,
                                                              const struct hw_csv_group *group,
                                                              struct hw_csv_scan_state *state, prefix_xor_fn *prefix,
                                                              ends_emit_fn *emit) {
    const uint64_t quotes = dialect->quote != '\0' ? ~UINT64_C(0) : 0;
    const bool strip_cr = dialect->end == '\n';

    for (size_t chunk = 0; chunk < group->chunks; chunk++) {
        struct hw_csv_masks masks = group->masks[chunk];
        const uint64_t line_ends = masks.end;
        masks.quote &= quotes;
        if ((masks.quote | state->inside | state->after_close | state->after_close_cr) &&
            !quotes_apply(&masks, state, prefix)) {
            return false;
        }
        uint64_t field_ends = masks.delimiter | masks.end;
        size_t count = (size_t)__builtin_popcountll(field_ends);
        uint32_t base = (uint32_t)(group->offset + chunk * HW_CSV_CHUNK_BYTES);
        emit(index->ends + index->ends_count, base, field_ends, count);
        if (masks.end) {
            uint64_t up_to_last = ~UINT64_C(0) >> __builtin_clzll(masks.end);
            index->lines = state->lines + (uint64_t)__builtin_popcountll(line_ends & up_to_last);
            records_emit(index, group->data, base, masks.end, field_ends, strip_cr);
        }
        index->ends_count += count;
        state->lines += (uint64_t)__builtin_popcountll(line_ends);
        state->after_field = field_ends >> 63;
        state->high |= masks.high;
    }
    return true;
}

bool hw_csv_group_portable(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                           const struct hw_csv_group *group, struct hw_csv_scan_state *state) {
    return group_index(index, dialect, group, state, prefix_xor, ends_emit);
}

#if defined(__x86_64__)

__attribute__((target("popcnt,bmi"))) bool hw_csv_group_bmi(struct hw_csv_index *index,
                                                            const struct hw_csv_dialect *dialect,
                                                            const struct hw_csv_group *group,
                                                            struct hw_csv_scan_state *state) {
    return group_index(index, dialect, group, state, prefix_xor, ends_emit);
}

#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,pclmul,popcnt")))

/* The carry-less product with a word of all ones is that XOR. */
TARGET_AVX512 static inline uint64_t prefix_xor_pclmul(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

/*
 * Takes the numbers 0 to 63 as bytes, moves those of bits that are set to the front, and widens
 * them, 16 at a time.
 */
TARGET_AVX512 static inline void ends_emit_avx512(uint32_t *out, uint32_t base, uint64_t bits, size_t count) {
    static const uint8_t numbers[64] __attribute__((aligned(64))) = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
    };
    __m512i set = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(numbers));
    __m512i bases = _mm512_set1_epi32((int)base);

    _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(set)), bases));
    if (HW_LIKELY(count <= 16)) {
        return;
    }
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 1)), bases));
    if (HW_UNLIKELY(count > 32)) {
        _mm512_storeu_si512(out + 32, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 2)), bases));
        _mm512_storeu_si512(out + 48, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(set, 3)), bases));
    }
}

TARGET_AVX512 bool hw_csv_group_avx512(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                                       const struct hw_csv_group *group, struct hw_csv_scan_state *state) {
    return group_index(index, dialect, group, state, prefix_xor_pclmul, ends_emit_avx512);
}

bool hw_csv_group_avx512_usable(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt");
}

#endif

hw_csv_group_fn *hw_csv_group_best(void) {
#if defined(__x86_64__)
    if (hw_csv_group_avx512_usable()) {
        return hw_csv_group_avx512;
    }
    if (__builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt")) {
        return hw_csv_group_bmi;
    }
#endif
    return hw_csv_group_portable;
}
