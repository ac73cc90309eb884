/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/inspect_choice.h"

#include "core/nearest.h"

struct choice {
    struct hw_inspection *inspection;
    /* The path of each leaf without the names that may be left out. */
    const char **shorts;
    size_t *chosen;
    size_t chosen_count;
    bool *taken;
};

static enum hw_status name_choose(struct choice *choice, const char *name);
static enum hw_status unknown_fail(const struct choice *choice, const char *name);
static enum hw_status short_make(struct hw_inspection *inspection, const char *path, const char **out_short);

enum hw_status hw_inspect_choose(struct hw_inspection *inspection, const char *const *names, size_t count) {
    const size_t leaves = inspection->file.schema.leaves_count;
    struct choice choice = {.inspection = inspection};
    HW_TRY(hw_inspection_array(inspection, leaves, sizeof(*choice.chosen), &choice.chosen));
    HW_TRY(hw_inspection_array(inspection, leaves, sizeof(*choice.taken), &choice.taken));
    HW_TRY(hw_inspection_array(inspection, leaves, sizeof(*choice.shorts), &choice.shorts));
    for (size_t i = 0; i < leaves && count > 0; i++) {
        HW_TRY(short_make(inspection, inspection->paths[i], &choice.shorts[i]));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(name_choose(&choice, names[i]));
    }
    for (size_t i = 0; i < leaves && count == 0; i++) {
        choice.chosen[choice.chosen_count++] = i;
    }
    inspection->chosen = choice.chosen;
    inspection->chosen_count = choice.chosen_count;
    return HW_OK;
}

/* Returns whether `path` is `name`, or lies below it. */
static bool is_below(const char *path, const char *name) {
    const size_t bytes = strlen(name);
    return strncmp(path, name, bytes) == 0 && (path[bytes] == '\0' || path[bytes] == '.');
}

/* The name of a column may hold dots, and then comes before a path of the same text. */
static bool is_column(const struct choice *choice, size_t leaf, const char *name) {
    const struct hw_path_name *at = choice->inspection->file.schema.leaves[leaf].path;
    while (at->above) {
        at = at->above;
    }
    return hw_view_equal(at->name, hw_view_of(name));
}

static bool is_path(const struct choice *choice, size_t leaf, const char *name) {
    return is_below(choice->inspection->paths[leaf], name) || is_below(choice->shorts[leaf], name);
}

static enum hw_status name_choose(struct choice *choice, const char *name) {
    static bool (*const matches[])(const struct choice *, size_t, const char *) = {is_column, is_path};
    bool found = false;
    for (size_t way = 0; way < COUNT_OF(matches) && !found; way++) {
        for (size_t i = 0; i < choice->inspection->file.schema.leaves_count; i++) {
            if (!matches[way](choice, i, name)) {
                continue;
            }
            if (choice->taken[i]) {
                return hw_fail(choice->inspection->err, HW_EUSAGE, "column '%s' is named twice",
                               choice->inspection->paths[i]);
            }
            choice->taken[i] = found = true;
            choice->chosen[choice->chosen_count++] = i;
        }
    }
    return found ? HW_OK : unknown_fail(choice, name);
}

static enum hw_status unknown_fail(const struct choice *choice, const char *name) {
    struct hw_nearest_search search = {.word = hw_view_of(name)};
    for (size_t i = 0; i < choice->inspection->file.schema.leaves_count; i++) {
        hw_nearest_offer(&search, hw_view_of(choice->shorts[i]));
    }
    if (!search.best.data) {
        return hw_fail(choice->inspection->err, HW_EUSAGE, "there is no column '%s'", name);
    }
    return hw_fail(choice->inspection->err, HW_EUSAGE, "there is no column '%s'; did you mean '%.*s'?", name,
                   (int)hw_min_size(search.best.size, HW_QUOTE_BYTES), search.best.data);
}

/* Copies a path without the pairs of names that lists and maps are made of. */
static enum hw_status short_make(struct hw_inspection *inspection, const char *path, const char **out_short) {
    static const char *const pairs[] = {".list.element", ".key_value.value"};
    hw_buf_clear(&inspection->text);
    for (const char *at = path; *at;) {
        size_t skipped = 0;
        for (size_t i = 0; i < COUNT_OF(pairs) && skipped == 0; i++) {
            skipped = is_below(at, pairs[i]) ? strlen(pairs[i]) : 0;
        }
        if (skipped == 0) {
            HW_TRY(hw_buf_append_byte(&inspection->text, (uint8_t)*at, inspection->err));
        }
        at += skipped > 0 ? skipped : 1;
    }
    return hw_inspection_text(inspection, hw_buf_view(&inspection->text), out_short);
}
