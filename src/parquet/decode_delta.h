/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads DELTA_BINARY_PACKED (Encodings.md, 5), of blocks of any size that the encoding allows;
 * parquet/delta.h writes it. Differences wrap around.
 */
#ifndef HW_PARQUET_DECODE_DELTA_H
#define HW_PARQUET_DECODE_DELTA_H

#include "core/error.h"
#include "core/view.h"

/* Plain data, which may be copied. */
struct hw_delta_reader {
    const uint8_t *at;
    const uint8_t *end;
    /* The bits of a value: 32 or 64. */
    unsigned bits;
    /* From the header. */
    uint32_t miniblocks;
    uint32_t miniblock_values;
    uint64_t total;
    /* Values that are left of all; the first one stands in the header, and is `last` at first. */
    uint64_t left;
    uint64_t last;
    /*
     * The block in work: its widths, the number of the miniblock that begins at `at`, and how many
     * of that one's values were read. Where the number is `miniblocks`, a block begins at `at`.
     */
    uint64_t min_delta;
    const uint8_t *widths;
    uint32_t miniblock;
    uint32_t miniblock_at;
};

/*
 * Reads the header. HW_EDATA for a block that is no multiple of 128, miniblocks that are no
 * multiple of 32 or do not divide the block, a first value of more than `bits` bits, and for other
 * than `count` values. The 64 bytes behind `bytes` may be read too.
 */
HW_NODISCARD enum hw_status hw_delta_reader_init(struct hw_delta_reader *reader, hw_view bytes, unsigned bits,
                                                 uint64_t count, struct hw_error *err);
/*
 * Reads exactly `count` values of `bits` bits. HW_EDATA where there are not so many, or their bytes
 * are cut. Differences may have up to 64 bits even where values have 32, as some writers make them.
 */
HW_NODISCARD enum hw_status hw_delta_read(struct hw_delta_reader *reader, void *out, size_t count,
                                          struct hw_error *err);
HW_NODISCARD enum hw_status hw_delta_skip(struct hw_delta_reader *reader, size_t count, struct hw_error *err);
/*
 * Goes to the end of all values and returns in `*out_end` where their bytes end; `*out_sum` is the
 * sum of those that are left, of which a negative one, or a sum beyond `sum_max`, is HW_EDATA.
 */
HW_NODISCARD enum hw_status hw_delta_sum(struct hw_delta_reader *reader, uint64_t sum_max, const uint8_t **out_end,
                                         uint64_t *out_sum, struct hw_error *err);

#endif
