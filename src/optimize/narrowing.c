/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/narrowing.h"

#include <math.h>

#include "table/print.h"
#include "table/type.h"

static const double powers[HW_NARROW_SCALES + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
#define UNSCALED_MAX 999999999999999.0
enum { INT32_DIGITS = 9, INT64_DIGITS = 18 };
/* The fields of TimeUnit in parquet.thrift. */
enum { UNIT_MICROS = 2, UNIT_NANOS = 3 };
/* The bits of a double that a float does not have. */
#define LOW_BITS ((UINT64_C(1) << 29) - 1)
#define QUIET_BIT (UINT64_C(1) << 51)

/* ------ columns */

enum number { NO_NUMBER, REAL, SIGNED, UNSIGNED, INSTANT };

/* Numbers have the meaning of their physical type, or are integers of 64 bits; INT96 has one. */
static enum number number_of(const struct hw_read_leaf *leaf) {
    const enum hw_kind kind = leaf->field->type.kind;
    if (leaf->physical == HW_PHYSICAL_DOUBLE) {
        return kind == HW_KIND_DOUBLE ? REAL : NO_NUMBER;
    }
    if (leaf->physical == HW_PHYSICAL_INT96) {
        return leaf->form == HW_LEAF_INT96 || leaf->form == HW_LEAF_INT96_TEXT ? INSTANT : NO_NUMBER;
    }
    if (leaf->physical != HW_PHYSICAL_INT64 || leaf->form != HW_LEAF_SAME) {
        return NO_NUMBER;
    }
    return kind == HW_KIND_INT64 ? SIGNED : kind == HW_KIND_UINT64 ? UNSIGNED : NO_NUMBER;
}

/* A type that is not known, or does not fit, counts as none but may mean more than its bytes. */
static bool has_known_type(const struct hw_read_leaf *leaf) {
    const struct hw_logical *logical = &leaf->element->logical;
    const int32_t converted = leaf->element->converted;
    if (leaf->physical != HW_PHYSICAL_INT64) {
        return logical->kind == HW_LOGICAL_NONE && converted == HW_CONVERTED_NONE;
    }
    return (logical->kind == HW_LOGICAL_NONE || (logical->kind == HW_LOGICAL_INTEGER && logical->bit_width == 64)) &&
           (converted == HW_CONVERTED_NONE || converted == HW_CONVERTED_INT_64 || converted == HW_CONVERTED_UINT_64);
}

bool hw_narrow_candidate(const struct hw_read_leaf *leaf) {
    return number_of(leaf) != NO_NUMBER && has_known_type(leaf);
}

bool hw_narrow_asked(const struct hw_read_leaf *leaf, const struct hw_narrow_choice *choice) {
    const bool number = choice->exact || choice->decimals || choice->tolerance > 0;
    return hw_narrow_candidate(leaf) && (number_of(leaf) == INSTANT ? choice->int96 : number);
}

struct hw_narrowing hw_narrow_storage(const struct hw_read_leaf *leaf) {
    struct hw_narrowing narrowing = {.to = HW_NARROW_NONE};
    const struct hw_type type = leaf->field->type;
    if (leaf->form == HW_LEAF_BYTES_DECIMAL && type.precision <= INT64_DIGITS) {
        narrowing = (struct hw_narrowing){
            .to = HW_NARROW_STORAGE,
            .precision = type.precision,
            .scale = type.scale,
            .width_before = leaf->width,
            .width_after = type.precision <= INT32_DIGITS ? 4 : 8,
        };
    }
    return narrowing;
}

/* ------ surveys */

typedef void survey_fn(struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, uint64_t row);
static survey_fn real_survey, integer_survey, instant_survey;
static survey_fn *const survey_by[] = {
    [REAL] = real_survey, [SIGNED] = integer_survey, [UNSIGNED] = integer_survey, [INSTANT] = instant_survey};

void hw_narrow_survey_add(struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, uint64_t row) {
    if (survey->values == 0) {
        survey->scales = survey->choice.decimals ? (2u << HW_NARROW_SCALES) - 2 : 0;
        survey->least = INT64_MAX;
        survey->most = INT64_MIN;
    }
    survey_fn *look = survey_by[number_of(survey->leaf)];
    if (look && !hw_narrow_survey_over(survey)) {
        look(survey, rows, row);
    }
    survey->values += rows->count;
}

static void integer_survey(struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, uint64_t row) {
    (void)row;
    int64_t least = survey->least, most = survey->most;
    uint64_t most_unsigned = survey->most_unsigned;
    for (size_t i = 0; i < rows->count; i++) {
        const uint64_t word = hw_load_le64(rows->values.data + 8 * i);
        least = (int64_t)word < least ? (int64_t)word : least;
        most = (int64_t)word > most ? (int64_t)word : most;
        most_unsigned = word > most_unsigned ? word : most_unsigned;
    }
    survey->least = least;
    survey->most = most;
    survey->most_unsigned = most_unsigned;
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* Returns whether a float has the same value, and gives the same 64 bits back. */
static bool is_float(double value) {
    const uint64_t bits = bits_of(value);
    if (HW_UNLIKELY(isnan(value))) {
        return (bits & LOW_BITS) == 0 && (bits & QUIET_BIT) != 0;
    }
    return bits_of((double)(float)value) == bits;
}

/* Returns the number of the row that has a value, counted from that of the first. */
static uint64_t row_of(const struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, size_t value) {
    uint64_t row = 0;
    size_t values = 0;
    for (size_t i = 0; i < rows->entries; i++) {
        row += i > 0 && (rows->reps.size == 0 || rows->reps.data[i] == 0);
        const bool has_value = rows->defs.size == 0 || rows->defs.data[i] == survey->leaf->def_max;
        if (has_value && values++ == value) {
            break;
        }
    }
    return row;
}

/* Returns whether a value is the double that is nearest to a decimal of a scale. -0.0 is not. */
static bool is_decimal(double value, double power, int64_t *out_unscaled) {
    const double unscaled = rint(value * power);
    if (!(fabs(unscaled) <= UNSCALED_MAX) || bits_of(unscaled / power) != bits_of(value)) {
        return false;
    }
    *out_unscaled = (int64_t)unscaled;
    return value != 0 || !signbit(value);
}

/* Takes away the scales at which the value is no decimal. */
static void decimal_survey(struct hw_narrow_survey *survey, double value) {
    for (unsigned left = survey->scales; left != 0; left &= left - 1) {
        const unsigned scale = (unsigned)__builtin_ctz(left);
        int64_t unscaled;
        if (!is_decimal(value, powers[scale], &unscaled)) {
            survey->scales &= ~(1u << scale);
            continue;
        }
        const uint64_t most = (uint64_t)(unscaled < 0 ? -unscaled : unscaled);
        survey->unscaled_most[scale] = most > survey->unscaled_most[scale] ? most : survey->unscaled_most[scale];
    }
}

/*
 * Returns how far a value that is no float is from the nearest one, as a part of it; INFINITY where
 * there is none.
 */
static double float_error(double value) {
    const double single = (double)(float)value;
    return isfinite(value) && isfinite(single) ? fabs(single - value) / fabs(value) : (double)INFINITY;
}

/* Returns whether a value was found that is too far off. */
static bool has_misfit(const struct hw_narrow_survey *survey) {
    return survey->no_float && survey->error_most > survey->choice.tolerance;
}

static void real_survey(struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, uint64_t row) {
    for (size_t i = 0; i < rows->count; i++) {
        double value;
        memcpy(&value, rows->values.data + 8 * i, sizeof(value));
        if (HW_UNLIKELY(!is_float(value))) {
            const double off = float_error(value);
            if (!has_misfit(survey) && off > survey->choice.tolerance) {
                survey->misfit = value;
                survey->misfit_row = row + row_of(survey, rows, i);
            }
            survey->no_float = true;
            survey->error_most = off > survey->error_most ? off : survey->error_most;
        }
        if (survey->scales != 0) {
            decimal_survey(survey, value);
        }
    }
}

static void instant_keep(struct hw_narrow_survey *survey, unsigned facts, const uint8_t *value, uint64_t row) {
    for (unsigned left = facts & ~survey->facts; left != 0; left &= left - 1) {
        struct hw_narrow_instant *instant = &survey->instants[__builtin_ctz(left)];
        memcpy(instant->value, value, sizeof(instant->value));
        instant->row = row;
    }
    survey->facts |= facts;
}

static void instant_survey(struct hw_narrow_survey *survey, const struct hw_leaf_rows *rows, uint64_t row) {
    for (size_t i = 0; i < rows->count; i++) {
        const uint8_t *value = rows->values.data + HW_INT96_BYTES * i;
        const unsigned facts = hw_int96_facts(value);
        if (HW_UNLIKELY((facts & ~survey->facts) != 0)) {
            instant_keep(survey, facts, value, row + row_of(survey, rows, i));
        }
    }
}

static void survey_shift(struct hw_narrow_survey *survey, uint64_t rows) {
    survey->misfit_row += rows;
    for (size_t i = 0; i < HW_INT96_FACTS; i++) {
        survey->instants[i].row += rows;
    }
}

void hw_narrow_survey_join(struct hw_narrow_survey *survey, const struct hw_narrow_survey *next, uint64_t row) {
    if (next->values == 0) {
        survey->leaf = survey->leaf ? survey->leaf : next->leaf;
        return;
    }
    if (survey->values == 0) {
        *survey = *next;
        survey_shift(survey, row);
        return;
    }
    if (has_misfit(next) && !has_misfit(survey)) {
        survey->misfit = next->misfit;
        survey->misfit_row = row + next->misfit_row;
    }
    survey->no_float |= next->no_float;
    survey->error_most = next->error_most > survey->error_most ? next->error_most : survey->error_most;
    survey->scales &= next->scales;
    for (size_t i = 0; i <= HW_NARROW_SCALES; i++) {
        const uint64_t most = next->unscaled_most[i];
        survey->unscaled_most[i] = most > survey->unscaled_most[i] ? most : survey->unscaled_most[i];
    }
    survey->least = next->least < survey->least ? next->least : survey->least;
    survey->most = next->most > survey->most ? next->most : survey->most;
    survey->most_unsigned = next->most_unsigned > survey->most_unsigned ? next->most_unsigned : survey->most_unsigned;
    for (unsigned left = next->facts; left != 0; left &= left - 1) {
        const struct hw_narrow_instant *instant = &next->instants[__builtin_ctz(left)];
        instant_keep(survey, left & -left, instant->value, row + instant->row);
    }
    survey->values += next->values;
}

/* Returns whether values of INT96 with these facts have no timestamp that holds all of them. */
static bool instants_stay(unsigned facts) {
    const unsigned never = 1u << HW_INT96_NO_TIME | 1u << HW_INT96_BEYOND_MICROS;
    const unsigned fine_and_far = 1u << HW_INT96_HAS_NANOS | 1u << HW_INT96_BEYOND_NANOS;
    return (facts & never) != 0 || (facts & fine_and_far) == fine_and_far;
}

bool hw_narrow_survey_over(const struct hw_narrow_survey *survey) {
    const struct hw_narrow_choice *choice = &survey->choice;
    switch (number_of(survey->leaf)) {
    case REAL:
        return has_misfit(survey) && (!choice->decimals || (survey->values > 0 && survey->scales == 0));
    case INSTANT:
        return instants_stay(survey->facts);
    case SIGNED:
        return survey->values > 0 && (survey->least < INT32_MIN || survey->most > INT32_MAX);
    default:
        return survey->most_unsigned > UINT32_MAX;
    }
}

/* ------ decisions */

static int32_t digits_of(uint64_t number) {
    int32_t digits = 1;
    for (; number >= 10; number /= 10) {
        digits++;
    }
    return digits;
}

static struct hw_narrowing decimal_decide(const struct hw_narrow_survey *survey) {
    const int32_t scale = __builtin_ctz(survey->scales);
    const int32_t digits = digits_of(survey->unscaled_most[scale]);
    const int32_t precision = digits > scale ? digits : scale;
    return (struct hw_narrowing){.to = HW_NARROW_DECIMAL,
                                 .precision = precision,
                                 .scale = scale,
                                 .width_before = 8,
                                 .width_after = precision <= INT32_DIGITS ? 4 : 8};
}

static struct hw_narrowing real_decide(const struct hw_narrow_survey *survey, const struct hw_narrow_choice *choice) {
    if (!survey->no_float) {
        return (struct hw_narrowing){.to = HW_NARROW_FLOAT, .width_before = 8, .width_after = 4};
    }
    /* Beyond its own tolerance a survey has not gone on. */
    const double tolerance = fmin(choice->tolerance, survey->choice.tolerance);
    if (tolerance > 0 && survey->error_most <= tolerance) {
        return (struct hw_narrowing){
            .to = HW_NARROW_FLOAT, .tolerance = tolerance, .width_before = 8, .width_after = 4};
    }
    return choice->decimals && survey->scales != 0 ? decimal_decide(survey) : (struct hw_narrowing){0};
}

/* Of a column without values nothing is known. */
struct hw_narrowing hw_narrow_decide(const struct hw_narrow_survey *survey, const struct hw_narrow_choice *choice) {
    const enum number number = number_of(survey->leaf);
    if (survey->values == 0 || !hw_narrow_asked(survey->leaf, choice)) {
        return (struct hw_narrowing){0};
    }
    if (number == REAL) {
        return real_decide(survey, choice);
    }
    if (hw_narrow_survey_over(survey)) {
        return (struct hw_narrowing){0};
    }
    if (number == INSTANT) {
        const bool nanos = (survey->facts & 1u << HW_INT96_HAS_NANOS) != 0;
        return (struct hw_narrowing){
            .to = nanos ? HW_NARROW_NANOS : HW_NARROW_MICROS, .width_before = HW_INT96_BYTES, .width_after = 8};
    }
    return (struct hw_narrowing){
        .to = number == SIGNED ? HW_NARROW_INT32 : HW_NARROW_UINT32, .width_before = 8, .width_after = 4};
}

/* Readers that know no logical types know microseconds; nanoseconds have no converted type. */
static struct hw_element_type timestamp_of(bool micros) {
    return (struct hw_element_type){
        .physical = HW_PHYSICAL_INT64,
        .converted = micros ? HW_CONVERTED_TIMESTAMP_MICROS : HW_CONVERTED_NONE,
        .logical = {.kind = HW_LOGICAL_TIMESTAMP, .unit = micros ? UNIT_MICROS : UNIT_NANOS, .utc = false},
    };
}

void hw_narrow_type(const struct hw_narrowing *narrowing, const struct hw_parquet_element *element,
                    struct hw_element_type *out_type) {
    struct hw_element_type type = {.physical = HW_PHYSICAL_INT32, .converted = HW_CONVERTED_NONE};
    const bool annotated = element->logical.kind == HW_LOGICAL_INTEGER || element->converted != HW_CONVERTED_NONE;
    switch (narrowing->to) {
    case HW_NARROW_FLOAT:
        type.physical = HW_PHYSICAL_FLOAT;
        break;
    case HW_NARROW_INT32:
        type.converted = annotated ? HW_CONVERTED_INT_32 : HW_CONVERTED_NONE;
        type.logical = (struct hw_logical){
            .kind = annotated ? HW_LOGICAL_INTEGER : HW_LOGICAL_NONE, .bit_width = 32, .is_signed = true};
        break;
    case HW_NARROW_UINT32:
        type.converted = HW_CONVERTED_UINT_32;
        type.logical = (struct hw_logical){.kind = HW_LOGICAL_INTEGER, .bit_width = 32};
        break;
    case HW_NARROW_MICROS:
    case HW_NARROW_NANOS:
        type = timestamp_of(narrowing->to == HW_NARROW_MICROS);
        break;
    default:
        type.physical = narrowing->width_after == 4 ? HW_PHYSICAL_INT32 : HW_PHYSICAL_INT64;
        type.converted = HW_CONVERTED_DECIMAL;
        type.logical = (struct hw_logical){
            .kind = HW_LOGICAL_DECIMAL, .precision = narrowing->precision, .scale = narrowing->scale};
        break;
    }
    *out_type = type;
}

/* ------ values */

static enum hw_status floats_narrow(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                    struct hw_error *err) {
    for (size_t i = 0; i < rows->count; i++) {
        double value;
        memcpy(&value, rows->values.data + 8 * i, sizeof(value));
        const float single = (float)value;
        if (!is_float(value) && (narrowing->tolerance <= 0 || float_error(value) > narrowing->tolerance)) {
            return hw_fail(err, HW_EDATA, "%.17g is no float", value);
        }
        memcpy(rows->values.data + 4 * i, &single, sizeof(single));
    }
    return HW_OK;
}

static enum hw_status integers_narrow(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                      struct hw_error *err) {
    for (size_t i = 0; i < rows->count; i++) {
        const uint64_t word = hw_load_le64(rows->values.data + 8 * i);
        const bool fits =
            narrowing->to == HW_NARROW_INT32 ? (int64_t)word == (int32_t)(int64_t)word : word <= UINT32_MAX;
        if (HW_UNLIKELY(!fits)) {
            return hw_fail(err, HW_EDATA, "%" PRId64 " does not fit in 32 bits", (int64_t)word);
        }
        hw_store_le32(rows->values.data + 4 * i, (uint32_t)word);
    }
    return HW_OK;
}

static void unscaled_put(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows, size_t i, int64_t unscaled) {
    uint8_t *at = rows->values.data + i * narrowing->width_after;
    if (narrowing->width_after == 4) {
        hw_store_le32(at, (uint32_t)unscaled);
    } else {
        hw_store_le64(at, (uint64_t)unscaled);
    }
}

/* Returns the first number that has more digits; there are 18 at most. */
static int64_t unscaled_end(int32_t precision) {
    int64_t end = 1;
    for (int32_t i = 0; i < precision; i++) {
        end *= 10;
    }
    return end;
}

static enum hw_status reals_to_decimals(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                        struct hw_error *err) {
    const double power = powers[narrowing->scale];
    const int64_t end = unscaled_end(narrowing->precision);
    for (size_t i = 0; i < rows->count; i++) {
        double value;
        int64_t unscaled;
        memcpy(&value, rows->values.data + 8 * i, sizeof(value));
        if (HW_UNLIKELY(!is_decimal(value, power, &unscaled) || unscaled <= -end || unscaled >= end)) {
            return hw_fail(err, HW_EDATA, "%.17g is no decimal(%" PRId32 ",%" PRId32 ")", value, narrowing->precision,
                           narrowing->scale);
        }
        unscaled_put(narrowing, rows, i, unscaled);
    }
    return HW_OK;
}

/* Reads a number of any length, the highest byte first. False where it does not fit in 64 bits. */
static bool big_endian_read(hw_view bytes, int64_t *out) {
    const uint8_t *at = (const uint8_t *)bytes.data;
    const bool negative = bytes.size > 0 && at[0] >= 0x80;
    uint64_t number = negative ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.size; i++) {
        const uint8_t lost = (uint8_t)(number >> 56);
        if (i >= sizeof(number) && lost != (negative ? 0xff : 0)) {
            return false;
        }
        number = number << 8 | at[i];
    }
    *out = (int64_t)number;
    return (*out < 0) == negative;
}

/* Texts are behind `data`, so that the place of the values is free. */
static enum hw_status bytes_to_decimals(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                        struct hw_error *err) {
    const size_t width = narrowing->width_before;
    const int64_t end = unscaled_end(narrowing->precision);
    const int32_t *places = (const int32_t *)(const void *)rows->offsets.data;
    if (width < narrowing->width_after) {
        HW_TRY(hw_buf_reserve(&rows->values, rows->count * narrowing->width_after, err));
    }
    for (size_t k = 0; k < rows->count; k++) {
        /* Values that grow are read from the last one on. */
        const size_t i = width > 0 && width < narrowing->width_after ? rows->count - 1 - k : k;
        const hw_view bytes =
            width > 0 ? (hw_view){(const char *)rows->values.data + i * width, width}
                      : (hw_view){(const char *)rows->data.data + places[i], (size_t)(places[i + 1] - places[i])};
        int64_t unscaled;
        if (HW_UNLIKELY(!big_endian_read(bytes, &unscaled) || unscaled <= -end || unscaled >= end)) {
            return hw_fail(err, HW_EDATA, "a decimal has more than its %" PRId32 " digits", narrowing->precision);
        }
        unscaled_put(narrowing, rows, i, unscaled);
    }
    return HW_OK;
}

static int64_t nanos_of(const struct hw_narrowing *narrowing) {
    return narrowing->to == HW_NARROW_MICROS ? HW_INT96_IN_MICROS : HW_INT96_IN_NANOS;
}

static enum hw_status instants_narrow(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                      struct hw_error *err) {
    const int64_t nanos = nanos_of(narrowing);
    for (size_t i = 0; i < rows->count; i++) {
        const uint8_t *value = rows->values.data + HW_INT96_BYTES * i;
        int64_t units;
        if (HW_UNLIKELY(!hw_int96_get(value, nanos, &units))) {
            char text[HW_PRINT_BYTES];
            *hw_int96_print(text, value) = '\0';
            return hw_fail(err, HW_EDATA, "the INT96 %s is no timestamp", text);
        }
        hw_store_le64(rows->values.data + 8 * i, (uint64_t)units);
    }
    return HW_OK;
}

enum hw_status hw_narrow_values(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows, struct hw_error *err) {
    static enum hw_status (*const by_kind[HW_NARROW_COUNT])(const struct hw_narrowing *, struct hw_leaf_rows *,
                                                            struct hw_error *) = {
        [HW_NARROW_FLOAT] = floats_narrow,       [HW_NARROW_INT32] = integers_narrow,
        [HW_NARROW_UINT32] = integers_narrow,    [HW_NARROW_DECIMAL] = reals_to_decimals,
        [HW_NARROW_STORAGE] = bytes_to_decimals, [HW_NARROW_MICROS] = instants_narrow,
        [HW_NARROW_NANOS] = instants_narrow,
    };
    if (!by_kind[narrowing->to]) {
        return HW_OK;
    }
    HW_TRY(by_kind[narrowing->to](narrowing, rows, err));
    rows->width = narrowing->width_after;
    rows->values.size = rows->count * rows->width;
    return HW_OK;
}

bool hw_narrow_widens(const struct hw_narrowing *narrowing) {
    return narrowing->to != HW_NARROW_STORAGE && narrowing->tolerance <= 0;
}

static double widened(const struct hw_narrowing *narrowing, const uint8_t *at) {
    float single;
    if (narrowing->to == HW_NARROW_FLOAT) {
        memcpy(&single, at, sizeof(single));
        return (double)single;
    }
    const int64_t unscaled = narrowing->width_after == 4 ? (int32_t)hw_load_le32(at) : (int64_t)hw_load_le64(at);
    return (double)unscaled / powers[narrowing->scale];
}

/* From the last value on, as below. */
static enum hw_status instants_widen(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows,
                                     struct hw_error *err) {
    const int64_t nanos = nanos_of(narrowing);
    HW_TRY(hw_buf_reserve(&rows->values, rows->count * HW_INT96_BYTES, err));
    for (size_t i = rows->count; i-- > 0;) {
        const int64_t units = (int64_t)hw_load_le64(rows->values.data + 8 * i);
        hw_int96_put(units, nanos, rows->values.data + HW_INT96_BYTES * i);
    }
    rows->width = HW_INT96_BYTES;
    rows->values.size = rows->count * HW_INT96_BYTES;
    return HW_OK;
}

/* From the last value on, so that it can be done in place. */
enum hw_status hw_narrow_widen(const struct hw_narrowing *narrowing, struct hw_leaf_rows *rows, struct hw_error *err) {
    if (narrowing->to == HW_NARROW_NONE || !hw_narrow_widens(narrowing)) {
        return HW_OK;
    }
    if (narrowing->to == HW_NARROW_MICROS || narrowing->to == HW_NARROW_NANOS) {
        return instants_widen(narrowing, rows, err);
    }
    HW_TRY(hw_buf_reserve(&rows->values, rows->count * 8, err));
    for (size_t i = rows->count; i-- > 0;) {
        const uint8_t *at = rows->values.data + i * narrowing->width_after;
        uint64_t word;
        if (narrowing->to == HW_NARROW_INT32) {
            word = (uint64_t)(int64_t)(int32_t)hw_load_le32(at);
        } else if (narrowing->to == HW_NARROW_UINT32) {
            word = hw_load_le32(at);
        } else {
            word = bits_of(widened(narrowing, at));
        }
        hw_store_le64(rows->values.data + 8 * i, word);
    }
    rows->width = 8;
    rows->values.size = rows->count * 8;
    return HW_OK;
}
