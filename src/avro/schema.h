/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the Avro schema of a table as JSON text: a record with a field for each column, and a
 * record for each struct.
 */
#ifndef HW_AVRO_SCHEMA_H
#define HW_AVRO_SCHEMA_H

#include <hawser/table.h>

#include "core/buf.h"

/*
 * Appends the text to `out`, without a NUL. On failure `out` keeps what was appended so far.
 *
 * Names are made to match [A-Za-z_][A-Za-z0-9_]*: every other byte becomes '_', a leading digit
 * gets a '_' before it, an empty name becomes column_N, and repeated names get _2, _3 and so on. If
 * the name was changed, "doc" has the original; else it has the field's metadata under HW_META_DOC.
 * A field id is in "field-id", or in "element-id", "key-id" and "value-id". Records and fixed types
 * have their path as name, "row.a.element". `record_name` is the name of the outermost record; NULL
 * or "" means "row".
 */
HW_NODISCARD enum hw_status hw_avro_schema_write(const struct hw_schema *schema, const char *record_name,
                                                 struct hw_buf *out, struct hw_error *err);

/*
 * Returns whether the field is ["null", T]. One of kind null always is, because nothing else can be
 * put in it.
 */
static inline bool hw_avro_nullable(const struct hw_field *field) {
    return !field->required || field->type.kind == HW_KIND_NULL;
}

#endif
