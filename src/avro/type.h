/* SPDX-License-Identifier: Apache-2.0 */
/* The types of an Avro schema, as a tree in which named types may stand in several places. */
#ifndef HW_AVRO_TYPE_H
#define HW_AVRO_TYPE_H

#include <jansson.h>

#include "core/arena.h"
#include "core/view.h"

enum hw_avro_kind {
    HW_AVRO_NULL,
    HW_AVRO_BOOLEAN,
    HW_AVRO_INT,
    HW_AVRO_LONG,
    HW_AVRO_FLOAT,
    HW_AVRO_DOUBLE,
    HW_AVRO_BYTES,
    HW_AVRO_STRING,
    HW_AVRO_FIXED,
    HW_AVRO_ENUM,
    HW_AVRO_ARRAY,
    HW_AVRO_MAP,
    HW_AVRO_RECORD,
    HW_AVRO_UNION,
    HW_AVRO_KINDS
};

/* The meaning of a type beside its encoding. Unknown and invalid logical types are NONE. */
enum hw_avro_logical {
    HW_AVRO_LOGICAL_NONE,
    HW_AVRO_LOGICAL_DECIMAL,
    HW_AVRO_LOGICAL_UUID,
    HW_AVRO_LOGICAL_DATE,
    HW_AVRO_LOGICAL_TIME_MILLIS,
    HW_AVRO_LOGICAL_TIME_MICROS,
    HW_AVRO_LOGICAL_TIME_NANOS,
    HW_AVRO_LOGICAL_TIMESTAMP_MILLIS,
    HW_AVRO_LOGICAL_TIMESTAMP_MICROS,
    HW_AVRO_LOGICAL_TIMESTAMP_NANOS,
    HW_AVRO_LOGICAL_LOCAL_MILLIS,
    HW_AVRO_LOGICAL_LOCAL_MICROS,
    HW_AVRO_LOGICAL_LOCAL_NANOS,
    HW_AVRO_LOGICAL_DURATION,
    /* An array of records of a key and a value, as Iceberg has maps whose keys are no texts. */
    HW_AVRO_LOGICAL_MAP
};

struct hw_avro_type;

/* A field of a record, the items of an array, the values of a map, or a branch of a union. */
struct hw_avro_member {
    /* Fields have a name, others NULL. */
    const char *name;
    const struct hw_avro_type *type;
    const char *const *aliases;
    size_t aliases_count;
    /* Lives as long as the schema; NULL where there is none. */
    json_t *fallback;
    bool has_id;
    int32_t id;
};

struct hw_avro_type {
    enum hw_avro_kind kind;
    enum hw_avro_logical logical;
    uint8_t precision;
    uint8_t scale;
    /* Bytes of a fixed value. */
    uint32_t size;
    /* The full name of a record, enum or fixed; NULL for others. */
    const char *name;
    /* Full names. */
    const char *const *aliases;
    size_t aliases_count;
    const char *const *symbols;
    size_t symbols_count;
    /* The number of the symbol for those that a reader does not know; -1 where there is none. */
    int64_t symbol_fallback;
    const struct hw_avro_member *members;
    size_t members_count;
    /* The id of a map's keys. */
    bool has_key_id;
    int32_t key_id;
    /* Types on the longest way down from here, this one included. */
    size_t depth;
    /* Types below, each counted in every place where it stands, this one included. */
    size_t places;
    /* The fewest bytes that a value takes. */
    size_t bytes_min;
    /* The type of which this one has some fields only; NULL where it is whole. */
    const struct hw_avro_type *whole;
};

/* Returns the branch of a union that is null, or -1. */
static inline int64_t hw_avro_null_branch(const struct hw_avro_type *type) {
    for (size_t i = 0; type->kind == HW_AVRO_UNION && i < type->members_count; i++) {
        if (type->members[i].type->kind == HW_AVRO_NULL) {
            return (int64_t)i;
        }
    }
    return -1;
}

/*
 * Returns the type of which a column is made: the branch of a union that has one only beside null,
 * null for a union of nothing else, and any other type itself.
 */
static inline const struct hw_avro_type *hw_avro_column_type(const struct hw_avro_type *type) {
    const struct hw_avro_type *only = NULL;
    for (size_t i = 0; type->kind == HW_AVRO_UNION && i < type->members_count; i++) {
        const struct hw_avro_type *branch = type->members[i].type;
        if (branch->kind != HW_AVRO_NULL && only && only->kind != HW_AVRO_NULL) {
            return type;
        }
        only = branch->kind != HW_AVRO_NULL || !only ? branch : only;
    }
    return only ? only : type;
}

#endif
