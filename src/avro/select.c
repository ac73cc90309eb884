/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/select.h"

struct selecter {
    struct hw_arena *arena;
    struct hw_error *err;
};

static enum hw_status type_select(struct selecter *selecter, const struct hw_avro_type *type,
                                  const struct hw_selected *selected, const struct hw_avro_type **out_type);
static enum hw_status record_select(struct selecter *selecter, const struct hw_avro_type *type,
                                    const struct hw_selected *selected, size_t count,
                                    const struct hw_avro_type **out_type);

enum hw_status hw_avro_select(const struct hw_avro_type *root, const struct hw_selection *selection,
                              struct hw_arena *arena, const struct hw_avro_type **out_type, struct hw_error *err) {
    struct selecter selecter = {arena, err};
    return root->kind == HW_AVRO_RECORD
               ? record_select(&selecter, root, selection->columns, selection->schema.count, out_type)
               : type_select(&selecter, root, &selection->columns[0], out_type);
}

/* Copies a type that will have `count` members, which are zeroed. */
static enum hw_status type_copy(struct selecter *selecter, const struct hw_avro_type *type, size_t count,
                                struct hw_avro_type **out_copy, struct hw_avro_member **out_members) {
    struct hw_avro_type *copy = hw_arena_alloc(selecter->arena, sizeof(*copy));
    struct hw_avro_member *members = hw_arena_alloc(selecter->arena, count * sizeof(*members));
    if (!copy || !members) {
        return hw_fail_nomem(selecter->err, sizeof(*copy) + count * sizeof(*members));
    }
    memset(members, 0, count * sizeof(*members));
    *copy = *type;
    copy->members = members;
    copy->members_count = count;
    copy->whole = type;
    *out_copy = copy;
    *out_members = members;
    return HW_OK;
}

static enum hw_status record_select(struct selecter *selecter, const struct hw_avro_type *type,
                                    const struct hw_selected *selected, size_t count,
                                    const struct hw_avro_type **out_type) {
    struct hw_avro_type *copy;
    struct hw_avro_member *members;
    HW_TRY(type_copy(selecter, type, count, &copy, &members));
    for (size_t i = 0; i < count; i++) {
        members[i] = type->members[selected[i].index];
        HW_TRY(type_select(selecter, members[i].type, &selected[i], &members[i].type));
    }
    *out_type = copy;
    return HW_OK;
}

/* Replaces one member of a type, and keeps the others. */
static enum hw_status member_select(struct selecter *selecter, const struct hw_avro_type *type, size_t member,
                                    const struct hw_selected *selected, const struct hw_avro_type **out_type) {
    struct hw_avro_type *copy;
    struct hw_avro_member *members;
    HW_TRY(type_copy(selecter, type, type->members_count, &copy, &members));
    memcpy(members, type->members, type->members_count * sizeof(*members));
    HW_TRY(type_select(selecter, members[member].type, selected, &members[member].type));
    *out_type = copy;
    return HW_OK;
}

/* A map's column has entries, and below them the keys, which are always there, and the values. */
static enum hw_status map_select(struct selecter *selecter, const struct hw_avro_type *type,
                                 const struct hw_selected *entries, const struct hw_avro_type **out_type) {
    for (size_t i = 0; i < entries->children_count; i++) {
        if (entries->children[i].index == 1) {
            return member_select(selecter, type, 0, &entries->children[i], out_type);
        }
    }
    *out_type = type;
    return HW_OK;
}

/* A union of which a column of one type is made has one branch that is not null. */
static enum hw_status union_select(struct selecter *selecter, const struct hw_avro_type *type,
                                   const struct hw_selected *selected, const struct hw_avro_type **out_type) {
    const struct hw_avro_type *own = hw_avro_column_type(type);
    if (own == type) {
        return hw_fail(selecter->err, HW_EUNSUPPORTED, "a union can only be read with all of its branches");
    }
    size_t branch = 0;
    while (type->members[branch].type != own) {
        branch++;
    }
    return member_select(selecter, type, branch, selected, out_type);
}

static enum hw_status type_select(struct selecter *selecter, const struct hw_avro_type *type,
                                  const struct hw_selected *selected, const struct hw_avro_type **out_type) {
    if (selected->children_count == 0) {
        *out_type = type;
        return HW_OK;
    }
    switch (type->kind) {
    case HW_AVRO_RECORD:
        return record_select(selecter, type, selected->children, selected->children_count, out_type);
    case HW_AVRO_ARRAY:
        return member_select(selecter, type, 0, &selected->children[0], out_type);
    case HW_AVRO_MAP:
        return map_select(selecter, type, &selected->children[0], out_type);
    default:
        return union_select(selecter, type, selected, out_type);
    }
}
