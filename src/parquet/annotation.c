/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/annotation.h"

enum { UUID_BYTES = 16, HALF_BYTES = 2, INTERVAL_BYTES = 12 };
enum { UNIT_MILLIS = 1, UNIT_MICROS = 2, UNIT_NANOS = 3 };
/* The number that parquet.thrift keeps for an interval, which is a converted type only. */
enum { LOGICAL_INTERVAL = 9 };

static const char NOT_KNOWN[] = "the logical type is not known";
static const char CONVERTED_NOT_KNOWN[] = "the converted type is not known";
static const char MISFIT[] = "the logical type does not fit the physical type";
static const char DECIMAL_DIGITS[] = "the decimal has no precision of 1 to 76 digits";
static const char DECIMAL_SCALE[] = "the decimal's scale is negative or above its precision";
static const char UNIT_NOT_KNOWN[] = "the unit of the time is not known";
static const char UNKNOWN_REQUIRED[] = "UNKNOWN says that all values are null, but they are required";

/* ------ physical types */

static const struct hw_leaf_type physical_types[HW_PHYSICAL_COUNT] = {
    [HW_PHYSICAL_BOOLEAN] = {.type = {.kind = HW_KIND_BOOL}},
    [HW_PHYSICAL_INT32] = {.type = {.kind = HW_KIND_INT32}},
    [HW_PHYSICAL_INT64] = {.type = {.kind = HW_KIND_INT64}},
    [HW_PHYSICAL_INT96] = {.type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, .form = HW_LEAF_INT96},
    [HW_PHYSICAL_FLOAT] = {.type = {.kind = HW_KIND_FLOAT}},
    [HW_PHYSICAL_DOUBLE] = {.type = {.kind = HW_KIND_DOUBLE}},
    [HW_PHYSICAL_BYTE_ARRAY] = {.type = {.kind = HW_KIND_BINARY}},
    [HW_PHYSICAL_FIXED] = {.type = {.kind = HW_KIND_FIXED}},
};

static struct hw_leaf_type physical_type(const struct hw_parquet_element *element, enum hw_int96 int96) {
    struct hw_leaf_type leaf = physical_types[element->physical];
    if (element->physical == HW_PHYSICAL_FIXED) {
        leaf.type.width = (uint32_t)element->type_length;
    }
    if (element->physical == HW_PHYSICAL_INT96 && int96 == HW_INT96_MICROS) {
        leaf.type.unit = HW_UNIT_MICROS;
    }
    if (element->physical == HW_PHYSICAL_INT96 && int96 == HW_INT96_TEXT) {
        leaf = (struct hw_leaf_type){.type = {.kind = HW_KIND_TEXT}, .form = HW_LEAF_INT96_TEXT};
    }
    return leaf;
}

/* ------ annotations that are no more than a type: each stands on one physical type */

struct plain_row {
    int logical;
    int physical;
    /* The bytes of FIXED; the bits of an INTEGER, with a minus where it is unsigned; a unit. */
    int size;
    enum hw_leaf_form form;
    struct hw_type type;
};

static const struct plain_row plain_rows[] = {
    {HW_LOGICAL_STRING, HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_TEXT}},
    {HW_LOGICAL_ENUM, HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_TEXT, .label = HW_LABEL_ENUM}},
    {HW_LOGICAL_JSON, HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_TEXT, .label = HW_LABEL_JSON}},
    {HW_LOGICAL_BSON, HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_BINARY, .label = HW_LABEL_BSON}},
    {HW_LOGICAL_GEOMETRY, HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_BINARY}},
    {HW_LOGICAL_GEOGRAPHY, HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_BINARY}},
    {HW_LOGICAL_DATE, HW_PHYSICAL_INT32, 0, HW_LEAF_SAME, {.kind = HW_KIND_DATE}},
    {HW_LOGICAL_UUID, HW_PHYSICAL_FIXED, UUID_BYTES, HW_LEAF_SAME, {.kind = HW_KIND_UUID}},
    {HW_LOGICAL_FLOAT16, HW_PHYSICAL_FIXED, HALF_BYTES, HW_LEAF_SAME, {.kind = HW_KIND_HALF}},
    {LOGICAL_INTERVAL, HW_PHYSICAL_FIXED, INTERVAL_BYTES, HW_LEAF_INTERVAL, {.kind = HW_KIND_INTERVAL}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT32, 8, HW_LEAF_NARROW, {.kind = HW_KIND_INT8}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT32, 16, HW_LEAF_NARROW, {.kind = HW_KIND_INT16}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT32, 32, HW_LEAF_SAME, {.kind = HW_KIND_INT32}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT64, 64, HW_LEAF_SAME, {.kind = HW_KIND_INT64}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT32, -8, HW_LEAF_NARROW, {.kind = HW_KIND_UINT8}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT32, -16, HW_LEAF_NARROW, {.kind = HW_KIND_UINT16}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT32, -32, HW_LEAF_SAME, {.kind = HW_KIND_UINT32}},
    {HW_LOGICAL_INTEGER, HW_PHYSICAL_INT64, -64, HW_LEAF_SAME, {.kind = HW_KIND_UINT64}},
    {HW_LOGICAL_TIME, HW_PHYSICAL_INT32, UNIT_MILLIS, HW_LEAF_TIME, {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}},
    {HW_LOGICAL_TIME, HW_PHYSICAL_INT64, UNIT_MICROS, HW_LEAF_TIME, {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}},
    {HW_LOGICAL_TIME, HW_PHYSICAL_INT64, UNIT_NANOS, HW_LEAF_TIME, {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}},
    {HW_LOGICAL_TIMESTAMP,
     HW_PHYSICAL_INT64,
     UNIT_MILLIS,
     HW_LEAF_SAME,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}},
    {HW_LOGICAL_TIMESTAMP,
     HW_PHYSICAL_INT64,
     UNIT_MICROS,
     HW_LEAF_SAME,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}},
    {HW_LOGICAL_TIMESTAMP,
     HW_PHYSICAL_INT64,
     UNIT_NANOS,
     HW_LEAF_SAME,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}},
};

/* Returns the size that a row for the annotation must have. */
static int annotation_size(const struct hw_parquet_element *element, const struct hw_logical *logical) {
    switch (logical->kind) {
    case HW_LOGICAL_INTEGER:
        return logical->is_signed ? logical->bit_width : -logical->bit_width;
    case HW_LOGICAL_TIME:
    case HW_LOGICAL_TIMESTAMP:
        return logical->unit;
    default:
        return element->physical == HW_PHYSICAL_FIXED ? element->type_length : 0;
    }
}

static const char *plain_annotate(const struct hw_parquet_element *element, const struct hw_logical *logical,
                                  struct hw_leaf_type *out_leaf) {
    const bool is_time = logical->kind == HW_LOGICAL_TIME || logical->kind == HW_LOGICAL_TIMESTAMP;
    const int size = annotation_size(element, logical);
    if (is_time && (size < UNIT_MILLIS || size > UNIT_NANOS)) {
        return UNIT_NOT_KNOWN;
    }
    for (size_t i = 0; i < COUNT_OF(plain_rows); i++) {
        const struct plain_row *row = &plain_rows[i];
        if (row->logical == logical->kind && row->physical == element->physical && row->size == size) {
            *out_leaf = (struct hw_leaf_type){.type = row->type, .form = row->form};
            out_leaf->type.utc = is_time && logical->utc;
            return NULL;
        }
    }
    return MISFIT;
}

static const char *decimal_annotate(const struct hw_parquet_element *element, const struct hw_logical *logical,
                                    struct hw_leaf_type *out_leaf) {
    const bool integer = element->physical == HW_PHYSICAL_INT32 || element->physical == HW_PHYSICAL_INT64;
    if (!integer && element->physical != HW_PHYSICAL_FIXED && element->physical != HW_PHYSICAL_BYTE_ARRAY) {
        return MISFIT;
    }
    if (logical->precision < 1 || logical->precision > HW_DECIMAL256_PRECISION_MAX) {
        return DECIMAL_DIGITS;
    }
    if (logical->scale < 0 || logical->scale > logical->precision) {
        return DECIMAL_SCALE;
    }
    const bool wide = logical->precision > HW_DECIMAL_PRECISION_MAX;
    out_leaf->type = (struct hw_type){.kind = wide ? HW_KIND_DECIMAL256 : HW_KIND_DECIMAL,
                                      .precision = (uint8_t)logical->precision,
                                      .scale = (uint8_t)logical->scale};
    out_leaf->form = integer ? HW_LEAF_INT_DECIMAL : HW_LEAF_BYTES_DECIMAL;
    return NULL;
}

/* ------ converted types */

static const struct hw_logical converted_rows[HW_CONVERTED_COUNT] = {
    [HW_CONVERTED_UTF8] = {.kind = HW_LOGICAL_STRING},
    [HW_CONVERTED_MAP] = {.kind = HW_LOGICAL_MAP},
    [HW_CONVERTED_MAP_KEY_VALUE] = {.kind = HW_LOGICAL_MAP},
    [HW_CONVERTED_LIST] = {.kind = HW_LOGICAL_LIST},
    [HW_CONVERTED_ENUM] = {.kind = HW_LOGICAL_ENUM},
    [HW_CONVERTED_DECIMAL] = {.kind = HW_LOGICAL_DECIMAL},
    [HW_CONVERTED_DATE] = {.kind = HW_LOGICAL_DATE},
    [HW_CONVERTED_TIME_MILLIS] = {.kind = HW_LOGICAL_TIME, .unit = UNIT_MILLIS, .utc = true},
    [HW_CONVERTED_TIME_MICROS] = {.kind = HW_LOGICAL_TIME, .unit = UNIT_MICROS, .utc = true},
    [HW_CONVERTED_TIMESTAMP_MILLIS] = {.kind = HW_LOGICAL_TIMESTAMP, .unit = UNIT_MILLIS, .utc = true},
    [HW_CONVERTED_TIMESTAMP_MICROS] = {.kind = HW_LOGICAL_TIMESTAMP, .unit = UNIT_MICROS, .utc = true},
    [HW_CONVERTED_UINT_8] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 8},
    [HW_CONVERTED_UINT_16] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 16},
    [HW_CONVERTED_UINT_32] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 32},
    [HW_CONVERTED_UINT_64] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 64},
    [HW_CONVERTED_INT_8] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 8, .is_signed = true},
    [HW_CONVERTED_INT_16] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 16, .is_signed = true},
    [HW_CONVERTED_INT_32] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 32, .is_signed = true},
    [HW_CONVERTED_INT_64] = {.kind = HW_LOGICAL_INTEGER, .bit_width = 64, .is_signed = true},
    [HW_CONVERTED_JSON] = {.kind = HW_LOGICAL_JSON},
    [HW_CONVERTED_BSON] = {.kind = HW_LOGICAL_BSON},
    [HW_CONVERTED_INTERVAL] = {.kind = LOGICAL_INTERVAL},
};

/* Returns the logical type that says the same as the element's converted type. */
static struct hw_logical converted_logical(const struct hw_parquet_element *element) {
    struct hw_logical logical = converted_rows[element->converted];
    if (element->converted == HW_CONVERTED_DECIMAL) {
        logical.precision = element->precision;
        logical.scale = element->scale;
    }
    return logical;
}

static bool converted_is_known(const struct hw_parquet_element *element) {
    return element->converted >= 0 && element->converted < HW_CONVERTED_COUNT;
}

/* ------ leaves */

/* Gives `leaf` the type that the annotation says. Returns what is wrong with it; then nothing. */
static const char *leaf_annotate(const struct hw_parquet_element *element, bool required,
                                 const struct hw_logical *logical, struct hw_leaf_type *leaf) {
    switch (logical->kind) {
    case HW_LOGICAL_DECIMAL:
        return decimal_annotate(element, logical, leaf);
    case HW_LOGICAL_UNKNOWN:
        if (required) {
            return UNKNOWN_REQUIRED;
        }
        *leaf = (struct hw_leaf_type){.type = {.kind = HW_KIND_NULL}, .form = HW_LEAF_NULL};
        return NULL;
    default:
        return logical->kind < 0 || logical->kind >= HW_LOGICAL_COUNT ? NOT_KNOWN
                                                                      : plain_annotate(element, logical, leaf);
    }
}

struct hw_leaf_type hw_leaf_type_of(const struct hw_parquet_element *element, bool required, enum hw_int96 int96) {
    struct hw_leaf_type leaf = physical_type(element, int96);
    const char *doubt = NULL;
    if (element->logical.kind != HW_LOGICAL_NONE) {
        doubt = leaf_annotate(element, required, &element->logical, &leaf);
    }
    /* Writers of newer logical types may keep a converted type for readers who do not know them. */
    if (element->converted != HW_CONVERTED_NONE && (element->logical.kind == HW_LOGICAL_NONE || doubt)) {
        const struct hw_logical logical =
            converted_is_known(element) ? converted_logical(element) : (struct hw_logical){0};
        const char *more =
            logical.kind == HW_LOGICAL_NONE ? CONVERTED_NOT_KNOWN : leaf_annotate(element, required, &logical, &leaf);
        doubt = doubt ? doubt : more;
    }
    leaf.doubt = doubt;
    return leaf;
}

/* ------ groups */

enum hw_group_annotation hw_group_annotation_of(const struct hw_parquet_element *group, const char **out_doubt) {
    struct hw_logical logical = group->logical;
    *out_doubt = NULL;
    if (logical.kind < 0 || logical.kind >= HW_LOGICAL_COUNT) {
        *out_doubt = NOT_KNOWN;
        logical.kind = HW_LOGICAL_NONE;
    }
    if (logical.kind == HW_LOGICAL_NONE && converted_is_known(group)) {
        logical = converted_logical(group);
    }
    switch (logical.kind) {
    case HW_LOGICAL_LIST:
        return HW_GROUP_IS_LIST;
    case HW_LOGICAL_MAP:
        return HW_GROUP_IS_MAP;
    case HW_LOGICAL_NONE:
        if (group->converted != HW_CONVERTED_NONE) {
            *out_doubt = CONVERTED_NOT_KNOWN;
        }
        return HW_GROUP_IS_STRUCT;
    case HW_LOGICAL_VARIANT:
    case HW_LOGICAL_FILE:
        return HW_GROUP_IS_STRUCT;
    default:
        *out_doubt = "the logical type is not one of a group";
        return HW_GROUP_IS_STRUCT;
    }
}
