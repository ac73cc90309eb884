/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/where.h"

#include "table/batch_copy.h"

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

static bool place_find(const struct hw_selection *taken, const struct hw_filter_column *column, uint32_t *place);
static enum hw_status column_add(const struct hw_schema *schema, const struct hw_filter_column *column,
                                 struct hw_arena *arena, struct hw_field *out_field, struct hw_selected *out_selected,
                                 struct hw_error *err);

static enum hw_status columns_place(struct hw_rows_where *where, const struct hw_schema *schema,
                                    const struct hw_selection *taken, struct hw_error *err) {
    struct hw_arena *arena = &where->read.arena;
    const struct hw_filter *filter = &where->filter;
    const size_t room = taken->schema.count + filter->columns_count;
    size_t count = taken->schema.count;
    struct hw_field *fields = hw_arena_alloc(arena, room * sizeof(*fields));
    struct hw_selected *selected = hw_arena_alloc(arena, room * sizeof(*selected));
    where->places = hw_arena_alloc(arena, filter->columns_count * sizeof(*where->places));
    if (!fields || !selected || !where->places) {
        return hw_fail_nomem(err, room * sizeof(*fields));
    }
    if (count > 0) {
        memcpy(fields, taken->schema.fields, count * sizeof(*fields));
        memcpy(selected, taken->columns, count * sizeof(*selected));
    }
    for (size_t i = 0; i < filter->columns_count; i++) {
        const struct hw_filter_column *column = &filter->columns[i];
        uint32_t *place = hw_arena_alloc(arena, column->path_count * sizeof(*place));
        if (!place) {
            return hw_fail_nomem(err, column->path_count * sizeof(*place));
        }
        if (!place_find(taken, column, place)) {
            memset(place, 0, column->path_count * sizeof(*place));
            place[0] = (uint32_t)count;
            HW_TRY(column_add(schema, column, arena, &fields[count], &selected[count], err));
            count++;
        }
        where->places[i] = place;
    }
    where->read.schema = (struct hw_schema){fields, count};
    where->read.columns = selected;
    return HW_OK;
}

/* Finds a column among those that are taken anyway; false where it is none of them. */
static bool place_find(const struct hw_selection *taken, const struct hw_filter_column *column, uint32_t *place) {
    const struct hw_selected *selected = taken->columns;
    size_t count = taken->schema.count;
    for (size_t step = 0; step < column->path_count; step++) {
        size_t at = 0;
        while (at < count && selected[at].index != column->path[step]) {
            at++;
        }
        if (at == count) {
            return false;
        }
        place[step] = (uint32_t)at;
        if (selected[at].children_count == 0) {
            /* All that is in it is there, as it is in the file. */
            const size_t left = column->path_count - step - 1;
            memcpy(place + step + 1, column->path + step + 1, left * sizeof(*place));
            return true;
        }
        count = selected[at].children_count;
        selected = selected[at].children;
    }
    return true;
}

/* Makes a column of the file with nothing in it but what leads to the field. */
static enum hw_status column_add(const struct hw_schema *schema, const struct hw_filter_column *column,
                                 struct hw_arena *arena, struct hw_field *out_field, struct hw_selected *out_selected,
                                 struct hw_error *err) {
    const size_t bytes = column->path_count * (sizeof(struct hw_field) + sizeof(struct hw_selected));
    struct hw_field *fields = hw_arena_alloc(arena, column->path_count * sizeof(*fields));
    struct hw_selected *selected = hw_arena_alloc(arena, column->path_count * sizeof(*selected));
    if (!fields || !selected) {
        return hw_fail_nomem(err, bytes);
    }
    const struct hw_field *from = schema->fields;
    for (size_t step = 0; step < column->path_count; step++) {
        const bool last = step + 1 == column->path_count;
        fields[step] = from[column->path[step]];
        selected[step] = (struct hw_selected){.index = column->path[step]};
        from = fields[step].children;
        if (!last) {
            fields[step].children = &fields[step + 1];
            fields[step].children_count = 1;
            selected[step].children = &selected[step + 1];
            selected[step].children_count = 1;
        }
    }
    *out_field = fields[0];
    *out_selected = selected[0];
    return HW_OK;
}

/* ------ rows */

enum hw_status hw_rows_where_keep(const struct hw_rows_where *where, const struct hw_schema *taken, uint64_t limit,
                                  struct hw_filter_room *room, struct hw_batch *batch, struct hw_error *err) {
    struct hw_kept_rows kept;
    struct hw_batch copy;
    HW_TRY(hw_filter_rows(&where->filter, where->places, batch, limit, room, &kept, err));
    batch->schema = taken;
    if (kept.rows == batch->rows) {
        return HW_OK;
    }
    HW_TRY(hw_batch_copy_ranges(batch, kept.ranges, kept.count, NULL, &copy, err));
    hw_batch_release(batch);
    *batch = copy;
    return HW_OK;
}
