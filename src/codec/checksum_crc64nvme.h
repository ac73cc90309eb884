/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRC-64/NVME (reflected polynomial 0x9a6c9329ac4bc9b5, all ones in and out), as S3 uses it.
 */
#ifndef HW_CODEC_CHECKSUM_CRC64NVME_H
#define HW_CODEC_CHECKSUM_CRC64NVME_H

#include "core/base.h"

/*
 * Returns the sum over `bytes` more bytes, given the sum so far; it starts with 0. Takes the
 * fastest way that the processor has.
 */
uint64_t hw_crc64nvme(uint64_t crc, const void *data, size_t bytes);

/* One way to compute it. */
struct hw_crc64nvme_way {
    const char *name;
    bool (*usable)(void); /* on this processor */
    size_t bytes_min;     /* shorter inputs take the way before it */
    /* Moves the raw register (no complement) over `bytes`, which are `bytes_min` or more. */
    uint64_t (*update)(uint64_t state, const uint8_t *data, size_t bytes);
};

/* Returns all ways, the fastest last, so that a test can take each. */
const struct hw_crc64nvme_way *hw_crc64nvme_ways(size_t *out_count);

#endif
