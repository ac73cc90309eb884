/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values in Avro's binary encoding, of every kind that has neither children nor a dictionary: one
 * tight loop a kind over some slots of a column, each written where its row ends so far.
 */
#ifndef HW_AVRO_VALUE_H
#define HW_AVRO_VALUE_H

#include "core/error.h"
#include "table/batch.h"

/* Bytes that values write beyond their end. */
enum { HW_AVRO_SLACK_BYTES = 64 };

/* Bytes that a value takes at most, without those of a text or binary. */
size_t hw_avro_value_bytes_max(struct hw_type type);

/*
 * Appends slots `slot` ... `slot + rows` of the column's buffers at `ends`, which move on. A
 * nullable value has its union's branch before it: 0 for null, 1 else.
 */
void hw_avro_values_put(const struct hw_type *type, const struct hw_column *column, bool nullable, size_t slot,
                        size_t rows, uint8_t **ends);

/* Whether there are values of the type that Avro has no place for. */
bool hw_avro_type_is_checked(struct hw_type type);
/* HW_EDATA where slot `slot` of the buffers, which is not null, is one. */
HW_NODISCARD enum hw_status hw_avro_value_check(const struct hw_type *type, const struct hw_column *column, size_t slot,
                                                struct hw_error *err);

#endif
