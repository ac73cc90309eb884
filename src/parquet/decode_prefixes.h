/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads DELTA_BYTE_ARRAY (Encodings.md, 7), where a value is a prefix of the one before it and a
 * suffix of its own. A page is written out as PLAIN would have it, as each value needs the one
 * before.
 */
#ifndef HW_PARQUET_DECODE_PREFIXES_H
#define HW_PARQUET_DECODE_PREFIXES_H

#include "core/buf.h"

/*
 * Appends `count` values in the form of PLAIN: of texts with the length before each, of values of
 * `width` bytes (0: texts) without. HW_EDATA where a prefix is longer than the value before it, a
 * value has not `width` bytes, or bytes end before; HW_ELIMIT where `out` would get larger than its
 * limit. HW_DECODED_PADDING bytes behind `out` may be read (parquet/decoded.h), and `*out_left`
 * bytes are left behind the last value.
 */
HW_NODISCARD enum hw_status hw_prefixes_expand(hw_view bytes, size_t count, size_t width, struct hw_buf *out,
                                               size_t *out_left, struct hw_error *err);

#endif
