/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The message of Arrow's IPC format that holds a schema (Message.fbs, Schema.fbs of format 1.5), as
 * a tree of tables. Every slot of every table has its place there, so what is not changed stays.
 */
#ifndef HW_TABLE_ARROW_MESSAGE_H
#define HW_TABLE_ARROW_MESSAGE_H

#include "table/flatbuffer.h"

/* The key of Parquet's metadata whose value is such a message in base64. */
#define HW_ARROW_SCHEMA_KEY "ARROW:schema"

/* Slots of the tables that are changed, or lead to them. */
enum { HW_ARROW_MESSAGE_HEADER_TYPE = 1, HW_ARROW_MESSAGE_HEADER = 2 };
enum { HW_ARROW_SCHEMA_FIELDS = 1, HW_ARROW_SCHEMA_METADATA = 2 };
enum {
    HW_ARROW_FIELD_NAME = 0,
    HW_ARROW_FIELD_NULLABLE = 1,
    HW_ARROW_FIELD_TYPE_TYPE = 2,
    HW_ARROW_FIELD_TYPE = 3,
    HW_ARROW_FIELD_DICTIONARY = 4,
    HW_ARROW_FIELD_CHILDREN = 5
};
enum { HW_ARROW_PAIR_KEY = 0, HW_ARROW_PAIR_VALUE = 1 };
enum { HW_ARROW_INT_BITS = 0, HW_ARROW_INT_SIGNED = 1 };
enum { HW_ARROW_FLOAT_PRECISION = 0 };
enum { HW_ARROW_DECIMAL_PRECISION = 0, HW_ARROW_DECIMAL_SCALE = 1 };
enum { HW_ARROW_TIMESTAMP_UNIT = 0, HW_ARROW_TIMESTAMP_ZONE = 1 };

/* Numbers of types in a field, those that are looked at. */
enum {
    HW_ARROW_INT = 2,
    HW_ARROW_FLOAT = 3,
    HW_ARROW_DECIMAL = 7,
    HW_ARROW_TIMESTAMP = 10,
    HW_ARROW_LIST = 12,
    HW_ARROW_STRUCT = 13,
    HW_ARROW_FIXED_LIST = 16,
    HW_ARROW_MAP = 17,
    HW_ARROW_LARGE_LIST = 21,
    HW_ARROW_RUN_END = 22,
    HW_ARROW_LIST_VIEW = 25,
    HW_ARROW_LARGE_LIST_VIEW = 26
};

/* The number of a float of 32 bits (Precision), and of units (TimeUnit). */
enum { HW_ARROW_SINGLE = 1, HW_ARROW_MICROS = 2, HW_ARROW_NANOS = 3 };

/* Returns the description of a type of a field by its number, which is one of the above. */
const struct hw_flat_type *hw_arrow_type(uint64_t number);

struct hw_arrow_message {
    struct hw_flat_table *root;
    struct hw_flat_table *schema; /* in the root */
    /* The length follows a mark of four bytes, which messages of before Arrow 0.15 have not. */
    bool marked;
    /* The bytes behind the message, borrowed. */
    hw_view rest;
};

/*
 * Reads a message. Texts are borrowed, tables live in `arena`. HW_EDATA where the bytes are no
 * message or its header is no schema; else fails as hw_flat_read does, whose limits are
 * HW_ARROW_TABLES_MAX tables, HW_ARROW_DEPTH_MAX of them in each other.
 */
HW_NODISCARD enum hw_status hw_arrow_message_read(hw_view bytes, struct hw_arena *arena,
                                                  struct hw_arrow_message *out_message, struct hw_error *err);

/*
 * Reads a message in base64, whose bytes then live in `arena` too. HW_EDATA where it is no base64;
 * HW_ELIMIT beyond HW_FILE_PAIRS_BYTES_MAX bytes; else fails as hw_arrow_message_read does.
 */
HW_NODISCARD enum hw_status hw_arrow_message_decode(hw_view base64, struct hw_arena *arena,
                                                    struct hw_arrow_message *out_message, struct hw_error *err);

/* Returns the number of a field's type; 0: it has none. */
uint64_t hw_arrow_field_type(const struct hw_flat_table *field);
/* Returns a field within a field; NULL where there is no such child, and where `field` is NULL. */
struct hw_flat_table *hw_arrow_field_child(const struct hw_flat_table *field, size_t i);
/*
 * Returns the field that has the values: the child behind the ends of the runs in a field that is
 * encoded by runs, else `field` itself.
 */
struct hw_flat_table *hw_arrow_field_values(struct hw_flat_table *field);

/*
 * Takes a leaf of a schema: a field without children, or a dictionary, which may have those of its
 * values; of a field that is encoded by runs the one that has the values. `number` counts them.
 */
typedef void hw_arrow_leaf_fn(void *ctx, const struct hw_flat_table *field, size_t number);
/* Hands out the leaves in their order, which is that of Parquet. Returns how many there are. */
size_t hw_arrow_leaves(const struct hw_arrow_message *message, hw_arrow_leaf_fn *take, void *ctx);

/* Appends a message, padded to a multiple of 8 bytes. Fails as a buffer does. */
HW_NODISCARD enum hw_status hw_arrow_message_write(const struct hw_arrow_message *message, struct hw_buf *out,
                                                   struct hw_error *err);

/*
 * Writes a message in base64, which then lives in `arena`. HW_ELIMIT beyond HW_FILE_PAIRS_BYTES_MAX
 * bytes, because hw_arrow_message_decode would not take it; HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_arrow_message_encode(const struct hw_arrow_message *message, struct hw_arena *arena,
                                                    hw_view *out_base64, struct hw_error *err);

#endif
