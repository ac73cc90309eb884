/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that read values of the types that have no members. */
#ifndef HW_AVRO_STEP_VALUE_H
#define HW_AVRO_STEP_VALUE_H

#include "avro/step.h"

/*
 * Makes the step that reads values of type `from` for a column of type `to`, which is the same or
 * one that it is promoted to (avro/match.h). The caller sets column and span, and for an `optional`
 * value the bytes of its branches. HW_AVRO_ENUM needs `symbols`, which the caller sets too.
 */
struct hw_avro_step hw_avro_step_value(const struct hw_avro_type *from, const struct hw_avro_type *to, bool optional);

#endif
