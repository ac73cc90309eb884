/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block.h"

#include "avro/schema.h"
#include "avro/varint.h"
#include "table/uuid.h"

enum {
    TILE_BYTES = 64 << 10, /* slots that stay in the first-level caches */
    TILE_ROWS_MIN = 16,    /* but rows enough that the loops pay, for wide tables */
    TILE_TEXT_BYTES = 1 << 20,
    TEXT_COPY_BYTES = 32,  /* a short text is copied as so many bytes, whatever its size */
    SLOT_SLACK_BYTES = 64, /* what values write beyond their end */
};
static_assert((int)TEXT_COPY_BYTES <= (int)HW_BATCH_PADDING && (int)TEXT_COPY_BYTES <= (int)SLOT_SLACK_BYTES,
              "room for the copy");

/* Appends the values of a column, rows from `row` on, to the rows whose ends are at `ends`. */
typedef void column_fn(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends);

static column_fn null_column, bool_column, long_column, double_column, decimal_column, date_column, text_column,
    uuid_column;

static const struct kind_row {
    size_t bytes_max; /* of a value, without the bytes of a text */
    column_fn *append;
} kind_rows[] = {
    [HW_KIND_NULL] = {0, null_column},
    [HW_KIND_BOOL] = {1, bool_column},
    [HW_KIND_INT64] = {HW_AVRO_LONG_BYTES_MAX, long_column},
    [HW_KIND_DOUBLE] = {8, double_column},
    [HW_KIND_DECIMAL] = {1 + 16, decimal_column},
    [HW_KIND_DATE] = {HW_AVRO_INT_BYTES_MAX, date_column},
    [HW_KIND_TIMESTAMP] = {HW_AVRO_LONG_BYTES_MAX, long_column},
    [HW_KIND_TEXT] = {HW_AVRO_INT_BYTES_MAX, text_column},
    [HW_KIND_UUID] = {1 + HW_UUID_TEXT_BYTES, uuid_column},
};
static_assert(COUNT_OF(kind_rows) == HW_KIND_UUID + 1, "one row a basic kind");

enum hw_status hw_avro_layout_init(struct hw_avro_layout *layout, const struct hw_schema *schema,
                                   struct hw_error *err) {
    size_t bytes = SLOT_SLACK_BYTES;

    if (schema->count > INT32_MAX / 64) {
        return hw_fail(err, HW_ELIMIT, "a table of %zu columns is too wide", schema->count);
    }
    for (size_t i = 0; i < schema->count; i++) {
        assert(hw_kind_is_basic(schema->fields[i].type.kind));
        bytes += hw_avro_nullable(&schema->fields[i]) + kind_rows[schema->fields[i].type.kind].bytes_max;
    }
    *layout = (struct hw_avro_layout){
        .schema = schema,
        .row_bytes_max = bytes,
        .tile_rows_max = hw_min_size(hw_max_size(TILE_BYTES / bytes, TILE_ROWS_MIN), HW_AVRO_TILE_ROWS),
    };
    return HW_OK;
}

enum hw_status hw_avro_batch_check(const struct hw_avro_layout *layout, const struct hw_batch *batch,
                                   struct hw_error *err) {
    for (size_t i = 0; i < layout->schema->count; i++) {
        const struct hw_field *field = &layout->schema->fields[i];
        if (batch->columns[i].null_count > 0 && !hw_avro_nullable(field)) {
            enum hw_status status = hw_fail(err, HW_EDATA, "%zu of %zu values are null in a column that is never null",
                                            batch->columns[i].null_count, batch->rows);
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
    tile->rows = hw_min_size(batch->rows - row, layout->tile_rows_max);
    while (tile->rows > 1 && texts_bytes(layout->schema, batch, row, tile->rows) > TILE_TEXT_BYTES) {
        tile->rows /= 2;
    }
    HW_TRY(slots_cut(tile, layout, batch, row, err));
    for (size_t i = 0; i < layout->schema->count; i++) {
        const struct hw_field *field = &layout->schema->fields[i];
        kind_rows[field->type.kind].append(&batch->columns[i], hw_avro_nullable(field), row, tile->rows, tile->ends);
    }
    return HW_OK;
}

void hw_avro_tile_release(struct hw_avro_tile *tile) {
    hw_buf_release(&tile->slots);
}

/* Texts' bytes cannot wrap: a column has less than 2 GiB, and columns are bounded by hw_avro_layout_init. */
static size_t texts_bytes(const struct hw_schema *schema, const struct hw_batch *batch, size_t row, size_t rows) {
    size_t bytes = 0;
    for (size_t i = 0; i < schema->count; i++) {
        if (schema->fields[i].type.kind == HW_KIND_TEXT) {
            const int32_t *offsets = batch->columns[i].offsets;
            bytes += (size_t)(offsets[row + rows] - offsets[row]);
        }
    }
    return bytes;
}

/* Gives every row of the tile the room that its longest encoding takes. */
static enum hw_status slots_cut(struct hw_avro_tile *tile, const struct hw_avro_layout *layout,
                                const struct hw_batch *batch, size_t row, struct hw_error *err) {
    size_t text_bytes[HW_AVRO_TILE_ROWS] = {0};

    for (size_t i = 0; i < layout->schema->count; i++) {
        if (layout->schema->fields[i].type.kind != HW_KIND_TEXT) {
            continue;
        }
        const int32_t *offsets = batch->columns[i].offsets + row;
        for (size_t r = 0; r < tile->rows; r++) {
            text_bytes[r] += (size_t)(offsets[r + 1] - offsets[r]);
        }
    }
    tile->slots.limit = INT32_MAX; /* what readers take as a block's size */
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

/* Writes one value and returns its bytes; where the row is null it writes what nobody reads. */
typedef size_t value_fn(uint8_t *to, const struct hw_column *column, size_t row);

/*
 * The loop of all columns, compiled once a kind. The index of a union's branch stands before the value: 0 for null, 1
 * (zigzag 2) else.
 */
__attribute__((always_inline)) static inline void column_append(const struct hw_column *column, bool nullable,
                                                                size_t row, size_t rows, uint8_t **ends,
                                                                value_fn *value_put) {
    if (!nullable) {
        for (size_t r = 0; r < rows; r++) {
            ends[r] += value_put(ends[r], column, row + r);
        }
        return;
    }
    if (!column->validity) {
        for (size_t r = 0; r < rows; r++) {
            uint8_t *to = ends[r];
            to[0] = 2;
            ends[r] = to + 1 + value_put(to + 1, column, row + r);
        }
        return;
    }
    for (size_t r = 0; r < rows; r++) {
        uint8_t *to = ends[r];
        size_t valid = column->validity[(row + r) >> 3] >> ((row + r) & 7) & 1;
        to[0] = (uint8_t)(valid << 1);
        ends[r] = to + 1 + (value_put(to + 1, column, row + r) & (0 - valid));
    }
}

static void null_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    (void)column;
    (void)nullable;
    (void)row;
    for (size_t r = 0; r < rows; r++) {
        *ends[r]++ = 0;
    }
}

static inline size_t bool_put(uint8_t *to, const struct hw_column *column, size_t row) {
    to[0] = ((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1;
    return 1;
}

static void bool_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, bool_put);
}

static inline size_t long_put(uint8_t *to, const struct hw_column *column, size_t row) {
    return hw_avro_long_put(to, ((const int64_t *)column->values)[row]);
}

static void long_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, long_put);
}

static inline size_t double_put(uint8_t *to, const struct hw_column *column, size_t row) {
    memcpy(to, (const double *)column->values + row, sizeof(double));
    return sizeof(double);
}

static void double_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, double_put);
}

/* Bytes that the value has as two's complement with its sign. */
static inline size_t signed_bytes(int64_t value) {
    uint64_t magnitude = (uint64_t)(value ^ value >> 63);
    return magnitude == 0 ? 1 : (size_t)(64 - __builtin_clzll(magnitude)) / 8 + 1;
}

/* The low `bytes` (1 to 8) of `value`, highest byte first; 8 bytes at `to` may be overwritten. */
static inline void big_endian_put(uint8_t *to, uint64_t value, size_t bytes) {
    hw_store_le64(to, __builtin_bswap64(value << 8 * (8 - bytes)));
}

static inline size_t decimal_put(uint8_t *to, const struct hw_column *column, size_t row) {
    const uint8_t *value = (const uint8_t *)column->values + 16 * row;
    uint64_t low = hw_load_le64(value);
    int64_t high = (int64_t)hw_load_le64(value + 8);
    size_t bytes;

    if (HW_LIKELY(high == (int64_t)low >> 63)) {
        bytes = signed_bytes((int64_t)low);
        big_endian_put(to + 1, low, bytes);
    } else if (high == 0 || high == -1) { /* the ninth byte holds but the sign */
        bytes = 9;
        to[1] = (uint8_t)high;
        big_endian_put(to + 2, low, 8);
    } else {
        size_t high_bytes = signed_bytes(high);
        bytes = high_bytes + 8;
        big_endian_put(to + 1, (uint64_t)high, high_bytes);
        big_endian_put(to + 1 + high_bytes, low, 8);
    }
    to[0] = (uint8_t)(bytes << 1);
    return 1 + bytes;
}

static void decimal_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, decimal_put);
}

static inline size_t date_put(uint8_t *to, const struct hw_column *column, size_t row) {
    return hw_avro_long_put(to, ((const int32_t *)column->values)[row]);
}

static void date_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, date_put);
}

static inline size_t text_put(uint8_t *to, const struct hw_column *column, size_t row) {
    const char *text = column->data + column->offsets[row];
    size_t bytes = (size_t)(column->offsets[row + 1] - column->offsets[row]);

    if (HW_LIKELY(bytes <= TEXT_COPY_BYTES)) {
        to[0] = (uint8_t)(bytes << 1);
        memcpy(to + 1, text, TEXT_COPY_BYTES);
        return 1 + bytes;
    }
    size_t size_bytes = hw_avro_long_put(to, (int64_t)bytes);
    memcpy(to + size_bytes, text, bytes);
    return size_bytes + bytes;
}

static void text_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, text_put);
}

static inline size_t uuid_put(uint8_t *to, const struct hw_column *column, size_t row) {
    *to = HW_UUID_TEXT_BYTES << 1;
    hw_uuid_put((char *)to + 1, (const uint8_t *)column->values + HW_UUID_BYTES * row);
    return 1 + HW_UUID_TEXT_BYTES;
}

static void uuid_column(const struct hw_column *column, bool nullable, size_t row, size_t rows, uint8_t **ends) {
    column_append(column, nullable, row, rows, ends, uuid_put);
}
