/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a file that is written in any order by several threads: room for them, their bytes,
 * and what an earlier run that was killed has left of them.
 */
#ifndef HW_STORE_FILE_PARTS_H
#define HW_STORE_FILE_PARTS_H

#include <stdatomic.h>

#include <hawser/io.h>

#include "store/file_journal.h"

struct hw_file_parts {
    /* The file, borrowed. */
    int fd;
    uint64_t size;
    /* The bytes that are written, or were found to be there. */
    atomic_uint_fast64_t written;
    /* Zeroed: nothing is noted, and nothing was left. */
    struct hw_file_journal journal;
};

/*
 * Begins to write parts of a file of `size` bytes. The room is taken at once: a disk that is full
 * says so before anything is fetched, and parts that come in any order lie together. A file system
 * that cannot do that gives the room as it is used; one in memory does so too, but is asked for it.
 */
HW_NODISCARD enum hw_status hw_file_parts_begin(struct hw_file_parts *parts, int fd, uint64_t size,
                                                struct hw_error *err);
/* Writes a part. Any thread. HW_EIO where it is beyond the file. */
HW_NODISCARD enum hw_status hw_file_parts_write(struct hw_file_parts *parts, const struct hw_sink_part *part,
                                                struct hw_error *err);
/*
 * Reads a part back to `data` that an earlier run has written. `*out_there` is false where it has
 * not, where the bytes are not those that it noted, or cannot be read. Any thread.
 */
HW_NODISCARD enum hw_status hw_file_parts_read(struct hw_file_parts *parts, const struct hw_sink_part *part, void *data,
                                               bool *out_there, struct hw_error *err);
/* HW_EIO where parts are missing. */
HW_NODISCARD enum hw_status hw_file_parts_check(const struct hw_file_parts *parts, struct hw_error *err);

#endif
