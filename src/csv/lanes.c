/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: a lane is one 64-bit word, so each instruction does for eight fields
 * what csv/number.h and csv/datetime.h do for one; ends and texts come by gathers, whose misses
 * overlap; no branch asks for a single field, but for all eight: whether any is longer than a word,
 * and whether any is left.
 */
#include "csv/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "csv/datetime.h"
#include "core/double.h"
#include "core/swar.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl")))
#define LANES_INLINE TARGET __attribute__((always_inline)) static inline

enum { WORD_BYTES = 8, FIELD_BYTES_MAX = 16, LOCAL_BYTES = 19, UTC_BYTES = 20, CLOCK_AT = HW_DATE_BYTES + 1 };

/* Eight fields. */
struct fields {
    __m512i starts;
    __m512i sizes;
    __mmask8 live; /* lanes that are rows */
};

/*
 * The digits of eight fields (core/swar.h), with a zero in the place of a minus. They stand at the
 * end of 16 bytes, behind zeros.
 */
struct digits {
    __m512i upper;
    __m512i lower;
    __m512i lead; /* its low byte is the first digit */
    __mmask8 negative;
    bool wide; /* some field has more than 8 bytes; else `upper` is zero */
};

LANES_INLINE __m512i words(uint64_t word) {
    return _mm512_set1_epi64((int64_t)word);
}

LANES_INLINE __m512i text_at(const struct hw_lanes *lanes, __m512i offsets, __mmask8 lanes_read) {
    return _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), lanes_read, offsets, lanes->data, 1);
}

LANES_INLINE struct fields fields_at(const struct hw_lanes *lanes, size_t row) {
    const __m512i steps =
        _mm512_mullo_epi64(words(lanes->stride * sizeof(uint32_t)), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    const uint32_t *ends = lanes->ends + row * lanes->stride;
    size_t left = lanes->rows - row;
    __mmask8 live = (__mmask8)(left < HW_LANES ? (1u << left) - 1 : 0xff);
    __m512i starts, stops;

    if (lanes->starts) {
        __m256i ends32 = _mm512_mask_i64gather_epi32(_mm256_setzero_si256(), live, steps, ends, 1);
        starts = _mm512_cvtepu32_epi64(_mm256_maskz_loadu_epi32(live, lanes->starts + row));
        stops = _mm512_cvtepu32_epi64(ends32);
    } else {
        __m512i pairs = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), live, steps, ends - 1, 1);
        starts = _mm512_add_epi64(_mm512_and_si512(pairs, words(UINT32_MAX)), words(1 + (uint64_t)lanes->tail_bytes));
        stops = _mm512_srli_epi64(pairs, 32);
    }
    return (struct fields){starts, _mm512_sub_epi64(stops, starts), live};
}

/*
 * Takes the digits of fields of 1 to FIELD_BYTES_MAX bytes. The lanes of other fields are not in
 * `*out_read`.
 */
LANES_INLINE struct digits digits_at(const struct hw_lanes *lanes, const struct fields *fields, __mmask8 *out_read) {
    __mmask8 read =
        _mm512_mask_cmplt_epu64_mask(fields->live, _mm512_sub_epi64(fields->sizes, words(1)), words(FIELD_BYTES_MAX));
    __m512i first = _mm512_xor_si512(text_at(lanes, fields->starts, read), words(HW_SWAR_EACH('0')));
    __m512i bits = _mm512_slli_epi64(fields->sizes, 3);
    __mmask8 negative = _mm512_mask_cmpeq_epi64_mask(read, _mm512_and_si512(first, words(0xff)), words('-' ^ '0'));
    __mmask8 wide = _mm512_mask_cmpgt_epu64_mask(read, fields->sizes, words(WORD_BYTES));
    struct digits digits = {
        .upper = _mm512_setzero_si512(),
        .lead = _mm512_mask_srli_epi64(first, negative, first, 8),
        .negative = negative,
        .wide = wide != 0,
    };
    first = _mm512_mask_and_epi64(first, negative, first, words(~UINT64_C(0xff)));
    digits.lower = _mm512_sllv_epi64(first, _mm512_sub_epi64(words(64), bits));
    if (wide) {
        __m512i ends = _mm512_add_epi64(fields->starts, _mm512_sub_epi64(fields->sizes, words(WORD_BYTES)));
        __m512i last = _mm512_xor_si512(text_at(lanes, ends, wide), words(HW_SWAR_EACH('0')));
        digits.upper = _mm512_maskz_sllv_epi64(wide, first, _mm512_sub_epi64(words(128), bits));
        digits.lower = _mm512_mask_mov_epi64(digits.lower, wide, last);
    }
    *out_read = read;
    return digits;
}

/* Returns the lanes in which some byte is no digit. */
LANES_INLINE __mmask8 not_digits(__m512i digits) {
    __m512i flags = _mm512_or_si512(digits, _mm512_add_epi8(digits, words(HW_SWAR_EACH(0x76))));
    return _mm512_test_epi64_mask(flags, words(HW_SWAR_EACH(0x80)));
}

/* Returns hw_swar_value of each lane: makes pairs, then fours, then all eight. */
LANES_INLINE __m512i word_value(__m512i digits) {
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(1 << 8 | 10));
    __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 100));
    return _mm512_add_epi64(_mm512_mul_epu32(fours, words(10000)), _mm512_srli_epi64(fours, 32));
}

LANES_INLINE __m512i digits_value(const struct digits *digits) {
    __m512i lower = word_value(digits->lower);
    if (!digits->wide) {
        return lower;
    }
    return _mm512_add_epi64(_mm512_mul_epu32(word_value(digits->upper), words(100000000)), lower);
}

/* Returns the lanes that are not done. A lane that is no row is never left. */
LANES_INLINE uint8_t lanes_left(const struct fields *fields, __mmask8 done) {
    return (uint8_t)(fields->live & ~done);
}

TARGET static size_t lanes_int64(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left) {
    uint8_t left = 0;

    for (; row < lanes->rows && left == 0; row += HW_LANES) {
        struct fields fields = fields_at(lanes, row);
        __mmask8 read;
        struct digits digits = digits_at(lanes, &fields, &read);
        __mmask8 zero_first = _mm512_testn_epi64_mask(digits.lead, words(0xff));
        __mmask8 single = _mm512_cmpeq_epi64_mask(fields.sizes, words(1));
        __mmask8 wrong = not_digits(digits.lower) | (zero_first & ~single) | (single & digits.negative);
        wrong |= digits.wide ? not_digits(digits.upper) : 0;
        __m512i value = digits_value(&digits);
        value = _mm512_mask_sub_epi64(value, digits.negative, _mm512_setzero_si512(), value);
        _mm512_mask_storeu_epi64((int64_t *)values + row, fields.live, value);
        left = lanes_left(&fields, read & (__mmask8)~wrong);
    }
    *out_left = left;
    return hw_min_size(row, lanes->rows);
}

/*
 * Returns the bytes through the first point of each lane; none where it has no point. See
 * hw_swar_through.
 */
LANES_INLINE __m512i through_point(__m512i point, __mmask8 pointed) {
    return _mm512_maskz_xor_epi64(pointed, point, _mm512_sub_epi64(point, words(1)));
}

/* Returns bit 7 of the first point of each lane. */
LANES_INLINE __m512i first_point(__m512i digits) {
    __mmask64 points = _mm512_cmpeq_epi8_mask(digits, _mm512_set1_epi8('.' ^ '0'));
    __m512i flags = _mm512_and_si512(_mm512_movm_epi8(points), words(HW_SWAR_EACH(0x80)));
    return _mm512_and_si512(flags, _mm512_sub_epi64(_mm512_setzero_si512(), flags));
}

LANES_INLINE __m512i bytes_behind(__m512i point) {
    return _mm512_srli_epi64(_mm512_lzcnt_epi64(point), 3);
}

/*
 * Returns `one_before` for the bytes in `through`, and `digits` for the others. See hw_plain_close.
 */
LANES_INLINE __m512i gap_close(__m512i digits, __m512i one_before, __m512i through) {
    return _mm512_ternarylogic_epi64(through, one_before, digits, 0xca);
}

/* Takes the point out as hw_plain_read does, and returns the lanes that have one. */
LANES_INLINE __mmask8 point_close(struct digits *digits, __m512i *out_after) {
    __m512i point = first_point(digits->lower);
    __mmask8 pointed = _mm512_test_epi64_mask(point, point);
    __m512i lower = digits->lower;
    __m512i before = _mm512_slli_epi64(lower, 8);
    __m512i after = _mm512_maskz_mov_epi64(pointed, bytes_behind(point));

    if (digits->wide) {
        __m512i upper = digits->upper;
        __m512i upper_point = first_point(upper);
        __mmask8 upper_pointed = _mm512_test_epi64_mask(upper_point, upper_point) & (__mmask8)~pointed;
        __m512i through = _mm512_mask_mov_epi64(through_point(upper_point, upper_pointed), pointed, words(UINT64_MAX));
        before = _mm512_or_si512(before, _mm512_srli_epi64(upper, 56));
        after = _mm512_mask_add_epi64(after, upper_pointed, bytes_behind(upper_point), words(WORD_BYTES));
        digits->upper = gap_close(upper, _mm512_slli_epi64(upper, 8), through);
        digits->lower = gap_close(lower, before, through_point(point, pointed));
        *out_after = after;
        return pointed | upper_pointed;
    }
    digits->lower = gap_close(lower, before, through_point(point, pointed));
    *out_after = after;
    return pointed;
}

LANES_INLINE __m512d divide_by_power_of_ten(__m512i mantissa, __m512i power) {
    const __m512d low = _mm512_loadu_pd(hw_powers_of_ten);
    const __m512d high = _mm512_loadu_pd(hw_powers_of_ten + HW_LANES);
    return _mm512_div_pd(_mm512_cvtepi64_pd(mantissa), _mm512_permutex2var_pd(low, power, high));
}

TARGET static size_t lanes_double(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left) {
    __m512i before_max = _mm512_setzero_si512();
    __m512i after_max = _mm512_setzero_si512();
    uint8_t left = 0;

    for (; row < lanes->rows && left == 0; row += HW_LANES) {
        struct fields fields = fields_at(lanes, row);
        __mmask8 read;
        __m512i after;
        struct digits digits = digits_at(lanes, &fields, &read);
        __mmask8 pointed = point_close(&digits, &after);
        __m512i before = _mm512_sub_epi64(fields.sizes, after);
        before = _mm512_mask_sub_epi64(before, pointed, before, words(1));
        before = _mm512_mask_sub_epi64(before, digits.negative, before, words(1));
        __mmask8 zero_first = _mm512_testn_epi64_mask(digits.lead, words(0xff));
        __mmask8 none = _mm512_testn_epi64_mask(_mm512_add_epi64(before, after), words(UINT64_MAX));
        __mmask8 wrong = not_digits(digits.lower) | none;
        wrong |= _mm512_mask_cmpgt_epu64_mask(zero_first, before, words(1));
        wrong |= digits.wide ? not_digits(digits.upper) : 0;
        __m512i mantissa = digits_value(&digits);
        wrong |= _mm512_cmpge_epu64_mask(mantissa, words(UINT64_C(1000000000000000)));
        __m512d value = divide_by_power_of_ten(mantissa, after);
        value = _mm512_mask_xor_pd(value, digits.negative, value, _mm512_set1_pd(-0.0));
        _mm512_mask_storeu_pd((double *)values + row, fields.live, value);
        __mmask8 done = read & (__mmask8)~wrong;
        before = _mm512_mask_sub_epi64(before, zero_first, before, words(1));
        before_max = _mm512_mask_max_epu64(before_max, done, before_max, before);
        after_max = _mm512_mask_max_epu64(after_max, done, after_max, after);
        left = lanes_left(&fields, done);
    }
    uint32_t before = (uint32_t)_mm512_reduce_max_epu64(before_max);
    uint32_t after = (uint32_t)_mm512_reduce_max_epu64(after_max);
    lanes->digits.before = before > lanes->digits.before ? before : lanes->digits.before;
    lanes->digits.after = after > lanes->digits.after ? after : lanes->digits.after;
    *out_left = left;
    return hw_min_size(row, lanes->rows);
}

/* Returns the lanes that are no "00-00-00". See hw_swar_not_pairs. */
LANES_INLINE __mmask8 not_pairs(__m512i pairs) {
    __m512i flags = _mm512_or_si512(pairs, _mm512_add_epi8(pairs, words(UINT64_C(0x76767f76767f7676))));
    return _mm512_test_epi64_mask(flags, words(HW_SWAR_EACH(0x80)));
}

/* Multiplies each byte by 10 and adds the byte behind it. */
LANES_INLINE __m512i pairs_value(__m512i digits) {
    __m512i tens = _mm512_add_epi64(_mm512_slli_epi64(digits, 3), _mm512_slli_epi64(digits, 1));
    return _mm512_add_epi64(tens, _mm512_srli_epi64(digits, 8));
}

LANES_INLINE __m512i byte_of(__m512i word, unsigned byte) {
    return _mm512_and_si512(_mm512_srli_epi64(word, byte * 8), words(0xff));
}

/*
 * Does hw_date_read: returns the days since 1970 of "YYYY" in the low half of `year`, and
 * "YY-MM-DD". Takes the lanes that are no date out of `*done`.
 */
LANES_INLINE __m512i date_value(__m512i year, __m512i year_month_day, __mmask8 *done) {
#define MONTH(before, days) ((int64_t)(days) << 32 | (before))
    const __m512i low = _mm512_setr_epi64(0, MONTH(0, 31), MONTH(31, 28), MONTH(59, 31), MONTH(90, 30), MONTH(120, 31),
                                          MONTH(151, 30), MONTH(181, 31));
    const __m512i high =
        _mm512_setr_epi64(MONTH(212, 31), MONTH(243, 30), MONTH(273, 31), MONTH(304, 30), MONTH(334, 31), 0, 0, 0);
#undef MONTH
    __m512i digits = _mm512_xor_si512(year_month_day, words(HW_SWAR_PAIRS('-')));
    __m512i four = _mm512_and_si512(_mm512_xor_si512(year, words(HW_SWAR_EACH('0'))), words(UINT32_MAX));
    __m512i pairs = pairs_value(digits);
    __m512i century = byte_of(pairs_value(four), 0);
    __m512i in_century = byte_of(pairs, 0);
    __m512i month = byte_of(pairs, 3);
    __m512i day = _mm512_sub_epi64(byte_of(pairs, 6), words(1));
    __mmask8 century_starts = _mm512_testn_epi64_mask(in_century, in_century);
    __mmask8 leap = _mm512_testn_epi64_mask(_mm512_mask_mov_epi64(in_century, century_starts, century), words(3));
    __m512i table = _mm512_permutex2var_epi64(low, month, high);
    __m512i days = _mm512_srli_epi64(table, 32);
    __m512i before = _mm512_and_si512(table, words(UINT32_MAX));

    days = _mm512_mask_add_epi64(days, leap & _mm512_cmpeq_epi64_mask(month, words(2)), days, words(1));
    before = _mm512_mask_add_epi64(before, leap & _mm512_cmpgt_epu64_mask(month, words(2)), before, words(1));
    __mmask8 wrong = not_pairs(digits) | not_digits(four) | _mm512_cmpgt_epu64_mask(month, words(12)) |
                     _mm512_cmpge_epu64_mask(day, days) | (century_starts & _mm512_testn_epi64_mask(century, century));
    *done &= (__mmask8)~wrong;
    __m512i centuries = _mm512_srli_epi64(_mm512_add_epi64(_mm512_mul_epu32(century, words(146097)), words(3)), 2);
    __m512i years = _mm512_srli_epi64(_mm512_add_epi64(_mm512_mul_epu32(in_century, words(1461)), words(3)), 2);
    __mmask8 missing = (__mmask8)~century_starts & _mm512_test_epi64_mask(century, words(3));
    __m512i start = _mm512_sub_epi64(_mm512_add_epi64(centuries, years), words(HW_DATE_EPOCH_DAYS));
    start = _mm512_mask_sub_epi64(start, missing, start, words(1));
    return _mm512_add_epi64(_mm512_add_epi64(start, before), day);
}

TARGET static size_t lanes_date(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left) {
    uint8_t left = 0;

    for (; row < lanes->rows && left == 0; row += HW_LANES) {
        struct fields fields = fields_at(lanes, row);
        __mmask8 done = _mm512_mask_cmpeq_epi64_mask(fields.live, fields.sizes, words(HW_DATE_BYTES));
        __m512i year = text_at(lanes, fields.starts, done);
        __m512i year_month_day = text_at(lanes, _mm512_add_epi64(fields.starts, words(2)), done);
        __m512i days = date_value(year, year_month_day, &done);
        _mm256_mask_storeu_epi32((int32_t *)values + row, fields.live, _mm512_cvtepi64_epi32(days));
        left = lanes_left(&fields, done);
    }
    *out_left = left;
    return hw_min_size(row, lanes->rows);
}

/* Does hw_clock_read. Takes the lanes that are no clock out of `*done`. */
LANES_INLINE __m512i clock_value(__m512i text, __mmask8 *done) {
    __m512i digits = _mm512_xor_si512(text, words(HW_SWAR_PAIRS(':')));
    __m512i pairs = pairs_value(digits);
    __m512i hour = byte_of(pairs, 0);
    __m512i minute = byte_of(pairs, 3);
    __m512i second = byte_of(pairs, 6);
    __mmask8 wrong = not_pairs(digits) | _mm512_cmpgt_epu64_mask(hour, words(23)) |
                     _mm512_cmpgt_epu64_mask(_mm512_max_epu64(minute, second), words(59));

    *done &= (__mmask8)~wrong;
    minute = _mm512_add_epi64(_mm512_mul_epu32(hour, words(60)), minute);
    return _mm512_add_epi64(_mm512_mul_epu32(minute, words(60)), second);
}

/*
 * Parses timestamps of 19 bytes, or with `utc` of 20 bytes with a T and a Z. `utc` is a constant
 * where this is inlined.
 */
LANES_INLINE size_t micros(struct hw_lanes *lanes, bool utc, size_t row, int64_t *values, uint8_t *out_left) {
    const __m512i size = words(utc ? UTC_BYTES : LOCAL_BYTES);
    uint8_t left = 0;

    for (; row < lanes->rows && left == 0; row += HW_LANES) {
        struct fields fields = fields_at(lanes, row);
        __mmask8 done = _mm512_mask_cmpeq_epi64_mask(fields.live, fields.sizes, size);
        __m512i from_0 = text_at(lanes, fields.starts, done);
        __m512i from_3 = text_at(lanes, _mm512_add_epi64(fields.starts, words(3)), done);
        __m512i clock = text_at(lanes, _mm512_add_epi64(fields.starts, words(CLOCK_AT)), done);
        __m512i day = _mm512_and_si512(_mm512_slli_epi64(from_3, 8), words(UINT64_C(0xffff) << 48));
        __m512i days = date_value(from_0, _mm512_or_si512(_mm512_srli_epi64(from_0, 16), day), &done);
        __m512i separator = _mm512_srli_epi64(from_3, 56);
        __mmask8 separated = _mm512_cmpeq_epi64_mask(separator, words('T'));
        if (utc) {
            __m512i zone = text_at(lanes, _mm512_add_epi64(fields.starts, words(CLOCK_AT + 1)), done);
            separated &= _mm512_cmpeq_epi64_mask(_mm512_srli_epi64(zone, 56), words('Z'));
        } else {
            separated |= _mm512_cmpeq_epi64_mask(separator, words(' '));
        }
        __m512i seconds = clock_value(clock, &done);
        seconds = _mm512_add_epi64(_mm512_mul_epi32(days, words(86400)), seconds);
        _mm512_mask_storeu_epi64(values + row, fields.live, _mm512_mullo_epi64(seconds, words(1000000)));
        left = lanes_left(&fields, done & separated);
    }
    *out_left = left;
    return hw_min_size(row, lanes->rows);
}

TARGET static size_t lanes_local_micros(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left) {
    return micros(lanes, false, row, values, out_left);
}

TARGET static size_t lanes_utc_micros(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left) {
    return micros(lanes, true, row, values, out_left);
}

static bool usable(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

hw_lanes_fn *hw_lanes_for(struct hw_type type) {
    if (!usable()) {
        return NULL;
    }
    switch (type.kind) {
    case HW_KIND_INT64:
        return lanes_int64;
    case HW_KIND_DOUBLE:
        return lanes_double;
    case HW_KIND_DATE:
        return lanes_date;
    case HW_KIND_TIMESTAMP:
        if (type.unit != HW_UNIT_MICROS) {
            return NULL;
        }
        return type.utc ? lanes_utc_micros : lanes_local_micros;
    default:
        return NULL;
    }
}

#else

hw_lanes_fn *hw_lanes_for(struct hw_type type) {
    (void)type;
    return NULL;
}

#endif
