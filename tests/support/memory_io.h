/* SPDX-License-Identifier: Apache-2.0 */
/* Sources and sinks in memory, with faults built in. */
#ifndef HW_TESTS_MEMORY_IO_H
#define HW_TESTS_MEMORY_IO_H

#include <stdatomic.h>

#include <hawser/io.h>

#include "core/buf.h"

struct memory_source {
    struct hw_source base;
    hw_view bytes;
    int fail_on_read; /* 1: the first read fails; 0: none */
    atomic_int reads; /* by however many threads */
};

/* Borrows `bytes`. Lives on the stack: close does nothing. */
struct memory_source memory_source(hw_view bytes, int fail_on_read);

struct memory_sink {
    struct hw_sink base;
    struct hw_buf bytes;
    int fail_on_write; /* 1: the first write fails; 0: none */
    int writes;
    bool finished;
    bool freed;
};

/* `free` only marks it; release the bytes with hw_buf_release. */
struct memory_sink memory_sink(int fail_on_write);

#endif
