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

/** A kind of values that a column holds. CSV makes those up to HW_KIND_UUID. */
enum hw_kind {
    /** Nothing but nulls so far; formats write it as nullable text. */
    HW_KIND_NULL,
    HW_KIND_BOOL,
    HW_KIND_INT64,
    HW_KIND_DOUBLE,
    /** Exact, `precision` digits of which `scale` stand after the point; 16 bytes. */
    HW_KIND_DECIMAL,
    /** Days since 1970-01-01, proleptic Gregorian. */
    HW_KIND_DATE,
    /** `unit` since 1970-01-01 00:00, on the wall clock or, with `utc`, UTC. */
    HW_KIND_TIMESTAMP,
    /** UTF-8. */
    HW_KIND_TEXT,
    HW_KIND_UUID,
    HW_KIND_INT8,
    HW_KIND_INT16,
    HW_KIND_INT32,
    HW_KIND_UINT8,
    HW_KIND_UINT16,
    HW_KIND_UINT32,
    HW_KIND_UINT64,
    /** IEEE 754 binary16. */
    HW_KIND_HALF,
    /** IEEE 754 binary32. */
    HW_KIND_FLOAT,
    HW_KIND_DECIMAL32,
    HW_KIND_DECIMAL64,
    HW_KIND_DECIMAL256,
    /** Whole days, counted in milliseconds. */
    HW_KIND_DATE_MILLIS,
    /** Since midnight, `unit` is seconds or milliseconds. */
    HW_KIND_TIME32,
    /** Since midnight, `unit` is microseconds or nanoseconds. */
    HW_KIND_TIME64,
    /** A number of `unit`. */
    HW_KIND_DURATION,
    /** Months, days and nanoseconds. */
    HW_KIND_INTERVAL,
    /** Months. */
    HW_KIND_INTERVAL_MONTHS,
    /** Days and milliseconds. */
    HW_KIND_INTERVAL_DAYS,
    HW_KIND_BINARY,
    /** Binary values of `width` bytes each. */
    HW_KIND_FIXED,
    /** Text with offsets of 64 bits. */
    HW_KIND_LARGE_TEXT,
    /** Binary with offsets of 64 bits. */
    HW_KIND_LARGE_BINARY,
    /** One child, the elements. */
    HW_KIND_LIST,
    /** A list with offsets of 64 bits. */
    HW_KIND_LARGE_LIST,
    /** Lists of `width` elements each. */
    HW_KIND_FIXED_LIST,
    HW_KIND_STRUCT,
    /** One child, the entries: a required struct of a required key and a value. */
    HW_KIND_MAP,
    /** Numbers of kind `index` for the values of a dictionary. */
    HW_KIND_DICTIONARY,
    HW_KIND_COUNT
};

enum hw_time_unit { HW_UNIT_MICROS, HW_UNIT_NANOS, HW_UNIT_SECONDS, HW_UNIT_MILLIS, HW_UNIT_COUNT };

/** The form that timestamps of Parquet's INT96 are read in: days, and nanoseconds of a day. */
enum hw_int96 {
    /** Nanoseconds; where one is outside of their years, 1677 to 2262, all are microseconds. */
    HW_INT96_AUTO,
    HW_INT96_NANOS,  /**< A local timestamp; HW_EDATA outside of the years 1677 to 2262. */
    HW_INT96_MICROS, /**< A local timestamp; HW_EDATA for parts finer than microseconds. */
    HW_INT96_TEXT    /**< "2024-02-29T12:00:00.000000000", whatever the year. */
};

/** A label says what a text or binary column is beside its bytes. */
enum hw_label { HW_LABEL_NONE, HW_LABEL_ENUM, HW_LABEL_JSON, HW_LABEL_BSON };

enum {
    HW_DECIMAL_PRECISION_MAX = 38,
    HW_DECIMAL32_PRECISION_MAX = 9,
    HW_DECIMAL64_PRECISION_MAX = 18,
    HW_DECIMAL256_PRECISION_MAX = 76
};

struct hw_type {
    enum hw_kind kind;
    /** Decimals have 1 to 38 digits, or as many as the kind's bytes hold. */
    uint8_t precision;
    /** Digits of a decimal after the point, 0 to `precision`. */
    uint8_t scale;
    /** Unit of timestamps, times and durations. */
    enum hw_time_unit unit;
    /** A timestamp is an instant, a time one of UTC's clock; else both are of a wall clock. */
    bool utc;
    /** A dictionary's order is that of its values, a map's keys are sorted. */
    bool ordered;
    /** A text may be an enum or JSON, a binary BSON. */
    enum hw_label label;
    /** The integer kind of a dictionary's indices. */
    enum hw_kind index;
    /** Bytes of a fixed binary, elements of a fixed list; 0 is allowed. */
    uint32_t width;
    /** Zone that a timestamp with `utc` is shown in; NULL stands for UTC. */
    const char *zone;
};

/** A fact about a field that no type has; values may hold any bytes. */
struct hw_key_value {
    const char *key;
    /** Any bytes, ended with a NUL that `value_bytes` does not count. */
    const char *value;
    size_t value_bytes;
};

/** Keys of hw_key_value that formats read and write. */
#define HW_META_FIELD_ID "PARQUET:field_id" /**< A number, as text. */
#define HW_META_DOC "doc"                   /**< A description of the field, for people. */
/** "1" says that a struct is a union: unless it is null, one of its members is not null. */
#define HW_META_UNION "hawser:union"

/** One column of a table, or a child of one. */
struct hw_field {
    /** UTF-8, ended with NUL, no NUL inside; may be empty. */
    const char *name;
    struct hw_type type;
    /** Its values are never null. */
    bool required;
    /** Lists, structs and maps have children. */
    const struct hw_field *children;
    size_t children_count;
    /** The values of a dictionary; the name and `required` of this field say nothing. */
    const struct hw_field *dictionary;
    const struct hw_key_value *metadata;
    size_t metadata_count;
};

/** Columns in order. Names may repeat only where a caller says so. */
struct hw_schema {
    struct hw_field *fields;
    size_t count;
};

/**
 * Writes the type as text, "decimal(12,2)" or "timestamp(us, UTC)"; the form that schema files use.
 * For a nested type it writes the word alone, "list".
 */
HW_API void hw_type_format(struct hw_type type, char *out, size_t out_bytes);

/**
 * Reads what hw_type_format writes, but for zones that are not UTC, and the spellings that SQL and
 * Arrow have, in any case: "bigint", "VARCHAR", "numeric(18,2)", "timestamp[us, tz=UTC]";
 * docs/types.md lists them. HW_ECONFIG with the nearest known spelling otherwise.
 */
HW_API HW_NODISCARD enum hw_status hw_type_parse(const char *text, struct hw_type *out_type, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
