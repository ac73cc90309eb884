/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A column that grows: slots of other columns are copied behind those that are there already. All
 * kinds have one. Of a dictionary the values are kept that its indices stand for, so that columns
 * with different dictionaries can follow each other. One thread at a time.
 */
#ifndef HW_TABLE_COLUMN_BUFFER_H
#define HW_TABLE_COLUMN_BUFFER_H

#include "core/error.h"
#include "table/batch.h"

struct hw_column_buffer;

/*
 * Makes an empty buffer for columns of `field`, which is borrowed. What it hands out has the type
 * of the field, or of a dictionary's values.
 */
HW_NODISCARD enum hw_status hw_column_buffer_new(const struct hw_field *field, struct hw_column_buffer **out_buffer,
                                                 struct hw_error *err);
/* Accepts NULL. */
void hw_column_buffer_free(struct hw_column_buffer *buffer);

/*
 * Copies `count` slots of the column from its slot `first` on. The column is believed. Below a null
 * nothing is copied: such slots are null themselves, or zeros where their field is never null.
 * HW_ELIMIT where offsets of 32 bits do not reach, or a buffer would have more than a GiB. After a
 * failure only clear, trim or free.
 */
HW_NODISCARD enum hw_status hw_column_buffer_append(struct hw_column_buffer *buffer, const struct hw_column *column,
                                                    size_t first, size_t count, struct hw_error *err);

/*
 * Hands out the slots as a column that begins at slot 0 and is not `exact`. It stays until the next
 * call with this buffer.
 */
HW_NODISCARD enum hw_status hw_column_buffer_column(struct hw_column_buffer *buffer, struct hw_column *out_column,
                                                    struct hw_error *err);

/* Forgets the slots, and keeps the memory for the next ones. */
void hw_column_buffer_clear(struct hw_column_buffer *buffer);
/* Forgets the slots, and gives their memory back. */
void hw_column_buffer_trim(struct hw_column_buffer *buffer);
/* Returns the bytes that the slots take. */
size_t hw_column_buffer_used(const struct hw_column_buffer *buffer);
/* Returns the bytes of memory, that for the next slots too. */
size_t hw_column_buffer_held(const struct hw_column_buffer *buffer);

#endif
