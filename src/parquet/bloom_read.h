/* SPDX-License-Identifier: Apache-2.0 */
/* Reads bloom filters of split blocks, and asks them for values (BloomFilter.md). */
#ifndef HW_PARQUET_BLOOM_READ_H
#define HW_PARQUET_BLOOM_READ_H

#include "core/error.h"
#include "core/view.h"

/* The most bytes of a header, of which writers need about 15. */
enum { HW_BLOOM_HEAD_BYTES_MAX = 256 };

/* BloomFilterHeader */
struct hw_bloom_head {
    /* The bytes of the header itself. */
    size_t header_bytes;
    /* The bytes of the filter, which follow; a multiple of 32. */
    uint32_t bytes;
};

/*
 * Reads the header that `bytes` begins with, which lies at byte `at` of the file. HW_EDATA for what
 * is no header, and for a size that is not that of whole blocks; HW_ELIMIT for a filter of more
 * than HW_PARQUET_BLOOM_BYTES_MAX; HW_EUNSUPPORTED for an algorithm, a hash or a compression that
 * is not known.
 */
HW_NODISCARD enum hw_status hw_bloom_head_read(hw_view bytes, uint64_t at, struct hw_bloom_head *out_head,
                                               struct hw_error *err);

/*
 * Returns whether the filter may hold a value, given by its bytes in PLAIN without a length before
 * them. False means that it does not. `filter` has the bytes behind the header, at least one block.
 */
bool hw_bloom_may_have(hw_view filter, const void *value, size_t value_bytes);

#endif
