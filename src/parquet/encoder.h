/* SPDX-License-Identifier: Apache-2.0 */
/* Encodes batches to row groups, with a chunk for each leaf of the table. */
#ifndef HW_PARQUET_ENCODER_H
#define HW_PARQUET_ENCODER_H

#include "parquet/options.h"
#include "parquet/row_group.h"
#include "parquet/tree.h"
#include "table/writer.h"

/*
 * Makes an encoder. It borrows tree, options (with no value left at 0) and pool until it is freed.
 */
HW_NODISCARD enum hw_status hw_row_group_encoder_new(const struct hw_tree *tree,
                                                     const struct hw_parquet_options *options,
                                                     struct hw_row_group_pool *pool, struct hw_encoder **out_encoder,
                                                     struct hw_error *err);

#endif
