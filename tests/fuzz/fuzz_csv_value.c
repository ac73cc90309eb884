/* SPDX-License-Identifier: Apache-2.0 */
/* One value: what hw_number_classify calls it, the strict parser of that type takes, and no other does. */
#include <math.h>

#include "csv/datetime.h"
#include "csv/number.h"
#include "csv/profile.h"
#include "fuzz/fuzz.h"

static bool digits_equal(struct hw_digits a, struct hw_digits b) {
    return a.before == b.before && a.after == b.after;
}

static bool doubles_equal(double a, double b) {
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof(a)) == 0;
}

static void double_check(hw_view text, enum hw_number_class class, double value, struct hw_digits digits) {
    double parsed = 0;
    struct hw_digits raised = {0};
    int64_t integer = 0;
    bool exact_integer =
        class == HW_NUMBER_INT64 && hw_parse_int64(text.data, text.size, &integer) && (__int128)value == integer;
    bool want = class == HW_NUMBER_DOUBLE || class == HW_NUMBER_SPECIAL || exact_integer;
    FUZZ_CHECK(hw_parse_double(text.data, text.size, &parsed, &raised) == want);
    if (want) {
        FUZZ_CHECK(doubles_equal(parsed, value));
        FUZZ_CHECK(class == HW_NUMBER_SPECIAL || digits_equal(raised, digits));
    }
}

/* The C library's reading of the same text. */
static void library_check(hw_view text, enum hw_number_class class, double value) {
    char copy[1001];
    if (class != HW_NUMBER_INT64 && class != HW_NUMBER_DOUBLE && class != HW_NUMBER_SPECIAL) {
        return;
    }
    FUZZ_CHECK(text.size < sizeof(copy));
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    char *end;
    FUZZ_CHECK(doubles_equal(strtod(copy, &end), value) && end == copy + text.size);
}

static void decimal_check(hw_view text, enum hw_number_class class, struct hw_digits digits) {
    __int128 value;
    struct hw_digits raised = {0};
    bool finite = class != HW_NUMBER_NOT && class != HW_NUMBER_SPECIAL;
    uint64_t needed = (uint64_t)digits.before + digits.after;
    if (finite && needed <= HW_DECIMAL_PRECISION_MAX) {
        unsigned precision = needed > 0 ? (unsigned)needed : 1;
        FUZZ_CHECK(hw_parse_decimal(text.data, text.size, precision, digits.after, &value, &raised));
        FUZZ_CHECK(digits_equal(raised, digits));
    }
    for (unsigned scale = 0; scale <= HW_DECIMAL_PRECISION_MAX; scale += 19) {
        bool taken = hw_parse_decimal(text.data, text.size, HW_DECIMAL_PRECISION_MAX, scale, &value, &raised);
        FUZZ_CHECK(!taken || finite);
    }
}

static void time_check(hw_view text, enum hw_number_class class) {
    int32_t days;
    int64_t nanos;
    struct hw_timestamp timestamp;
    bool date = hw_parse_date(text.data, text.size, &days);
    bool time = hw_parse_timestamp(text.data, text.size, &timestamp);
    FUZZ_CHECK(date + time + (class != HW_NUMBER_NOT) <= 1);
    if (time) {
        FUZZ_CHECK(timestamp.nanos < 1000);
        FUZZ_CHECK(!hw_timestamp_nanos(timestamp, &nanos) || nanos / 1000 - timestamp.micros <= 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0; /* an empty field is a null, never a value */
    }
    double value = 0;
    struct hw_digits digits = {0};
    int64_t integer;
    struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
    hw_view text = fuzz_text(data, size);
    enum hw_number_class class = hw_number_classify(text.data, size, &value, &digits);
    FUZZ_CHECK(hw_parse_int64(text.data, size, &integer) == (class == HW_NUMBER_INT64));
    double_check(text, class, value, digits);
    library_check(text, class, value);
    decimal_check(text, class, digits);
    time_check(text, class);
    hw_csv_profile_observe(&profile, text);
    FUZZ_CHECK(profile.seen != 0);
    fuzz_text_free(text);
    return 0;
}
