/* SPDX-License-Identifier: Apache-2.0 */
/* Reads PLAIN (Encodings.md, 0): of booleans bits, of texts a length before each. */
#ifndef HW_PARQUET_DECODE_PLAIN_H
#define HW_PARQUET_DECODE_PLAIN_H

#include "parquet/decoded.h"

/* Plain data, which may be copied. */
struct hw_plain_reader {
    const uint8_t *at;
    const uint8_t *end;
    /* The bits of the byte at `at` that were read already; booleans only. */
    unsigned bit;
};

void hw_plain_reader_init(struct hw_plain_reader *reader, hw_view bytes);
/* Reads as hw_decoder_read does (parquet/decoder.h). HW_EDATA where the bytes end before. */
HW_NODISCARD enum hw_status hw_plain_read(struct hw_plain_reader *reader, const struct hw_decoded_kind *kind,
                                          size_t count, struct hw_decoded *out, struct hw_error *err);
HW_NODISCARD enum hw_status hw_plain_skip(struct hw_plain_reader *reader, const struct hw_decoded_kind *kind,
                                          size_t count, struct hw_error *err);
/* Returns the bytes that are left behind the byte that was read last. */
size_t hw_plain_left(const struct hw_plain_reader *reader);

#endif
