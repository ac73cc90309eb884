/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_share.h"

/* The memory where no option says how much. */
#define MEMORY_BYTES_DEFAULT HW_MIB(256)

struct hw_batch_means hw_batch_means(unsigned jobs, unsigned connections, uint64_t memory_bytes) {
    struct hw_batch_means means = {
        .jobs = jobs > 0 ? jobs : HW_BATCH_JOBS,
        .threads = connections > 0 ? connections : HW_BATCH_THREADS,
        .memory_bytes = memory_bytes > 0 ? memory_bytes : MEMORY_BYTES_DEFAULT,
    };
    const uint64_t fit = means.memory_bytes / HW_BATCH_MEMORY_LEAST;
    if (memory_bytes > 0 && means.jobs > fit) {
        means.jobs = (unsigned)fit;
    }
    if (means.jobs == 0) {
        means.jobs = 1;
    }
    return means;
}

struct hw_batch_share hw_batch_share(const struct hw_batch_means *means, uint64_t there) {
    const unsigned sharers = (unsigned)hw_clamp(there, 1, means->jobs);
    struct hw_batch_share share = {means->threads / sharers, means->memory_bytes / sharers};
    if (share.threads == 0) {
        share.threads = 1;
    }
    if (share.memory_bytes < HW_BATCH_MEMORY_LEAST) {
        share.memory_bytes = HW_BATCH_MEMORY_LEAST;
    }
    return share;
}
