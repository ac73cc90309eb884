/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bloom_write.h"

#include <math.h>

#include "core/limits.h"
#include "parquet/bloom_block.h"
#include "parquet/thrift.h"

enum {
    BLOCKS_MAX = HW_PARQUET_BLOOM_BYTES_MAX / HW_BLOOM_BLOCK_BYTES,
    /* Values of one block, beyond which it is nearly full, whatever is asked for. */
    LOAD_MAX = 256,
    /* More values than a block of that load has, but for a chance not to speak of. */
    LOAD_TERMS = 512,
    WORD_BITS = 32,
};

static bool load_suffices(double load, double fpp);
static double fpp_when_halved(const struct hw_bloom *bloom);
static void blocks_halve(struct hw_bloom *bloom);
static void head_write(size_t filter_bytes, struct hw_thrift *thrift);

void hw_bloom_release(struct hw_bloom *bloom) {
    hw_buf_release(&bloom->bits);
    bloom->blocks = 0;
}

size_t hw_bloom_blocks_for(uint64_t values, double fpp) {
    size_t blocks = 1;
    while (blocks < BLOCKS_MAX && !load_suffices((double)values / (double)blocks, fpp)) {
        blocks *= 2;
    }
    return blocks;
}

/*
 * The formula of BloomFilter.md takes each block to have as many values as any other. It promises
 * too much: how many a block has is Poisson-distributed, and the full ones are wrong most often.
 */
static bool load_suffices(double load, double fpp) {
    double wrong = 0;
    double clear = 1; /* the chance that a bit is not set, by so many values */
    if (load > LOAD_MAX) {
        return false;
    }
    double share = exp(-load); /* that of the blocks which have so many values */
    for (int values = 0; values < LOAD_TERMS; values++) {
        wrong += share * pow(1 - clear, HW_BLOOM_WORDS);
        clear *= (WORD_BITS - 1.0) / WORD_BITS;
        share *= load / (values + 1);
    }
    return wrong <= fpp;
}

enum hw_status hw_bloom_begin(struct hw_bloom *bloom, uint64_t values, double fpp, struct hw_error *err) {
    const size_t blocks = hw_bloom_blocks_for(values, fpp);
    HW_TRY(hw_buf_resize(&bloom->bits, blocks * HW_BLOOM_BLOCK_BYTES, err));
    memset(bloom->bits.data, 0, bloom->bits.size);
    bloom->blocks = blocks;
    return HW_OK;
}

void hw_bloom_add(struct hw_bloom *bloom, const void *value, size_t value_bytes) {
    const uint64_t hash = hw_bloom_hash(value, value_bytes);
    uint32_t *words = (uint32_t *)(void *)bloom->bits.data + hw_bloom_block(hash, bloom->blocks) * HW_BLOOM_WORDS;
    for (size_t i = 0; i < HW_BLOOM_WORDS; i++) {
        words[i] |= hw_bloom_bit(hash, i);
    }
}

enum hw_status hw_bloom_end(struct hw_bloom *bloom, double fpp, struct hw_buf *out, struct hw_error *err) {
    struct hw_thrift thrift;
    while (bloom->blocks > 1 && fpp_when_halved(bloom) <= fpp) {
        blocks_halve(bloom);
    }
    hw_thrift_init(&thrift, out, err);
    head_write(bloom->bits.size, &thrift);
    return thrift.status ? thrift.status : hw_buf_append(out, bloom->bits.data, bloom->bits.size, err);
}

/* ------ halving */

/* Returns the words of two blocks that follow each other. */
static uint32_t *pair_at(const struct hw_bloom *bloom, size_t pair) {
    return (uint32_t *)(void *)bloom->bits.data + 2 * pair * HW_BLOOM_WORDS;
}

/* A value that is not there meets any block, and in each of its words any bit. */
static double fpp_when_halved(const struct hw_bloom *bloom) {
    const size_t pairs = bloom->blocks / 2;
    double sum = 0;
    for (size_t pair = 0; pair < pairs; pair++) {
        const uint32_t *words = pair_at(bloom, pair);
        double wrong = 1;
        for (size_t i = 0; i < HW_BLOOM_WORDS; i++) {
            wrong *= __builtin_popcount(words[i] | words[HW_BLOOM_WORDS + i]) / (double)WORD_BITS;
        }
        sum += wrong;
    }
    return sum / (double)pairs;
}

static void blocks_halve(struct hw_bloom *bloom) {
    uint32_t *to = (uint32_t *)(void *)bloom->bits.data;
    bloom->blocks /= 2;
    for (size_t pair = 0; pair < bloom->blocks; pair++) {
        const uint32_t *words = pair_at(bloom, pair);
        for (size_t i = 0; i < HW_BLOOM_WORDS; i++) {
            *to++ = words[i] | words[HW_BLOOM_WORDS + i];
        }
    }
    bloom->bits.size = bloom->blocks * HW_BLOOM_BLOCK_BYTES;
}

/* ------ the header */

/* Writes a union of which the first member, an empty struct, is chosen. */
static void choice_write(int id, struct hw_thrift *thrift) {
    hw_thrift_begin(thrift, id);
    hw_thrift_begin(thrift, 1);
    hw_thrift_end(thrift);
    hw_thrift_end(thrift);
}

static void head_write(size_t filter_bytes, struct hw_thrift *thrift) {
    hw_thrift_i32(thrift, 1, (int32_t)filter_bytes);
    choice_write(2, thrift); /* algorithm: BLOCK */
    choice_write(3, thrift); /* hash: XXHASH */
    choice_write(4, thrift); /* compression: UNCOMPRESSED */
    hw_thrift_end(thrift);
}
