/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns that are built of the rows of Avro blocks: value after value is put behind the others of
 * its column, and all columns together become a batch.
 *
 * The columns of a table are a tree below column 0, which is the table. A column that is a struct
 * holds no values: where it may be null, or is a union, it counts its own slots, and columns below
 * it fall behind while it is null. They catch up when its next value comes, or at the end.
 */
#ifndef HW_AVRO_COLUMNS_H
#define HW_AVRO_COLUMNS_H

#include "core/error.h"
#include "table/batch.h"

enum hw_avro_shape {
    HW_AVRO_SHAPE_NONE,   /* nulls, which have no buffers */
    HW_AVRO_SHAPE_VALUES, /* values of `width` bytes; a byte for a bool, until it becomes a bit */
    HW_AVRO_SHAPE_BYTES,  /* offsets to bytes */
    HW_AVRO_SHAPE_LIST,   /* offsets to slots of the only child */
    HW_AVRO_SHAPE_STRUCT, /* a struct that is never null: it has the slots of what is above it */
    HW_AVRO_SHAPE_COUNTED /* a struct that counts its slots */
};

struct hw_avro_column {
    enum hw_avro_shape shape;
    bool bits; /* The values become bits. */
    /* The column has nulls: `valid` has a byte for each slot, 1 where it is not null. */
    bool optional;
    /* A struct's children are behind its slots. */
    bool behind;
    uint32_t width;
    /* The bytes that each item of a list takes in all columns below it, but for texts and lists. */
    uint32_t item_bytes;
    uint32_t parent;
    uint32_t first_child;
    uint32_t children_count;
    const struct hw_field *field;
    size_t slots;
    size_t slots_max;
    uint8_t *valid;
    uint8_t *values;
    int32_t *offsets;
    char *data;
    size_t data_bytes;
    size_t data_bytes_max;
    /* The state at the mark. */
    size_t marked_slots;
    size_t marked_data_bytes;
    bool marked_behind;
    /* Bitmaps of the batch. */
    uint8_t *validity;
    uint8_t *value_bits;
    size_t bits_max;
};

/* Start it zeroed. One thread's. */
struct hw_avro_columns {
    const struct hw_schema *schema;
    struct hw_avro_column *items;
    size_t count;
    /* The columns as a batch has them, by the same numbers. */
    struct hw_column *out;
    /* The bytes that a row takes in all columns, but for texts and what is in lists; */
    size_t row_bytes;
    /* those of items of lists, and of texts, so far and at the mark. */
    size_t more_bytes;
    size_t marked_more_bytes;
    /* Bytes of memory that the buffers have, and those that they may have. */
    size_t held_bytes;
    size_t held_bytes_max;
    struct hw_error *err;
};

/* Makes the columns of a schema, which is borrowed. The release is due on failure too. */
HW_NODISCARD enum hw_status hw_avro_columns_init(struct hw_avro_columns *columns, const struct hw_schema *schema,
                                                 struct hw_error *err);
/* Accepts zeroed ones. */
void hw_avro_columns_release(struct hw_avro_columns *columns);

/*
 * Makes a batch of `rows` rows, which borrows the columns until they are cleared. Columns that are
 * behind get nulls, or zeros where they are never null.
 */
HW_NODISCARD enum hw_status hw_avro_columns_batch(struct hw_avro_columns *columns, size_t rows,
                                                  struct hw_batch *out_batch, struct hw_error *err);
/* Marks the values that are there. It looks at every column. */
void hw_avro_columns_mark(struct hw_avro_columns *columns);
/* Forgets the values that were put since the mark. */
void hw_avro_columns_return(struct hw_avro_columns *columns);
/* Forgets the values, and keeps the memory for the next ones. */
void hw_avro_columns_clear(struct hw_avro_columns *columns);
/* Forgets the values, and gives their memory back. */
void hw_avro_columns_trim(struct hw_avro_columns *columns);

/* ------ for the steps of a program; false says that `columns->err` has the error */

/* Makes room for more slots or bytes of data. HW_ELIMIT beyond `held_bytes_max`. */
bool hw_avro_column_grow(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t slots);
bool hw_avro_column_data_grow(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t bytes);
/* Brings the column to `slots` slots by nulls, or by zeros where it is never null. */
bool hw_avro_column_pad(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t slots);
/* Does so for all that is below a struct of `slots` slots. */
bool hw_avro_column_catch_up(struct hw_avro_columns *columns, struct hw_avro_column *column, size_t slots);

static inline bool hw_avro_column_room(struct hw_avro_columns *columns, struct hw_avro_column *column) {
    return HW_LIKELY(column->slots < column->slots_max) || hw_avro_column_grow(columns, column, 1);
}

static inline bool hw_avro_column_data_room(struct hw_avro_columns *columns, struct hw_avro_column *column,
                                            size_t bytes) {
    return HW_LIKELY(column->data_bytes_max - column->data_bytes >= bytes) ||
           hw_avro_column_data_grow(columns, column, bytes);
}

/* Puts a null, or what stands for it, behind the slots. */
static inline bool hw_avro_column_null(struct hw_avro_columns *columns, struct hw_avro_column *column) {
    return hw_avro_column_pad(columns, column, column->slots + 1);
}

#endif
