/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Avro schema of a table, as JSON text: one record, one field a column, and one record for each
 * struct.
 */
#ifndef HW_AVRO_SCHEMA_H
#define HW_AVRO_SCHEMA_H

#include <hawser/table.h>

#include "core/buf.h"

/*
 * Appends the text to `out`, without NUL. A name becomes [A-Za-z_][A-Za-z0-9_]*: every other byte
 * turns into '_', a leading digit gets one before it, an empty name is column_N, repeated ones get
 * _2, _3 ...; the original then stands in "doc", else what the field's metadata have under
 * HW_META_DOC. A field id is "field-id", or "element-id", "key-id" and "value-id". Records and
 * fixed types are named by their path, "row.a.element". `record_name` NULL or empty: "row". On
 * failure `out` keeps what was appended so far.
 */
HW_NODISCARD enum hw_status hw_avro_schema_write(const struct hw_schema *schema, const char *record_name,
                                                 struct hw_buf *out, struct hw_error *err);

/*
 * Fields of this kind are ["null", T] whatever the schema says of them: there is nothing else to
 * put in them.
 */
static inline bool hw_avro_nullable(const struct hw_field *field) {
    return !field->required || field->type.kind == HW_KIND_NULL;
}

#endif
