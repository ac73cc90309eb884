/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of one data page, read from the front in portions of any size. A decoder is plain
 * data: it borrows the bytes of the page and the dictionary, and may be copied to come back to a
 * place later. Its memory does not depend on what the page claims to hold.
 *
 *   hw_decoder_begin(&decoder, &kind, &page, err)
 *   hw_decoder_read(&decoder, n, &out, err) ...
 *   hw_decoder_end(&decoder, err)                   where it is to be proved that nothing is left
 *
 * One row a kind of encoding in the table of decoder.c; each is a file, decode_*.
 */
#ifndef HW_PARQUET_DECODER_H
#define HW_PARQUET_DECODER_H

#include "parquet/decode_delta.h"
#include "parquet/decode_dictionary.h"
#include "parquet/decode_lengths.h"
#include "parquet/decode_plain.h"
#include "parquet/decode_split.h"
#include "parquet/decoded.h"

struct hw_decoder_ops;

struct hw_decoder {
    const struct hw_decoder_ops *ops;
    struct hw_decoded_kind kind;
    const struct hw_dictionary_values *dictionary;
    /* Values that are left. */
    size_t left;
    /* Bytes of the page that its values do not need, as far as `as` cannot tell them. */
    size_t behind;
    union {
        struct hw_plain_reader plain;
        struct hw_rle_reader rle;
        struct hw_delta_reader delta;
        struct hw_lengths_reader lengths;
        struct hw_split_reader split;
    } as;
};

/* The bytes of a page's values, and what else they need to be read. */
struct hw_decoder_page {
    int32_t encoding;
    /* Values that are not null. */
    size_t count;
    /* The bytes behind the levels. HW_DECODED_PADDING bytes behind it may be read. */
    hw_view bytes;
    /* For the dictionary's encodings; NULL where the chunk has none. */
    const struct hw_dictionary_values *dictionary;
    /*
     * Cleared and filled with the values of DELTA_BYTE_ARRAY, and borrowed as `bytes` is; its limit
     * is that of a page.
     */
    struct hw_buf *scratch;
};

/* Returns whether the encoding has indices of a dictionary in the place of values. */
bool hw_encoding_is_dictionary(int32_t encoding);
/*
 * Returns whether the encoding may have values of the physical type: the table of Encodings.md,
 * with BYTE_STREAM_SPLIT on all types of a fixed width, and with dictionaries on all but BOOLEAN.
 */
bool hw_encoding_fits(int32_t encoding, enum hw_physical physical);

/*
 * Begins to read the values of a page, whose bytes are borrowed until they are read. Without a
 * dictionary the dictionary's encodings are HW_EDATA, unless the page has no values. An encoding
 * that is not known is HW_EUNSUPPORTED, one that is not for this type HW_EDATA; the message names
 * it.
 */
HW_NODISCARD enum hw_status hw_decoder_begin(struct hw_decoder *decoder, const struct hw_decoded_kind *kind,
                                             const struct hw_decoder_page *page, struct hw_error *err);
/*
 * Reads up to `count` values, fewer only at the end of the page or where texts are full. With a
 * dictionary values have its width. HW_EDATA where the bytes end before, or hold what the encoding
 * does not allow; the message says what, the caller adds where.
 */
HW_NODISCARD enum hw_status hw_decoder_read(struct hw_decoder *decoder, size_t count, struct hw_decoded *out,
                                            struct hw_error *err);
/* Goes over `count` values, of which there must be so many. */
HW_NODISCARD enum hw_status hw_decoder_skip(struct hw_decoder *decoder, size_t count, struct hw_error *err);
/*
 * Checks that all values were read, and that no byte is left behind the last one but for what
 * padding allows: HW_EDATA where one is.
 */
HW_NODISCARD enum hw_status hw_decoder_end(const struct hw_decoder *decoder, struct hw_error *err);

#endif
