/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodes values in Avro's binary encoding, of every kind that has neither children nor a
 * dictionary. For each kind there is one tight loop over some slots of a column, which writes each
 * value at the current end of its row.
 */
#ifndef HW_AVRO_VALUE_H
#define HW_AVRO_VALUE_H

#include "core/error.h"
#include "table/batch.h"

/* The most bytes that writing a value touches beyond its end. */
enum { HW_AVRO_SLACK_BYTES = 64 };

/* Returns the most bytes that a value takes, without those of a text or binary. */
size_t hw_avro_value_bytes_max(struct hw_type type);

/*
 * Appends `rows` values of the column, from slot `slot` of its buffers on: the first one at
 * ends[0], the second one at ends[1], and so on. The ends move on. If `nullable` is true each has
 * the number of its union's branch before it: 0 for null, else 1.
 */
void hw_avro_values_put(const struct hw_type *type, const struct hw_column *column, bool nullable, size_t slot,
                        size_t rows, uint8_t **ends);

/* Returns whether the type has values that have no place in Avro. */
bool hw_avro_type_is_checked(struct hw_type type);
/*
 * Checks the value in slot `slot` of the column's buffers, which is not null. One that has no place
 * in Avro is HW_EDATA.
 */
HW_NODISCARD enum hw_status hw_avro_value_check(const struct hw_type *type, const struct hw_column *column, size_t slot,
                                                struct hw_error *err);

#endif
