/* SPDX-License-Identifier: Apache-2.0 */
/* The share that each of many commands which run at once gets of the machine. */
#ifndef HW_CLI_BATCH_SHARE_H
#define HW_CLI_BATCH_SHARE_H

#include "core/base.h"

/* The means of all of them together. */
struct hw_batch_means {
    /* The most commands at once; 1 at least. */
    unsigned jobs;
    /* Threads that move objects, beside one for each command. */
    unsigned threads;
    uint64_t memory_bytes;
};

/* The memory that a command gets at least. */
#define HW_BATCH_MEMORY_LEAST HW_MIB(8)
enum { HW_BATCH_JOBS = 32, HW_BATCH_JOBS_MAX = 4096, HW_BATCH_THREADS = 64 };

/*
 * Returns the means for options of which 0 says that nothing was asked for. With a memory there are
 * only as many commands at once as have HW_BATCH_MEMORY_LEAST each.
 */
struct hw_batch_means hw_batch_means(unsigned jobs, unsigned connections, uint64_t memory_bytes);

/* The share of one command. */
struct hw_batch_share {
    unsigned threads;
    uint64_t memory_bytes;
};
/*
 * Returns the share of a command that begins, where `there` commands are at work or wait, itself
 * included. The few commands of a short list get much each, for their objects may be many.
 */
struct hw_batch_share hw_batch_share(const struct hw_batch_means *means, uint64_t there);

#endif
