/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include <hawser/table.h>

#include "core/error.h"
#include "core/nearest.h"
#include "table/batch.h"
#include "table/schema.h"

struct kind_row {
    const char *name; /* without parameters */
    size_t bytes;     /* of one value in a batch */
};

static const struct kind_row kind_rows[] = {
    [HW_KIND_NULL] = {"null", 0},           [HW_KIND_BOOL] = {"boolean", 0},     [HW_KIND_INT64] = {"int64", 8},
    [HW_KIND_DOUBLE] = {"double", 8},       [HW_KIND_DECIMAL] = {"decimal", 16}, [HW_KIND_DATE] = {"date", 4},
    [HW_KIND_TIMESTAMP] = {"timestamp", 8}, [HW_KIND_TEXT] = {"text", 0},        [HW_KIND_UUID] = {"uuid", 16},
};
static_assert(COUNT_OF(kind_rows) == HW_KIND_COUNT, "one row a kind");

static const struct {
    const char *text;
    struct hw_type type;
} timestamp_rows[] = {
    {"timestamp(us)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS}},
    {"timestamp(ns)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}},
    {"timestamp(us, UTC)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}},
    {"timestamp(ns, UTC)", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}},
};

size_t hw_kind_bytes(enum hw_kind kind) {
    return kind_rows[kind].bytes;
}

void hw_type_format(struct hw_type type, char *out, size_t out_bytes) {
    if (type.kind == HW_KIND_DECIMAL) {
        snprintf(out, out_bytes, "decimal(%u,%u)", (unsigned)type.precision, (unsigned)type.scale);
    } else if (type.kind == HW_KIND_TIMESTAMP) {
        snprintf(out, out_bytes, "timestamp(%s%s)", type.unit == HW_UNIT_NANOS ? "ns" : "us", type.utc ? ", UTC" : "");
    } else {
        snprintf(out, out_bytes, "%s", kind_rows[type.kind].name);
    }
}

static enum hw_status decimal_parse(const char *text, struct hw_type *out_type, struct hw_error *err) {
    unsigned precision = 0;
    unsigned scale = 0;
    char canonical[32];
    char quoted[HW_QUOTE_BYTES];
    int found = sscanf(text, "decimal(%2u,%2u)", &precision, &scale);
    struct hw_type type = {.kind = HW_KIND_DECIMAL, .precision = (uint8_t)precision, .scale = (uint8_t)scale};
    hw_type_format(type, canonical, sizeof(canonical));
    if (found != 2 || strcmp(text, canonical) != 0) {
        return hw_fail(err, HW_ECONFIG, "type %s is not decimal(PRECISION,SCALE)",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)));
    }
    if (precision < 1 || precision > HW_DECIMAL_PRECISION_MAX || scale > precision) {
        return hw_fail(err, HW_ECONFIG, "type %s: precision is 1 to %d, scale at most the precision",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)), HW_DECIMAL_PRECISION_MAX);
    }
    *out_type = type;
    return HW_OK;
}

enum hw_status hw_type_parse(const char *text, struct hw_type *out_type, struct hw_error *err) {
    static const char *const known[] = {"null",
                                        "boolean",
                                        "int64",
                                        "double",
                                        "date",
                                        "text",
                                        "uuid",
                                        "decimal(18,2)",
                                        "timestamp(us)",
                                        "timestamp(ns)",
                                        "timestamp(us, UTC)",
                                        "timestamp(ns, UTC)"};
    if (strncmp(text, "decimal(", 8) == 0) {
        return decimal_parse(text, out_type, err);
    }
    for (size_t i = 0; i < COUNT_OF(timestamp_rows); i++) {
        if (strcmp(text, timestamp_rows[i].text) == 0) {
            *out_type = timestamp_rows[i].type;
            return HW_OK;
        }
    }
    for (size_t kind = 0; kind < COUNT_OF(kind_rows); kind++) {
        bool plain = kind != HW_KIND_DECIMAL && kind != HW_KIND_TIMESTAMP;
        if (plain && strcmp(text, kind_rows[kind].name) == 0) {
            *out_type = (struct hw_type){.kind = (enum hw_kind)kind};
            return HW_OK;
        }
    }
    const char *near = hw_nearest(text, known, COUNT_OF(known));
    char quoted[HW_QUOTE_BYTES];
    hw_quote(text, strlen(text), quoted, sizeof(quoted));
    return hw_fail(err, HW_ECONFIG, "unknown type %s%s%s%s", quoted, near ? ", did you mean \"" : "", near ? near : "",
                   near ? "\"?" : "");
}

bool hw_type_equal(struct hw_type a, struct hw_type b) {
    if (a.kind != b.kind) {
        return false;
    }
    if (a.kind == HW_KIND_DECIMAL) {
        return a.precision == b.precision && a.scale == b.scale;
    }
    return a.kind != HW_KIND_TIMESTAMP || (a.unit == b.unit && a.utc == b.utc);
}
