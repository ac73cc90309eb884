/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/where.h"

#include "table/batch_copy.h"
#include "table/schema.h"

static enum hw_status columns_place(struct hw_rows_where *where, const struct hw_schema *schema,
                                    const struct hw_selection *taken, struct hw_error *err);

enum hw_status hw_rows_where_make(struct hw_rows_where *where, const struct hw_predicate *predicate,
                                  const struct hw_schema *schema, const struct hw_selection *taken,
                                  struct hw_error *err) {
    enum hw_status status = hw_filter_make(&where->filter, predicate, schema, err);
    status = status ? status : columns_place(where, schema, taken, err);
    if (status) {
        hw_rows_where_release(where);
    }
    return status;
}

void hw_rows_where_release(struct hw_rows_where *where) {
    hw_selection_release(&where->read);
    hw_filter_release(&where->filter);
    *where = (struct hw_rows_where){0};
}

/* ------ columns */

/* Fields of one parent that are read: those that are taken, then those that the condition adds. */
struct level {
    struct hw_field *fields;
    struct hw_selected *selected;
    size_t count;
    /* So many of them are taken. */
    size_t taken;
};

/* A level on its way, `depth` steps below the table. */
struct joining {
    struct hw_rows_where *where;
    /* The fields of the file, and those of them that are taken. */
    const struct hw_field *fields;
    const struct hw_field *taken_fields;
    const struct hw_selected *taken;
    size_t taken_count;
    size_t depth;
    /* Says of each column of the filter whether it is on this level or below. */
    const bool *through;
};

static enum hw_status level_join(const struct joining *joining, struct level *out_level, struct hw_error *err);

static enum hw_status columns_place(struct hw_rows_where *where, const struct hw_schema *schema,
                                    const struct hw_selection *taken, struct hw_error *err) {
    struct hw_arena *arena = &where->read.arena;
    const size_t count = where->filter.columns_count;
    bool *through = hw_arena_alloc(arena, count * sizeof(*through));
    struct level level;
    where->places = hw_arena_alloc(arena, count * sizeof(*where->places));
    if (!through || !where->places) {
        return hw_fail_nomem(err, count * sizeof(*where->places));
    }
    for (size_t i = 0; i < count; i++) {
        const struct hw_filter_column *column = &where->filter.columns[i];
        where->places[i] = hw_arena_alloc(arena, column->path_count * sizeof(*where->places[i]));
        if (!where->places[i]) {
            return hw_fail_nomem(err, column->path_count * sizeof(*where->places[i]));
        }
        memcpy(where->places[i], column->path, column->path_count * sizeof(*where->places[i]));
        through[i] = true;
    }
    const struct joining joining = {where, schema->fields, taken->schema.fields, taken->columns, taken->schema.count,
                                    0,     through};
    HW_TRY(level_join(&joining, &level, err));
    where->read.schema = (struct hw_schema){level.fields, level.count};
    where->read.columns = level.selected;
    return HW_OK;
}

/* Sets the places of the filter's columns on this level, and adds the fields that are not taken. */
static enum hw_status level_make(const struct joining *joining, struct level *out_level, struct hw_error *err) {
    struct hw_rows_where *where = joining->where;
    const size_t room = joining->taken_count + where->filter.columns_count;
    struct level level = {
        .fields = hw_arena_alloc(&where->read.arena, room * sizeof(*level.fields)),
        .selected = hw_arena_alloc(&where->read.arena, room * sizeof(*level.selected)),
        .count = joining->taken_count,
        .taken = joining->taken_count,
    };
    if (!level.fields || !level.selected) {
        return hw_fail_nomem(err, room * (sizeof(*level.fields) + sizeof(*level.selected)));
    }
    for (size_t i = 0; i < level.count; i++) {
        level.fields[i] = joining->taken_fields[i];
        level.selected[i] = joining->taken[i];
    }
    for (size_t i = 0; i < where->filter.columns_count; i++) {
        const struct hw_filter_column *column = &where->filter.columns[i];
        if (!joining->through[i]) {
            continue;
        }
        const size_t index = column->path[joining->depth];
        size_t at = 0;
        while (at < level.count && level.selected[at].index != index) {
            at++;
        }
        if (at == level.count) {
            level.fields[at] = joining->fields[index];
            level.selected[at] = (struct hw_selected){.index = index};
            level.count++;
        }
        where->places[i][joining->depth] = (uint32_t)at;
    }
    *out_level = level;
    return HW_OK;
}

/*
 * Says which columns of the filter go on below a field. Returns false where the field is read with
 * all that is in it: one that is taken so, one that is asked for itself, and a union, which cannot
 * be read in part.
 */
static bool field_parts(const struct joining *joining, const struct level *level, size_t at, bool *below) {
    const struct hw_filter *filter = &joining->where->filter;
    const bool taken = at < level->taken;
    bool parts = taken ? level->selected[at].children_count > 0 : !hw_field_metadata(&level->fields[at], HW_META_UNION);
    for (size_t i = 0; i < filter->columns_count; i++) {
        const bool here = joining->through[i] && joining->where->places[i][joining->depth] == at;
        const bool last = joining->depth + 1 == filter->columns[i].path_count;
        below[i] = here && !last;
        parts = parts && (taken || !here || !last);
    }
    return parts;
}

static enum hw_status level_join(const struct joining *joining, struct level *out_level, struct hw_error *err) {
    struct hw_arena *arena = &joining->where->read.arena;
    const size_t columns = joining->where->filter.columns_count;
    bool *below = hw_arena_alloc(arena, columns * sizeof(*below));
    struct level level;
    if (!below) {
        return hw_fail_nomem(err, columns * sizeof(*below));
    }
    HW_TRY(level_make(joining, &level, err));
    for (size_t at = 0; at < level.count; at++) {
        if (!field_parts(joining, &level, at, below)) {
            continue;
        }
        const bool taken = at < level.taken;
        const struct joining inner = {
            .where = joining->where,
            .fields = joining->fields[level.selected[at].index].children,
            .taken_fields = taken ? level.fields[at].children : NULL,
            .taken = level.selected[at].children,
            .taken_count = level.selected[at].children_count,
            .depth = joining->depth + 1,
            .through = below,
        };
        struct level children;
        HW_TRY(level_join(&inner, &children, err));
        level.fields[at].children = children.fields;
        level.fields[at].children_count = children.count;
        level.selected[at].children = children.selected;
        level.selected[at].children_count = children.count;
    }
    *out_level = level;
    return HW_OK;
}

/* ------ rows */

enum hw_status hw_rows_where_keep(const struct hw_rows_where *where, const struct hw_schema *taken, uint64_t limit,
                                  struct hw_filter_room *room, struct hw_batch *batch, struct hw_error *err) {
    struct hw_kept_rows kept;
    struct hw_batch copy;
    HW_TRY(hw_filter_rows(&where->filter, (const uint32_t *const *)where->places, batch, limit, room, &kept, err));
    batch->schema = taken;
    if (kept.rows == batch->rows) {
        return HW_OK;
    }
    HW_TRY(hw_batch_copy_ranges(batch, kept.ranges, kept.count, NULL, &copy, err));
    hw_batch_release(batch);
    *batch = copy;
    return HW_OK;
}
