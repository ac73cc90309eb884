/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/element_copy.h"

#include "parquet/element_tree.h"
#include "parquet/thrift_read.h"

/* The fields of SchemaElement that can change. */
enum {
    ID_TYPE = 1,
    ID_TYPE_LENGTH = 2,
    ID_REPETITION = 3,
    ID_NAME = 4,
    ID_CHILDREN = 5,
    ID_CONVERTED = 6,
    ID_SCALE = 7,
    ID_PRECISION = 8,
    ID_LOGICAL = 10,
    IDS_KNOWN = 11,
};
static const unsigned type_ids =
    1u << ID_TYPE | 1u << ID_TYPE_LENGTH | 1u << ID_CONVERTED | 1u << ID_SCALE | 1u << ID_PRECISION | 1u << ID_LOGICAL;

/*
 * The most fields of an element. The format has 10 of them; those that it does not know are kept.
 */
enum { FIELDS_MAX = 32 };

/*
 * A field as it stands in the footer; its head, which depends on the field before it, is left out.
 */
struct raw_field {
    int id;
    uint8_t type;
    hw_view value;
};

/* The fields of an element, by their numbers. */
struct raw_fields {
    struct raw_field fields[FIELDS_MAX];
    size_t count;
};

static bool fields_find(const struct hw_parquet_element *element, struct raw_fields *out_fields);
static void fields_refuse(const struct hw_parquet_element *element, struct hw_thrift *thrift);
static void change_write(const struct hw_element_change *change, size_t children, int id, struct hw_thrift *thrift);

static unsigned ids_changed(const struct hw_parquet_element *element, const struct hw_element_change *change,
                            size_t children) {
    unsigned ids = 0;
    if (hw_element_is_group(element) && (size_t)element->children_count != children) {
        ids |= 1u << ID_CHILDREN;
    }
    if (change && change->name) {
        ids |= 1u << ID_NAME;
    }
    if (change && hw_element_repetition(element, change) != element->repetition) {
        ids |= 1u << ID_REPETITION;
    }
    return change && change->type ? ids | type_ids : ids;
}

int32_t hw_element_repetition(const struct hw_parquet_element *element, const struct hw_element_change *change) {
    const bool becomes = change && change->optional && element->repetition == HW_REPETITION_REQUIRED;
    return becomes ? HW_REPETITION_OPTIONAL : element->repetition;
}

void hw_element_copy(const struct hw_parquet_element *element, const struct hw_element_change *change, size_t children,
                     struct hw_thrift *thrift) {
    const unsigned changed = ids_changed(element, change, children);
    struct raw_fields raw;
    size_t at = 0;
    if (changed == 0) {
        hw_thrift_put_raw(thrift, element->bytes.data, element->bytes.size);
        return;
    }
    if (!fields_find(element, &raw)) {
        fields_refuse(element, thrift);
        return;
    }
    hw_thrift_put_begin(thrift);
    for (int id = 1; id < IDS_KNOWN || at < raw.count; id++) {
        const bool given = at < raw.count && raw.fields[at].id == id;
        if (id < IDS_KNOWN && (changed >> id & 1) != 0) {
            change_write(change, children, id, thrift);
        } else if (given) {
            hw_thrift_raw_field(thrift, id, raw.fields[at].type);
            hw_thrift_put_raw(thrift, raw.fields[at].value.data, raw.fields[at].value.size);
        }
        at += given;
    }
    hw_thrift_end(thrift);
}

/*
 * Puts a field where its number belongs. Of several with the same number the last one counts, as it
 * does where an element is read. Numbers below 1 are none that Thrift gives. False: there are more
 * fields than are kept.
 */
static bool field_put(struct raw_fields *raw, const struct raw_field *field) {
    size_t at = raw->count;
    while (at > 0 && raw->fields[at - 1].id > field->id) {
        at--;
    }
    if (at > 0 && raw->fields[at - 1].id == field->id) {
        raw->fields[at - 1] = *field;
        return true;
    }
    if (field->id < 1 || raw->count == FIELDS_MAX) {
        return field->id < 1;
    }
    memmove(&raw->fields[at + 1], &raw->fields[at], (raw->count - at) * sizeof(raw->fields[0]));
    raw->fields[at] = *field;
    raw->count++;
    return true;
}

/* The bytes have been read before, as a whole. False: there are more fields than are kept. */
static bool fields_find(const struct hw_parquet_element *element, struct raw_fields *out_fields) {
    struct hw_thrift_reader in;
    struct hw_thrift_field field;
    bool all = true;
    out_fields->count = 0;
    hw_thrift_reader_init(&in, element->bytes, 0, NULL);
    while (hw_thrift_field(&in, &field)) {
        const uint8_t *start = in.at;
        hw_thrift_skip(&in, &field);
        const hw_view value = {(const char *)start, (size_t)(in.at - start)};
        all = field_put(out_fields, &(struct raw_field){field.id, field.type, value}) && all;
    }
    return all;
}

static void fields_refuse(const struct hw_parquet_element *element, struct hw_thrift *thrift) {
    char name[HW_QUOTE_BYTES];
    if (thrift->status == HW_OK) {
        thrift->status =
            hw_fail(thrift->err, HW_ELIMIT, "column %s cannot be changed: its schema has more than %d fields",
                    hw_quote(element->name.data, element->name.size, name, sizeof(name)), FIELDS_MAX);
    }
}

/* ------ changes */

static void logical_write(const struct hw_logical *logical, struct hw_thrift *thrift);

static void change_write(const struct hw_element_change *change, size_t children, int id, struct hw_thrift *thrift) {
    const struct hw_element_type *type = change ? change->type : NULL;
    if (id == ID_NAME) {
        hw_thrift_text(thrift, id, change->name);
    } else if (id == ID_REPETITION) {
        hw_thrift_i32(thrift, id, HW_REPETITION_OPTIONAL);
    } else if (id == ID_CHILDREN) {
        hw_thrift_i32(thrift, id, (int32_t)children);
    } else if (id == ID_TYPE) {
        hw_thrift_i32(thrift, id, (int32_t)type->physical);
    } else if (id == ID_CONVERTED && type->converted != HW_CONVERTED_NONE) {
        hw_thrift_i32(thrift, id, (int32_t)type->converted);
    } else if (id == ID_SCALE && type->logical.kind == HW_LOGICAL_DECIMAL) {
        hw_thrift_i32(thrift, id, type->logical.scale);
    } else if (id == ID_PRECISION && type->logical.kind == HW_LOGICAL_DECIMAL) {
        hw_thrift_i32(thrift, id, type->logical.precision);
    } else if (id == ID_LOGICAL && type->logical.kind != HW_LOGICAL_NONE) {
        logical_write(&type->logical, thrift);
    }
}

static void logical_write(const struct hw_logical *logical, struct hw_thrift *thrift) {
    hw_thrift_begin(thrift, ID_LOGICAL);
    hw_thrift_begin(thrift, logical->kind);
    if (logical->kind == HW_LOGICAL_DECIMAL) {
        hw_thrift_i32(thrift, 1, logical->scale);
        hw_thrift_i32(thrift, 2, logical->precision);
    } else if (logical->kind == HW_LOGICAL_INTEGER) {
        hw_thrift_i8(thrift, 1, (int8_t)logical->bit_width);
        hw_thrift_bool(thrift, 2, logical->is_signed);
    } else if (logical->kind == HW_LOGICAL_TIMESTAMP) {
        hw_thrift_bool(thrift, 1, logical->utc);
        hw_thrift_begin(thrift, 2);
        hw_thrift_begin(thrift, logical->unit);
        hw_thrift_end(thrift);
        hw_thrift_end(thrift);
    }
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}
