/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a bloom filter of split blocks (BloomFilter.md), whose size follows from how many of its
 * values differ, though nobody counts them: it begins as large as all of them could need, and is
 * halved as long as its bits promise what was asked.
 *
 * Of 2n blocks a value has the one whose number, halved, it has of n blocks. So if each two
 * neighbours become one, by OR, the filter is exactly that of n blocks. Readers ask for a power of
 * two.
 */
#ifndef HW_PARQUET_BLOOM_WRITE_H
#define HW_PARQUET_BLOOM_WRITE_H

#include "core/buf.h"

/*
 * A filter that is being filled. Start it zeroed; release it. It may be used again and again, by
 * one thread at a time. It holds at most HW_PARQUET_BLOOM_BYTES_MAX.
 */
struct hw_bloom {
    struct hw_buf bits;
    size_t blocks;
};

void hw_bloom_release(struct hw_bloom *bloom);

/*
 * Returns the blocks that suffice for so many values that differ, where the filter may be wrong
 * about the part `fpp` (false positive probability) of all values that are not there; it is above 0
 * and below 1. The number is a power of two; where even HW_PARQUET_BLOOM_BYTES_MAX does not
 * suffice, it is that of so many bytes.
 */
size_t hw_bloom_blocks_for(uint64_t values, double fpp);

/* Empties the filter, and makes it large enough for so many values, of which any may be equal. */
HW_NODISCARD enum hw_status hw_bloom_begin(struct hw_bloom *bloom, uint64_t values, double fpp, struct hw_error *err);
/* Adds a value, given by its bytes in PLAIN without a length before them. */
void hw_bloom_add(struct hw_bloom *bloom, const void *value, size_t value_bytes);
/*
 * Halves the filter as long as its bits are wrong about at most the part `fpp` of all values that
 * are not there, and appends it to `out`, its BloomFilterHeader first. One that was too small from
 * the beginning, as hw_bloom_blocks_for has it, stays as it is.
 */
HW_NODISCARD enum hw_status hw_bloom_end(struct hw_bloom *bloom, double fpp, struct hw_buf *out, struct hw_error *err);

#endif
