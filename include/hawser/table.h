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

/** What a column holds. */
enum hw_kind {
    HW_KIND_NULL, /**< Nothing but nulls so far; formats write it as nullable text. */
    HW_KIND_BOOL,
    HW_KIND_INT64,
    HW_KIND_DOUBLE,
    HW_KIND_DECIMAL,   /**< Exact, `precision` digits of which `scale` stand after the point. */
    HW_KIND_DATE,      /**< Days since 1970-01-01, proleptic Gregorian. */
    HW_KIND_TIMESTAMP, /**< `unit` since 1970-01-01 00:00, on the wall clock or, with `utc`, UTC. */
    HW_KIND_TEXT,      /**< UTF-8. */
    HW_KIND_UUID,
    HW_KIND_COUNT
};

enum hw_time_unit { HW_UNIT_MICROS, HW_UNIT_NANOS };

enum { HW_DECIMAL_PRECISION_MAX = 38 };

struct hw_type {
    enum hw_kind kind;
    uint8_t precision;      /**< Decimal: 1..38. */
    uint8_t scale;          /**< Decimal: 0..precision. */
    enum hw_time_unit unit; /**< Timestamp. */
    bool utc;               /**< Timestamp: an instant, not a wall clock. */
};

/** One column of a table. */
struct hw_field {
    const char *name; /**< UTF-8, ended with NUL, no NUL inside; may be empty. */
    struct hw_type type;
    bool required; /**< Never null. */
};

/** Columns in order. Names may repeat only where a caller says so. */
struct hw_schema {
    struct hw_field *fields;
    size_t count;
};

/** Writes the type as text, "decimal(12,2)" or "timestamp(us, UTC)"; the form that schema files use. */
HW_API void hw_type_format(struct hw_type type, char *out, size_t out_bytes);

/** Reads what hw_type_format writes. HW_ECONFIG with the nearest known type otherwise. */
HW_API HW_NODISCARD enum hw_status hw_type_parse(const char *text, struct hw_type *out_type, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
