/* SPDX-License-Identifier: Apache-2.0 */
/* The sums of all bytes of a file that a manifest tells of it. */
#ifndef HW_PIPELINE_FILE_SUMS_H
#define HW_PIPELINE_FILE_SUMS_H

#include <hawser/io.h>

#include "codec/checksum_sha256.h"
#include "core/error.h"

/* Start it zeroed; release it. */
struct hw_file_sums {
    uint64_t bytes;
    uint64_t crc64nvme;
    uint8_t sha256[HW_SHA256_BYTES]; /* once they have ended */
    struct hw_sha256 running;
};

HW_NODISCARD enum hw_status hw_file_sums_begin(struct hw_file_sums *sums, struct hw_error *err);
void hw_file_sums_add(struct hw_file_sums *sums, const void *data, size_t bytes);
void hw_file_sums_end(struct hw_file_sums *sums);
void hw_file_sums_release(struct hw_file_sums *sums);

/* Computes those of all bytes of a source. There is nothing to release. */
HW_NODISCARD enum hw_status hw_file_sums_of(struct hw_source *source, struct hw_file_sums *out_sums,
                                            struct hw_error *err);

/* A sink that passes bytes on, and takes sums of those that were accepted. */
struct hw_sum_sink {
    struct hw_sink base; /* It can only be written to. */
    struct hw_sink *sink;
    struct hw_file_sums sums; /* to be ended and released */
};

/* Begins with a sink to which nothing was written, which is borrowed. */
HW_NODISCARD enum hw_status hw_sum_sink_begin(struct hw_sum_sink *sum, struct hw_sink *sink, struct hw_error *err);

#endif
