/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings of data pages, and the encoders of those that need no dictionary, in one table. */
#ifndef HW_PARQUET_ENCODING_H
#define HW_PARQUET_ENCODING_H

#include "parquet/options.h"
#include "parquet/values.h"

/*
 * Appends the values as a data page of `encoding` has them, which is not RLE_DICTIONARY and one
 * that the leaf's lane can have. RLE is for booleans only, and has its length before it.
 */
HW_NODISCARD enum hw_status hw_encode(enum hw_encoding encoding, const struct hw_leaf *leaf,
                                      const struct hw_values *values, struct hw_buf *out, struct hw_error *err);
/*
 * Returns the encodings that a leaf may have by the option, as bits 1 << encoding, RLE_DICTIONARY
 * among them.
 */
unsigned hw_encodings_of(const struct hw_leaf *leaf, enum hw_parquet_encodings allowed);

#endif
