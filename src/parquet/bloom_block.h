/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The blocks of a bloom filter (BloomFilter.md): the hash of a value chooses one of them, and a bit
 * in each of its words. Those who write filters and those who ask them share it.
 */
#ifndef HW_PARQUET_BLOOM_BLOCK_H
#define HW_PARQUET_BLOOM_BLOCK_H

#include "codec/checksum.h"
#include "core/base.h"

/* A block is 8 words of 32 bits, little-endian. */
enum { HW_BLOOM_WORDS = 8, HW_BLOOM_BLOCK_BYTES = 32 };

/* Returns the hash of a value, given by its bytes in PLAIN without a length before them. */
static inline uint64_t hw_bloom_hash(const void *value, size_t value_bytes) {
    return hw_xxh64(value, value_bytes, 0);
}

/* Returns the number of the block, of `blocks`, which are at least 1 and less than 2^32. */
static inline size_t hw_bloom_block(uint64_t hash, uint64_t blocks) {
    return (size_t)(((hash >> 32) * blocks) >> 32);
}

/* Returns the bit of a word, as a number of which no other bit is set. */
static inline uint32_t hw_bloom_bit(uint64_t hash, size_t word) {
    static const uint32_t salts[HW_BLOOM_WORDS] = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                                   0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};
    return UINT32_C(1) << ((uint32_t)hash * salts[word] >> 27);
}

#endif
