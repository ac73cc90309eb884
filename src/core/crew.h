/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A crew: threads that share the items of one task with the thread that asks for it. Tasks come one
 * after the other. Waiting threads cost nothing.
 */
#ifndef HW_CORE_CREW_H
#define HW_CORE_CREW_H

#include "core/error.h"

struct hw_crew;

/*
 * Does one item. `member` is the number of the thread that does it, from 0, below the crew's
 * threads: two items with the same member are never in work at once.
 */
typedef void hw_crew_work(void *ctx, size_t item, size_t member);

/*
 * Makes a crew of `threads` threads, the caller's among them. Where the system gives fewer, the
 * crew has fewer.
 */
HW_NODISCARD enum hw_status hw_crew_new(size_t threads, struct hw_crew **out_crew, struct hw_error *err);
/* Ends the threads. Nothing is in work. Accepts NULL. */
void hw_crew_free(struct hw_crew *crew);
/* Returns the number of threads, the caller's among them. NULL is a crew of one. */
size_t hw_crew_threads(const struct hw_crew *crew);
/*
 * Does the items 0 to count - 1, each once, in any order, and returns when all are done. One thread
 * at a time may call it. With NULL for a crew the caller does them all.
 */
void hw_crew_run(struct hw_crew *crew, size_t count, hw_crew_work *work, void *ctx);

#endif
