/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/logical.h"

enum { UUID_BYTES = 16, DURATION_BYTES = 12 };

/* A logical type, the kind that it belongs to, and the column that it makes. */
struct logical_row {
    const char *name;
    enum hw_avro_logical logical;
    enum hw_avro_kind kind;
    struct hw_type type;
};

static const struct logical_row logical_rows[] = {
    {"decimal", HW_AVRO_LOGICAL_DECIMAL, HW_AVRO_BYTES, {.kind = HW_KIND_DECIMAL}},
    {"decimal", HW_AVRO_LOGICAL_DECIMAL, HW_AVRO_FIXED, {.kind = HW_KIND_DECIMAL}},
    {"uuid", HW_AVRO_LOGICAL_UUID, HW_AVRO_STRING, {.kind = HW_KIND_UUID}},
    {"uuid", HW_AVRO_LOGICAL_UUID, HW_AVRO_FIXED, {.kind = HW_KIND_UUID}},
    {"date", HW_AVRO_LOGICAL_DATE, HW_AVRO_INT, {.kind = HW_KIND_DATE}},
    {"time-millis", HW_AVRO_LOGICAL_TIME_MILLIS, HW_AVRO_INT, {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}},
    {"time-micros", HW_AVRO_LOGICAL_TIME_MICROS, HW_AVRO_LONG, {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}},
    {"time-nanos", HW_AVRO_LOGICAL_TIME_NANOS, HW_AVRO_LONG, {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}},
    {"timestamp-millis",
     HW_AVRO_LOGICAL_TIMESTAMP_MILLIS,
     HW_AVRO_LONG,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS, .utc = true}},
    {"timestamp-micros",
     HW_AVRO_LOGICAL_TIMESTAMP_MICROS,
     HW_AVRO_LONG,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}},
    {"timestamp-nanos",
     HW_AVRO_LOGICAL_TIMESTAMP_NANOS,
     HW_AVRO_LONG,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}},
    {"local-timestamp-millis",
     HW_AVRO_LOGICAL_LOCAL_MILLIS,
     HW_AVRO_LONG,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}},
    {"local-timestamp-micros",
     HW_AVRO_LOGICAL_LOCAL_MICROS,
     HW_AVRO_LONG,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}},
    {"local-timestamp-nanos",
     HW_AVRO_LOGICAL_LOCAL_NANOS,
     HW_AVRO_LONG,
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}},
    {"duration", HW_AVRO_LOGICAL_DURATION, HW_AVRO_FIXED, {.kind = HW_KIND_INTERVAL}},
    {"map", HW_AVRO_LOGICAL_MAP, HW_AVRO_ARRAY, {.kind = HW_KIND_MAP}},
};

static bool decimal_apply(struct hw_avro_type *type, json_t *json);
static bool pairs_apply(const struct hw_avro_type *type);

void hw_avro_logical_apply(struct hw_avro_type *type, json_t *json) {
    const char *name = json_string_value(json_object_get(json, "logicalType"));
    for (size_t i = 0; name && i < COUNT_OF(logical_rows); i++) {
        const struct logical_row *row = &logical_rows[i];
        if (row->kind != type->kind || strcmp(row->name, name) != 0) {
            continue;
        }
        const bool valid = row->logical == HW_AVRO_LOGICAL_DECIMAL    ? decimal_apply(type, json)
                           : row->logical == HW_AVRO_LOGICAL_MAP      ? pairs_apply(type)
                           : row->logical == HW_AVRO_LOGICAL_DURATION ? type->size == DURATION_BYTES
                           : type->kind == HW_AVRO_FIXED              ? type->size == UUID_BYTES
                                                                      : true;
        type->logical = valid ? row->logical : HW_AVRO_LOGICAL_NONE;
    }
}

/*
 * Returns the digits that n bytes of two's complement hold: floor(log10(2^(8n-1) - 1)). The factor
 * is exact enough for the 32 bytes that matter.
 */
static json_int_t fixed_digits(uint32_t bytes) {
    return bytes == 0                            ? 0
           : bytes > HW_DECIMAL256_PRECISION_MAX ? INT32_MAX
                                                 : (8 * (json_int_t)bytes - 1) * 30103 / 100000;
}

static bool decimal_apply(struct hw_avro_type *type, json_t *json) {
    json_t *precision = json_object_get(json, "precision");
    json_t *scale = json_object_get(json, "scale");
    const json_int_t digits = json_integer_value(precision);
    const json_int_t places = json_integer_value(scale);
    const bool fits = type->kind != HW_AVRO_FIXED || digits <= fixed_digits(type->size);
    if (!json_is_integer(precision) || (scale && !json_is_integer(scale)) || digits < 1 ||
        digits > HW_DECIMAL256_PRECISION_MAX || places < 0 || places > digits || !fits) {
        return false;
    }
    type->precision = (uint8_t)digits;
    type->scale = (uint8_t)places;
    return true;
}

/* The items are records of a key that is never null, and a value. */
static bool pairs_apply(const struct hw_avro_type *type) {
    const struct hw_avro_type *pair = type->members[0].type;
    return pair->kind == HW_AVRO_RECORD && pair->members_count == 2 && strcmp(pair->members[0].name, "key") == 0 &&
           strcmp(pair->members[1].name, "value") == 0 && hw_avro_null_branch(pair->members[0].type) < 0 &&
           pair->members[0].type->kind != HW_AVRO_NULL;
}

struct hw_type hw_avro_flat_type(const struct hw_avro_type *type) {
    static const enum hw_kind plain[HW_AVRO_KINDS] = {
        [HW_AVRO_NULL] = HW_KIND_NULL,    [HW_AVRO_BOOLEAN] = HW_KIND_BOOL, [HW_AVRO_INT] = HW_KIND_INT32,
        [HW_AVRO_LONG] = HW_KIND_INT64,   [HW_AVRO_FLOAT] = HW_KIND_FLOAT,  [HW_AVRO_DOUBLE] = HW_KIND_DOUBLE,
        [HW_AVRO_BYTES] = HW_KIND_BINARY, [HW_AVRO_STRING] = HW_KIND_TEXT,  [HW_AVRO_FIXED] = HW_KIND_FIXED,
        [HW_AVRO_ENUM] = HW_KIND_TEXT,
    };
    struct hw_type flat = {
        .kind = plain[type->kind],
        .label = type->kind == HW_AVRO_ENUM ? HW_LABEL_ENUM : HW_LABEL_NONE,
    };
    flat.width = type->kind == HW_AVRO_FIXED ? type->size : 0;
    for (size_t i = 0; type->logical != HW_AVRO_LOGICAL_NONE && i < COUNT_OF(logical_rows); i++) {
        if (logical_rows[i].logical == type->logical && logical_rows[i].kind == type->kind) {
            flat = logical_rows[i].type;
        }
    }
    if (type->logical == HW_AVRO_LOGICAL_DECIMAL) {
        flat.kind = type->precision > HW_DECIMAL_PRECISION_MAX ? HW_KIND_DECIMAL256 : HW_KIND_DECIMAL;
        flat.precision = type->precision;
        flat.scale = type->scale;
    }
    return flat;
}
