/* SPDX-License-Identifier: Apache-2.0 */
/* Logical types of Avro ("Logical Types" of the specification). */
#ifndef HW_AVRO_LOGICAL_H
#define HW_AVRO_LOGICAL_H

#include <hawser/table.h>

#include "avro/type.h"

/*
 * Gives the type the logical type that its JSON object says. One that is not known, or that the
 * type cannot have, or a decimal of more than 76 digits, leaves the type as it is.
 */
void hw_avro_logical_apply(struct hw_avro_type *type, json_t *json);

/* Returns the type of a column of such values, which has neither members nor a union. */
struct hw_type hw_avro_flat_type(const struct hw_avro_type *type);

#endif
