/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings of data pages that need no dictionary, behind one table. */
#ifndef HW_PARQUET_ENCODING_H
#define HW_PARQUET_ENCODING_H

#include "parquet/values.h"

/* parquet.thrift Encoding */
enum hw_encoding {
    HW_ENCODING_PLAIN = 0,
    HW_ENCODING_RLE = 3,
    HW_ENCODING_DELTA_BINARY_PACKED = 5,
    HW_ENCODING_DELTA_LENGTH_BYTE_ARRAY = 6,
    HW_ENCODING_RLE_DICTIONARY = 8,
    HW_ENCODING_BYTE_STREAM_SPLIT = 9,
    HW_ENCODING_COUNT
};

/* Appends the values as a data page of `encoding` (not RLE_DICTIONARY) has them. */
HW_NODISCARD enum hw_status hw_encode(enum hw_encoding encoding, const struct hw_leaf *leaf,
                                      const struct hw_values *values, struct hw_buf *out, struct hw_error *err);
/*
 * Encodings to choose from for a leaf, as bits 1 << encoding, RLE_DICTIONARY among them. `compat`:
 * what every old reader takes.
 */
unsigned hw_encodings_of(const struct hw_leaf *leaf, bool compat);

#endif
