/* SPDX-License-Identifier: Apache-2.0 */
/* Reads DELTA_LENGTH_BYTE_ARRAY (Encodings.md, 6): all lengths, then the bytes of all values. */
#ifndef HW_PARQUET_DECODE_LENGTHS_H
#define HW_PARQUET_DECODE_LENGTHS_H

#include "parquet/decode_delta.h"
#include "parquet/decoded.h"

/* Plain data, which may be copied. */
struct hw_lengths_reader {
    struct hw_delta_reader lengths;
    /* The bytes of the values that are left. */
    const uint8_t *at;
    const uint8_t *end;
};

/*
 * Begins to read `count` values. HW_EDATA where a length is negative, there are other lengths than
 * `count`, or the bytes behind them are fewer than all lengths together.
 */
HW_NODISCARD enum hw_status hw_lengths_reader_init(struct hw_lengths_reader *reader, hw_view bytes, size_t count,
                                                   struct hw_error *err);
/* Reads as hw_decoder_read does (parquet/decoder.h). */
HW_NODISCARD enum hw_status hw_lengths_read(struct hw_lengths_reader *reader, size_t count, struct hw_decoded *out,
                                            struct hw_error *err);
HW_NODISCARD enum hw_status hw_lengths_skip(struct hw_lengths_reader *reader, size_t count, struct hw_error *err);

#endif
