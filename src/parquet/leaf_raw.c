/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_raw.h"

enum { INT96_BYTES = 12 };

/* The kind, the lane and the bytes of values of each physical type. */
static const struct {
    enum hw_kind kind;
    enum hw_lane lane;
    size_t width;
} physicals[HW_PHYSICAL_COUNT] = {
    [HW_PHYSICAL_BOOLEAN] = {HW_KIND_BOOL, HW_LANE_BOOL, 1},
    [HW_PHYSICAL_INT32] = {HW_KIND_INT32, HW_LANE_WORD4, 4},
    [HW_PHYSICAL_INT64] = {HW_KIND_INT64, HW_LANE_WORD8, 8},
    [HW_PHYSICAL_INT96] = {HW_KIND_FIXED, HW_LANE_FIXED, INT96_BYTES},
    [HW_PHYSICAL_FLOAT] = {HW_KIND_FLOAT, HW_LANE_WORD4, 4},
    [HW_PHYSICAL_DOUBLE] = {HW_KIND_DOUBLE, HW_LANE_WORD8, 8},
    [HW_PHYSICAL_BYTE_ARRAY] = {HW_KIND_BINARY, HW_LANE_TEXT, 0},
    [HW_PHYSICAL_FIXED] = {HW_KIND_FIXED, HW_LANE_FIXED, 0},
};

void hw_leaf_raw(const struct hw_read_leaf *leaf, struct hw_field *field, struct hw_read_leaf *out_leaf) {
    const enum hw_kind kind = physicals[leaf->physical].kind;
    *field = (struct hw_field){.name = leaf->field->name, .type.kind = kind, .required = leaf->def_max == 0};
    if (kind == HW_KIND_FIXED) {
        field->type.width = (uint32_t)leaf->width;
    } else if (kind == HW_KIND_BINARY && leaf->field->type.kind == HW_KIND_TEXT) {
        field->type.kind = HW_KIND_TEXT;
    }
    *out_leaf = *leaf;
    out_leaf->form = HW_LEAF_SAME;
    out_leaf->field = field;
}

void hw_leaf_set_physical(struct hw_leaf *leaf, enum hw_physical physical, size_t type_length) {
    leaf->physical = physical;
    leaf->lane = physicals[physical].lane;
    leaf->width = physical == HW_PHYSICAL_FIXED ? type_length : physicals[physical].width;
}

/* An annotation that is not known may mean any order. */
static bool has_order(const struct hw_read_leaf *leaf) {
    const int logical = leaf->element->logical.kind;
    return leaf->form != HW_LEAF_INT96 && leaf->form != HW_LEAF_INT96_TEXT && leaf->form != HW_LEAF_INTERVAL &&
           leaf->form != HW_LEAF_NULL && logical < HW_LOGICAL_GEOMETRY && logical != HW_LOGICAL_VARIANT;
}

static bool is_unsigned(enum hw_kind kind) {
    return kind == HW_KIND_UINT8 || kind == HW_KIND_UINT16 || kind == HW_KIND_UINT32 || kind == HW_KIND_UINT64;
}

enum hw_order hw_leaf_raw_order(const struct hw_read_leaf *leaf) {
    static const enum hw_order orders[HW_PHYSICAL_COUNT] = {
        [HW_PHYSICAL_BOOLEAN] = HW_ORDER_BYTES,    [HW_PHYSICAL_INT32] = HW_ORDER_SIGNED,
        [HW_PHYSICAL_INT64] = HW_ORDER_SIGNED,     [HW_PHYSICAL_INT96] = HW_ORDER_NONE,
        [HW_PHYSICAL_FLOAT] = HW_ORDER_FLOAT,      [HW_PHYSICAL_DOUBLE] = HW_ORDER_DOUBLE,
        [HW_PHYSICAL_BYTE_ARRAY] = HW_ORDER_BYTES, [HW_PHYSICAL_FIXED] = HW_ORDER_BYTES,
    };
    const enum hw_kind kind = leaf->field->type.kind;
    if (!has_order(leaf)) {
        return HW_ORDER_NONE;
    }
    if (leaf->form == HW_LEAF_BYTES_DECIMAL) {
        /* Numbers whose lengths differ have no order that bounds of bytes could be cut by. */
        return leaf->physical == HW_PHYSICAL_FIXED ? HW_ORDER_DECIMAL : HW_ORDER_NONE;
    }
    if (is_unsigned(kind)) {
        return HW_ORDER_UNSIGNED;
    }
    return kind == HW_KIND_HALF ? HW_ORDER_HALF : orders[leaf->physical];
}
