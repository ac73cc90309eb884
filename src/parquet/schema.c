/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/schema.h"

#include "table/batch.h"
#include "table/convert.h"
#include "table/schema.h"

enum { REPETITION_REQUIRED = 0, REPETITION_OPTIONAL = 1, REPETITION_REPEATED = 2 };
/* The numbers of ConvertedType in parquet.thrift. */
enum {
    CONVERTED_NONE = -1,
    CONVERTED_UTF8 = 0,
    CONVERTED_MAP = 1,
    CONVERTED_LIST = 3,
    CONVERTED_ENUM = 4,
    CONVERTED_DECIMAL = 5,
    CONVERTED_DATE = 6,
    CONVERTED_TIME_MILLIS = 7,
    CONVERTED_TIME_MICROS = 8,
    CONVERTED_TIMESTAMP_MILLIS = 9,
    CONVERTED_TIMESTAMP_MICROS = 10,
    CONVERTED_UINT_8 = 11,
    CONVERTED_UINT_16 = 12,
    CONVERTED_UINT_32 = 13,
    CONVERTED_UINT_64 = 14,
    CONVERTED_INT_8 = 15,
    CONVERTED_INT_16 = 16,
    CONVERTED_JSON = 19,
    CONVERTED_BSON = 20,
    CONVERTED_INTERVAL = 21
};
/* The fields of LogicalType in parquet.thrift. */
enum {
    LOGICAL_NONE = 0,
    LOGICAL_STRING = 1,
    LOGICAL_MAP = 2,
    LOGICAL_LIST = 3,
    LOGICAL_ENUM = 4,
    LOGICAL_DECIMAL = 5,
    LOGICAL_DATE = 6,
    LOGICAL_TIME = 7,
    LOGICAL_TIMESTAMP = 8,
    LOGICAL_INTEGER = 10,
    LOGICAL_JSON = 12,
    LOGICAL_BSON = 13,
    LOGICAL_UUID = 14,
    LOGICAL_FLOAT16 = 15
};
enum { UNIT_MILLIS = 1, UNIT_MICROS = 2, UNIT_NANOS = 3 };
enum { DECIMAL_INT32_DIGITS = 9, DECIMAL_INT64_DIGITS = 18, UUID_BYTES = 16, HALF_BYTES = 2 };

/* The form in which each kind is stored. */
static const struct kind_row {
    enum hw_physical physical;
    enum hw_lane lane;
    enum hw_order order;
    size_t width;
    int converted;
    int logical;
} kinds[HW_KIND_COUNT] = {
    [HW_KIND_NULL] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_UTF8, LOGICAL_STRING},
    [HW_KIND_BOOL] = {HW_PHYSICAL_BOOLEAN, HW_LANE_BOOL, HW_ORDER_BYTES, 1, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_INT8] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_INT_8, LOGICAL_INTEGER},
    [HW_KIND_INT16] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_INT_16, LOGICAL_INTEGER},
    [HW_KIND_INT32] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_INT64] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_UINT8] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_UNSIGNED, 4, CONVERTED_UINT_8, LOGICAL_INTEGER},
    [HW_KIND_UINT16] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_UNSIGNED, 4, CONVERTED_UINT_16, LOGICAL_INTEGER},
    [HW_KIND_UINT32] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_UNSIGNED, 4, CONVERTED_UINT_32, LOGICAL_INTEGER},
    [HW_KIND_UINT64] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_UNSIGNED, 8, CONVERTED_UINT_64, LOGICAL_INTEGER},
    [HW_KIND_HALF] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_HALF, HALF_BYTES, CONVERTED_NONE, LOGICAL_FLOAT16},
    [HW_KIND_FLOAT] = {HW_PHYSICAL_FLOAT, HW_LANE_WORD4, HW_ORDER_FLOAT, 4, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_DOUBLE] = {HW_PHYSICAL_DOUBLE, HW_LANE_WORD8, HW_ORDER_DOUBLE, 8, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_DECIMAL32] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_DECIMAL, 0, CONVERTED_DECIMAL, LOGICAL_DECIMAL},
    [HW_KIND_DECIMAL64] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_DECIMAL, 0, CONVERTED_DECIMAL, LOGICAL_DECIMAL},
    [HW_KIND_DECIMAL] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_DECIMAL, 0, CONVERTED_DECIMAL, LOGICAL_DECIMAL},
    [HW_KIND_DECIMAL256] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_DECIMAL, 0, CONVERTED_DECIMAL, LOGICAL_DECIMAL},
    [HW_KIND_DATE] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_DATE, LOGICAL_DATE},
    [HW_KIND_DATE_MILLIS] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_DATE, LOGICAL_DATE},
    [HW_KIND_TIME32] = {HW_PHYSICAL_INT32, HW_LANE_WORD4, HW_ORDER_SIGNED, 4, CONVERTED_TIME_MILLIS, LOGICAL_TIME},
    [HW_KIND_TIME64] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8, CONVERTED_TIME_MICROS, LOGICAL_TIME},
    [HW_KIND_TIMESTAMP] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8, CONVERTED_TIMESTAMP_MICROS,
                           LOGICAL_TIMESTAMP},
    [HW_KIND_DURATION] = {HW_PHYSICAL_INT64, HW_LANE_WORD8, HW_ORDER_SIGNED, 8, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_INTERVAL] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_NONE, HW_INTERVAL_BYTES, CONVERTED_INTERVAL,
                          LOGICAL_NONE},
    [HW_KIND_INTERVAL_MONTHS] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_NONE, HW_INTERVAL_BYTES, CONVERTED_INTERVAL,
                                 LOGICAL_NONE},
    [HW_KIND_INTERVAL_DAYS] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_NONE, HW_INTERVAL_BYTES, CONVERTED_INTERVAL,
                               LOGICAL_NONE},
    [HW_KIND_TEXT] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_UTF8, LOGICAL_STRING},
    [HW_KIND_LARGE_TEXT] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_UTF8, LOGICAL_STRING},
    [HW_KIND_BINARY] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_LARGE_BINARY] = {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, HW_ORDER_BYTES, 0, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_FIXED] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_BYTES, 0, CONVERTED_NONE, LOGICAL_NONE},
    [HW_KIND_UUID] = {HW_PHYSICAL_FIXED, HW_LANE_FIXED, HW_ORDER_BYTES, UUID_BYTES, CONVERTED_NONE, LOGICAL_UUID},
};

/* The types of texts and binaries that are more than their bytes. */
static const struct {
    int converted;
    int logical;
} labels[] = {
    [HW_LABEL_ENUM] = {CONVERTED_ENUM, LOGICAL_ENUM},
    [HW_LABEL_JSON] = {CONVERTED_JSON, LOGICAL_JSON},
    [HW_LABEL_BSON] = {CONVERTED_BSON, LOGICAL_BSON},
};

void hw_leaf_init(struct hw_leaf *leaf, const struct hw_field *field) {
    const struct kind_row *row = &kinds[field->type.kind];

    *leaf = (struct hw_leaf){.field = field,
                             .physical = row->physical,
                             .lane = row->lane,
                             .order = row->order,
                             .width = row->width,
                             .def_max = field->required ? 0 : 1,
                             .path = &field->name,
                             .path_count = 1};
    if (field->type.kind == HW_KIND_FIXED) {
        leaf->width = field->type.width;
    }
    if (row->order != HW_ORDER_DECIMAL) {
        return;
    }
    leaf->width = hw_decimal_bytes(field->type.precision);
    if (field->type.precision <= DECIMAL_INT64_DIGITS) {
        bool small = field->type.precision <= DECIMAL_INT32_DIGITS;
        leaf->physical = small ? HW_PHYSICAL_INT32 : HW_PHYSICAL_INT64;
        leaf->lane = small ? HW_LANE_WORD4 : HW_LANE_WORD8;
        leaf->order = HW_ORDER_SIGNED;
        leaf->width = small ? 4 : 8;
    }
}

/* The parts of an element beside its type. */
struct element {
    const char *name;
    int repetition;
    /* The field whose id it has; NULL if it has none. */
    const struct hw_field *field;
};

static void field_write(const struct hw_field *field, struct element element, struct hw_thrift *thrift);

void hw_schema_elements_write(const struct hw_schema *schema, struct hw_thrift *thrift) {
    hw_thrift_put_begin(thrift);
    hw_thrift_i32(thrift, 3, REPETITION_REQUIRED);
    hw_thrift_text(thrift, 4, "schema");
    hw_thrift_i32(thrift, 5, (int32_t)schema->count);
    hw_thrift_end(thrift);
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        int repetition = field->required ? REPETITION_REQUIRED : REPETITION_OPTIONAL;
        field_write(field, (struct element){field->name, repetition, field}, thrift);
    }
}

static void leaf_write(const struct hw_field *field, struct element element, struct hw_thrift *thrift);
static void group_write(struct element element, size_t children, int converted, int logical, struct hw_thrift *thrift);
static void id_write(struct element element, struct hw_thrift *thrift);
static void child_write(const struct hw_field *child, const char *name, struct hw_thrift *thrift);

/* Writes the elements of a field. That of a dictionary is the one of its values. */
static void field_write(const struct hw_field *field, struct element element, struct hw_thrift *thrift) {
    while (field->dictionary) {
        field = field->dictionary;
    }
    if (hw_kind_is_flat(field->type.kind)) {
        leaf_write(field, element, thrift);
        return;
    }
    if (field->type.kind == HW_KIND_STRUCT) {
        group_write(element, field->children_count, CONVERTED_NONE, LOGICAL_NONE, thrift);
        for (size_t i = 0; i < field->children_count; i++) {
            child_write(&field->children[i], field->children[i].name, thrift);
        }
        return;
    }
    bool map = field->type.kind == HW_KIND_MAP;
    const struct hw_field *child = &field->children[0];
    group_write(element, 1, map ? CONVERTED_MAP : CONVERTED_LIST, map ? LOGICAL_MAP : LOGICAL_LIST, thrift);
    struct element repeated = {map ? "key_value" : "list", REPETITION_REPEATED, NULL};
    group_write(repeated, map ? 2 : 1, CONVERTED_NONE, LOGICAL_NONE, thrift);
    if (!map) {
        child_write(child, "element", thrift);
        return;
    }
    child_write(&child->children[0], "key", thrift);
    child_write(&child->children[1], "value", thrift);
}

static void child_write(const struct hw_field *child, const char *name, struct hw_thrift *thrift) {
    int repetition = child->required ? REPETITION_REQUIRED : REPETITION_OPTIONAL;
    field_write(child, (struct element){name, repetition, child}, thrift);
}

static void empty_union_write(int logical, struct hw_thrift *thrift) {
    hw_thrift_begin(thrift, 10);
    hw_thrift_begin(thrift, logical);
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}

static void group_write(struct element element, size_t children, int converted, int logical, struct hw_thrift *thrift) {
    hw_thrift_put_begin(thrift);
    hw_thrift_i32(thrift, 3, element.repetition);
    hw_thrift_text(thrift, 4, element.name);
    hw_thrift_i32(thrift, 5, (int32_t)children);
    if (converted != CONVERTED_NONE) {
        hw_thrift_i32(thrift, 6, converted);
    }
    id_write(element, thrift);
    if (logical != LOGICAL_NONE) {
        empty_union_write(logical, thrift);
    }
    hw_thrift_end(thrift);
}

static void id_write(struct element element, struct hw_thrift *thrift) {
    int32_t id;
    if (element.field && hw_field_id(element.field, &id)) {
        hw_thrift_i32(thrift, 9, id);
    }
}

static int converted_of(struct hw_type type);
static void logical_write(struct hw_type type, int logical, struct hw_thrift *thrift);

static bool is_labelled(struct hw_type type) {
    return (type.kind == HW_KIND_TEXT && (type.label == HW_LABEL_ENUM || type.label == HW_LABEL_JSON)) ||
           (type.kind == HW_KIND_BINARY && type.label == HW_LABEL_BSON);
}

static void leaf_write(const struct hw_field *field, struct element element, struct hw_thrift *thrift) {
    struct hw_leaf leaf;
    struct hw_type type = field->type;
    int converted = is_labelled(type) ? labels[type.label].converted : converted_of(type);
    int logical = is_labelled(type) ? labels[type.label].logical : kinds[type.kind].logical;

    hw_leaf_init(&leaf, field);
    hw_thrift_put_begin(thrift);
    hw_thrift_i32(thrift, 1, (int32_t)leaf.physical);
    if (leaf.physical == HW_PHYSICAL_FIXED) {
        hw_thrift_i32(thrift, 2, (int32_t)leaf.width);
    }
    hw_thrift_i32(thrift, 3, element.repetition);
    hw_thrift_text(thrift, 4, element.name);
    if (converted != CONVERTED_NONE) {
        hw_thrift_i32(thrift, 6, converted);
    }
    if (logical == LOGICAL_DECIMAL) {
        hw_thrift_i32(thrift, 7, type.scale);
        hw_thrift_i32(thrift, 8, type.precision);
    }
    id_write(element, thrift);
    if (logical != LOGICAL_NONE) {
        logical_write(type, logical, thrift);
    }
    hw_thrift_end(thrift);
}

/* Milliseconds are the coarsest unit, nanoseconds have no converted type. */
static int converted_of(struct hw_type type) {
    bool nanos = type.unit == HW_UNIT_NANOS;
    bool millis = type.unit == HW_UNIT_SECONDS || type.unit == HW_UNIT_MILLIS;
    if (type.kind == HW_KIND_TIMESTAMP) {
        return nanos ? CONVERTED_NONE : millis ? CONVERTED_TIMESTAMP_MILLIS : CONVERTED_TIMESTAMP_MICROS;
    }
    if (type.kind == HW_KIND_TIME64 && nanos) {
        return CONVERTED_NONE;
    }
    return kinds[type.kind].converted;
}

static void unit_write(enum hw_time_unit unit, struct hw_thrift *thrift) {
    static const int units[HW_UNIT_COUNT] = {[HW_UNIT_SECONDS] = UNIT_MILLIS,
                                             [HW_UNIT_MILLIS] = UNIT_MILLIS,
                                             [HW_UNIT_MICROS] = UNIT_MICROS,
                                             [HW_UNIT_NANOS] = UNIT_NANOS};
    hw_thrift_begin(thrift, 2);
    hw_thrift_begin(thrift, units[unit]);
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}

/* LogicalType is a union: a struct with the one field that names the type. */
static void logical_write(struct hw_type type, int logical, struct hw_thrift *thrift) {
    hw_thrift_begin(thrift, 10);
    hw_thrift_begin(thrift, logical);
    if (logical == LOGICAL_DECIMAL) {
        hw_thrift_i32(thrift, 1, type.scale);
        hw_thrift_i32(thrift, 2, type.precision);
    }
    if (logical == LOGICAL_TIMESTAMP || logical == LOGICAL_TIME) {
        hw_thrift_bool(thrift, 1, type.utc);
        unit_write(type.unit, thrift);
    }
    if (logical == LOGICAL_INTEGER) {
        hw_thrift_i8(thrift, 1, (int8_t)(8 * hw_kind_bytes(type.kind)));
        hw_thrift_bool(thrift, 2, kinds[type.kind].order == HW_ORDER_SIGNED);
    }
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}
