/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/table_schema.h"

#include <stdio.h>

#include "avro/logical.h"

enum { ID_BYTES = 12, MEMBER_BYTES = 24, METADATA_MAX = 2 };

struct field_maker {
    struct hw_arena *arena;
    struct hw_error *err;
};

static enum hw_status field_make(struct field_maker *maker, const char *name, const struct hw_avro_type *type,
                                 struct hw_field *out_field);
static enum hw_status members_make(struct field_maker *maker, const struct hw_avro_type *record,
                                   struct hw_field **out_fields);

enum hw_status hw_avro_table_schema(const struct hw_avro_type *root, struct hw_arena *arena,
                                    struct hw_schema *out_schema, struct hw_error *err) {
    struct field_maker maker = {arena, err};
    struct hw_field *fields;
    if (root->kind == HW_AVRO_RECORD) {
        HW_TRY(members_make(&maker, root, &fields));
        *out_schema = (struct hw_schema){fields, root->members_count};
        return HW_OK;
    }
    fields = hw_arena_alloc(arena, sizeof(*fields));
    if (!fields) {
        return hw_fail_nomem(err, sizeof(*fields));
    }
    HW_TRY(field_make(&maker, HW_AVRO_VALUE_NAME, root, fields));
    *out_schema = (struct hw_schema){fields, 1};
    return HW_OK;
}

static enum hw_status fields_new(struct field_maker *maker, size_t count, struct hw_field **out_fields) {
    struct hw_field *fields = hw_arena_alloc(maker->arena, count * sizeof(*fields));
    if (!fields) {
        return hw_fail_nomem(maker->err, count * sizeof(*fields));
    }
    memset(fields, 0, count * sizeof(*fields));
    *out_fields = fields;
    return HW_OK;
}

/* ------ metadata */

static enum hw_status metadata_add(struct field_maker *maker, struct hw_field *field, const char *key,
                                   const char *value) {
    struct hw_key_value *pairs = hw_arena_alloc(maker->arena, METADATA_MAX * sizeof(*pairs));
    if (!pairs) {
        return hw_fail_nomem(maker->err, METADATA_MAX * sizeof(*pairs));
    }
    for (size_t i = 0; i < field->metadata_count; i++) {
        pairs[i] = field->metadata[i];
    }
    pairs[field->metadata_count] = (struct hw_key_value){key, value, strlen(value)};
    field->metadata = pairs;
    field->metadata_count++;
    return HW_OK;
}

static enum hw_status id_add(struct field_maker *maker, struct hw_field *field, bool has_id, int32_t id) {
    char *text = has_id ? hw_arena_alloc(maker->arena, ID_BYTES) : NULL;
    if (!has_id) {
        return HW_OK;
    }
    if (!text) {
        return hw_fail_nomem(maker->err, ID_BYTES);
    }
    snprintf(text, ID_BYTES, "%" PRId32, id);
    return metadata_add(maker, field, HW_META_FIELD_ID, text);
}

/* ------ types with members */

typedef enum hw_status members_fn(struct field_maker *maker, const struct hw_avro_type *type, struct hw_field *field);

static members_fn list_make, map_make, struct_make, union_make;

static members_fn *const makers[HW_AVRO_KINDS] = {
    [HW_AVRO_ARRAY] = list_make,
    [HW_AVRO_MAP] = map_make,
    [HW_AVRO_RECORD] = struct_make,
    [HW_AVRO_UNION] = union_make,
};

static enum hw_status field_make(struct field_maker *maker, const char *name, const struct hw_avro_type *type,
                                 struct hw_field *out_field) {
    const struct hw_avro_type *own = hw_avro_column_type(type);
    struct hw_field field = {.name = name, .required = own->kind != HW_AVRO_NULL && hw_avro_null_branch(type) < 0};
    if (makers[own->kind]) {
        HW_TRY(makers[own->kind](maker, own, &field));
    } else {
        field.type = hw_avro_flat_type(own);
    }
    *out_field = field;
    return HW_OK;
}

/* Makes a field of each member of a record. */
static enum hw_status members_make(struct field_maker *maker, const struct hw_avro_type *record,
                                   struct hw_field **out_fields) {
    struct hw_field *fields;
    HW_TRY(fields_new(maker, record->members_count, &fields));
    for (size_t i = 0; i < record->members_count; i++) {
        const struct hw_avro_member *member = &record->members[i];
        HW_TRY(field_make(maker, member->name, member->type, &fields[i]));
        HW_TRY(id_add(maker, &fields[i], member->has_id, member->id));
    }
    *out_fields = fields;
    return HW_OK;
}

static enum hw_status struct_make(struct field_maker *maker, const struct hw_avro_type *type, struct hw_field *field) {
    struct hw_field *children;
    HW_TRY(members_make(maker, type, &children));
    field->type.kind = HW_KIND_STRUCT;
    field->children = children;
    field->children_count = type->members_count;
    return HW_OK;
}

static enum hw_status pairs_make(struct field_maker *maker, const struct hw_avro_type *record, struct hw_field *field);

static enum hw_status list_make(struct field_maker *maker, const struct hw_avro_type *type, struct hw_field *field) {
    const struct hw_avro_member *items = &type->members[0];
    struct hw_field *child;
    if (type->logical == HW_AVRO_LOGICAL_MAP) {
        return pairs_make(maker, items->type, field);
    }
    HW_TRY(fields_new(maker, 1, &child));
    HW_TRY(field_make(maker, "element", items->type, child));
    HW_TRY(id_add(maker, child, items->has_id, items->id));
    field->type.kind = HW_KIND_LIST;
    field->children = child;
    field->children_count = 1;
    return HW_OK;
}

/* Makes a map of the two fields that its entries have. */
static enum hw_status entries_make(struct field_maker *maker, struct hw_field *pair, struct hw_field *field) {
    struct hw_field *entries;
    HW_TRY(fields_new(maker, 1, &entries));
    *entries = (struct hw_field){
        .name = "key_value", .type.kind = HW_KIND_STRUCT, .required = true, .children = pair, .children_count = 2};
    field->type.kind = HW_KIND_MAP;
    field->children = entries;
    field->children_count = 1;
    return HW_OK;
}

static enum hw_status pairs_make(struct field_maker *maker, const struct hw_avro_type *record, struct hw_field *field) {
    struct hw_field *pair;
    HW_TRY(members_make(maker, record, &pair));
    return entries_make(maker, pair, field);
}

static enum hw_status map_make(struct field_maker *maker, const struct hw_avro_type *type, struct hw_field *field) {
    const struct hw_avro_member *values = &type->members[0];
    struct hw_field *pair;
    HW_TRY(fields_new(maker, 2, &pair));
    pair[0] = (struct hw_field){.name = "key", .type.kind = HW_KIND_TEXT, .required = true};
    HW_TRY(id_add(maker, &pair[0], type->has_key_id, type->key_id));
    HW_TRY(field_make(maker, "value", values->type, &pair[1]));
    HW_TRY(id_add(maker, &pair[1], values->has_id, values->id));
    return entries_make(maker, pair, field);
}

/* ------ unions */

static enum hw_status member_name(struct field_maker *maker, size_t number, const char **out_name) {
    char *name = hw_arena_alloc(maker->arena, MEMBER_BYTES);
    if (!name) {
        return hw_fail_nomem(maker->err, MEMBER_BYTES);
    }
    snprintf(name, MEMBER_BYTES, "member%zu", number);
    *out_name = name;
    return HW_OK;
}

/* Exactly one member is not null, unless the struct is. */
static enum hw_status union_make(struct field_maker *maker, const struct hw_avro_type *type, struct hw_field *field) {
    struct hw_field *children;
    size_t count = 0;
    HW_TRY(fields_new(maker, type->members_count, &children));
    for (size_t i = 0; i < type->members_count; i++) {
        const struct hw_avro_type *branch = type->members[i].type;
        if (branch->kind == HW_AVRO_NULL) {
            continue;
        }
        const char *name = NULL;
        HW_TRY(member_name(maker, count, &name));
        HW_TRY(field_make(maker, name, branch, &children[count]));
        children[count++].required = false;
    }
    field->type.kind = HW_KIND_STRUCT;
    field->children = children;
    field->children_count = count;
    return metadata_add(maker, field, HW_META_UNION, "1");
}
