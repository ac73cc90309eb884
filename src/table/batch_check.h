/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of programs, which are checked before they are believed. */
#ifndef HW_TABLE_BATCH_CHECK_H
#define HW_TABLE_BATCH_CHECK_H

#include "core/error.h"
#include "table/batch.h"

/*
 * Checks that the batch has the columns of `schema`, which itself was checked, and that these are
 * as hawser/batch.h lays them out: counts of nulls, lengths, offsets, indices, UTF-8, the digits of
 * decimals, and no null in a column that is never null. HW_EDATA where they are not, HW_ELIMIT
 * where lengths cannot be counted; the error names the column. How long buffers are cannot be
 * checked.
 */
HW_NODISCARD enum hw_status hw_batch_check(const struct hw_schema *schema, const struct hw_batch *batch,
                                           struct hw_error *err);

#endif
