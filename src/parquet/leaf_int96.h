/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamps of INT96 (parquet/int96.h), as they are read into a table. */
#ifndef HW_PARQUET_LEAF_INT96_H
#define HW_PARQUET_LEAF_INT96_H

#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* The hint of an error about an INT96 that has no place in a timestamp. */
extern const char HW_INT96_HINT[];

/* Both do what hw_leaf_convert says (parquet/leaf_convert.h): to timestamps; to text. */
HW_NODISCARD enum hw_status hw_leaf_int96_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                                  struct hw_leaf_rows *out, struct hw_error *err);
HW_NODISCARD enum hw_status hw_leaf_int96_texts(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                                struct hw_leaf_rows *out, struct hw_error *err);

#endif
