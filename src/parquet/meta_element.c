/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/meta_element.h"

static const struct hw_thrift_needs element_needs = {
    .name = "SchemaElement",
    .ids = HW_THRIFT_ID(4),
    .names = (const char *const[]){[4] = "name"},
};

static void logical_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out);

void hw_meta_element_read(struct hw_thrift_reader *in, struct hw_parquet_element *out) {
    *out = (struct hw_parquet_element){.physical = -1, .repetition = -1, .converted = HW_CONVERTED_NONE};
    const uint8_t *start = in->at;
    struct hw_thrift_field field;
    uint32_t seen = 0;
    while (hw_thrift_field(in, &field)) {
        switch (field.id) {
        case 1:
            hw_thrift_read_i32(in, &field, &out->physical);
            break;
        case 2:
            hw_thrift_read_i32(in, &field, &out->type_length);
            break;
        case 3:
            hw_thrift_read_i32(in, &field, &out->repetition);
            break;
        case 4:
            seen |= hw_thrift_seen(&field, hw_thrift_read_binary(in, &field, &out->name));
            break;
        case 5:
            hw_thrift_read_i32(in, &field, &out->children_count);
            break;
        case 6:
            hw_thrift_read_i32(in, &field, &out->converted);
            break;
        case 7:
            hw_thrift_read_i32(in, &field, &out->scale);
            break;
        case 8:
            hw_thrift_read_i32(in, &field, &out->precision);
            break;
        case 9:
            out->has_field_id |= hw_thrift_read_i32(in, &field, &out->field_id);
            break;
        case 10:
            logical_read(in, &field, &out->logical);
            break;
        default:
            hw_thrift_skip(in, &field);
        }
    }
    out->bytes = (hw_view){(const char *)start, (size_t)(in->at - start)};
    hw_thrift_need(in, &element_needs, seen);
}

/* DecimalType */
static void decimal_member(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out) {
    if (field->id == 1) {
        hw_thrift_read_i32(in, field, &out->scale);
    } else if (field->id == 2) {
        hw_thrift_read_i32(in, field, &out->precision);
    } else {
        hw_thrift_skip(in, field);
    }
}

/* TimeType and TimestampType */
static void time_member(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out) {
    if (field->id == 1) {
        hw_thrift_read_bool(in, field, &out->utc);
    } else if (field->id != 2) {
        hw_thrift_skip(in, field);
    } else if (hw_thrift_read_struct(in, field)) {
        struct hw_thrift_field unit;
        while (hw_thrift_field(in, &unit)) {
            out->unit = unit.id >= 1 && unit.id <= 3 ? unit.id : 0;
            hw_thrift_skip(in, &unit);
        }
    }
}

/* IntType */
static void integer_member(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out) {
    if (field->id == 1) {
        int32_t width = 0;
        hw_thrift_read_i32(in, field, &width);
        out->bit_width = width;
    } else if (field->id == 2) {
        hw_thrift_read_bool(in, field, &out->is_signed);
    } else {
        hw_thrift_skip(in, field);
    }
}

/* GeometryType and GeographyType */
static void geo_member(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out) {
    if (field->id == 1) {
        hw_thrift_read_binary(in, field, &out->crs);
    } else {
        hw_thrift_skip(in, field);
    }
}

static void no_member(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out) {
    (void)out;
    hw_thrift_skip(in, field);
}

typedef void member_read_fn(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out);

/* What reads a field of those kinds that have any. */
static member_read_fn *const member_reads[HW_LOGICAL_COUNT] = {
    [HW_LOGICAL_DECIMAL] = decimal_member, [HW_LOGICAL_TIME] = time_member,    [HW_LOGICAL_TIMESTAMP] = time_member,
    [HW_LOGICAL_INTEGER] = integer_member, [HW_LOGICAL_GEOMETRY] = geo_member, [HW_LOGICAL_GEOGRAPHY] = geo_member,
};

/* LogicalType, a union: the field that it has is its kind. */
static void logical_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field, struct hw_logical *out) {
    struct hw_thrift_field kind;
    struct hw_thrift_field member;
    if (!hw_thrift_read_struct(in, field)) {
        return;
    }
    while (hw_thrift_field(in, &kind)) {
        if (!hw_thrift_read_struct(in, &kind)) {
            continue;
        }
        *out = (struct hw_logical){.kind = kind.id};
        member_read_fn *member_read = NULL;
        if (kind.id >= 0 && kind.id < HW_LOGICAL_COUNT) {
            member_read = member_reads[kind.id];
        }
        while (hw_thrift_field(in, &member)) {
            (member_read ? member_read : no_member)(in, &member, out);
        }
    }
}
