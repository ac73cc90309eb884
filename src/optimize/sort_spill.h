/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that are put aside while rows are sorted: in memory while they are few, and else in a file
 * without a name, which disappears with the process however that ends.
 */
#ifndef HW_OPTIMIZE_SORT_SPILL_H
#define HW_OPTIMIZE_SORT_SPILL_H

#include <pthread.h>

#include "core/buf.h"

struct hw_sort_spill {
    /* The folder of the file; NULL: that of other temporary files (core/temp_file.h). Borrowed. */
    const char *folder;
    /* The bytes that stay in memory. */
    size_t memory_bytes;
    int fd; /* where `open` */
    bool open;
    struct {
        pthread_mutex_t lock;
        uint64_t size;
        struct hw_buf memory;
    } synced;
};

void hw_sort_spill_init(struct hw_sort_spill *spill, const char *folder, size_t memory_bytes);
/* Closes the file. */
void hw_sort_spill_release(struct hw_sort_spill *spill);
/*
 * Appends bytes; `*out_at` is where they are. Any thread. HW_EIO where the file takes no more, as
 * on a full disk; the message names the folder.
 */
HW_NODISCARD enum hw_status hw_sort_spill_append(struct hw_sort_spill *spill, const void *data, size_t bytes,
                                                 uint64_t *out_at, struct hw_error *err);
/* Reads bytes that were appended. Any thread. */
HW_NODISCARD enum hw_status hw_sort_spill_read(struct hw_sort_spill *spill, uint64_t at, void *data, size_t bytes,
                                               struct hw_error *err);

#endif
