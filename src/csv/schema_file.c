/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/schema_file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/count.h"
#include "core/intern.h"
#include "core/json_read.h"
#include "core/json_write.h"
#include "core/limits.h"
#include "csv/columns.h"
#include "csv/pattern.h"
#include "csv/spelling.h"
#include "table/batch.h"

enum hw_status hw_schema_file_write(const struct hw_schema *schema, struct hw_buf *out, struct hw_error *err) {
    struct hw_json_writer writer = {.out = out, .style = HW_JSON_LINES_2};
    hw_json_object_begin(&writer, NULL);
    hw_json_list_begin(&writer, "columns");
    for (size_t i = 0; i < schema->count; i++) {
        char text[64];
        struct hw_type type = schema->fields[i].type;
        type.kind = type.kind == HW_KIND_NULL ? HW_KIND_TEXT : type.kind;
        hw_type_format(type, text, sizeof(text));
        hw_json_object_begin(&writer, NULL);
        hw_json_text(&writer, "name", schema->fields[i].name);
        hw_json_text(&writer, "type", text);
        hw_json_bool(&writer, "required", schema->fields[i].required);
        hw_json_object_end(&writer);
    }
    hw_json_list_end(&writer);
    hw_json_object_end(&writer);
    return hw_json_end_text(&writer, err);
}

static const char *type_said(const struct hw_columns_options *columns, const char *name);
static enum hw_status type_read(const char *text, struct hw_type *out_type, struct hw_error *err);
static enum hw_status constraint_read(json_t *json, const struct hw_field *field, struct hw_arena *arena,
                                      struct hw_csv_constraint *out_constraint, struct hw_error *err);

/* What a schema file is read into, and what counts more than it. */
struct file_input {
    json_t *root;
    const struct hw_columns_options *columns; /* NULL: {0} */
    struct hw_arena *arena;
};

static enum hw_status field_read(json_t *json, const struct file_input *in, struct hw_field *out_field,
                                 struct hw_csv_constraint *out_constraint, struct hw_error *err) {
    static const char *const known[] = {"name",         "type",          "required",  "min",         "max",
                                        "pattern",      "enum",          "unique",    "trim",        "true_values",
                                        "false_values", "decimal_comma", "thousands", "date_format", "timestamp_format",
                                        "null_values",  "null_quoted"};
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *type = json_string_value(json_object_get(json, "type"));
    json_t *required = json_object_get(json, "required");
    if (!json_is_object(json) || !name || !type || (required && !json_is_boolean(required))) {
        return hw_fail(err, HW_ECONFIG, "expected {\"name\": TEXT, \"type\": TEXT, \"required\": true or false}");
    }
    HW_TRY(hw_json_keys_check(json, known, COUNT_OF(known), err));
    struct hw_field field = {.name = hw_arena_strdup(in->arena, name), .required = json_is_true(required)};
    if (!field.name) {
        return hw_fail_nomem(err, strlen(name));
    }
    const char *said = type_said(in->columns, name);
    HW_TRY(type_read(said ? said : type, &field.type, err));
    HW_TRY(constraint_read(json, &field, in->arena, out_constraint, err));
    *out_field = field;
    return HW_OK;
}

/* Returns the type that the options give a column of this name; NULL: they give none. */
static const char *type_said(const struct hw_columns_options *columns, const char *name) {
    for (size_t i = 0; columns && i < columns->types_count; i++) {
        if (strcmp(columns->types[i].name, name) == 0) {
            return columns->types[i].type;
        }
    }
    return NULL;
}

/* Returns a type that CSV makes, and that holds the values of one that it does not make. */
static const char *type_instead(struct hw_type type) {
    static const char *const instead[HW_KIND_COUNT] = {
        [HW_KIND_INT8] = "int64",           [HW_KIND_INT16] = "int64",         [HW_KIND_INT32] = "int64",
        [HW_KIND_UINT8] = "int64",          [HW_KIND_UINT16] = "int64",        [HW_KIND_UINT32] = "int64",
        [HW_KIND_UINT64] = "decimal(20,0)", [HW_KIND_HALF] = "double",         [HW_KIND_FLOAT] = "double",
        [HW_KIND_DECIMAL32] = "decimal",    [HW_KIND_DECIMAL64] = "decimal",   [HW_KIND_DATE_MILLIS] = "date",
        [HW_KIND_LARGE_TEXT] = "text",      [HW_KIND_TIMESTAMP] = "timestamp", [HW_KIND_TEXT] = "text",
    };
    return instead[type.kind];
}

/*
 * Reads a type. Fails where it is none that CSV makes: these are of basic kinds, with timestamps in
 * units that the readers of all formats take.
 */
static enum hw_status type_read(const char *text, struct hw_type *out_type, struct hw_error *err) {
    struct hw_type type;
    HW_TRY(hw_type_parse(text, &type, err));
    bool coarse = type.kind == HW_KIND_TIMESTAMP && type.unit != HW_UNIT_MICROS && type.unit != HW_UNIT_NANOS;
    if (hw_kind_is_basic(type.kind) && type.label == HW_LABEL_NONE && !coarse) {
        *out_type = type;
        return HW_OK;
    }
    const char *instead = type_instead(type);
    char name[64];
    hw_type_format(type, name, sizeof(name));
    return hw_fail(err, HW_ECONFIG, "a column of a CSV cannot be of type %s%s%s%s", name, instead ? "; " : "",
                   instead ? instead : "", instead ? " holds its values" : "");
}

static enum hw_status columns_read(const struct file_input *in, struct hw_schema_file *out_file, struct hw_error *err) {
    static const char *const known[] = {"columns"};
    json_t *columns = json_object_get(in->root, "columns");
    if (!json_is_array(columns) || json_array_size(columns) == 0 || json_array_size(columns) > HW_CSV_COLUMNS_LIMIT) {
        return hw_fail(err, HW_ECONFIG, "expected {\"columns\": [...]} with 1 to %u columns", HW_CSV_COLUMNS_LIMIT);
    }
    HW_TRY(hw_json_keys_check(in->root, known, COUNT_OF(known), err));
    size_t count = json_array_size(columns);
    struct hw_field *fields = hw_arena_alloc(in->arena, count * sizeof(*fields));
    struct hw_csv_constraint *constraints = hw_arena_alloc(in->arena, count * sizeof(*constraints));
    if (!fields || !constraints) {
        return hw_fail_nomem(err, count * sizeof(*constraints));
    }
    struct hw_csv_constraints all = {0};
    HW_AUTO(hw_intern) names = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t number;
        json_t *column = json_array_get(columns, i);
        enum hw_status status = field_read(column, in, &fields[i], &constraints[i], err);
        if (status == HW_OK) {
            status = hw_intern_number(&names, hw_view_of(fields[i].name), UINT32_MAX, &number, err);
        }
        if (status == HW_OK && number < i) {
            status = hw_fail(err, HW_ECONFIG, "a column of this name is there already");
        }
        if (status != HW_OK) {
            const char *name = json_string_value(json_object_get(column, "name"));
            hw_error_column(err, name ? name : "", name ? strlen(name) : 0);
            hw_error_prefix(err, "column %zu", i + 1);
            return status;
        }
        constraints[i].key = (uint32_t)i;
        all.columns = constraints[i].json ? constraints : all.columns;
        all.unique |= constraints[i].unique;
    }
    *out_file = (struct hw_schema_file){.schema = {.fields = fields, .count = count}, .constraints = all};
    return HW_OK;
}

enum hw_status hw_schema_file_read(hw_view json, const struct hw_columns_options *columns, struct hw_arena *arena,
                                   struct hw_schema_file *out_file, struct hw_error *err) {
    json_error_t fault;
    json_t *root = hw_json_load(json, JSON_REJECT_DUPLICATES, &fault);
    if (!root && json_error_code(&fault) == json_error_out_of_memory) {
        return hw_fail_nomem(err, json.size);
    }
    if (!root) {
        return hw_fail(err, HW_ECONFIG, "it is not JSON: line %d, column %d: %s", fault.line, fault.column, fault.text);
    }
    struct hw_schema_file file;
    enum hw_status status = columns_read(&(struct file_input){root, columns, arena}, &file, err);
    json_decref(root);
    HW_TRY(status);
    HW_TRY(hw_schema_file_add_types(&file, columns, arena, err));
    *out_file = file;
    return HW_OK;
}

/* Returns whether the schema has a column of this name. */
static bool column_there(const struct hw_schema *schema, const char *name) {
    for (size_t i = 0; i < schema->count; i++) {
        if (strcmp(schema->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

enum hw_status hw_schema_file_add_types(struct hw_schema_file *file, const struct hw_columns_options *columns,
                                        struct hw_arena *arena, struct hw_error *err) {
    const size_t most = file->schema.count + (columns ? columns->types_count : 0);
    struct hw_csv_constraint *constraints = NULL;
    struct hw_schema schema = {.fields = hw_arena_alloc(arena, most * sizeof(struct hw_field))};
    if (!schema.fields) {
        return hw_fail_nomem(err, most * sizeof(struct hw_field));
    }
    for (; schema.count < file->schema.count; schema.count++) {
        schema.fields[schema.count] = file->schema.fields[schema.count];
    }
    for (size_t i = 0; columns && i < columns->types_count; i++) {
        struct hw_field field = {.name = columns->types[i].name};
        enum hw_status status = type_read(columns->types[i].type, &field.type, err);
        if (status != HW_OK) {
            hw_error_column(err, field.name, strlen(field.name));
            return status;
        }
        if (!column_there(&file->schema, field.name)) {
            schema.fields[schema.count++] = field;
        }
    }
    if (file->constraints.columns) {
        constraints = hw_arena_alloc(arena, schema.count * sizeof(*constraints));
        if (!constraints) {
            return hw_fail_nomem(err, schema.count * sizeof(*constraints));
        }
        memset(constraints, 0, schema.count * sizeof(*constraints));
        memcpy(constraints, file->constraints.columns, file->schema.count * sizeof(*constraints));
    }
    file->schema = schema;
    file->constraints.columns = constraints;
    return HW_OK;
}

/* A column's constraint while it is read. */
struct constraint_input {
    json_t *json; /* the column */
    struct hw_type type;
    struct hw_arena *arena;
};

static enum hw_status keys_suit(const struct constraint_input *in, bool *out_any, struct hw_error *err);
static enum hw_status bound_read(const struct constraint_input *in, const char *key, bool *out_has,
                                 union hw_csv_value *out_value, const char **out_text, struct hw_error *err);
static enum hw_status pattern_read(const struct constraint_input *in, const char **out_pattern, struct hw_error *err);
static enum hw_status allowed_read(const struct constraint_input *in, struct hw_csv_constraint *constraint,
                                   struct hw_error *err);
static enum hw_status canonical_write(const struct constraint_input *in, const char **out_json, struct hw_error *err);
static enum hw_status spelling_read(const struct constraint_input *in, const struct hw_csv_spelling **out_spelling,
                                    struct hw_error *err);
static enum hw_status nulls_read(const struct constraint_input *in, const struct hw_csv_null_words **out_nulls,
                                 struct hw_error *err);

static enum hw_status constraint_read(json_t *json, const struct hw_field *field, struct hw_arena *arena,
                                      struct hw_csv_constraint *out_constraint, struct hw_error *err) {
    const struct constraint_input in = {json, field->type, arena};
    struct hw_csv_constraint constraint = {0};
    bool any;
    HW_TRY(keys_suit(&in, &any, err));
    if (any) {
        HW_TRY(bound_read(&in, "min", &constraint.has_min, &constraint.min, &constraint.min_text, err));
        HW_TRY(bound_read(&in, "max", &constraint.has_max, &constraint.max, &constraint.max_text, err));
        HW_TRY(pattern_read(&in, &constraint.pattern, err));
        HW_TRY(allowed_read(&in, &constraint, err));
        HW_TRY(canonical_write(&in, &constraint.json, err));
        constraint.unique = json_is_true(json_object_get(json, "unique"));
        HW_TRY(spelling_read(&in, &constraint.spelling, err));
        HW_TRY(nulls_read(&in, &constraint.nulls, err));
    }
    if (constraint.has_min && constraint.has_max &&
        hw_csv_value_compare(field->type.kind, &constraint.min, &constraint.max) > 0) {
        return hw_fail(err, HW_ECONFIG, "min %s is above max %s", constraint.min_text, constraint.max_text);
    }
    *out_constraint = constraint;
    return HW_OK;
}

enum {
    TAKES_BOUNDS = 1,
    TAKES_PATTERN = 2,
    TAKES_VALUES = 4,
    TAKES_WORDS = 8,
    TAKES_NUMBERS = 16,
    TAKES_DAYS = 32,
    TAKES_CLOCKS = 64,
};

static const struct {
    const char *key;
    unsigned takes;
    const char *needs;
} constraint_keys[] = {
    {"min", TAKES_BOUNDS, "a column of numbers, dates or timestamps"},
    {"max", TAKES_BOUNDS, "a column of numbers, dates or timestamps"},
    {"pattern", TAKES_PATTERN, "a text column"},
    {"enum", TAKES_VALUES, "a column that has values"},
    {"unique", TAKES_VALUES, "a column that has values"},
    {"trim", TAKES_VALUES, "a column that has values"},
    {"true_values", TAKES_WORDS, "a boolean column"},
    {"false_values", TAKES_WORDS, "a boolean column"},
    {"decimal_comma", TAKES_NUMBERS, "a column of numbers"},
    {"thousands", TAKES_NUMBERS, "a column of numbers"},
    {"date_format", TAKES_DAYS, "a column of dates or timestamps"},
    {"timestamp_format", TAKES_CLOCKS, "a column of timestamps"},
    {"null_values", TAKES_VALUES, "a column that has values"},
    {"null_quoted", TAKES_VALUES, "a column that has values"},
};

static const unsigned kind_takes[HW_KIND_COUNT] = {
    [HW_KIND_BOOL] = TAKES_VALUES | TAKES_WORDS,
    [HW_KIND_INT64] = TAKES_VALUES | TAKES_BOUNDS | TAKES_NUMBERS,
    [HW_KIND_DOUBLE] = TAKES_VALUES | TAKES_BOUNDS | TAKES_NUMBERS,
    [HW_KIND_DECIMAL] = TAKES_VALUES | TAKES_BOUNDS | TAKES_NUMBERS,
    [HW_KIND_DATE] = TAKES_VALUES | TAKES_BOUNDS | TAKES_DAYS,
    [HW_KIND_TIMESTAMP] = TAKES_VALUES | TAKES_BOUNDS | TAKES_DAYS | TAKES_CLOCKS,
    [HW_KIND_TEXT] = TAKES_VALUES | TAKES_PATTERN,
    [HW_KIND_UUID] = TAKES_VALUES,
};

/* Only what the column's kind takes is there. */
static enum hw_status keys_suit(const struct constraint_input *in, bool *out_any, struct hw_error *err) {
    char type[64];
    *out_any = false;
    for (size_t i = 0; i < COUNT_OF(constraint_keys); i++) {
        if (!json_object_get(in->json, constraint_keys[i].key)) {
            continue;
        }
        *out_any = true;
        if (!(kind_takes[in->type.kind] & constraint_keys[i].takes)) {
            hw_type_format(in->type, type, sizeof(type));
            return hw_fail(err, HW_ECONFIG, "\"%s\" needs %s, this one is %s", constraint_keys[i].key,
                           constraint_keys[i].needs, type);
        }
    }
    json_t *unique = json_object_get(in->json, "unique");
    return unique && !json_is_boolean(unique) ? hw_fail(err, HW_ECONFIG, "\"unique\" is true or false") : HW_OK;
}

/* Reads a text as a value of the column; a text value borrows it. */
static enum hw_status value_read(const struct constraint_input *in, const char *key, const char *text,
                                 union hw_csv_value *out_value, struct hw_error *err) {
    HW_AUTO(hw_buf) padded = {0};
    union hw_csv_value value;
    char quoted[HW_QUOTE_BYTES];
    char type[64];
    size_t size = strlen(text);
    if (in->type.kind == HW_KIND_TEXT) {
        out_value->text = (hw_view){text, size};
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(&padded, size + HW_BATCH_PADDING, err));
    memset(&value, 0, sizeof(value));
    memset(padded.data, 0, padded.size);
    memcpy(padded.data, text, size);
    if (!hw_csv_value_parse(in->type, (hw_view){(const char *)padded.data, size}, &value)) {
        hw_type_format(in->type, type, sizeof(type));
        return hw_fail(err, HW_ECONFIG, "\"%s\": %s is no %s", key, hw_quote(text, size, quoted, sizeof(quoted)), type);
    }
    *out_value = value;
    return HW_OK;
}

/*
 * Gives a JSON number as text. Only a column of doubles takes one with a point: JSON has made a
 * double of it already.
 */
static bool number_text(const struct constraint_input *in, json_t *json, char out[HW_PRINT_BYTES]) {
    bool number = in->type.kind == HW_KIND_INT64 || in->type.kind == HW_KIND_DOUBLE || in->type.kind == HW_KIND_DECIMAL;
    if (number && json_is_integer(json)) {
        snprintf(out, HW_PRINT_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
        return true;
    }
    if (in->type.kind != HW_KIND_DOUBLE || !json_is_real(json)) {
        return false;
    }
    const union hw_csv_value value = {.real = json_real_value(json)};
    hw_csv_value_print(in->type, &value, out);
    return true;
}

static enum hw_status bound_read(const struct constraint_input *in, const char *key, bool *out_has,
                                 union hw_csv_value *out_value, const char **out_text, struct hw_error *err) {
    json_t *json = json_object_get(in->json, key);
    union hw_csv_value value;
    char number[HW_PRINT_BYTES];
    if (!json) {
        return HW_OK;
    }
    const char *text = json_string_value(json);
    if (!text) {
        if (!number_text(in, json, number)) {
            char type[64];
            hw_type_format(in->type, type, sizeof(type));
            return hw_fail(err, HW_ECONFIG, "\"%s\": expected a value of %s as text", key, type);
        }
        text = number;
    }
    HW_TRY(value_read(in, key, text, &value, err));
    if (in->type.kind == HW_KIND_DOUBLE && value.real != value.real) {
        return hw_fail(err, HW_ECONFIG, "\"%s\": nan bounds nothing", key);
    }
    *out_text = hw_arena_strdup(in->arena, text);
    if (!*out_text) {
        return hw_fail_nomem(err, strlen(text));
    }
    *out_value = value;
    *out_has = true;
    return HW_OK;
}

static enum hw_status pattern_read(const struct constraint_input *in, const char **out_pattern, struct hw_error *err) {
    HW_AUTO(hw_csv_pattern) pattern = {0};
    json_t *json = json_object_get(in->json, "pattern");
    const char *text = json_string_value(json);
    if (!json) {
        return HW_OK;
    }
    if (!text || strlen(text) > HW_CSV_PATTERN_BYTES_MAX) {
        return hw_fail(err, HW_ECONFIG, "\"pattern\": expected a text of at most %u bytes", HW_CSV_PATTERN_BYTES_MAX);
    }
    /* Workers compile the pattern for themselves; here it is only tried. */
    HW_TRY(hw_csv_pattern_init(&pattern, text, err));
    *out_pattern = hw_arena_strdup(in->arena, text);
    return *out_pattern ? HW_OK : hw_fail_nomem(err, strlen(text));
}

static int values_compare(const void *a, const void *b, void *type) {
    return hw_csv_value_compare(((const struct hw_type *)type)->kind, a, b);
}

static enum hw_status allowed_read(const struct constraint_input *in, struct hw_csv_constraint *constraint,
                                   struct hw_error *err) {
    json_t *json = json_object_get(in->json, "enum");
    struct hw_type type = in->type;
    if (!json) {
        return HW_OK;
    }
    size_t count = json_array_size(json); /* 0 where it is no array */
    if (count == 0) {
        return hw_fail(err, HW_ECONFIG, "\"enum\": expected a list of texts, one at least");
    }
    union hw_csv_value *values = hw_arena_alloc(in->arena, count * sizeof(*values));
    const char **texts = hw_arena_alloc(in->arena, count * sizeof(*texts));
    if (!values || !texts) {
        return hw_fail_nomem(err, count * sizeof(*values));
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(json, i));
        if (!text) {
            return hw_fail(err, HW_ECONFIG, "\"enum\": expected texts, but number %zu is something else", i + 1);
        }
        texts[i] = hw_arena_strdup(in->arena, text);
        if (!texts[i]) {
            return hw_fail_nomem(err, strlen(text));
        }
        HW_TRY(value_read(in, "enum", texts[i], &values[i], err));
    }
    qsort_r(values, count, sizeof(*values), values_compare, &type);
    constraint->allowed = values;
    constraint->allowed_texts = texts;
    constraint->allowed_count = count;
    return HW_OK;
}

/* Makes the constraint one canonical text, from which digests of options are made. */
static enum hw_status canonical_write(const struct constraint_input *in, const char **out_json, struct hw_error *err) {
    json_t *kept = json_object();
    bool ok = kept != NULL;
    for (size_t i = 0; ok && i < COUNT_OF(constraint_keys); i++) {
        json_t *value = json_object_get(in->json, constraint_keys[i].key);
        ok = !value || json_object_set(kept, constraint_keys[i].key, value) == 0;
    }
    char *text = ok ? json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17)) : NULL;
    *out_json = text ? hw_arena_strdup(in->arena, text) : NULL;
    json_decref(kept);
    free(text); /* allowed: jansson's */
    return *out_json ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory reading constraints");
}

/* Reads a key that is true or false, and false where it is left out. */
static enum hw_status flag_read(const struct constraint_input *in, const char *key, bool *out_flag,
                                struct hw_error *err) {
    json_t *json = json_object_get(in->json, key);
    *out_flag = json_is_true(json);
    return !json || json_is_boolean(json) ? HW_OK : hw_fail(err, HW_ECONFIG, "\"%s\" is true or false", key);
}

/* Reads a key that is a text, NULL where it is left out. */
static enum hw_status text_read(const struct constraint_input *in, const char *key, const char **out_text,
                                struct hw_error *err) {
    json_t *json = json_object_get(in->json, key);
    const char *text = json_string_value(json);
    if (!json) {
        return HW_OK;
    }
    if (!text) {
        return hw_fail(err, HW_ECONFIG, "\"%s\": expected a text", key);
    }
    *out_text = hw_arena_strdup(in->arena, text);
    return *out_text ? HW_OK : hw_fail_nomem(err, strlen(text));
}

static enum hw_status words_read(const struct constraint_input *in, const char *key, struct hw_csv_words *out_words,
                                 struct hw_error *err) {
    json_t *json = json_object_get(in->json, key);
    const size_t count = json_array_size(json); /* 0 where it is no array */
    if (!json) {
        return HW_OK;
    }
    if (count == 0) {
        return hw_fail(err, HW_ECONFIG, "\"%s\": expected a list of texts, one at least", key);
    }
    const char **texts = hw_arena_alloc(in->arena, count * sizeof(*texts));
    if (!texts) {
        return hw_fail_nomem(err, count * sizeof(*texts));
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(json, i));
        texts[i] = text ? hw_arena_strdup(in->arena, text) : NULL;
        if (!texts[i]) {
            return text ? hw_fail_nomem(err, strlen(text))
                        : hw_fail(err, HW_ECONFIG, "\"%s\": expected texts, but number %zu is something else", key,
                                  i + 1);
        }
    }
    *out_words = (struct hw_csv_words){texts, count};
    return HW_OK;
}

/* Returns whether some key says how the values of the column are written. */
static bool spelled(const struct constraint_input *in) {
    static const char *const keys[] = {"trim",      "true_values", "false_values",    "decimal_comma",
                                       "thousands", "date_format", "timestamp_format"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (json_object_get(in->json, keys[i])) {
            return true;
        }
    }
    return false;
}

/* Reads how the values of the column are written; NULL where no key says it. */
static enum hw_status spelling_read(const struct constraint_input *in, const struct hw_csv_spelling **out_spelling,
                                    struct hw_error *err) {
    struct hw_csv_spelling spelling = {0};
    struct hw_error fault = HW_ERROR_INIT;
    const char *thousands = "";
    HW_TRY(flag_read(in, "trim", &spelling.trim, err));
    HW_TRY(flag_read(in, "decimal_comma", &spelling.decimal_comma, err));
    HW_TRY(text_read(in, "thousands", &thousands, err));
    HW_TRY(text_read(in, "date_format", &spelling.date_format, err));
    HW_TRY(text_read(in, "timestamp_format", &spelling.timestamp_format, err));
    HW_TRY(words_read(in, "true_values", &spelling.true_values, err));
    HW_TRY(words_read(in, "false_values", &spelling.false_values, err));
    if (strlen(thousands) > 1) {
        return hw_fail(err, HW_ECONFIG, "\"thousands\": expected one character");
    }
    spelling.thousands = thousands[0];
    if (hw_csv_spelling_check(&spelling, true, &fault) != HW_OK) {
        return hw_fail(err, HW_ECONFIG, "%s", fault.message);
    }
    if (!spelled(in)) {
        return HW_OK;
    }
    struct hw_csv_spelling *own = hw_arena_alloc(in->arena, sizeof(*own));
    if (!own) {
        return hw_fail_nomem(err, sizeof(*own));
    }
    *own = spelling;
    *out_spelling = own;
    return HW_OK;
}

/* Reads which texts are null in the column; NULL where no key says it. */
static enum hw_status nulls_read(const struct constraint_input *in, const struct hw_csv_null_words **out_nulls,
                                 struct hw_error *err) {
    struct hw_csv_words words = {0};
    bool quoted;
    HW_TRY(words_read(in, "null_values", &words, err));
    HW_TRY(flag_read(in, "null_quoted", &quoted, err));
    if (quoted && words.count == 0) {
        return hw_fail(err, HW_ECONFIG, "\"null_quoted\" needs \"null_values\"");
    }
    if (words.count == 0) {
        return HW_OK;
    }
    struct hw_csv_null_words *own = hw_arena_alloc(in->arena, sizeof(*own));
    if (!own) {
        return hw_fail_nomem(err, sizeof(*own));
    }
    *own = (struct hw_csv_null_words){words.texts, words.count, quoted};
    *out_nulls = own;
    return HW_OK;
}
