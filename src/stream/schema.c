/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/schema.h"

#include "core/count.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "table/schema.h"

enum { CHILDREN_ANY = SIZE_MAX / 2 };

static enum hw_status fields_check(const struct hw_field *fields, size_t count, unsigned depth, size_t *seen,
                                   struct hw_error *err);
static enum hw_status names_check(const struct hw_schema *schema, struct hw_error *err);

enum hw_status hw_stream_schema_check(const struct hw_schema *schema, struct hw_error *err) {
    size_t seen = 0;
    if (!schema || schema->count == 0 || !schema->fields) {
        return hw_fail(err, HW_EDATA, "a stream of batches has no columns");
    }
    HW_TRY(fields_check(schema->fields, schema->count, 0, &seen, err));
    return names_check(schema, err);
}

static enum hw_status field_check(const struct hw_field *field, unsigned depth, size_t *seen, struct hw_error *err);

static enum hw_status fields_check(const struct hw_field *fields, size_t count, unsigned depth, size_t *seen,
                                   struct hw_error *err) {
    if (count > HW_TABLE_FIELDS_MAX - *seen) {
        return hw_fail(err, HW_ELIMIT, "a stream of batches has more than %u columns", HW_TABLE_FIELDS_MAX);
    }
    *seen += count;
    if (count > 0 && depth > HW_TABLE_DEPTH_MAX) {
        return hw_fail(err, HW_ELIMIT, "a stream of batches is nested more than %u deep", HW_TABLE_DEPTH_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        enum hw_status status = field_check(&fields[i], depth, seen, err);
        if (status != HW_OK) {
            const char *name = fields[i].name ? fields[i].name : "";
            hw_error_column(err, name, strnlen(name, HW_QUOTE_BYTES));
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status name_check(const char *name, struct hw_error *err);
static enum hw_status type_check(struct hw_type type, struct hw_error *err);
static enum hw_status children_check(const struct hw_field *field, struct hw_error *err);
static enum hw_status metadata_check(const struct hw_field *field, struct hw_error *err);

static enum hw_status field_check(const struct hw_field *field, unsigned depth, size_t *seen, struct hw_error *err) {
    HW_TRY(name_check(field->name, err));
    HW_TRY(type_check(field->type, err));
    HW_TRY(children_check(field, err));
    HW_TRY(metadata_check(field, err));
    HW_TRY(fields_check(field->children, field->children_count, depth + 1, seen, err));
    return field->dictionary ? fields_check(field->dictionary, 1, depth + 1, seen, err) : HW_OK;
}

static enum hw_status name_check(const char *name, struct hw_error *err) {
    const size_t bytes = name ? strnlen(name, HW_TABLE_NAME_BYTES_MAX + 1) : 0;
    if (!name) {
        return hw_fail(err, HW_EDATA, "a column has no name");
    }
    if (bytes > HW_TABLE_NAME_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "a name has more than %" PRIu64 " bytes", HW_TABLE_NAME_BYTES_MAX);
    }
    return hw_utf8_all(name, bytes) ? HW_OK : hw_fail(err, HW_EDATA, "a name is not UTF-8");
}

static enum hw_status type_check(struct hw_type type, struct hw_error *err) {
    if ((unsigned)type.kind >= HW_KIND_COUNT || (unsigned)type.unit >= HW_UNIT_COUNT ||
        (unsigned)type.label > HW_LABEL_BSON) {
        return hw_fail(err, HW_EDATA, "a type is of kind %u, unit %u, label %u, which there is not",
                       (unsigned)type.kind, (unsigned)type.unit, (unsigned)type.label);
    }
    const unsigned digits = hw_kind_precision_max(type.kind);
    if (digits > 0 && (type.precision < 1 || type.precision > digits || type.scale > type.precision)) {
        return hw_fail(err, HW_EDATA, "a decimal has %u digits, %u of them after the point; it can have 1 to %u",
                       (unsigned)type.precision, (unsigned)type.scale, digits);
    }
    if (hw_kind_takes_unit(type.kind, HW_UNIT_SECONDS) || hw_kind_takes_unit(type.kind, HW_UNIT_NANOS)) {
        return hw_kind_takes_unit(type.kind, type.unit) ? HW_OK : hw_fail(err, HW_EDATA, "its type has no such unit");
    }
    return HW_OK;
}

static size_t children_of(enum hw_kind kind) {
    if (kind == HW_KIND_STRUCT) {
        return CHILDREN_ANY;
    }
    return hw_kind_is_flat(kind) || kind == HW_KIND_DICTIONARY ? 0 : 1;
}

static enum hw_status children_check(const struct hw_field *field, struct hw_error *err) {
    const size_t wanted = children_of(field->type.kind);
    const bool dictionary = field->type.kind == HW_KIND_DICTIONARY;
    if ((wanted != CHILDREN_ANY && field->children_count != wanted) ||
        (field->children_count > 0 && !field->children)) {
        return hw_fail(err, HW_EDATA, "its type does not have %s", HW_COUNT(field->children_count, "child"));
    }
    if (dictionary != (field->dictionary != NULL) ||
        (dictionary && ((unsigned)field->type.index >= HW_KIND_COUNT || !hw_kind_is_integer(field->type.index)))) {
        return hw_fail(err, HW_EDATA, "a dictionary has values and an integer kind of index, which other types lack");
    }
    if (field->type.kind != HW_KIND_MAP) {
        return HW_OK;
    }
    const struct hw_field *entries = field->children;
    const bool pair = entries->type.kind == HW_KIND_STRUCT && entries->children_count == 2 && entries->children;
    return pair && entries->required && entries->children[0].required
               ? HW_OK
               : hw_fail(err, HW_EDATA, "a map's child is no required struct of a required key and a value");
}

static enum hw_status metadata_check(const struct hw_field *field, struct hw_error *err) {
    if (field->metadata_count > 0 && !field->metadata) {
        return hw_fail(err, HW_EDATA, "its metadata are not there");
    }
    for (size_t i = 0; i < field->metadata_count; i++) {
        const struct hw_key_value *pair = &field->metadata[i];
        if (!pair->key || !pair->value) {
            return hw_fail(err, HW_EDATA, "a pair of its metadata has no key or no value");
        }
        if (pair->value_bytes > HW_TABLE_METADATA_BYTES_MAX) {
            return hw_fail(err, HW_ELIMIT, "metadata of a column has %zu bytes", pair->value_bytes);
        }
    }
    return HW_OK;
}

/* ------ names */

static enum hw_status names_check(const struct hw_schema *schema, struct hw_error *err) {
    const char *twin;
    HW_TRY(hw_schema_twin(schema, &twin, err));
    if (!twin) {
        return HW_OK;
    }
    const enum hw_status status = hw_fail(err, HW_EDATA, "two columns have the same name");
    hw_error_column(err, twin, strlen(twin));
    return status;
}

/* ------ without dictionaries */

static void field_plain(struct hw_field *field);

enum hw_status hw_stream_schema_plain(const struct hw_schema *schema, struct hw_arena *arena,
                                      struct hw_schema *out_schema, struct hw_error *err) {
    struct hw_schema copy;
    HW_TRY(hw_schema_dup(schema, arena, &copy, err));
    for (size_t i = 0; i < copy.count; i++) {
        field_plain(&copy.fields[i]);
    }
    *out_schema = copy;
    return HW_OK;
}

/* The copy's children are ours to change, though fields only show them. */
static void field_plain(struct hw_field *field) {
    while (field->dictionary) {
        const struct hw_field *values = field->dictionary;
        field->type = values->type;
        field->children = values->children;
        field->children_count = values->children_count;
        field->dictionary = values->dictionary;
    }
    for (size_t i = 0; i < field->children_count; i++) {
        field_plain((struct hw_field *)(uintptr_t)&field->children[i]);
    }
}
