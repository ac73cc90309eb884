/* SPDX-License-Identifier: Apache-2.0 */
/* The encoder of row groups: one chunk a column, and what they share. */
#ifndef HW_PARQUET_ENCODER_H
#define HW_PARQUET_ENCODER_H

#include "parquet/row_group.h"
#include "parquet/tree.h"
#include "parquet/options.h"
#include "table/writer.h"

/* Borrows tree, options (every value filled in) and pool until it is freed. */
HW_NODISCARD enum hw_status hw_row_group_encoder_new(const struct hw_tree *tree,
                                                     const struct hw_parquet_options *options,
                                                     struct hw_row_group_pool *pool, struct hw_encoder **out_encoder,
                                                     struct hw_error *err);

#endif
