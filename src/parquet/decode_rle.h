/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the RLE / bit-packing hybrid (Encodings.md, RLE = 3) of levels, dictionary indices and
 * booleans, without the length that some of them have before it; parquet/rle.h writes it. And
 * levels in the older form, BIT_PACKED = 4.
 */
#ifndef HW_PARQUET_DECODE_RLE_H
#define HW_PARQUET_DECODE_RLE_H

#include "core/error.h"
#include "core/view.h"

/* Plain data, which may be copied. */
struct hw_rle_reader {
    const uint8_t *at;
    const uint8_t *end;
    unsigned width;
    /* True: all of it is one bit-packed run with the most significant bit first. */
    bool msb_first;
    /* The run in work: how much of it is left, and what it is. */
    bool packed;
    uint32_t value;
    size_t left;
    /* The bits of the first byte of a packed run that were read already. */
    unsigned bit;
};

/* Begins to read values of `width` bits, 0 to 32. The 64 bytes behind `bytes` may be read too. */
void hw_rle_reader_init(struct hw_rle_reader *reader, hw_view bytes, unsigned width);
/* The same for BIT_PACKED, whose values have at most 8 bits. */
void hw_rle_reader_init_msb(struct hw_rle_reader *reader, hw_view bytes, unsigned width);
/*
 * Reads exactly `count` values. HW_EDATA where the bytes hold fewer, a run has no values, or more
 * than 2^31 - 1, or a value of a run has more than `width` bits.
 */
HW_NODISCARD enum hw_status hw_rle_read(struct hw_rle_reader *reader, uint32_t *out, size_t count,
                                        struct hw_error *err);
/* The same for values of at most 8 bits. */
HW_NODISCARD enum hw_status hw_rle_read_bytes(struct hw_rle_reader *reader, uint8_t *out, size_t count,
                                              struct hw_error *err);
/*
 * Tells the next run, of at most `count` values, without decoding it: `*out_count` equal values, or
 * 0 where the next are packed. A caller that takes the run skips it.
 */
HW_NODISCARD enum hw_status hw_rle_run_next(struct hw_rle_reader *reader, size_t count, uint32_t *out_value,
                                            size_t *out_count, struct hw_error *err);
HW_NODISCARD enum hw_status hw_rle_skip(struct hw_rle_reader *reader, size_t count, struct hw_error *err);
/* Returns the bytes that are left, behind the last run that was begun and its padding. */
size_t hw_rle_left(const struct hw_rle_reader *reader);

#endif
