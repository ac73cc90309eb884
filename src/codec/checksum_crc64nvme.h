/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways to compute CRC-64/NVME, best last, so that a test can take each. hw_crc64nvme chooses at
 * run time.
 */
#ifndef HW_CODEC_CHECKSUM_CRC64NVME_H
#define HW_CODEC_CHECKSUM_CRC64NVME_H

#include "core/base.h"

struct hw_crc64nvme_way {
    const char *name;
    bool (*usable)(void); /* on this processor */
    size_t bytes_min;     /* shorter inputs take the way before it */
    /* Moves the raw register (no complement) over `bytes`, which are `bytes_min` or more. */
    uint64_t (*update)(uint64_t state, const uint8_t *data, size_t bytes);
};

const struct hw_crc64nvme_way *hw_crc64nvme_ways(size_t *out_count);

#endif
