/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what a run finds in folders and in ZIPs and leaves out. Any thread adds to it. */
#ifndef HW_TABLE_LEFT_OUT_H
#define HW_TABLE_LEFT_OUT_H

#include <stdatomic.h>

/* Start it zeroed. */
struct hw_left_out {
    atomic_uint_fast64_t junk;  /* hidden and temporary objects that are CSV by their names */
    atomic_uint_fast64_t texts; /* objects that are called .txt */
};

#endif
