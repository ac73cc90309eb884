/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bloom_rows.h"

#include "parquet/value_span.h"

typedef void value_add_fn(struct hw_bloom *bloom, enum hw_bloom_form form, hw_view value);

static value_add_fn real_twins_add, decimal_shortest_add;

/* How the other forms of a value are added; NULL: there are none. */
static value_add_fn *const others[HW_BLOOM_FORM_COUNT] = {
    [HW_BLOOM_HALF] = real_twins_add,
    [HW_BLOOM_FLOAT] = real_twins_add,
    [HW_BLOOM_DOUBLE] = real_twins_add,
    [HW_BLOOM_DECIMAL] = decimal_shortest_add,
};

enum hw_bloom_form hw_bloom_form_of(const struct hw_read_leaf *leaf, enum hw_physical physical) {
    static const enum hw_bloom_form forms[HW_PHYSICAL_COUNT] = {
        [HW_PHYSICAL_BOOLEAN] = HW_BLOOM_NONE,    [HW_PHYSICAL_INT32] = HW_BLOOM_SAME,
        [HW_PHYSICAL_INT64] = HW_BLOOM_SAME,      [HW_PHYSICAL_INT96] = HW_BLOOM_NONE,
        [HW_PHYSICAL_FLOAT] = HW_BLOOM_FLOAT,     [HW_PHYSICAL_DOUBLE] = HW_BLOOM_DOUBLE,
        [HW_PHYSICAL_BYTE_ARRAY] = HW_BLOOM_SAME, [HW_PHYSICAL_FIXED] = HW_BLOOM_SAME,
    };
    if (leaf->form == HW_LEAF_INTERVAL) {
        return HW_BLOOM_NONE;
    }
    if (physical == HW_PHYSICAL_FIXED && leaf->form == HW_LEAF_SAME && leaf->field->type.kind == HW_KIND_HALF) {
        return HW_BLOOM_HALF;
    }
    if (physical == HW_PHYSICAL_BYTE_ARRAY && leaf->form == HW_LEAF_BYTES_DECIMAL) {
        return HW_BLOOM_DECIMAL;
    }
    return forms[physical];
}

void hw_bloom_add_rows(struct hw_bloom *bloom, enum hw_bloom_form form, const struct hw_leaf_rows *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        const hw_view value = hw_value_at(rows, i);
        hw_bloom_add(bloom, value.data, value.size);
        if (others[form]) {
            others[form](bloom, form, value);
        }
    }
}

/* ------ other forms */

static void bits_add(struct hw_bloom *bloom, uint64_t bits, size_t bytes) {
    hw_bloom_add(bloom, &bits, bytes);
}

static void real_twins_add(struct hw_bloom *bloom, enum hw_bloom_form form, hw_view value) {
    /* The bits of infinity, and those of the quiet NaN whose other bits are clear. */
    static const struct {
        uint64_t infinity;
        uint64_t nan;
    } reals[HW_BLOOM_FORM_COUNT] = {
        [HW_BLOOM_HALF] = {UINT64_C(0x7c00), UINT64_C(0x7e00)},
        [HW_BLOOM_FLOAT] = {UINT64_C(0x7f800000), UINT64_C(0x7fc00000)},
        [HW_BLOOM_DOUBLE] = {UINT64_C(0x7ff0000000000000), UINT64_C(0x7ff8000000000000)},
    };
    const uint64_t sign = UINT64_C(1) << (8 * value.size - 1);
    uint64_t bits = 0;
    memcpy(&bits, value.data, value.size);
    if ((bits & ~sign) == 0) {
        bits_add(bloom, bits ^ sign, value.size);
    } else if ((bits & ~sign) > reals[form].infinity) {
        bits_add(bloom, reals[form].nan, value.size);
        bits_add(bloom, reals[form].nan | sign, value.size);
    }
}

/* Bytes in front are more than it needs while the sign that they tell is told by the next one. */
static void decimal_shortest_add(struct hw_bloom *bloom, enum hw_bloom_form form, hw_view value) {
    const uint8_t *bytes = (const uint8_t *)value.data;
    size_t over = 0;
    (void)form;
    while (over + 1 < value.size && bytes[over] == (bytes[over + 1] >= 0x80 ? 0xff : 0)) {
        over++;
    }
    if (over > 0) {
        hw_bloom_add(bloom, bytes + over, value.size - over);
    }
}
