/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the JSON text of an Avro schema ("Schema Declaration" of the specification).
 *
 * Names that the specification does not allow are taken as they are, because older writers made
 * such; so are unions that have a type twice. Attributes that are not known say nothing.
 */
#ifndef HW_AVRO_SCHEMA_READ_H
#define HW_AVRO_SCHEMA_READ_H

#include "avro/type.h"
#include "core/error.h"

/* Start it zeroed. It owns the types, and may be read by any thread. */
struct hw_avro_schema_tree {
    const struct hw_avro_type *root;
    struct hw_arena arena;
    json_t *json;
};

/*
 * Reads a schema. HW_EDATA where it is none; HW_EUNSUPPORTED where a record contains itself, which
 * no column can hold; HW_ELIMIT beyond HW_AVRO_DEPTH_MAX, HW_AVRO_NAMES_MAX or HW_TABLE_FIELDS_MAX.
 * The release is due on failure too.
 */
HW_NODISCARD enum hw_status hw_avro_schema_read(struct hw_avro_schema_tree *schema, hw_view text, struct hw_error *err);
/* Accepts a zeroed one. */
void hw_avro_schema_tree_release(struct hw_avro_schema_tree *schema);

/* Returns the name for messages: "int", "record". */
const char *hw_avro_kind_name(enum hw_avro_kind kind);

#endif
