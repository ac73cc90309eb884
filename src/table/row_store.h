/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row store keeps rows of a table for a while, to hand them out again in another order. One
 * thread's.
 */
#ifndef HW_TABLE_ROW_STORE_H
#define HW_TABLE_ROW_STORE_H

#include "core/error.h"
#include "table/batch.h"

struct hw_row_store;

/*
 * Makes a store for rows of `schema`, which is borrowed, and has no dictionaries. Columns of kinds
 * that are not basic are gathered value by value.
 */
HW_NODISCARD enum hw_status hw_row_store_new(const struct hw_schema *schema, struct hw_row_store **out_store,
                                             struct hw_error *err);

/* Frees the store. Accepts NULL. */
void hw_row_store_free(struct hw_row_store *store);

/*
 * Adds a copy of the rows of `batch`. Column i of the store gets the values of its column
 * columns[i], or of its column i where `columns` is NULL. That must have the same type. Fails with
 * HW_ELIMIT where the texts or elements of a column would come to 2 GiB. After a failure only clear
 * or free may follow.
 */
HW_NODISCARD enum hw_status hw_row_store_add(struct hw_row_store *store, const struct hw_batch *batch,
                                             const size_t *columns, struct hw_error *err);

/* Returns the number of rows. */
size_t hw_row_store_rows(const struct hw_row_store *store);

/* Returns the bytes that the rows take; does not count buffers that are kept for the next ones. */
size_t hw_row_store_held(const struct hw_row_store *store);

/*
 * Gives the rows with the numbers in `rows`, in that order, as a batch; `count`, at least one, is
 * how many there are. The batch is valid until the next call, or clear.
 */
HW_NODISCARD enum hw_status hw_row_store_gather(struct hw_row_store *store, const uint32_t *rows, size_t count,
                                                struct hw_batch *out_batch, struct hw_error *err);

/* Forgets the rows. Keeps buffers for the next ones, but at most `keep_bytes` bytes of them. */
void hw_row_store_clear(struct hw_row_store *store, size_t keep_bytes);

#endif
