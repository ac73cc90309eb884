/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/columns.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "table/type.h"

enum { SLOTS_MIN = 64, DATA_BYTES_MIN = 1 << 10 };

/* ------ life */

static enum hw_avro_shape shape_of(const struct hw_field *field) {
    bool is_union = false;
    for (size_t i = 0; i < field->metadata_count; i++) {
        is_union |= strcmp(field->metadata[i].key, HW_META_UNION) == 0;
    }
    switch (field->type.kind) {
    case HW_KIND_NULL:
        return HW_AVRO_SHAPE_NONE;
    case HW_KIND_STRUCT:
        return field->required && !is_union ? HW_AVRO_SHAPE_STRUCT : HW_AVRO_SHAPE_COUNTED;
    case HW_KIND_LIST:
    case HW_KIND_MAP:
        return HW_AVRO_SHAPE_LIST;
    default:
        return hw_kind_is_bytes(field->type.kind) ? HW_AVRO_SHAPE_BYTES : HW_AVRO_SHAPE_VALUES;
    }
}

static size_t fields_count(const struct hw_field *fields, size_t count) {
    size_t sum = count;
    for (size_t i = 0; i < count; i++) {
        sum += fields_count(fields[i].children, fields[i].children_count);
    }
    return sum;
}

/* Children have numbers one behind the other. Returns the first number that is free. */
static uint32_t children_init(struct hw_avro_columns *columns, uint32_t parent, const struct hw_field *fields,
                              size_t count, uint32_t next) {
    const uint32_t first = next;
    columns->items[parent].first_child = first;
    columns->items[parent].children_count = (uint32_t)count;
    columns->out[parent].children = count > 0 ? &columns->out[first] : NULL;
    next += (uint32_t)count;
    for (uint32_t i = 0; i < count; i++) {
        const struct hw_field *field = &fields[i];
        columns->items[first + i] = (struct hw_avro_column){
            .shape = shape_of(field),
            .bits = field->type.kind == HW_KIND_BOOL,
            .optional = !field->required && field->type.kind != HW_KIND_NULL,
            .width = field->type.kind == HW_KIND_BOOL ? 1 : (uint32_t)hw_type_bytes(field->type),
            .parent = parent,
            .field = field,
        };
        next = children_init(columns, first + i, field->children, field->children_count, next);
    }
    return next;
}

/* Returns the bytes that one slot takes besides texts and what is in lists. */
static size_t slot_bytes(const struct hw_avro_column *column) {
    const bool offsets = column->shape == HW_AVRO_SHAPE_BYTES || column->shape == HW_AVRO_SHAPE_LIST;
    const bool values = column->shape == HW_AVRO_SHAPE_VALUES;
    return column->optional + (offsets ? sizeof(int32_t) : 0) + (values ? column->width : 0);
}

/* Adds up what one slot takes in the columns below one, and below the lists among these. */
static size_t children_bytes(struct hw_avro_columns *columns, const struct hw_avro_column *parent) {
    size_t bytes = 0;
    for (uint32_t i = 0; i < parent->children_count; i++) {
        struct hw_avro_column *column = &columns->items[parent->first_child + i];
        const size_t below = children_bytes(columns, column);
        const bool list = column->shape == HW_AVRO_SHAPE_LIST;
        column->item_bytes = (uint32_t)hw_min_size(list ? below : 0, UINT32_MAX);
        bytes += slot_bytes(column) + (list ? 0 : below);
    }
    return bytes;
}

enum hw_status hw_avro_columns_init(struct hw_avro_columns *columns, const struct hw_schema *schema,
                                    struct hw_error *err) {
    const size_t count = 1 + fields_count(schema->fields, schema->count);
    columns->schema = schema;
    columns->items = hw_alloc_zero(count, sizeof(*columns->items));
    columns->out = hw_alloc_zero(count + 1, sizeof(*columns->out));
    if (!columns->items || !columns->out) {
        return hw_fail_nomem(err, count * sizeof(*columns->items));
    }
    columns->count = count;
    columns->items[0].shape = HW_AVRO_SHAPE_STRUCT;
    children_init(columns, 0, schema->fields, schema->count, 1);
    columns->held_bytes_max = HW_AVRO_BATCH_BYTES_MAX;
    columns->row_bytes = children_bytes(columns, &columns->items[0]);
    return HW_OK;
}

static void buffers_free(struct hw_avro_column *column) {
    hw_free(column->valid);
    hw_free(column->values);
    hw_free(column->offsets);
    hw_free(column->data);
    hw_free(column->validity);
    hw_free(column->value_bits);
}

void hw_avro_columns_release(struct hw_avro_columns *columns) {
    for (size_t i = 0; i < columns->count; i++) {
        buffers_free(&columns->items[i]);
    }
    hw_free(columns->items);
    hw_free(columns->out);
    *columns = (struct hw_avro_columns){0};
}

void hw_avro_columns_clear(struct hw_avro_columns *columns) {
    columns->more_bytes = 0;
    for (size_t i = 0; i < columns->count; i++) {
        columns->items[i].slots = 0;
        columns->items[i].data_bytes = 0;
        columns->items[i].behind = false;
    }
}

void hw_avro_columns_mark(struct hw_avro_columns *columns) {
    columns->marked_more_bytes = columns->more_bytes;
    for (size_t i = 0; i < columns->count; i++) {
        struct hw_avro_column *column = &columns->items[i];
        column->marked_slots = column->slots;
        column->marked_data_bytes = column->data_bytes;
        column->marked_behind = column->behind;
    }
}

void hw_avro_columns_return(struct hw_avro_columns *columns) {
    columns->more_bytes = columns->marked_more_bytes;
    for (size_t i = 0; i < columns->count; i++) {
        struct hw_avro_column *column = &columns->items[i];
        column->slots = column->marked_slots;
        column->data_bytes = column->marked_data_bytes;
        column->behind = column->marked_behind;
    }
}

void hw_avro_columns_trim(struct hw_avro_columns *columns) {
    for (size_t i = 0; i < columns->count; i++) {
        struct hw_avro_column *column = &columns->items[i];
        buffers_free(column);
        column->valid = column->values = column->validity = column->value_bits = NULL;
        column->offsets = NULL;
        column->data = NULL;
        column->slots_max = column->data_bytes_max = column->bits_max = 0;
    }
    columns->held_bytes = 0;
    hw_avro_columns_clear(columns);
}

/* ------ room */

/* Gives a buffer of the columns another size, with HW_BATCH_PADDING bytes of room behind it. */
static bool buffer_resize(struct hw_avro_columns *columns, void **buffer, size_t count, size_t width) {
    void *resized = hw_realloc(*buffer, count * width + HW_BATCH_PADDING);
    if (!resized) {
        hw_error_set(columns->err, HW_ENOMEM, "out of memory asking for %zu bytes", count * width + HW_BATCH_PADDING);
        return false;
    }
    *buffer = resized;
    return true;
}

/* Counts `bytes` more of memory, of which there is a limit. */
static bool bytes_count(struct hw_avro_columns *columns, size_t bytes) {
    const size_t most = columns->held_bytes_max;
    if (bytes > most || columns->held_bytes > most - bytes) {
        hw_error_set(columns->err, HW_ELIMIT,
                     "a row takes more than the %zu bytes in columns that --memory leaves for it", most);
        return false;
    }
    columns->held_bytes += bytes;
    return true;
}

bool hw_avro_column_grow(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t slots) {
    const bool offsets = column->shape == HW_AVRO_SHAPE_BYTES || column->shape == HW_AVRO_SHAPE_LIST;
    const bool values = column->shape == HW_AVRO_SHAPE_VALUES;
    const size_t width = slot_bytes(column);
    const size_t most = columns->held_bytes_max / hw_max_size(width, 1);
    if (slots > most || column->slots > most - slots) {
        return bytes_count(columns, SIZE_MAX);
    }
    const size_t wanted = hw_max_size(hw_max_size(column->slots + slots, SLOTS_MIN), 2 * column->slots_max);
    const size_t count = hw_max_size(column->slots + slots, hw_min_size(wanted, most));
    if (!bytes_count(columns, (count - column->slots_max) * width) ||
        (column->optional && !buffer_resize(columns, (void **)&column->valid, count, 1)) ||
        (values && !buffer_resize(columns, (void **)&column->values, count, column->width)) ||
        (offsets && !buffer_resize(columns, (void **)&column->offsets, count + 1, sizeof(int32_t)))) {
        return false;
    }
    if (offsets) {
        column->offsets[0] = 0;
    }
    column->slots_max = count;
    return true;
}

bool hw_avro_column_data_grow(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t bytes) {
    const size_t most = columns->held_bytes_max;
    if (bytes > most || column->data_bytes > most - bytes) {
        return bytes_count(columns, SIZE_MAX);
    }
    const size_t needed = column->data_bytes + bytes;
    const size_t wanted = hw_max_size(hw_max_size(needed, DATA_BYTES_MIN), 2 * column->data_bytes_max);
    const size_t count = hw_max_size(needed, hw_min_size(wanted, most));
    if (!bytes_count(columns, count - column->data_bytes_max) ||
        !buffer_resize(columns, (void **)&column->data, count, 1)) {
        return false;
    }
    column->data_bytes_max = count;
    return true;
}

/* ------ nulls */

static bool empty_put(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t count) {
    if (column->slots_max - column->slots < count && !hw_avro_column_grow(columns, column, count)) {
        return false;
    }
    if (column->optional) {
        memset(column->valid + column->slots, 0, count);
    }
    if (column->shape == HW_AVRO_SHAPE_VALUES) {
        memset(column->values + column->slots * column->width, 0, count * column->width);
    } else if (column->shape != HW_AVRO_SHAPE_COUNTED) {
        for (size_t i = 0; i < count; i++) {
            column->offsets[column->slots + i + 1] = column->offsets[column->slots];
        }
    }
    column->slots += count;
    return true;
}

bool hw_avro_column_pad(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t slots) {
    if (column->shape == HW_AVRO_SHAPE_NONE) {
        return true;
    }
    if (column->shape == HW_AVRO_SHAPE_STRUCT) {
        return hw_avro_column_catch_up(columns, column, slots);
    }
    if (column->slots == slots) {
        return true;
    }
    column->behind = true;
    return empty_put(columns, column, slots - column->slots);
}

bool hw_avro_column_catch_up(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t slots) {
    bool ok = true;
    for (uint32_t i = 0; ok && i < column->children_count; i++) {
        ok = hw_avro_column_pad(columns, &columns->items[column->first_child + i], slots);
    }
    column->behind = false;
    return ok;
}

/* ------ batches */

/* Makes bits of bytes that are 0 or 1, whole words of them. Returns how many are 1. */
static size_t bits_pack(uint8_t *bits, const uint8_t *bytes, size_t count) {
    size_t ones = 0;
    for (size_t i = 0; i < count; i += 8) {
        uint64_t eight = hw_load_le64(bytes + i);
        if (HW_UNLIKELY(count - i < 8)) {
            eight &= (UINT64_C(1) << 8 * (count - i)) - 1;
        }
        /* Each product has a bit of its own, so the highest byte has all eight. */
        const uint8_t packed = (uint8_t)(eight * UINT64_C(0x0102040810204080) >> 56);
        bits[i / 8] = packed;
        ones += (size_t)__builtin_popcount(packed);
    }
    return ones;
}

static bool bitmaps_make(struct hw_avro_columns *columns, struct hw_avro_column *column, struct hw_column *out) {
    const size_t bytes = column->slots / 8 + 1;
    const size_t kinds = (size_t)column->optional + column->bits;
    if (kinds > 0 && column->bits_max < bytes) {
        if (!bytes_count(columns, kinds * (bytes - column->bits_max)) ||
            (column->optional && !buffer_resize(columns, (void **)&column->validity, bytes, 1)) ||
            (column->bits && !buffer_resize(columns, (void **)&column->value_bits, bytes, 1))) {
            return false;
        }
        column->bits_max = bytes;
    }
    if (column->optional) {
        out->null_count = column->slots - bits_pack(column->validity, column->valid, column->slots);
        out->validity = out->null_count > 0 ? column->validity : NULL;
    }
    if (column->bits) {
        bits_pack(column->value_bits, column->values, column->slots);
    }
    out->values = column->bits ? column->value_bits : column->values;
    return true;
}

static bool column_finish(struct hw_avro_columns *columns, uint32_t number, size_t slots);

static bool children_finish(struct hw_avro_columns *columns, const struct hw_avro_column *column, size_t slots) {
    for (uint32_t i = 0; i < column->children_count; i++) {
        if (!column_finish(columns, column->first_child + i, slots)) {
            return false;
        }
    }
    return true;
}

/* Readers of a batch find buffers even where there are no values. */
static bool buffers_make(struct hw_avro_columns *columns, struct hw_avro_column *column) {
    return (column->slots_max > 0 || hw_avro_column_grow(columns, column, 1)) &&
           (column->shape != HW_AVRO_SHAPE_BYTES || column->data || hw_avro_column_data_grow(columns, column, 1));
}

static bool column_finish(struct hw_avro_columns *columns, uint32_t number, size_t slots) {
    struct hw_avro_column *column = &columns->items[number];
    struct hw_column *out = &columns->out[number];
    *out = (struct hw_column){.length = slots, .children = out->children};
    if (column->shape == HW_AVRO_SHAPE_NONE || column->shape == HW_AVRO_SHAPE_STRUCT) {
        out->null_count = column->shape == HW_AVRO_SHAPE_NONE ? slots : 0;
        return children_finish(columns, column, slots);
    }
    if (!hw_avro_column_pad(columns, column, slots) || !buffers_make(columns, column) ||
        !bitmaps_make(columns, column, out)) {
        return false;
    }
    out->offsets = column->offsets;
    out->data = column->data;
    return children_finish(columns, column,
                           column->shape == HW_AVRO_SHAPE_LIST ? (size_t)column->offsets[slots] : slots);
}

enum hw_status hw_avro_columns_batch(struct hw_avro_columns *columns, size_t rows, struct hw_batch *out_batch,
                                     struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    columns->err = &fault;
    const bool made = children_finish(columns, &columns->items[0], rows);
    columns->err = NULL;
    if (!made) {
        return hw_error_pass(err, fault.status, &fault);
    }
    *out_batch = (struct hw_batch){.schema = columns->schema, .rows = rows, .columns = columns->out + 1};
    return HW_OK;
}
