/* SPDX-License-Identifier: Apache-2.0 */
/* Types and schemas of tables: what a column holds. */
#ifndef HAWSER_TABLE_H
#define HAWSER_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a column holds. CSV makes those up to HW_KIND_UUID. */
enum hw_kind {
    HW_KIND_NULL, /**< Nothing but nulls so far; formats write it as nullable text. */
    HW_KIND_BOOL,
    HW_KIND_INT64,
    HW_KIND_DOUBLE,
    HW_KIND_DECIMAL,   /**< Exact, `precision` digits of which `scale` stand after the point; 16 bytes. */
    HW_KIND_DATE,      /**< Days since 1970-01-01, proleptic Gregorian. */
    HW_KIND_TIMESTAMP, /**< `unit` since 1970-01-01 00:00, on the wall clock or, with `utc`, UTC. */
    HW_KIND_TEXT,      /**< UTF-8. */
    HW_KIND_UUID,
    HW_KIND_INT8,
    HW_KIND_INT16,
    HW_KIND_INT32,
    HW_KIND_UINT8,
    HW_KIND_UINT16,
    HW_KIND_UINT32,
    HW_KIND_UINT64,
    HW_KIND_HALF,  /**< IEEE 754 binary16. */
    HW_KIND_FLOAT, /**< IEEE 754 binary32. */
    HW_KIND_DECIMAL32,
    HW_KIND_DECIMAL64,
    HW_KIND_DECIMAL256,
    HW_KIND_DATE_MILLIS,     /**< Whole days, counted in milliseconds. */
    HW_KIND_TIME32,          /**< Since midnight, `unit` is seconds or milliseconds. */
    HW_KIND_TIME64,          /**< Since midnight, `unit` is microseconds or nanoseconds. */
    HW_KIND_DURATION,        /**< A number of `unit`. */
    HW_KIND_INTERVAL,        /**< Months, days and nanoseconds. */
    HW_KIND_INTERVAL_MONTHS, /**< Months. */
    HW_KIND_INTERVAL_DAYS,   /**< Days and milliseconds. */
    HW_KIND_BINARY,
    HW_KIND_FIXED,        /**< Binary values of `width` bytes each. */
    HW_KIND_LARGE_TEXT,   /**< Text with offsets of 64 bits. */
    HW_KIND_LARGE_BINARY, /**< Binary with offsets of 64 bits. */
    HW_KIND_LIST,         /**< One child, the elements. */
    HW_KIND_LARGE_LIST,   /**< A list with offsets of 64 bits. */
    HW_KIND_FIXED_LIST,   /**< Lists of `width` elements each. */
    HW_KIND_STRUCT,
    HW_KIND_MAP,        /**< One child, the entries: a required struct of a required key and a value. */
    HW_KIND_DICTIONARY, /**< Numbers of kind `index` for the values of a dictionary. */
    HW_KIND_COUNT
};

enum hw_time_unit { HW_UNIT_MICROS, HW_UNIT_NANOS, HW_UNIT_SECONDS, HW_UNIT_MILLIS, HW_UNIT_COUNT };

/** What a text or binary column is beside its bytes. */
enum hw_label { HW_LABEL_NONE, HW_LABEL_ENUM, HW_LABEL_JSON, HW_LABEL_BSON };

enum {
    HW_DECIMAL_PRECISION_MAX = 38,
    HW_DECIMAL32_PRECISION_MAX = 9,
    HW_DECIMAL64_PRECISION_MAX = 18,
    HW_DECIMAL256_PRECISION_MAX = 76
};

struct hw_type {
    enum hw_kind kind;
    uint8_t precision;      /**< Decimal: 1..38, or what the kind's bytes hold. */
    uint8_t scale;          /**< Decimal: 0..precision. */
    enum hw_time_unit unit; /**< Timestamp, time, duration. */
    bool utc;               /**< Timestamp: an instant, not a wall clock. Time: of UTC's clock. */
    bool ordered;           /**< Dictionary: its order is that of the values. Map: keys are sorted. */
    enum hw_label label;    /**< Text: enum or JSON. Binary: BSON. */
    enum hw_kind index;     /**< Dictionary: an integer kind. */
    uint32_t width;         /**< Fixed binary: bytes. Fixed list: elements, none or more. */
    const char *zone;       /**< Timestamp with `utc`: where it is shown; NULL: UTC. */
};

/** A fact about a field that no type has; values may hold any bytes. */
struct hw_key_value {
    const char *key;
    const char *value; /**< Ended with a NUL that `value_bytes` does not count. */
    size_t value_bytes;
};

/** Keys of hw_key_value that formats read and write. */
#define HW_META_FIELD_ID "PARQUET:field_id" /**< A number, as text. */
#define HW_META_DOC "doc"                   /**< What the field is, for people. */

/** One column of a table, or a child of one. */
struct hw_field {
    const char *name; /**< UTF-8, ended with NUL, no NUL inside; may be empty. */
    struct hw_type type;
    bool required;                   /**< Never null. */
    const struct hw_field *children; /**< Of lists, structs and maps. */
    size_t children_count;
    const struct hw_field *dictionary; /**< Dictionary: what its values are; name and `required` say nothing. */
    const struct hw_key_value *metadata;
    size_t metadata_count;
};

/** Columns in order. Names may repeat only where a caller says so. */
struct hw_schema {
    struct hw_field *fields;
    size_t count;
};

/**
 * Writes the type as text, "decimal(12,2)" or "timestamp(us, UTC)"; the form that schema files use. Of a nested type
 * the word alone.
 */
HW_API void hw_type_format(struct hw_type type, char *out, size_t out_bytes);

/**
 * Reads what hw_type_format writes, but for zones that are not UTC, and "timestamp(us,utc)" too. HW_ECONFIG with the
 * nearest known type otherwise.
 */
HW_API HW_NODISCARD enum hw_status hw_type_parse(const char *text, struct hw_type *out_type, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
