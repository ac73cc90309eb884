/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/nested.h"

#include "avro/schema.h"
#include "avro/value.h"
#include "avro/varint.h"

/* A tile ends with the row that reaches this size. */
enum { TILE_BYTES_MAX = 1 << 20 };

static enum hw_status field_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                                struct hw_buf *out, struct hw_error *err);

enum hw_status hw_avro_nested_fill(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                   const struct hw_batch *batch, size_t row, struct hw_error *err) {
    const size_t rows = hw_min_size(batch->rows - row, HW_AVRO_TILE_ROWS);
    size_t ends[HW_AVRO_TILE_ROWS];
    size_t done = 0;

    /* Readers take no more as a block's size. */
    tile->slots.limit = INT32_MAX;
    hw_buf_clear(&tile->slots);
    /* Rows of structs without fields have no bytes. */
    HW_TRY(hw_buf_reserve(&tile->slots, HW_AVRO_SLACK_BYTES, err));
    while (done < rows && tile->slots.size < TILE_BYTES_MAX) {
        for (size_t i = 0; i < layout->schema->count; i++) {
            const struct hw_column *column = &batch->columns[i];
            size_t slot = column->offset + row + done;
            HW_TRY(field_put(&layout->schema->fields[i], column, slot, &tile->slots, err));
        }
        ends[done++] = tile->slots.size;
    }
    tile->rows = done;
    /* The buffer has moved while it grew. */
    for (size_t r = 0; r < done; r++) {
        tile->starts[r] = tile->slots.data + (r > 0 ? ends[r - 1] : 0);
        tile->ends[r] = tile->slots.data + ends[r];
    }
    return HW_OK;
}

static enum hw_status long_put(int64_t value, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(out, HW_AVRO_LONG_BYTES_MAX, err));
    out->size += hw_avro_long_put(out->data + out->size, value);
    return HW_OK;
}

static enum hw_status value_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                                struct hw_buf *out, struct hw_error *err);

static bool is_null(const struct hw_field *field, const struct hw_column *column, size_t slot) {
    return field->type.kind == HW_KIND_NULL ||
           (column->validity && (column->validity[slot >> 3] >> (slot & 7) & 1) == 0);
}

/*
 * Appends a value behind its union's branch, if it has one. A dictionary's index and its value may
 * both be null.
 */
static enum hw_status field_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                                struct hw_buf *out, struct hw_error *err) {
    const bool nullable = hw_avro_nullable(field);
    const char *name = field->name;
    bool null = is_null(field, column, slot);
    while (!null && field->dictionary) {
        slot = column->dictionary->offset + hw_dictionary_slot(field->type.index, column, slot);
        field = field->dictionary;
        column = column->dictionary;
        null = is_null(field, column, slot);
    }
    enum hw_status status = null && !nullable ? hw_fail(err, HW_EDATA, "a null in a column that is never null") : HW_OK;
    if (status == HW_OK && nullable) {
        status = hw_buf_append_byte(out, null ? 0 : 2, err);
    }
    if (status == HW_OK && !null) {
        status = value_put(field, column, slot, out, err);
    }
    if (status != HW_OK) {
        hw_error_column(err, name, strlen(name));
    }
    return status;
}

static enum hw_status flat_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                               struct hw_buf *out, struct hw_error *err);
static enum hw_status elements_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                                   struct hw_buf *out, struct hw_error *err);

static enum hw_status value_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                                struct hw_buf *out, struct hw_error *err) {
    if (hw_kind_is_flat(field->type.kind)) {
        return flat_put(field, column, slot, out, err);
    }
    if (field->type.kind != HW_KIND_STRUCT) {
        return elements_put(field, column, slot, out, err);
    }
    for (size_t i = 0; i < field->children_count; i++) {
        const struct hw_column *child = &column->children[i];
        HW_TRY(field_put(&field->children[i], child, child->offset + slot, out, err));
    }
    return HW_OK;
}

static enum hw_status flat_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                               struct hw_buf *out, struct hw_error *err) {
    size_t room = hw_avro_value_bytes_max(field->type) + HW_AVRO_SLACK_BYTES;
    if (hw_avro_type_is_checked(field->type)) {
        HW_TRY(hw_avro_value_check(&field->type, column, slot, err));
    }
    if (hw_kind_is_bytes(field->type.kind)) {
        room += hw_column_begin(column, slot + 1) - hw_column_begin(column, slot);
    }
    HW_TRY(hw_buf_reserve(out, room, err));
    uint8_t *end = out->data + out->size;
    hw_avro_values_put(&field->type, column, false, slot, 1, &end);
    out->size = (size_t)(end - out->data);
    return HW_OK;
}

/*
 * Appends a list or map: one block of all elements, if there are any, and an empty one. An entry of
 * a map is its key and its value, in Avro's map as in a record of the two.
 */
static enum hw_status elements_put(const struct hw_field *field, const struct hw_column *column, size_t slot,
                                   struct hw_buf *out, struct hw_error *err) {
    const bool fixed = field->type.kind == HW_KIND_FIXED_LIST;
    const size_t begin = fixed ? slot * field->type.width : hw_column_begin(column, slot);
    const size_t end = fixed ? begin + field->type.width : hw_column_begin(column, slot + 1);
    const struct hw_column *child = column->children;
    if (end > begin) {
        HW_TRY(long_put((int64_t)(end - begin), out, err));
    }
    for (size_t i = begin; i < end; i++) {
        if (field->type.kind != HW_KIND_MAP) {
            HW_TRY(field_put(&field->children[0], child, child->offset + i, out, err));
        } else if (is_null(&field->children[0], child, child->offset + i)) {
            return hw_fail(err, HW_EDATA, "an entry of a map is null");
        } else {
            HW_TRY(value_put(&field->children[0], child, child->offset + i, out, err));
        }
    }
    return long_put(0, out, err);
}
