/* SPDX-License-Identifier: Apache-2.0 */
#include "table/schema.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/limits.h"

enum hw_status hw_schema_dup(const struct hw_schema *from, struct hw_arena *arena, struct hw_schema *out_schema,
                             struct hw_error *err) {
    size_t bytes = 0;
    if (!hw_mul(from->count, sizeof(struct hw_field), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a schema of %zu columns is too wide", from->count);
    }
    struct hw_field *fields = hw_arena_alloc(arena, bytes);
    if (!fields) {
        return hw_fail_nomem(err, bytes);
    }
    for (size_t i = 0; i < from->count; i++) {
        fields[i] = from->fields[i];
        fields[i].name = hw_arena_strdup(arena, from->fields[i].name);
        if (!fields[i].name) {
            return hw_fail_nomem(err, strlen(from->fields[i].name));
        }
    }
    *out_schema = (struct hw_schema){.fields = fields, .count = from->count};
    return HW_OK;
}

/* A set of names: open addressing over positions in `names`. */
struct name_set {
    const hw_view *names;
    uint32_t *slots;    /* position + 1; 0 is free */
    uint32_t *suffixes; /* by position: the last that was appended to this name */
    size_t mask;
};

static enum hw_status name_set_init(struct name_set *set, const hw_view *names, size_t count, struct hw_error *err);
static void name_set_release(struct name_set *set);
/* The position of `name`, SIZE_MAX where the set lacks it. */
static size_t name_set_find(const struct name_set *set, hw_view name);
static void name_set_add(struct name_set *set, size_t position);
static enum hw_status name_make(hw_view base, size_t position, struct name_set *taken, struct hw_arena *arena, hw_view *out_name,
                                struct hw_error *err);

enum hw_status hw_names_make_unique(hw_view *names, size_t count, struct hw_arena *arena, struct hw_error *err) {
    struct name_set taken;
    HW_TRY(name_set_init(&taken, names, count, err));

    /* First every name that stands by itself, so that no made name takes one that a later column has. */
    uint32_t *to_make = hw_alloc_zero(count, sizeof(*to_make));
    size_t to_make_count = 0;
    enum hw_status status = to_make ? HW_OK : hw_fail_nomem(err, count * sizeof(*to_make));
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        if (names[i].size == 0 || name_set_find(&taken, names[i]) != SIZE_MAX) {
            to_make[to_make_count++] = (uint32_t)i;
        } else {
            name_set_add(&taken, i);
        }
    }
    for (size_t k = 0; status == HW_OK && k < to_make_count; k++) {
        size_t i = to_make[k];
        status = name_make(names[i], i, &taken, arena, &names[i], err);
        if (status == HW_OK) {
            name_set_add(&taken, i);
        }
    }
    hw_free(to_make);
    name_set_release(&taken);
    return status;
}

static enum hw_status name_set_init(struct name_set *set, const hw_view *names, size_t count, struct hw_error *err) {
    size_t slots = 16;
    while (slots < count * 2) {
        slots *= 2;
    }
    *set = (struct name_set){
        .names = names,
        .slots = hw_alloc_zero(slots, sizeof(uint32_t)),
        .suffixes = hw_alloc_zero(count, sizeof(uint32_t)),
        .mask = slots - 1,
    };
    if (!set->slots || !set->suffixes) {
        name_set_release(set);
        return hw_fail_nomem(err, slots * sizeof(uint32_t));
    }
    return HW_OK;
}

static void name_set_release(struct name_set *set) {
    hw_free(set->slots);
    hw_free(set->suffixes);
}

static size_t name_hash(hw_view name) {
    uint64_t hash = 14695981039346656037u; /* FNV-1a: names are short and few */
    for (size_t i = 0; i < name.size; i++) {
        hash = (hash ^ (uint8_t)name.data[i]) * 1099511628211u;
    }
    return (size_t)(hash ^ hash >> 32);
}

static size_t name_set_find(const struct name_set *set, hw_view name) {
    for (size_t slot = name_hash(name) & set->mask; set->slots[slot] != 0; slot = (slot + 1) & set->mask) {
        size_t position = set->slots[slot] - 1;
        if (hw_view_equal(set->names[position], name)) {
            return position;
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

static enum hw_status name_make(hw_view base, size_t position, struct name_set *taken, struct hw_arena *arena, hw_view *out_name,
                                struct hw_error *err) {
    char text[HW_CSV_NAME_BYTES_MAX + 32];
    char start[HW_CSV_NAME_BYTES_MAX + 32];
    if (base.size > HW_CSV_NAME_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "a column name has %zu bytes, at most %u are taken", base.size, HW_CSV_NAME_BYTES_MAX);
    }
    int used = base.size == 0 ? snprintf(start, sizeof(start), "column_%zu", position + 1)
                              : snprintf(start, sizeof(start), "%.*s", (int)base.size, base.data);
    hw_view name = {start, (size_t)used};
    size_t holder = name_set_find(taken, name);
    /* Counting goes on where it ended for this name: thousands of equal names are no reason to count to each anew. */
    for (bool free = holder == SIZE_MAX; !free; free = name_set_find(taken, name) == SIZE_MAX) {
        uint32_t suffix = (uint32_t)hw_max_size(taken->suffixes[holder], 1) + 1;
        taken->suffixes[holder] = suffix;
        used = snprintf(text, sizeof(text), "%.*s_%" PRIu32, (int)(sizeof(text) - 16), start, suffix);
        name = (hw_view){text, hw_min_size((size_t)used, sizeof(text) - 1)};
    }
    char *copy = hw_arena_strndup(arena, name.data, name.size);
    if (!copy) {
        return hw_fail_nomem(err, name.size);
    }
    *out_name = (hw_view){copy, name.size};
    return HW_OK;
}
