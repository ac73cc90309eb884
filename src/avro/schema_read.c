/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/schema_read.h"

#include "avro/logical.h"
#include "core/buf.h"
#include "core/intern.h"
#include "core/json_read.h"
#include "core/limits.h"

/* A named type. It has no type while its definition is being read. */
struct named {
    const struct hw_avro_type *type;
};

struct schema_reader {
    struct hw_arena *arena;
    struct hw_intern names;
    /* struct named, by their numbers in `names`. */
    struct hw_buf named;
    struct hw_error *err;
    /* Types that stand in the text, and those that are open now. */
    size_t types;
    size_t depth;
};

/* A schema in its place: names without a dot belong to the namespace around it. */
struct place {
    json_t *json;
    /* "" for none. */
    const char *space;
};

static const char *const kind_names[HW_AVRO_KINDS] = {
    [HW_AVRO_NULL] = "null",     [HW_AVRO_BOOLEAN] = "boolean", [HW_AVRO_INT] = "int",     [HW_AVRO_LONG] = "long",
    [HW_AVRO_FLOAT] = "float",   [HW_AVRO_DOUBLE] = "double",   [HW_AVRO_BYTES] = "bytes", [HW_AVRO_STRING] = "string",
    [HW_AVRO_FIXED] = "fixed",   [HW_AVRO_ENUM] = "enum",       [HW_AVRO_ARRAY] = "array", [HW_AVRO_MAP] = "map",
    [HW_AVRO_RECORD] = "record", [HW_AVRO_UNION] = "union",
};

/* The fewest bytes of a value, for kinds in which that does not depend on other types. */
static const uint8_t kind_bytes_min[HW_AVRO_KINDS] = {
    [HW_AVRO_BOOLEAN] = 1, [HW_AVRO_INT] = 1,    [HW_AVRO_LONG] = 1, [HW_AVRO_FLOAT] = 4, [HW_AVRO_DOUBLE] = 8,
    [HW_AVRO_BYTES] = 1,   [HW_AVRO_STRING] = 1, [HW_AVRO_ENUM] = 1, [HW_AVRO_ARRAY] = 1, [HW_AVRO_MAP] = 1,
};

const char *hw_avro_kind_name(enum hw_avro_kind kind) {
    return kind_names[kind];
}

static enum hw_status type_read(struct schema_reader *reader, struct place place, const struct hw_avro_type **out_type);

enum hw_status hw_avro_schema_read(struct hw_avro_schema_tree *schema, hw_view text, struct hw_error *err) {
    json_error_t fault;
    schema->json = hw_json_load(text, JSON_DECODE_ANY, &fault);
    if (!schema->json && json_error_code(&fault) == json_error_out_of_memory) {
        return hw_fail_nomem(err, text.size);
    }
    if (!schema->json) {
        return hw_fail(err, HW_EDATA, "the Avro schema is no JSON: %s (line %d, column %d)", fault.text, fault.line,
                       fault.column);
    }
    struct schema_reader reader = {.arena = &schema->arena, .err = err};
    enum hw_status status = type_read(&reader, (struct place){schema->json, ""}, &schema->root);
    hw_intern_release(&reader.names);
    hw_buf_release(&reader.named);
    return status;
}

void hw_avro_schema_tree_release(struct hw_avro_schema_tree *schema) {
    json_decref(schema->json);
    hw_arena_release(&schema->arena);
    *schema = (struct hw_avro_schema_tree){0};
}

/* ------ types */

static enum hw_status name_resolve(struct schema_reader *reader, const char *name, const char *space,
                                   const struct hw_avro_type **out_type);
static enum hw_status object_read(struct schema_reader *reader, struct place place,
                                  const struct hw_avro_type **out_type);
static enum hw_status union_read(struct schema_reader *reader, struct place place, struct hw_avro_type *type);
static struct hw_avro_type *type_new(struct schema_reader *reader, enum hw_avro_kind kind);
static enum hw_status type_sum(struct schema_reader *reader, struct hw_avro_type *type);

static enum hw_status type_read(struct schema_reader *reader, struct place place,
                                const struct hw_avro_type **out_type) {
    if (++reader->types > HW_TABLE_FIELDS_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "the Avro schema has more than %u types", HW_TABLE_FIELDS_MAX);
    }
    if (reader->depth >= HW_AVRO_DEPTH_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "the Avro schema is more than %u types deep", HW_AVRO_DEPTH_MAX);
    }
    if (json_is_string(place.json)) {
        return name_resolve(reader, json_string_value(place.json), place.space, out_type);
    }
    enum hw_status status;
    reader->depth++;
    if (json_is_array(place.json)) {
        struct hw_avro_type *type = type_new(reader, HW_AVRO_UNION);
        status = type ? union_read(reader, place, type) : hw_fail_nomem(reader->err, sizeof(*type));
        *out_type = type;
    } else if (json_is_object(place.json)) {
        status = object_read(reader, place, out_type);
    } else {
        status = hw_fail(reader->err, HW_EDATA, "a type of the Avro schema is neither text, object nor list");
    }
    reader->depth--;
    return status;
}

static struct hw_avro_type *type_new(struct schema_reader *reader, enum hw_avro_kind kind) {
    struct hw_avro_type *type = hw_arena_alloc(reader->arena, sizeof(*type));
    if (type) {
        *type = (struct hw_avro_type){
            .kind = kind, .depth = 1, .places = 1, .bytes_min = kind_bytes_min[kind], .symbol_fallback = -1};
    }
    return type;
}

/* Sums up what lies below a type, once its members are read. */
static enum hw_status type_sum(struct schema_reader *reader, struct hw_avro_type *type) {
    size_t bytes = 0;
    size_t fewest = SIZE_MAX;
    for (size_t i = 0; i < type->members_count; i++) {
        const struct hw_avro_type *below = type->members[i].type;
        type->depth = hw_max_size(type->depth, below->depth + 1);
        type->places += below->places;
        bytes += below->bytes_min;
        fewest = hw_min_size(fewest, below->bytes_min);
    }
    if (type->kind == HW_AVRO_RECORD) {
        type->bytes_min = bytes;
    } else if (type->kind == HW_AVRO_UNION) {
        type->bytes_min = 1 + (type->members_count > 0 ? fewest : 0);
    }
    if (type->depth > HW_AVRO_DEPTH_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "the Avro schema is more than %u types deep", HW_AVRO_DEPTH_MAX);
    }
    return type->places <= HW_TABLE_FIELDS_MAX
               ? HW_OK
               : hw_fail(reader->err, HW_ELIMIT, "the Avro schema makes more than %u columns", HW_TABLE_FIELDS_MAX);
}

static int primitive_find(const char *name) {
    for (int kind = HW_AVRO_NULL; kind <= HW_AVRO_STRING; kind++) {
        if (strcmp(name, kind_names[kind]) == 0) {
            return kind;
        }
    }
    return -1;
}

static enum hw_status members_new(struct schema_reader *reader, size_t count, struct hw_avro_member **out_members) {
    struct hw_avro_member *members = hw_arena_alloc(reader->arena, count * sizeof(*members));
    if (!members) {
        return hw_fail_nomem(reader->err, count * sizeof(*members));
    }
    memset(members, 0, count * sizeof(*members));
    *out_members = members;
    return HW_OK;
}

/* "Unions" of the specification. */
static enum hw_status union_read(struct schema_reader *reader, struct place place, struct hw_avro_type *type) {
    const size_t count = json_array_size(place.json);
    struct hw_avro_member *members;
    if (count == 0) {
        return hw_fail(reader->err, HW_EDATA, "the Avro schema has a union without branches");
    }
    HW_TRY(members_new(reader, count, &members));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(type_read(reader, (struct place){json_array_get(place.json, i), place.space}, &members[i].type));
        if (members[i].type->kind == HW_AVRO_UNION) {
            return hw_fail(reader->err, HW_EDATA, "the Avro schema has a union that is a branch of a union");
        }
    }
    type->members = members;
    type->members_count = count;
    return type_sum(reader, type);
}

/* ------ names */

static struct named *named_at(struct schema_reader *reader, uint32_t number) {
    return (struct named *)(void *)reader->named.data + number;
}

/* Finds a name that was defined before. False where there is none. */
static enum hw_status name_find(struct schema_reader *reader, const char *full, uint32_t *out_number, bool *out_found) {
    const size_t known = reader->names.count;
    HW_TRY(hw_intern_number(&reader->names, hw_view_of(full), (uint32_t)known, out_number, reader->err));
    *out_found = *out_number < known;
    return HW_OK;
}

static const char *name_join(struct schema_reader *reader, const char *space, const char *name) {
    return space[0] ? hw_arena_join(reader->arena, space, ".", name) : name;
}

/* A name without a dot is one of the namespace around it, or else of none. */
static enum hw_status name_resolve(struct schema_reader *reader, const char *name, const char *space,
                                   const struct hw_avro_type **out_type) {
    const int primitive = primitive_find(name);
    char quoted[HW_QUOTE_BYTES];
    uint32_t number = 0;
    bool found = false;
    if (primitive >= 0) {
        struct hw_avro_type *type = type_new(reader, (enum hw_avro_kind)primitive);
        *out_type = type;
        return type ? HW_OK : hw_fail_nomem(reader->err, sizeof(*type));
    }
    const char *full = strchr(name, '.') ? name : name_join(reader, space, name);
    if (!full) {
        return hw_fail_nomem(reader->err, strlen(name));
    }
    HW_TRY(name_find(reader, full, &number, &found));
    if (!found) {
        HW_TRY(name_find(reader, name, &number, &found));
    }
    hw_quote(full, strlen(full), quoted, sizeof(quoted));
    if (!found) {
        return hw_fail(reader->err, HW_EDATA, "the Avro schema names the type %s before it defines it", quoted);
    }
    const struct hw_avro_type *type = named_at(reader, number)->type;
    if (!type) {
        return hw_fail(reader->err, HW_EUNSUPPORTED,
                       "the record %s of the Avro schema contains itself, which no table can hold", quoted);
    }
    *out_type = type;
    return HW_OK;
}

/*
 * Makes the full name of a definition, and tells the namespace of what it contains. The name may be
 * empty, though the specification does not allow that: polars calls the records of its files so.
 */
static enum hw_status full_name_make(struct schema_reader *reader, struct place place, const char **out_full,
                                     const char **out_space) {
    const char *name = json_string_value(json_object_get(place.json, "name"));
    json_t *given = json_object_get(place.json, "namespace");
    const char *space = json_is_string(given) ? json_string_value(given) : place.space;
    if (!name) {
        return hw_fail(reader->err, HW_EDATA, "a record, enum or fixed type of the Avro schema has no name");
    }
    const char *dot = strrchr(name, '.');
    *out_space = dot ? hw_arena_strndup(reader->arena, name, (size_t)(dot - name)) : space;
    *out_full = dot ? name : name_join(reader, space, name);
    return *out_space && *out_full ? HW_OK : hw_fail_nomem(reader->err, strlen(name));
}

/* Notes the name of a definition that begins, and tells the namespace of what it contains. */
static enum hw_status name_define(struct schema_reader *reader, struct place place, struct hw_avro_type *type,
                                  uint32_t *out_number, const char **out_space) {
    char quoted[HW_QUOTE_BYTES];
    const struct named named = {NULL};
    const size_t known = reader->names.count;
    HW_TRY(full_name_make(reader, place, &type->name, out_space));
    hw_quote(type->name, strlen(type->name), quoted, sizeof(quoted));
    if (primitive_find(type->name) >= 0) {
        return hw_fail(reader->err, HW_EDATA, "the Avro schema defines the type %s, which exists", quoted);
    }
    HW_TRY(hw_intern_number(&reader->names, hw_view_of(type->name), HW_AVRO_NAMES_MAX, out_number, reader->err));
    if (*out_number == HW_AVRO_NAMES_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "the Avro schema has more than %u names", HW_AVRO_NAMES_MAX);
    }
    if (*out_number < known) {
        return hw_fail(reader->err, HW_EDATA, "the Avro schema defines the type %s twice", quoted);
    }
    return hw_buf_append(&reader->named, &named, sizeof(named), reader->err);
}

/* Reads a list of texts, and leaves out what is none. `space` NULL leaves them as they are. */
static enum hw_status texts_read(struct schema_reader *reader, json_t *list, const char *space,
                                 const char *const **out_texts, size_t *out_count) {
    const size_t count = json_array_size(list);
    const char **texts = hw_arena_alloc(reader->arena, count * sizeof(*texts));
    size_t used = 0;
    for (size_t i = 0; texts && i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        const char *full = text && space && !strchr(text, '.') ? name_join(reader, space, text) : text;
        if (text && !full) {
            return hw_fail_nomem(reader->err, strlen(text));
        }
        if (text) {
            texts[used++] = full;
        }
    }
    *out_texts = texts;
    *out_count = used;
    return texts ? HW_OK : hw_fail_nomem(reader->err, count * sizeof(*texts));
}

/* ------ objects */

typedef enum hw_status body_fn(struct schema_reader *reader, struct place place, struct hw_avro_type *type);

static body_fn fixed_body, enum_body, array_body, map_body, record_body;

static const struct complex_row {
    const char *name;
    enum hw_avro_kind kind;
    bool named;
    body_fn *read;
} complex_rows[] = {
    {"record", HW_AVRO_RECORD, true, record_body}, {"error", HW_AVRO_RECORD, true, record_body},
    {"enum", HW_AVRO_ENUM, true, enum_body},       {"fixed", HW_AVRO_FIXED, true, fixed_body},
    {"array", HW_AVRO_ARRAY, false, array_body},   {"map", HW_AVRO_MAP, false, map_body},
};

static const struct complex_row *complex_find(const char *name) {
    for (size_t i = 0; i < COUNT_OF(complex_rows); i++) {
        if (strcmp(name, complex_rows[i].name) == 0) {
            return &complex_rows[i];
        }
    }
    return NULL;
}

static enum hw_status complex_read(struct schema_reader *reader, struct place place, const struct complex_row *row,
                                   struct hw_avro_type *type);

/*
 * Reads {"type": ..}: a complex type, a primitive one that may have a logical type, or the name or
 * schema of another one.
 */
static enum hw_status object_read(struct schema_reader *reader, struct place place,
                                  const struct hw_avro_type **out_type) {
    json_t *said = json_object_get(place.json, "type");
    const char *name = json_string_value(said);
    const struct complex_row *row = name ? complex_find(name) : NULL;
    if (!said) {
        return hw_fail(reader->err, HW_EDATA, "an object of the Avro schema has no \"type\"");
    }
    if (!row && (!name || primitive_find(name) < 0)) {
        return type_read(reader, (struct place){said, place.space}, out_type);
    }
    struct hw_avro_type *type = type_new(reader, row ? row->kind : (enum hw_avro_kind)primitive_find(name));
    if (!type) {
        return hw_fail_nomem(reader->err, sizeof(*type));
    }
    HW_TRY(row ? complex_read(reader, place, row, type) : HW_OK);
    hw_avro_logical_apply(type, place.json);
    *out_type = type;
    return HW_OK;
}

static enum hw_status complex_read(struct schema_reader *reader, struct place place, const struct complex_row *row,
                                   struct hw_avro_type *type) {
    uint32_t number = 0;
    struct place inner = place;
    if (row->named) {
        HW_TRY(name_define(reader, place, type, &number, &inner.space));
        HW_TRY(texts_read(reader, json_object_get(place.json, "aliases"), inner.space, &type->aliases,
                          &type->aliases_count));
    }
    HW_TRY(row->read(reader, inner, type));
    HW_TRY(type_sum(reader, type));
    if (row->named) {
        named_at(reader, number)->type = type;
    }
    return HW_OK;
}

static enum hw_status fixed_body(struct schema_reader *reader, struct place place, struct hw_avro_type *type) {
    json_t *size = json_object_get(place.json, "size");
    const json_int_t bytes = json_integer_value(size);
    if (!json_is_integer(size) || bytes < 0 || bytes > INT32_MAX) {
        return hw_fail(reader->err, HW_EDATA, "a fixed type of the Avro schema has no \"size\" from 0 to %" PRId32,
                       INT32_MAX);
    }
    type->size = (uint32_t)bytes;
    type->bytes_min = (size_t)bytes;
    return HW_OK;
}

static enum hw_status enum_body(struct schema_reader *reader, struct place place, struct hw_avro_type *type) {
    json_t *symbols = json_object_get(place.json, "symbols");
    const char *fallback = json_string_value(json_object_get(place.json, "default"));
    if (!json_is_array(symbols)) {
        return hw_fail(reader->err, HW_EDATA, "an enum of the Avro schema has no list of \"symbols\"");
    }
    HW_TRY(texts_read(reader, symbols, NULL, &type->symbols, &type->symbols_count));
    if (type->symbols_count != json_array_size(symbols)) {
        return hw_fail(reader->err, HW_EDATA, "an enum of the Avro schema has a symbol that is no text");
    }
    for (size_t i = 0; fallback && i < type->symbols_count; i++) {
        if (strcmp(fallback, type->symbols[i]) == 0) {
            type->symbol_fallback = (int64_t)i;
        }
    }
    return HW_OK;
}

/* Field ids are numbers of 32 bits; others say nothing. */
static bool id_read(json_t *object, const char *key, int32_t *out_id) {
    json_t *id = json_object_get(object, key);
    const json_int_t number = json_integer_value(id);
    *out_id = (int32_t)number;
    return json_is_integer(id) && number >= INT32_MIN && number <= INT32_MAX;
}

/* Reads the only member that arrays and maps have. */
static enum hw_status below_read(struct schema_reader *reader, struct place place, const char *key, const char *id_key,
                                 struct hw_avro_type *type) {
    json_t *below = json_object_get(place.json, key);
    struct hw_avro_member *member;
    if (!below) {
        return hw_fail(reader->err, HW_EDATA, "the Avro schema has a type %s without \"%s\"", kind_names[type->kind],
                       key);
    }
    HW_TRY(members_new(reader, 1, &member));
    HW_TRY(type_read(reader, (struct place){below, place.space}, &member->type));
    member->has_id = id_read(place.json, id_key, &member->id);
    type->members = member;
    type->members_count = 1;
    return HW_OK;
}

static enum hw_status array_body(struct schema_reader *reader, struct place place, struct hw_avro_type *type) {
    return below_read(reader, place, "items", "element-id", type);
}

static enum hw_status map_body(struct schema_reader *reader, struct place place, struct hw_avro_type *type) {
    type->has_key_id = id_read(place.json, "key-id", &type->key_id);
    return below_read(reader, place, "values", "value-id", type);
}

static enum hw_status field_read(struct schema_reader *reader, struct place place, struct hw_avro_member *field) {
    json_t *type = json_object_get(place.json, "type");
    field->name = json_string_value(json_object_get(place.json, "name"));
    if (!field->name || !type) {
        return hw_fail(reader->err, HW_EDATA, "a field of the Avro schema has no \"name\" or no \"type\"");
    }
    HW_TRY(texts_read(reader, json_object_get(place.json, "aliases"), NULL, &field->aliases, &field->aliases_count));
    field->fallback = json_object_get(place.json, "default");
    field->has_id = id_read(place.json, "field-id", &field->id);
    enum hw_status status = type_read(reader, (struct place){type, place.space}, &field->type);
    if (status != HW_OK) {
        hw_error_column(reader->err, field->name, strlen(field->name));
    }
    return status;
}

/* Two fields of one name could not be told apart. */
static enum hw_status names_check(struct schema_reader *reader, const struct hw_avro_type *type) {
    HW_AUTO(hw_intern) names = {0};
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = 0; i < type->members_count; i++) {
        const char *name = type->members[i].name;
        uint32_t number;
        HW_TRY(hw_intern_number(&names, hw_view_of(name), UINT32_MAX, &number, reader->err));
        if (number != i) {
            return hw_fail(reader->err, HW_EDATA, "a record of the Avro schema has the field %s twice",
                           hw_quote(name, strlen(name), quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}

static enum hw_status record_body(struct schema_reader *reader, struct place place, struct hw_avro_type *type) {
    json_t *fields = json_object_get(place.json, "fields");
    const size_t count = json_array_size(fields);
    struct hw_avro_member *members;
    if (!json_is_array(fields)) {
        return hw_fail(reader->err, HW_EDATA, "a record of the Avro schema has no list of \"fields\"");
    }
    HW_TRY(members_new(reader, count, &members));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(field_read(reader, (struct place){json_array_get(fields, i), place.space}, &members[i]));
    }
    type->members = members;
    type->members_count = count;
    return names_check(reader, type);
}
