/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_int96.h"

#include "table/print.h"
#include "table/type.h"

enum { INT96_BYTES = 12, NANOS_PER_MICRO = 1000, JULIAN_EPOCH_DAY = 2440588 /* 1970-01-01 */ };

#define NANOS_PER_SECOND INT64_C(1000000000)
#define NANOS_PER_DAY INT64_C(86400000000000)
#define MICROS_PER_DAY INT64_C(86400000000)
/* Days whose nanoseconds, whichever of the day they are, have a place in 64 bits. */
#define DAYS_SURE INT64_C(106750)

const char HW_INT96_HINT[] = "With --int96 us or --int96 text such values can be read.";

static int64_t int96_nanos(const uint8_t *at) {
    return (int64_t)hw_load_le64(at);
}

/* Returns days since 1970-01-01. */
static int64_t int96_days(const uint8_t *at) {
    return (int64_t)(int32_t)hw_load_le32(at + 8) - JULIAN_EPOCH_DAY;
}

/* Returns nanoseconds since 1970-01-01, for all that 12 bytes can say. */
static __int128 int96_exact(const uint8_t *at) {
    const __int128 wrap = ((__int128)1 << 64) * NANOS_PER_MICRO;
    const __int128 least = (__int128)INT64_MIN * NANOS_PER_MICRO;
    const __int128 nanos = (__int128)int96_days(at) * NANOS_PER_DAY + int96_nanos(at);
    /* Microseconds of the Julian calendar wrap this much before those since 1970 do. */
    const __int128 ahead = (__int128)JULIAN_EPOCH_DAY * NANOS_PER_DAY;
    return nanos < least && nanos >= least - ahead ? nanos + wrap : nanos;
}

/* Prints any value. Returns the end of the text. */
static char *int96_print(char *to, const uint8_t *at) {
    const __int128 nanos = int96_exact(at);
    const int64_t seconds = (int64_t)(nanos / NANOS_PER_SECOND) - (nanos % NANOS_PER_SECOND < 0);
    return hw_print_instant(to, seconds, (uint32_t)(nanos - (__int128)seconds * NANOS_PER_SECOND));
}

enum hw_status hw_leaf_int96_texts(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                   struct hw_leaf_rows *out, struct hw_error *err) {
    (void)leaf;
    for (size_t i = 0; i < values->count; i++) {
        char text[HW_PRINT_BYTES];
        const char *end = int96_print(text, values->data + i * INT96_BYTES);
        HW_TRY(hw_leaf_rows_text(out, (hw_view){text, (size_t)(end - text)}, err));
    }
    return HW_OK;
}

static enum hw_status int96_fail(const struct hw_read_leaf *leaf, const uint8_t *at, const char *reason,
                                 struct hw_error *err) {
    char text[HW_PRINT_BYTES];
    char type[32];
    *int96_print(text, at) = '\0';
    hw_type_format(leaf->field->type, type, sizeof(type));
    const enum hw_status status = hw_fail(err, HW_EDATA, "%s %s %s", text, reason, type);
    if (err) {
        err->hint = HW_INT96_HINT;
    }
    return status;
}

/* Does what the loops below leave aside. */
static enum hw_status int96_rare(const struct hw_read_leaf *leaf, const uint8_t *at, int64_t *out_value,
                                 struct hw_error *err) {
    const bool micros = leaf->field->type.unit == HW_UNIT_MICROS;
    __int128 value = int96_exact(at);
    if (micros && value % NANOS_PER_MICRO != 0) {
        return int96_fail(leaf, at, "is finer than the microseconds of", err);
    }
    value /= micros ? NANOS_PER_MICRO : 1;
    if (value < INT64_MIN || value > INT64_MAX) {
        return int96_fail(leaf, at, micros ? "is too far from 1970 for" : "is outside of the years 1677 to 2262 of",
                          err);
    }
    *out_value = (int64_t)value;
    return HW_OK;
}

static enum hw_status int96_as_nanos(const struct hw_read_leaf *leaf, const uint8_t *at, int64_t *out_value,
                                     struct hw_error *err) {
    const int64_t days = int96_days(at);
    const int64_t nanos = int96_nanos(at);
    if (HW_LIKELY((uint64_t)(days + DAYS_SURE) <= 2 * DAYS_SURE && (uint64_t)nanos < (uint64_t)NANOS_PER_DAY)) {
        *out_value = days * NANOS_PER_DAY + nanos;
        return HW_OK;
    }
    return int96_rare(leaf, at, out_value, err);
}

static enum hw_status int96_as_micros(const struct hw_read_leaf *leaf, const uint8_t *at, int64_t *out_value,
                                      struct hw_error *err) {
    const int64_t days = int96_days(at);
    const int64_t nanos = int96_nanos(at);
    const int64_t micros = nanos / NANOS_PER_MICRO;
    const int64_t days_sure = DAYS_SURE * NANOS_PER_MICRO;
    if (HW_LIKELY((uint64_t)(days + days_sure) <= 2 * (uint64_t)days_sure &&
                  (uint64_t)nanos < (uint64_t)NANOS_PER_DAY && micros * NANOS_PER_MICRO == nanos)) {
        *out_value = days * MICROS_PER_DAY + micros;
        return HW_OK;
    }
    return int96_rare(leaf, at, out_value, err);
}

enum hw_status hw_leaf_int96_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                     struct hw_leaf_rows *out, struct hw_error *err) {
    const bool micros = leaf->field->type.unit == HW_UNIT_MICROS;
    uint8_t *to;
    HW_TRY(hw_leaf_rows_room(out, values->count, &to, err));
    for (size_t i = 0; i < values->count; i++) {
        const uint8_t *at = values->data + i * INT96_BYTES;
        int64_t value = 0;
        HW_TRY(micros ? int96_as_micros(leaf, at, &value, err) : int96_as_nanos(leaf, at, &value, err));
        hw_store_le64(to + i * sizeof(value), (uint64_t)value);
    }
    hw_leaf_rows_added(out, values->count);
    return HW_OK;
}
