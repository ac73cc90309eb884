/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block.h"

#include "avro/nested.h"
#include "avro/schema.h"
#include "avro/value.h"
#include "core/count.h"

enum {
    /* The size of slots that stay in the first-level caches. */
    TILE_BYTES = 64 << 10,
    /* The least rows of a tile, with which the loops pay also for wide tables. */
    TILE_ROWS_MIN = 16,
    TILE_TEXT_BYTES = 1 << 20,
};

enum hw_status hw_avro_layout_init(struct hw_avro_layout *layout, const struct hw_schema *schema,
                                   struct hw_error *err) {
    size_t bytes = HW_AVRO_SLACK_BYTES;
    bool nested = false;

    if (schema->count > INT32_MAX / 64) {
        return hw_fail(err, HW_ELIMIT, "a table of %zu columns is too wide", schema->count);
    }
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        nested |= !hw_kind_is_flat(field->type.kind);
        if (!hw_add(bytes, hw_avro_nullable(field) + hw_avro_value_bytes_max(field->type), &bytes) ||
            bytes > INT32_MAX) {
            return hw_fail(err, HW_ELIMIT, "rows of more than %d bytes are too long", INT32_MAX);
        }
    }
    size_t rows_min = bytes <= TILE_TEXT_BYTES ? TILE_ROWS_MIN : 1;
    *layout = (struct hw_avro_layout){
        .schema = schema,
        .nested = nested,
        .row_bytes_max = bytes,
        .tile_rows_max = hw_min_size(hw_max_size(TILE_BYTES / bytes, rows_min), HW_AVRO_TILE_ROWS),
    };
    return HW_OK;
}

static enum hw_status column_check(const struct hw_field *field, const struct hw_column *column, size_t rows,
                                   struct hw_error *err) {
    if (column->null_count > 0 && !hw_avro_nullable(field)) {
        return hw_fail(err, HW_EDATA, "%zu of %s %s null in a column that is never null", column->null_count,
                       HW_COUNT(rows, "value"), hw_plural(column->null_count, "is", "are"));
    }
    for (size_t row = 0; hw_avro_type_is_checked(field->type) && row < rows; row++) {
        if (hw_column_valid(column, row)) {
            HW_TRY(hw_avro_value_check(&field->type, column, column->offset + row, err));
        }
    }
    return HW_OK;
}

enum hw_status hw_avro_batch_check(const struct hw_avro_layout *layout, const struct hw_batch *batch,
                                   struct hw_error *err) {
    for (size_t i = 0; i < layout->schema->count; i++) {
        const struct hw_field *field = &layout->schema->fields[i];
        enum hw_status status = column_check(field, &batch->columns[i], batch->rows, err);
        if (status != HW_OK) {
            hw_error_column(err, field->name, strlen(field->name));
            return status;
        }
    }
    return HW_OK;
}

static size_t texts_bytes(const struct hw_schema *schema, const struct hw_batch *batch, size_t row, size_t rows);
static enum hw_status slots_cut(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                const struct hw_batch *batch, size_t row, struct hw_error *err);

enum hw_status hw_avro_tile_fill(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                 const struct hw_batch *batch, size_t row, struct hw_error *err) {
    if (layout->nested) {
        return hw_avro_nested_fill(tile, layout, batch, row, err);
    }
    tile->rows = hw_min_size(batch->rows - row, layout->tile_rows_max);
    while (tile->rows > 1 && texts_bytes(layout->schema, batch, row, tile->rows) > TILE_TEXT_BYTES) {
        tile->rows /= 2;
    }
    HW_TRY(slots_cut(tile, layout, batch, row, err));
    for (size_t i = 0; i < layout->schema->count; i++) {
        const struct hw_field *field = &layout->schema->fields[i];
        const struct hw_column *column = &batch->columns[i];
        hw_avro_values_put(&field->type, column, hw_avro_nullable(field), column->offset + row, tile->rows, tile->ends);
    }
    return HW_OK;
}

void hw_avro_tile_release(struct hw_avro_tile *tile) {
    hw_buf_release(&tile->slots);
}

/* Returns the bytes of the texts in these rows. They are all in memory, so the sum cannot wrap. */
static size_t texts_bytes(const struct hw_schema *schema, const struct hw_batch *batch, size_t row, size_t rows) {
    size_t bytes = 0;
    for (size_t i = 0; i < schema->count; i++) {
        if (hw_kind_is_bytes(schema->fields[i].type.kind)) {
            const struct hw_column *column = &batch->columns[i];
            size_t slot = column->offset + row;
            bytes += hw_column_begin(column, slot + rows) - hw_column_begin(column, slot);
        }
    }
    return bytes;
}

/* Gives every row of the tile the room that its longest encoding takes. */
static enum hw_status slots_cut(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                const struct hw_batch *batch, size_t row, struct hw_error *err) {
    size_t text_bytes[HW_AVRO_TILE_ROWS] = {0};

    for (size_t i = 0; i < layout->schema->count; i++) {
        if (!hw_kind_is_bytes(layout->schema->fields[i].type.kind)) {
            continue;
        }
        const struct hw_column *column = &batch->columns[i];
        size_t slot = column->offset + row;
        for (size_t r = 0; r < tile->rows; r++) {
            text_bytes[r] += hw_column_begin(column, slot + r + 1) - hw_column_begin(column, slot + r);
        }
    }
    /* Readers take no more as a block's size. */
    tile->slots.limit = INT32_MAX;
    hw_buf_clear(&tile->slots);
    HW_TRY(hw_buf_reserve(
        &tile->slots, tile->rows * layout->row_bytes_max + texts_bytes(layout->schema, batch, row, tile->rows), err));
    uint8_t *at = tile->slots.data;
    for (size_t r = 0; r < tile->rows; r++) {
        tile->starts[r] = at;
        tile->ends[r] = at;
        at += layout->row_bytes_max + text_bytes[r];
    }
    return HW_OK;
}
