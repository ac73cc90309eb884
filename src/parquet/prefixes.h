/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DELTA_BYTE_ARRAY (Encodings.md, 7): of each value how many of its first bytes are those of the
 * value before it, and the bytes that come after these.
 */
#ifndef HW_PARQUET_PREFIXES_H
#define HW_PARQUET_PREFIXES_H

#include "parquet/values.h"

/* Appends the encoding of the values of a text or fixed lane. */
HW_NODISCARD enum hw_status hw_prefixes_encode(const struct hw_leaf *leaf, const struct hw_values *values,
                                               struct hw_buf *out, struct hw_error *err);

#endif
