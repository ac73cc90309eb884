/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes items in Avro's binary encoding, and tells the rows as text for tests to compare. */
#ifndef HW_TESTS_AVRO_ROWS_H
#define HW_TESTS_AVRO_ROWS_H

#include "core/buf.h"

struct avro_rows {
    const char *writer; /* schema of the bytes */
    const char *reader; /* schema that is asked for; NULL: the same */
    hw_view bytes;
    uint64_t count;
    size_t batch_rows; /* 0: all rows in one batch */
};

/*
 * Appends the values of each row, as slot_text writes them, "1 'a'|2 null", with // between batches. What lies more
 * than HW_AVRO_BLOCK_ROOM behind the bytes is not readable.
 */
enum hw_status avro_rows_text(const struct avro_rows *rows, struct hw_buf *out, struct hw_error *err);

#endif
