/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/schema.h"

enum { REPETITION_REQUIRED = 0, REPETITION_OPTIONAL = 1 };
enum {
    CONVERTED_UTF8 = 0,
    CONVERTED_DECIMAL = 5,
    CONVERTED_DATE = 6,
    CONVERTED_TIMESTAMP_MICROS = 10,
    CONVERTED_NONE = -1
};
enum {
    LOGICAL_STRING = 1,
    LOGICAL_DECIMAL = 5,
    LOGICAL_DATE = 6,
    LOGICAL_TIMESTAMP = 8,
    LOGICAL_UUID = 14,
    LOGICAL_NONE = 0
};
enum { UNIT_MICROS = 2, UNIT_NANOS = 3 };
enum { DECIMAL_INT32_DIGITS = 9, DECIMAL_INT64_DIGITS = 18, UUID_BYTES = 16 };

static const struct {
    enum hw_physical physical;
    enum hw_lane lane;
    enum hw_order order;
    size_t width;
    int converted;
    int logical;
} kinds[HW_KIND_COUNT] = {
    [HW_KIND_NULL] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_UTF8, LOGICAL_STRING},
    [HW_KIND_BOOL] = {HW_PHYSICAL_BOOLEAN, HW_LANE_BOOL, HW_ORDER_BYTES, 1, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_INT64] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_DOUBLE] = {HW_PHYSICAL_DOUBLE, HW_LANE_WORD8, HW_ORDER_DOUBLE, 8, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_DECIMAL] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_DECIMAL, 0, CONVERTED_DECIMAL, LOGICAL_DECIMAL},
    [HW_KIND_DATE] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_DATE, LOGICAL_DATE},
    [HW_KIND_TIMESTAMP] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8, CONVERTED_TIMESTAMP_MICROS,
                           LOGICAL_TIMESTAMP},
    [HW_KIND_TEXT] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_UTF8, LOGICAL_STRING},
    [HW_KIND_UUID] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_BYTES, UUID_BYTES, CONVERTED_NONE, LOGICAL_UUID},
};

static size_t decimal_bytes(unsigned precision);
static void element_write(const struct hw_field *field, struct hw_thrift *thrift);
static void logical_write(struct hw_type type, struct hw_thrift *thrift);

void hw_leaf_init(struct hw_leaf *leaf, const struct hw_field *field) {
    enum hw_kind kind = field->type.kind;

    *leaf = (struct hw_leaf){field, kinds[kind].physical, kinds[kind].lane, kinds[kind].order, kinds[kind].width};
    if (kind != HW_KIND_DECIMAL) {
        return;
    }
    if (field->type.precision <= DECIMAL_INT32_DIGITS) {
        *leaf = (struct hw_leaf){field, HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4};
    } else if (field->type.precision <= DECIMAL_INT64_DIGITS) {
        *leaf = (struct hw_leaf){field, HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8};
    } else {
        leaf->width = decimal_bytes(field->type.precision);
    }
}

void hw_schema_elements_write(const struct hw_schema *schema, struct hw_thrift *thrift) {
    hw_thrift_put_begin(thrift);
    hw_thrift_i32(thrift, 3, REPETITION_REQUIRED);
    hw_thrift_text(thrift, 4, "schema");
    hw_thrift_i32(thrift, 5, (int32_t)schema->count);
    hw_thrift_end(thrift);
    for (size_t i = 0; i < schema->count; i++) {
        element_write(&schema->fields[i], thrift);
    }
}

/* Fewest bytes whose two's complement holds every value of `precision` digits. */
static size_t decimal_bytes(unsigned precision) {
    unsigned __int128 largest = 1;
    size_t bytes = 1;

    for (unsigned i = 0; i < precision; i++) {
        largest *= 10;
    }
    largest -= 1;
    while (largest >> (8 * bytes - 1) != 0) {
        bytes++;
    }
    return bytes;
}

static void element_write(const struct hw_field *field, struct hw_thrift *thrift) {
    struct hw_leaf leaf;
    struct hw_type type = field->type;
    int converted = kinds[type.kind].converted;

    hw_leaf_init(&leaf, field);
    if (type.kind == HW_KIND_TIMESTAMP && type.unit == HW_UNIT_NANOS) {
        converted = CONVERTED_NONE;
    }
    hw_thrift_put_begin(thrift);
    hw_thrift_i32(thrift, 1, (int32_t)leaf.physical);
    if (leaf.physical == HW_PHYSICAL_FIXED) {
        hw_thrift_i32(thrift, 2, (int32_t)leaf.width);
    }
    hw_thrift_i32(thrift, 3, field->required ? REPETITION_REQUIRED : REPETITION_OPTIONAL);
    hw_thrift_text(thrift, 4, field->name);
    if (converted != CONVERTED_NONE) {
        hw_thrift_i32(thrift, 6, converted);
    }
    if (type.kind == HW_KIND_DECIMAL) {
        hw_thrift_i32(thrift, 7, type.scale);
        hw_thrift_i32(thrift, 8, type.precision);
    }
    if (kinds[type.kind].logical != LOGICAL_NONE) {
        logical_write(type, thrift);
    }
    hw_thrift_end(thrift);
}

/* LogicalType is a union: a struct with the one field that names the type. */
static void logical_write(struct hw_type type, struct hw_thrift *thrift) {
    hw_thrift_begin(thrift, 10);
    hw_thrift_begin(thrift, kinds[type.kind].logical);
    if (type.kind == HW_KIND_DECIMAL) {
        hw_thrift_i32(thrift, 1, type.scale);
        hw_thrift_i32(thrift, 2, type.precision);
    }
    if (type.kind == HW_KIND_TIMESTAMP) {
        hw_thrift_bool(thrift, 1, type.utc);
        hw_thrift_begin(thrift, 2);
        hw_thrift_begin(thrift, type.unit == HW_UNIT_NANOS ? UNIT_NANOS : UNIT_MICROS);
        hw_thrift_end(thrift);
        hw_thrift_end(thrift);
    }
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}
