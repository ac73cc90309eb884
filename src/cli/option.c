/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option.h"

#include "cli/unknown.h"

size_t hw_option_count(const struct hw_option_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        count += hw_option_part_count(&set->parts[i]);
    }
    return count;
}

size_t hw_option_part_count(const struct hw_option_part *part) {
    return part->rows ? (size_t)__builtin_popcount(part->rows) : part->group->count;
}

const struct hw_option *hw_option_part_at(const struct hw_option_part *part, size_t index) {
    uint32_t rows = part->rows;
    if (rows == 0) {
        return &part->group->options[index];
    }
    for (size_t i = 0; i < index; i++) {
        rows &= rows - 1; /* without the lowest bit */
    }
    assert(rows != 0);
    return &part->group->options[__builtin_ctz(rows)];
}

struct hw_option_ref hw_option_at(const struct hw_option_set *set, size_t index) {
    size_t left = index;
    const struct hw_option_part *part = set->parts;
    while (left >= hw_option_part_count(part)) {
        left -= hw_option_part_count(part);
        part++;
        assert(part < set->parts + set->count);
    }
    return (struct hw_option_ref){hw_option_part_at(part, left), part->base, index};
}

struct hw_option_ref hw_option_find(const struct hw_option_set *set, hw_view name) {
    for (size_t i = 0; i < hw_option_count(set); i++) {
        struct hw_option_ref ref = hw_option_at(set, i);
        if (hw_view_equal(hw_view_of(ref.option->name), name)) {
            return ref;
        }
    }
    return (struct hw_option_ref){0};
}

bool hw_option_takes_value(const struct hw_option *option) {
    return option->type != HW_OPTION_FLAG && option->type != HW_OPTION_HELP;
}

bool hw_option_has_field(const struct hw_option *option) {
    return option->type != HW_OPTION_CONFIG && option->type != HW_OPTION_HELP;
}

static const char *dash(const char *dashes, hw_view name, struct hw_arena *arena);

enum hw_status hw_option_unknown(const struct hw_option_set *set, const char *what, const char *dashes, hw_view word,
                                 struct hw_arena *arena, struct hw_error *err) {
    size_t count = hw_option_count(set);
    const char **names = hw_arena_alloc(arena, count * sizeof(*names));
    const char *dashed = dash(dashes, word, arena);
    bool ok = names && dashed;
    for (size_t i = 0; i < count && ok; i++) {
        const struct hw_option *option = hw_option_at(set, i).option;
        names[i] = option ? dash(dashes, hw_view_of(option->name), arena) : NULL;
        ok = names[i] != NULL;
    }
    if (!ok) {
        return hw_fail_nomem(err, count * sizeof(*names));
    }
    return hw_fail_unknown(err, what, hw_view_of(dashed), names, count);
}

static const char *dash(const char *dashes, hw_view name, struct hw_arena *arena) {
    size_t before = strlen(dashes);
    char *dashed = hw_arena_alloc(arena, before + name.size + 1);
    if (dashed) {
        memcpy(dashed, dashes, before);
        memcpy(dashed + before, name.data, name.size);
        dashed[before + name.size] = '\0';
    }
    return dashed;
}
