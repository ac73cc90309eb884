/* SPDX-License-Identifier: Apache-2.0 */
/* The default values of fields, which stand in a schema as JSON ("Complex Types", Records). */
#ifndef HW_AVRO_DEFAULT_VALUE_H
#define HW_AVRO_DEFAULT_VALUE_H

#include "avro/type.h"
#include "core/buf.h"

/*
 * Appends the value that `json` stands for, in the binary encoding of the type. Bytes and fixed
 * values are texts whose characters up to U+00FF are their bytes; a union's value is that of the
 * first branch that it fits. HW_EDATA where it fits the type not at all.
 */
HW_NODISCARD enum hw_status hw_avro_default_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                                struct hw_error *err);

#endif
