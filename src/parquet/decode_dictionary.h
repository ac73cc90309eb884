/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads values as indices into a dictionary (Encodings.md, RLE_DICTIONARY = 8; PLAIN_DICTIONARY = 2
 * is the same in data pages): a byte with the width of the indices, then the RLE hybrid.
 */
#ifndef HW_PARQUET_DECODE_DICTIONARY_H
#define HW_PARQUET_DECODE_DICTIONARY_H

#include "parquet/decode_rle.h"
#include "parquet/decoded.h"

/* The values of a dictionary page, in the form that the column has them in a batch. */
struct hw_dictionary_values {
    size_t count;
    /* The bytes of a value; 0: they are texts. */
    size_t width;
    /* HW_DECODED_PADDING bytes behind them may be read. */
    const uint8_t *values;
    /* count + 1 places in `values` where texts begin and end. */
    const uint32_t *offsets;
};

/* Begins to read indices. HW_EDATA where there is no width, or one above 32. */
HW_NODISCARD enum hw_status hw_indices_init(struct hw_rle_reader *reader, hw_view bytes, struct hw_error *err);
/*
 * Reads as hw_decoder_read does (parquet/decoder.h). An index beyond the dictionary is HW_EDATA,
 * with both numbers in the message.
 */
HW_NODISCARD enum hw_status hw_indices_read(struct hw_rle_reader *reader, const struct hw_dictionary_values *values,
                                            size_t count, struct hw_decoded *out, struct hw_error *err);

#endif
