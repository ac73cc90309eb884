/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a table that are kept for a while, to be taken out again in another order. */
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
/* Accepts NULL. */
void hw_row_store_free(struct hw_row_store *store);

/*
 * Copies the rows of `batch`; column i of the store is its column `columns[i]`, of the same type.
 * HW_ELIMIT where the texts or elements of a column would come to 2 GiB. After a failure only clear
 * or free.
 */
HW_NODISCARD enum hw_status hw_row_store_add(struct hw_row_store *store, const struct hw_batch *batch,
                                             const size_t *columns, struct hw_error *err);
size_t hw_row_store_rows(const struct hw_row_store *store);
/* Memory that the rows take; buffers that are kept for the next ones are not counted. */
size_t hw_row_store_held(const struct hw_row_store *store);

/*
 * The `count` rows (at least one) with these numbers, in this order, as a batch: it stays until the
 * next call or clear.
 */
HW_NODISCARD enum hw_status hw_row_store_gather(struct hw_row_store *store, const uint32_t *rows, size_t count,
                                                struct hw_batch *out_batch, struct hw_error *err);

/* Forgets the rows. Buffers are kept, but no more than `keep_bytes` of them. */
void hw_row_store_clear(struct hw_row_store *store, size_t keep_bytes);

#endif
