/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that the library starts for itself. */
#ifndef HW_CORE_THREAD_H
#define HW_CORE_THREAD_H

#include <pthread.h>
#include <stdint.h>

/*
 * Starts a thread that no signal reaches: they are for the program's own threads, and a broken
 * connection must not raise SIGPIPE here. Returns 0, or the errno that says why there is none.
 */
int hw_thread_start(pthread_t *out_thread, void *(*run)(void *arg), void *arg);

/* Returns the number of processors that the process may use; 1 where nobody knows. */
uint32_t hw_thread_count(void);

#endif
