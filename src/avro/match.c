/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/match.h"

/* By the writer's kind: a bit for each kind of a reader. */
#define BIT(kind) (1u << (kind))
static const uint16_t promotions[HW_AVRO_KINDS] = {
    [HW_AVRO_NULL] = BIT(HW_AVRO_NULL),
    [HW_AVRO_BOOLEAN] = BIT(HW_AVRO_BOOLEAN),
    [HW_AVRO_INT] = BIT(HW_AVRO_INT) | BIT(HW_AVRO_LONG) | BIT(HW_AVRO_FLOAT) | BIT(HW_AVRO_DOUBLE),
    [HW_AVRO_LONG] = BIT(HW_AVRO_LONG) | BIT(HW_AVRO_FLOAT) | BIT(HW_AVRO_DOUBLE),
    [HW_AVRO_FLOAT] = BIT(HW_AVRO_FLOAT) | BIT(HW_AVRO_DOUBLE),
    [HW_AVRO_DOUBLE] = BIT(HW_AVRO_DOUBLE),
    [HW_AVRO_BYTES] = BIT(HW_AVRO_BYTES) | BIT(HW_AVRO_STRING),
    [HW_AVRO_STRING] = BIT(HW_AVRO_STRING) | BIT(HW_AVRO_BYTES),
    [HW_AVRO_FIXED] = BIT(HW_AVRO_FIXED),
    [HW_AVRO_ENUM] = BIT(HW_AVRO_ENUM),
    [HW_AVRO_ARRAY] = BIT(HW_AVRO_ARRAY),
    [HW_AVRO_MAP] = BIT(HW_AVRO_MAP),
    [HW_AVRO_RECORD] = BIT(HW_AVRO_RECORD),
};

static const char *unqualified(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static bool names_match(const struct hw_avro_type *writer, const struct hw_avro_type *reader) {
    const char *name = unqualified(writer->name);
    if (strcmp(name, unqualified(reader->name)) == 0) {
        return true;
    }
    for (size_t i = 0; i < reader->aliases_count; i++) {
        if (strcmp(name, unqualified(reader->aliases[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool logicals_match(const struct hw_avro_type *writer, const struct hw_avro_type *reader) {
    if (writer->logical == HW_AVRO_LOGICAL_NONE || reader->logical == HW_AVRO_LOGICAL_NONE) {
        return true;
    }
    return writer->logical == reader->logical &&
           (writer->logical != HW_AVRO_LOGICAL_DECIMAL ||
            (writer->scale == reader->scale && writer->precision <= reader->precision));
}

bool hw_avro_types_match(const struct hw_avro_type *writer, const struct hw_avro_type *reader) {
    if (hw_avro_is_of(writer, reader)) {
        return true;
    }
    if ((promotions[writer->kind] & BIT(reader->kind)) == 0 || !logicals_match(writer, reader) ||
        (writer->name && !names_match(writer, reader)) || writer->size != reader->size) {
        return false;
    }
    if (writer->kind != HW_AVRO_ARRAY && writer->kind != HW_AVRO_MAP) {
        return true;
    }
    const struct hw_avro_type *items = writer->members[0].type;
    const struct hw_avro_type *wanted = reader->members[0].type;
    return items->kind == HW_AVRO_UNION || wanted->kind == HW_AVRO_UNION || hw_avro_types_match(items, wanted);
}

int64_t hw_avro_branch_match(const struct hw_avro_type *writer, const struct hw_avro_type *reader) {
    int64_t promoted = -1;
    for (size_t i = 0; i < reader->members_count; i++) {
        const struct hw_avro_type *branch = reader->members[i].type;
        if (!hw_avro_types_match(writer, branch)) {
            continue;
        }
        if (branch->kind == writer->kind) {
            return (int64_t)i;
        }
        promoted = promoted < 0 ? (int64_t)i : promoted;
    }
    return promoted;
}
