/* SPDX-License-Identifier: Apache-2.0 */
#include "table/widen.h"

/* Kinds that have types in common with kinds of one class in the same way. */
enum class {
    CLASS_ALONE, /* has types in common with nothing but itself */
    CLASS_INTEGER,
    CLASS_DECIMAL,
    CLASS_FLOAT,
    CLASS_DATE,
    CLASS_TIMESTAMP,
    CLASS_TIME,
    CLASS_TEXT,
    CLASS_BYTES,
    CLASS_COUNT
};

/* Integers up to 10^5 are floats, those up to 2^53 doubles; int64 and uint64 have more digits. */
enum { FLOAT_DIGITS_MAX = 5, INTEGER_BITS_MAX = 64, UINT64_DIGITS = 20 };

static const struct kind_row {
    enum class class;
    uint8_t bits; /* of an integer */
    bool is_unsigned;
    uint8_t digits; /* of an integer */
} kind_rows[HW_KIND_COUNT] = {
    [HW_KIND_INT8] = {CLASS_INTEGER, 8, false, 3},
    [HW_KIND_INT16] = {CLASS_INTEGER, 16, false, 5},
    [HW_KIND_INT32] = {CLASS_INTEGER, 32, false, 10},
    [HW_KIND_INT64] = {CLASS_INTEGER, 64, false, 19},
    [HW_KIND_UINT8] = {CLASS_INTEGER, 8, true, 3},
    [HW_KIND_UINT16] = {CLASS_INTEGER, 16, true, 5},
    [HW_KIND_UINT32] = {CLASS_INTEGER, 32, true, 10},
    [HW_KIND_UINT64] = {CLASS_INTEGER, 64, true, UINT64_DIGITS},
    [HW_KIND_DECIMAL] = {CLASS_DECIMAL},
    [HW_KIND_DECIMAL32] = {CLASS_DECIMAL},
    [HW_KIND_DECIMAL64] = {CLASS_DECIMAL},
    [HW_KIND_DECIMAL256] = {CLASS_DECIMAL},
    [HW_KIND_HALF] = {CLASS_FLOAT},
    [HW_KIND_FLOAT] = {CLASS_FLOAT},
    [HW_KIND_DOUBLE] = {CLASS_FLOAT},
    [HW_KIND_DATE] = {CLASS_DATE},
    [HW_KIND_TIMESTAMP] = {CLASS_TIMESTAMP},
    [HW_KIND_TIME32] = {CLASS_TIME},
    [HW_KIND_TIME64] = {CLASS_TIME},
    [HW_KIND_TEXT] = {CLASS_TEXT},
    [HW_KIND_BINARY] = {CLASS_BYTES},
    [HW_KIND_FIXED] = {CLASS_BYTES},
};

struct hw_widening hw_widening_begin(struct hw_type type) {
    const struct kind_row *row = &kind_rows[type.kind];
    return (struct hw_widening){
        .type = type,
        .digits = row->class == CLASS_DECIMAL ? (unsigned)type.precision - type.scale : row->digits,
        .integers = row->class == CLASS_INTEGER,
    };
}

/* Sets `joined->type`; what else `joined` has is that of both. The class of `a` comes first. */
typedef bool join_fn(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined);

static join_fn integers_join;
static join_fn decimals_join;
static join_fn integer_float_join;
static join_fn floats_join;
static join_fn date_timestamp_join;
static join_fn times_join;
static join_fn text_join;
static join_fn bytes_join;

static join_fn *const joins[CLASS_COUNT][CLASS_COUNT] = {
    [CLASS_INTEGER] =
        {[CLASS_INTEGER] = integers_join, [CLASS_DECIMAL] = decimals_join, [CLASS_FLOAT] = integer_float_join},
    [CLASS_DECIMAL] = {[CLASS_DECIMAL] = decimals_join},
    [CLASS_FLOAT] = {[CLASS_FLOAT] = floats_join},
    [CLASS_DATE] = {[CLASS_TIMESTAMP] = date_timestamp_join},
    [CLASS_TIMESTAMP] = {[CLASS_TIMESTAMP] = times_join},
    [CLASS_TIME] = {[CLASS_TIME] = times_join},
    [CLASS_TEXT] = {[CLASS_TEXT] = text_join},
    [CLASS_BYTES] = {[CLASS_BYTES] = bytes_join},
};

/* Integers are such still where only a decimal holds all of them. */
static enum class class_of(const struct hw_widening *widening) {
    return widening->integers ? CLASS_INTEGER : kind_rows[widening->type.kind].class;
}

bool hw_widening_add(struct hw_widening *widening, struct hw_type type) {
    const struct hw_widening more = hw_widening_begin(type);
    if (type.kind == HW_KIND_NULL) {
        return true;
    }
    if (widening->type.kind == HW_KIND_NULL) {
        *widening = more;
        return true;
    }
    if (hw_type_equal(widening->type, type)) {
        widening->digits = more.digits > widening->digits ? more.digits : widening->digits;
        widening->integers = widening->integers && more.integers;
        return true;
    }
    const bool turned = class_of(&more) < class_of(widening);
    const struct hw_widening *a = turned ? &more : widening;
    const struct hw_widening *b = turned ? widening : &more;
    join_fn *const join = joins[class_of(a)][class_of(b)];
    struct hw_widening joined = {
        .type = widening->type,
        .digits = a->digits > b->digits ? a->digits : b->digits,
        .integers = a->integers && b->integers,
    };
    if (!join || !join(a, b, &joined)) {
        return false;
    }
    *widening = joined;
    return true;
}

/* ------ numbers */

/* Returns the integer type of the bits, which are a power of two from 8 to 64. */
static enum hw_kind integer_kind(unsigned bits, bool is_unsigned) {
    for (unsigned kind = 0; kind < HW_KIND_COUNT; kind++) {
        const struct kind_row *row = &kind_rows[kind];
        if (row->class == CLASS_INTEGER && row->bits == bits && row->is_unsigned == is_unsigned) {
            return (enum hw_kind)kind;
        }
    }
    return HW_KIND_INT64;
}

static bool decimal_make(unsigned digits, unsigned scale, struct hw_type *out_type) {
    const unsigned precision = digits + scale > 0 ? digits + scale : 1;
    if (precision > HW_DECIMAL256_PRECISION_MAX) {
        return false;
    }
    *out_type = (struct hw_type){
        .kind = precision > HW_DECIMAL_PRECISION_MAX ? HW_KIND_DECIMAL256 : HW_KIND_DECIMAL,
        .precision = (uint8_t)precision,
        .scale = (uint8_t)scale,
    };
    return true;
}

/* A signed type needs twice the bits of an unsigned one, of which it uses one more. */
static bool integers_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    const struct kind_row *one = &kind_rows[a->type.kind];
    const struct kind_row *other = &kind_rows[b->type.kind];
    const bool mixed = one->is_unsigned != other->is_unsigned;
    const unsigned one_bits = mixed && one->is_unsigned ? 2u * one->bits : one->bits;
    const unsigned other_bits = mixed && other->is_unsigned ? 2u * other->bits : other->bits;
    const unsigned bits = one_bits > other_bits ? one_bits : other_bits;
    if (one->class == CLASS_DECIMAL || other->class == CLASS_DECIMAL || bits > INTEGER_BITS_MAX) {
        return decimal_make(UINT64_DIGITS, 0, &joined->type);
    }
    joined->type = (struct hw_type){.kind = integer_kind(bits, one->is_unsigned && other->is_unsigned)};
    return true;
}

static bool decimals_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    return decimal_make(joined->digits, a->type.scale > b->type.scale ? a->type.scale : b->type.scale, &joined->type);
}

static bool integer_float_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    (void)a;
    const bool narrow = b->type.kind != HW_KIND_DOUBLE && joined->digits <= FLOAT_DIGITS_MAX;
    joined->type = (struct hw_type){.kind = narrow ? HW_KIND_FLOAT : HW_KIND_DOUBLE};
    return true;
}

/* Two that differ are no two halves. */
static bool floats_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    const bool wide = a->type.kind == HW_KIND_DOUBLE || b->type.kind == HW_KIND_DOUBLE;
    joined->type = (struct hw_type){.kind = wide ? HW_KIND_DOUBLE : HW_KIND_FLOAT};
    return true;
}

/* ------ times */

/* Dates have no zone. */
static bool date_timestamp_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    (void)a;
    joined->type = b->type;
    return !b->type.utc;
}

static bool times_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    static const uint8_t fineness[] = {
        [HW_UNIT_SECONDS] = 0, [HW_UNIT_MILLIS] = 1, [HW_UNIT_MICROS] = 2, [HW_UNIT_NANOS] = 3};
    joined->type = a->type;
    if (fineness[b->type.unit] > fineness[a->type.unit]) {
        joined->type.kind = b->type.kind;
        joined->type.unit = b->type.unit;
    }
    return a->type.utc == b->type.utc;
}

/* ------ bytes */

static bool text_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    (void)a;
    (void)b;
    joined->type = (struct hw_type){.kind = HW_KIND_TEXT};
    return true;
}

static bool bytes_join(const struct hw_widening *a, const struct hw_widening *b, struct hw_widening *joined) {
    (void)a;
    (void)b;
    joined->type = (struct hw_type){.kind = HW_KIND_BINARY};
    return true;
}
