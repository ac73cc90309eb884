/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/casts.h"

#include "core/alloc.h"
#include "table/arrange.h"

#define SLICE_BYTES HW_MIB(1)

enum hw_status hw_rows_casts_init(struct hw_rows_casts *casts, const struct hw_rows_table *table,
                                  struct hw_error *err) {
    casts->count = table->schema.count;
    casts->rooms = hw_alloc_zero(casts->count, sizeof(*casts->rooms));
    casts->columns = hw_alloc_zero(casts->count, sizeof(*casts->columns));
    return casts->rooms && casts->columns ? HW_OK : hw_fail_nomem(err, casts->count * sizeof(*casts->rooms));
}

void hw_rows_casts_release(struct hw_rows_casts *casts) {
    for (size_t i = 0; casts->rooms && i < casts->count; i++) {
        hw_cast_room_release(&casts->rooms[i]);
    }
    hw_free(casts->rooms);
    hw_free(casts->columns);
    *casts = (struct hw_rows_casts){0};
}

/* Casts column `number` of a slice, in its place. */
static enum hw_status column_cast(struct hw_rows_casts *casts, const struct hw_field *from, const struct hw_field *to,
                                  size_t number, const struct hw_batch *slice, struct hw_error *err) {
    struct hw_cast_room *room = &casts->rooms[number];
    const enum hw_status status =
        hw_cast_column(&slice->columns[number], slice->rows, from->type, to->type, room, &casts->columns[number], err);
    if (status) {
        casts->type = to->type;
        casts->row = room->row;
        hw_error_column(err, to->name, strlen(to->name));
    }
    return status;
}

enum hw_status hw_rows_casts_slice(struct hw_rows_casts *casts, const struct hw_rows_table *table,
                                   const struct hw_rows_object *object, const struct hw_batch *batch, size_t first,
                                   struct hw_batch *out_slice, struct hw_error *err) {
    const struct hw_schema *schema = &object->selection.schema;
    const uint64_t fit = object->cast_bytes > 0 ? SLICE_BYTES / object->cast_bytes : SIZE_MAX;
    const size_t rows_max = (size_t)hw_clamp(fit, HW_BATCH_SLICE_ROWS, SIZE_MAX);
    struct hw_batch slice = hw_batch_slice(batch, first, rows_max, casts->columns);
    if (slice.columns != casts->columns && object->cast_bytes > 0) {
        memcpy(casts->columns, slice.columns, schema->count * sizeof(*casts->columns));
        slice.columns = casts->columns;
    }
    for (size_t i = 0; object->cast_bytes > 0 && i < schema->count; i++) {
        const uint32_t place = object->places[i];
        if (place == HW_ARRANGE_LEFT_OUT || !hw_cast_needed(schema->fields[i].type, table->schema.fields[place].type)) {
            continue;
        }
        const enum hw_status status =
            column_cast(casts, &schema->fields[i], &table->schema.fields[place], i, &slice, err);
        if (status) {
            casts->row += first;
            return status;
        }
    }
    *out_slice = slice;
    return HW_OK;
}
