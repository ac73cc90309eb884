/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/schema_file.h"

#include <jansson.h>

#include "core/limits.h"
#include "core/nearest.h"

static json_t *field_json(const struct hw_field *field) {
    char type[64];
    struct hw_type written = field->type;
    written.kind = written.kind == HW_KIND_NULL ? HW_KIND_TEXT : written.kind;
    hw_type_format(written, type, sizeof(type));
    return json_pack("{s:s, s:s, s:b}", "name", field->name, "type", type, "required", field->required);
}

enum hw_status hw_schema_file_write(const struct hw_schema *schema, struct hw_buf *out, struct hw_error *err) {
    json_t *columns = json_array();
    bool ok = columns != NULL;
    for (size_t i = 0; ok && i < schema->count; i++) {
        ok = json_array_append_new(columns, field_json(&schema->fields[i])) == 0;
    }
    json_t *root = json_pack("{s:o}", "columns", columns);
    char *text = ok && root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(root);
    if (!text) {
        return hw_fail(err, HW_ENOMEM, "out of memory writing a schema");
    }
    enum hw_status status = hw_buf_printf(out, err, "%s\n", text);
    free(text); /* allowed: jansson's */
    return status;
}

/* HW_ECONFIG where `object` has a key that is not in `known`. */
static enum hw_status keys_check(json_t *object, const char *const *known, size_t count, struct hw_error *err) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            found |= strcmp(key, known[i]) == 0;
        }
        if (!found) {
            const char *near = hw_nearest(key, known, count);
            return hw_fail(err, HW_ECONFIG, "unknown key \"%.64s\"%s%s%s", key, near ? ", did you mean \"" : "", near ? near : "",
                           near ? "\"?" : "");
        }
    }
    return HW_OK;
}

static enum hw_status field_read(json_t *json, struct hw_arena *arena, struct hw_field *out_field, struct hw_error *err) {
    static const char *const known[] = {"name", "type", "required"};
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *type = json_string_value(json_object_get(json, "type"));
    json_t *required = json_object_get(json, "required");
    if (!json_is_object(json) || !name || !type || (required && !json_is_boolean(required))) {
        return hw_fail(err, HW_ECONFIG, "expected {\"name\": TEXT, \"type\": TEXT, \"required\": true or false}");
    }
    HW_TRY(keys_check(json, known, COUNT_OF(known), err));
    struct hw_field field = {.name = hw_arena_strdup(arena, name), .required = json_is_true(required)};
    if (!field.name) {
        return hw_fail_nomem(err, strlen(name));
    }
    HW_TRY(hw_type_parse(type, &field.type, err));
    *out_field = field;
    return HW_OK;
}

static enum hw_status columns_read(json_t *root, struct hw_arena *arena, struct hw_schema *out_schema, struct hw_error *err) {
    static const char *const known[] = {"columns"};
    json_t *columns = json_object_get(root, "columns");
    if (!json_is_array(columns) || json_array_size(columns) == 0 || json_array_size(columns) > HW_CSV_COLUMNS_MAX) {
        return hw_fail(err, HW_ECONFIG, "expected {\"columns\": [...]} with 1 to %u columns", HW_CSV_COLUMNS_MAX);
    }
    HW_TRY(keys_check(root, known, COUNT_OF(known), err));
    size_t count = json_array_size(columns);
    struct hw_field *fields = hw_arena_alloc(arena, count * sizeof(*fields));
    if (!fields) {
        return hw_fail_nomem(err, count * sizeof(*fields));
    }
    for (size_t i = 0; i < count; i++) {
        enum hw_status status = field_read(json_array_get(columns, i), arena, &fields[i], err);
        if (status != HW_OK) {
            hw_error_prefix(err, "column %zu", i + 1);
            return status;
        }
    }
    *out_schema = (struct hw_schema){.fields = fields, .count = count};
    return HW_OK;
}

enum hw_status hw_schema_file_read(hw_view json, struct hw_arena *arena, struct hw_schema *out_schema, struct hw_error *err) {
    json_error_t fault;
    json_t *root = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        return hw_fail(err, HW_ECONFIG, "no JSON: line %d, column %d: %s", fault.line, fault.column, fault.text);
    }
    enum hw_status status = columns_read(root, arena, out_schema, err);
    json_decref(root);
    return status;
}

static const struct hw_field *field_named(const struct hw_schema *schema, const char *name) {
    for (size_t i = 0; i < schema->count; i++) {
        if (strcmp(schema->fields[i].name, name) == 0) {
            return &schema->fields[i];
        }
    }
    return NULL;
}

enum hw_status hw_schema_apply(struct hw_csv_layout *layout, const struct hw_schema *given, struct hw_error *err) {
    for (size_t i = 0; i < layout->schema.count; i++) {
        struct hw_field *field = &layout->schema.fields[i];
        /* The same place first: that is where it stands nearly always, and 16,384 columns must not be searched for each. */
        const struct hw_field *match = i < given->count && strcmp(given->fields[i].name, field->name) == 0 ? &given->fields[i]
                                                                                                         : field_named(given, field->name);
        if (!match) {
            hw_error_set(err, HW_EDATA, "the schema has no column of this name");
            hw_error_column(err, field->name, strlen(field->name));
            return HW_EDATA;
        }
        field->type = match->type;
        field->required = match->required;
    }
    for (size_t i = 0; i < given->count; i++) {
        bool here = i < layout->schema.count && strcmp(layout->schema.fields[i].name, given->fields[i].name) == 0;
        if (!here && !field_named(&layout->schema, given->fields[i].name)) {
            hw_error_set(err, HW_EDATA, "the schema has this column, the object has not");
            hw_error_column(err, given->fields[i].name, strlen(given->fields[i].name));
            return HW_EDATA;
        }
    }
    if (given->count != layout->schema.count) {
        return hw_fail(err, HW_EDATA, "the schema has %zu columns, the object %zu: some name is there twice", given->count,
                       layout->schema.count);
    }
    layout->fixed = true;
    return HW_OK;
}
