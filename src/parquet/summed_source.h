/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source that counts what is read of another one, and sums it: whoever has read a file in pieces
 * of any order has the CRC-64/NVME of its beginning without a second read. One thread at a time.
 */
#ifndef HW_PARQUET_SUMMED_SOURCE_H
#define HW_PARQUET_SUMMED_SOURCE_H

#include <hawser/io.h>

#include "core/buf.h"

struct hw_summed_source {
    struct hw_source base;
    struct hw_source *inner;
    /* Bytes that were read before, of the file from `known_at` on; borrowed. */
    hw_view known;
    uint64_t known_at;
    /* Bytes before it are summed; 0: none are. */
    uint64_t end;
    /* The ranges that were summed, in the order of the file and apart from each other. */
    struct hw_buf ranges;
    uint64_t bytes_read;
    uint64_t reads;
};

/* Begins to count. `inner` is borrowed, and stays open when the source is released. */
void hw_summed_source_init(struct hw_summed_source *source, struct hw_source *inner);
void hw_summed_source_release(struct hw_summed_source *source);
/* Sums all bytes before `end` that are read from here on. */
void hw_summed_source_begin(struct hw_summed_source *source, uint64_t end);
/*
 * Tells bytes that were read before, those of the file from `at` on, and live as long as the
 * source: they are not read again.
 */
void hw_summed_source_know(struct hw_summed_source *source, uint64_t at, hw_view bytes);
/* Sums bytes that were read before, those of the file from `at` on; what was summed is left out. */
HW_NODISCARD enum hw_status hw_summed_source_add(struct hw_summed_source *source, uint64_t at, hw_view bytes,
                                                 struct hw_error *err);
/* Reads what nobody has read before `end`, and sets `*out_sum` to the sum of all before it. */
HW_NODISCARD enum hw_status hw_summed_source_finish(struct hw_summed_source *source, uint64_t *out_sum,
                                                    struct hw_error *err);

#endif
