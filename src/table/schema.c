/* SPDX-License-Identifier: Apache-2.0 */
#include "table/schema.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "table/name_order.h"

static enum hw_status fields_dup(const struct hw_field *from, size_t count, struct hw_arena *arena,
                                 struct hw_field **out_fields, struct hw_error *err);
static enum hw_status metadata_dup(const struct hw_field *from, struct hw_arena *arena, struct hw_field *to,
                                   struct hw_error *err);

enum hw_status hw_schema_dup(const struct hw_schema *from, struct hw_arena *arena, struct hw_schema *out_schema,
                             struct hw_error *err) {
    struct hw_field *fields;
    HW_TRY(fields_dup(from->fields, from->count, arena, &fields, err));
    *out_schema = (struct hw_schema){.fields = fields, .count = from->count};
    return HW_OK;
}

static enum hw_status text_dup(const char *text, struct hw_arena *arena, const char **out_text, struct hw_error *err) {
    char *copy = hw_arena_strdup(arena, text);
    if (!copy) {
        return hw_fail_nomem(err, strlen(text));
    }
    *out_text = copy;
    return HW_OK;
}

static enum hw_status fields_dup(const struct hw_field *from, size_t count, struct hw_arena *arena,
                                 struct hw_field **out_fields, struct hw_error *err) {
    size_t bytes = 0;
    if (!hw_mul(count, sizeof(struct hw_field), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a schema of %zu columns is too wide", count);
    }
    struct hw_field *fields = hw_arena_alloc(arena, bytes);
    if (!fields) {
        return hw_fail_nomem(err, bytes);
    }
    for (size_t i = 0; i < count; i++) {
        struct hw_field *children = NULL;
        struct hw_field *dictionary = NULL;
        fields[i] = from[i];
        HW_TRY(text_dup(from[i].name, arena, &fields[i].name, err));
        if (from[i].type.zone) {
            HW_TRY(text_dup(from[i].type.zone, arena, &fields[i].type.zone, err));
        }
        if (from[i].children_count > 0) {
            HW_TRY(fields_dup(from[i].children, from[i].children_count, arena, &children, err));
        }
        if (from[i].dictionary) {
            HW_TRY(fields_dup(from[i].dictionary, 1, arena, &dictionary, err));
        }
        fields[i].children = children;
        fields[i].dictionary = dictionary;
        HW_TRY(metadata_dup(&from[i], arena, &fields[i], err));
    }
    *out_fields = fields;
    return HW_OK;
}

static enum hw_status metadata_dup(const struct hw_field *from, struct hw_arena *arena, struct hw_field *to,
                                   struct hw_error *err) {
    to->metadata = NULL;
    if (from->metadata_count == 0) {
        return HW_OK;
    }
    struct hw_key_value *pairs = hw_arena_alloc(arena, from->metadata_count * sizeof(*pairs));
    if (!pairs) {
        return hw_fail_nomem(err, from->metadata_count * sizeof(*pairs));
    }
    for (size_t i = 0; i < from->metadata_count; i++) {
        pairs[i] = from->metadata[i];
        HW_TRY(text_dup(from->metadata[i].key, arena, &pairs[i].key, err));
        pairs[i].value = hw_arena_strndup(arena, from->metadata[i].value, from->metadata[i].value_bytes);
        if (!pairs[i].value) {
            return hw_fail_nomem(err, from->metadata[i].value_bytes);
        }
    }
    to->metadata = pairs;
    return HW_OK;
}

static size_t leaves_count(const struct hw_field *fields, size_t count) {
    size_t leaves = 0;
    for (size_t i = 0; i < count; i++) {
        leaves += fields[i].children_count > 0 ? leaves_count(fields[i].children, fields[i].children_count) : 1;
    }
    return leaves;
}

size_t hw_schema_leaves(const struct hw_schema *schema) {
    return leaves_count(schema->fields, schema->count);
}

const struct hw_key_value *hw_field_metadata(const struct hw_field *field, const char *key) {
    for (size_t i = 0; i < field->metadata_count; i++) {
        if (strcmp(field->metadata[i].key, key) == 0) {
            return &field->metadata[i];
        }
    }
    return NULL;
}

bool hw_field_id(const struct hw_field *field, int32_t *out_id) {
    const struct hw_key_value *pair = hw_field_metadata(field, HW_META_FIELD_ID);
    if (!pair || pair->value_bytes == 0 || pair->value_bytes > 11 || strlen(pair->value) != pair->value_bytes) {
        return false;
    }
    char *end;
    long long id = strtoll(pair->value, &end, 10);
    bool digits = end != pair->value && *end == '\0' && pair->value[0] != ' ' && pair->value[0] != '+';
    if (!digits || id < INT32_MIN || id > INT32_MAX) {
        return false;
    }
    *out_id = (int32_t)id;
    return true;
}

enum hw_status hw_schema_twin(const struct hw_schema *schema, const char **out_name, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_numbered_name *names = hw_arena_alloc(&arena, schema->count * sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, schema->count * sizeof(*names));
    }
    for (size_t i = 0; i < schema->count; i++) {
        names[i] = (struct hw_numbered_name){schema->fields[i].name, i};
    }
    hw_names_sort(names, schema->count);
    const size_t twin = hw_names_twin(names, schema->count);
    *out_name = twin > 0 ? names[twin].name : NULL;
    return HW_OK;
}

static bool fields_equal(const struct hw_field *a, const struct hw_field *b) {
    if (strcmp(a->name, b->name) != 0 || a->required != b->required) {
        return false;
    }
    return hw_field_types_equal(a, b);
}

bool hw_field_types_equal(const struct hw_field *a, const struct hw_field *b) {
    if (!hw_type_equal(a->type, b->type) || a->children_count != b->children_count ||
        (a->dictionary != NULL) != (b->dictionary != NULL)) {
        return false;
    }
    for (size_t i = 0; i < a->children_count; i++) {
        if (!fields_equal(&a->children[i], &b->children[i])) {
            return false;
        }
    }
    return !a->dictionary || hw_field_types_equal(a->dictionary, b->dictionary);
}

/* A set of names: open addressing over positions in `names`. */
struct name_set {
    const hw_view *names;
    uint32_t *slots; /* position + 1; 0 is free */
    uint32_t *
        /*
         * for each position: the number to try next after its name, so that thousands of equals do
         * not search from 2 each
         */
        next;
    size_t mask;
};

static enum hw_status name_set_init(struct name_set *set, const hw_view *names, size_t count, struct hw_error *err);
static size_t name_set_find(const struct name_set *set, hw_view name);
static void name_set_add(struct name_set *set, size_t position);
static enum hw_status name_make(hw_view base, size_t position, const struct name_set *taken, struct hw_arena *arena,
                                hw_view *out_name, struct hw_error *err);

enum hw_status hw_names_make_unique(hw_view *names, size_t count, struct hw_arena *arena, struct hw_error *err) {
    return hw_names_make_unique_first(names, count, NULL, arena, err);
}

enum hw_status hw_names_make_unique_first(hw_view *names, size_t count, const bool *first, struct hw_arena *arena,
                                          struct hw_error *err) {
    struct name_set taken;
    HW_TRY(name_set_init(&taken, names, count, err));

    /*
     * Names that stand by themselves are taken before any is made, so that no made name is one that
     * a later column has.
     */
    bool *kept = hw_alloc_zero(count, sizeof(*kept));
    enum hw_status status = kept ? HW_OK : hw_fail_nomem(err, count * sizeof(*kept));
    for (unsigned round = first ? 0 : 1; status == HW_OK && round < 2; round++) {
        for (size_t i = 0; i < count; i++) {
            bool turn = round == 1 || first[i];
            if (turn && !kept[i] && names[i].size > 0 && name_set_find(&taken, names[i]) == SIZE_MAX) {
                kept[i] = true;
                name_set_add(&taken, i);
            }
        }
    }
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        if (kept[i]) {
            continue;
        }
        status = name_make(names[i], i, &taken, arena, &names[i], err);
        if (status == HW_OK) {
            name_set_add(&taken, i);
        }
    }
    hw_free(kept);
    hw_free(taken.slots);
    hw_free(taken.next);
    return status;
}

static enum hw_status name_set_init(struct name_set *set, const hw_view *names, size_t count, struct hw_error *err) {
    size_t slots = 16;
    while (slots < count * 2) {
        slots *= 2;
    }
    *set = (struct name_set){.names = names, .mask = slots - 1};
    set->slots = hw_alloc_zero(slots, sizeof(uint32_t));
    set->next = hw_alloc_zero(count, sizeof(uint32_t));
    if (!set->slots || !set->next) {
        hw_free(set->slots);
        hw_free(set->next);
        return hw_fail_nomem(err, slots * sizeof(uint32_t));
    }
    return HW_OK;
}

static size_t name_hash(hw_view name) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a: names are short and few */
    for (size_t i = 0; i < name.size; i++) {
        hash = (hash ^ (uint8_t)name.data[i]) * 1099511628211u;
    }
    return (size_t)(hash ^ hash >> 32);
}

/* Returns the position of the column that has the name; SIZE_MAX where none has it. */
static size_t name_set_find(const struct name_set *set, hw_view name) {
    for (size_t slot = name_hash(name) & set->mask; set->slots[slot] != 0; slot = (slot + 1) & set->mask) {
        if (hw_view_equal(set->names[set->slots[slot] - 1], name)) {
            return set->slots[slot] - 1;
        }
    }
    return SIZE_MAX;
}

static void name_set_add(struct name_set *set, size_t position) {
    size_t slot = name_hash(set->names[position]) & set->mask;
    while (set->slots[slot] != 0) {
        slot = (slot + 1) & set->mask;
    }
    set->slots[slot] = (uint32_t)(position + 1);
}

static enum hw_status name_make(hw_view base, size_t position, const struct name_set *taken, struct hw_arena *arena,
                                hw_view *out_name, struct hw_error *err) {
    char text[HW_CSV_NAME_BYTES_MAX + 32];
    char start[HW_CSV_NAME_BYTES_MAX + 32];
    if (base.size > HW_CSV_NAME_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "a column name has %zu bytes, at most %u are taken", base.size,
                       HW_CSV_NAME_BYTES_MAX);
    }
    int used = base.size == 0 ? snprintf(start, sizeof(start), "column_%zu", position + 1)
                              : snprintf(start, sizeof(start), "%.*s", (int)base.size, base.data);
    hw_view name = {start, (size_t)used};
    size_t owner = name_set_find(taken, name);
    uint32_t n = owner != SIZE_MAX && taken->next[owner] > 2 ? taken->next[owner] : 2;
    for (; name_set_find(taken, name) != SIZE_MAX; n++) {
        used = snprintf(text, sizeof(text), "%.*s_%u", (int)(sizeof(text) - 16), start, n);
        name = (hw_view){text, hw_min_size((size_t)used, sizeof(text) - 1)};
    }
    if (owner != SIZE_MAX) {
        taken->next[owner] = n;
    }
    char *copy = hw_arena_strndup(arena, name.data, name.size);
    if (!copy) {
        return hw_fail_nomem(err, name.size);
    }
    *out_name = (hw_view){copy, name.size};
    return HW_OK;
}
