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
    /* Values that are left of all, the first one included until it was read. */
    uint64_t left;
    uint64_t last;
    bool first_done;
    /* The block in work: its widths, the number of the miniblock, and its place. */
    uint64_t min_delta;
    const uint8_t *widths;
    uint32_t miniblock;
    uint32_t miniblock_at;
};

/*
 * Reads the header. HW_EDATA for a block that is no multiple of 128, miniblocks that are no
 * multiple of 32 or do not divide the block, and for more values than `count_max`.
 */
HW_NODISCARD enum hw_status hw_delta_reader_init(struct hw_delta_reader *reader, hw_view bytes, unsigned bits,
                                                 uint64_t count_max, struct hw_error *err);
/* Reads exactly `count` values of `bits` bits. HW_EDATA where there are not so many. */
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
