/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals of a leaf, whatever carries them in the file, as decimals of 16 or 32 bytes. */
#ifndef HW_PARQUET_LEAF_DECIMAL_H
#define HW_PARQUET_LEAF_DECIMAL_H

#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* Both do what hw_leaf_convert says (parquet/leaf_convert.h): for INT32 and INT64; for bytes. */
HW_NODISCARD enum hw_status hw_leaf_int_decimals(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                                 struct hw_leaf_rows *out, struct hw_error *err);
HW_NODISCARD enum hw_status hw_leaf_bytes_decimals(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                                   struct hw_leaf_rows *out, struct hw_error *err);

#endif
