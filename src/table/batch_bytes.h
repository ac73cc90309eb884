/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches as plain bytes: for files that the process itself reads back. The form is not meant for
 * anybody else, and may differ between versions and machines.
 */
#ifndef HW_TABLE_BATCH_BYTES_H
#define HW_TABLE_BATCH_BYTES_H

#include "core/buf.h"
#include "table/batch.h"

/* The form has a multiple of so many bytes, and must begin at such a place in memory. */
enum { HW_BATCH_BYTES_ALIGNMENT = 8 };

/* Returns true where batches of `schema` have such a form: all its kinds are basic. */
bool hw_batch_bytes_can(const struct hw_schema *schema);

/* Appends the form of `batch`, whose columns have no offset. */
HW_NODISCARD enum hw_status hw_batch_bytes_append(const struct hw_batch *batch, struct hw_buf *out,
                                                  struct hw_error *err);

/*
 * Makes the batch from its form. The batch borrows `bytes`, and `columns`, which has room for one
 * column for each field. HW_EFAILED where the bytes are not such a form of `schema`.
 */
HW_NODISCARD enum hw_status hw_batch_bytes_read(const struct hw_schema *schema, hw_view bytes,
                                                struct hw_column *columns, struct hw_batch *out_batch,
                                                struct hw_error *err);

#endif
