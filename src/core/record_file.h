/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records in a file without a name, for lists that would take too much memory: they are written one
 * after the other, and read back in that order, all of them or those between two offsets. One
 * thread at a time writes; while none does, any number of threads may read.
 */
#ifndef HW_CORE_RECORD_FILE_H
#define HW_CORE_RECORD_FILE_H

#include "core/buf.h"

/* Start it zeroed. */
struct hw_record_file {
    int fd;
    bool open;
    size_t memory_bytes;   /* the file is made once the records take more than so many bytes */
    struct hw_buf pending; /* the last records, which are not in the file yet */
    uint64_t written;      /* bytes of the file */
};

/*
 * Appends a record, which is copied. HW_ELIMIT for one of 4 GiB or more. On failure the records
 * before it are as they were.
 */
HW_NODISCARD enum hw_status hw_record_file_put(struct hw_record_file *file, hw_view record, struct hw_error *err);
/* Returns the offset at which the next record will lie. */
uint64_t hw_record_file_end(const struct hw_record_file *file);
/* Brings all records into the file, where they take no memory any more. */
HW_NODISCARD enum hw_status hw_record_file_flush(struct hw_record_file *file, struct hw_error *err);
void hw_record_file_release(struct hw_record_file *file);

/*
 * Reads records. Start it with `file`, `at` and `end`, which are offsets of records, and
 * `block_bytes`.
 */
struct hw_record_reader {
    const struct hw_record_file *file; /* borrowed */
    uint64_t at;
    uint64_t end;
    size_t block_bytes; /* bytes that are read at once; more where a record is longer */
    struct hw_buf block;
    size_t used; /* bytes of the block that were handed out */
};

/* Hands out the next record, which stays until the next call; at the end its data is NULL. */
HW_NODISCARD enum hw_status hw_record_reader_next(struct hw_record_reader *reader, hw_view *out_record,
                                                  struct hw_error *err);
void hw_record_reader_release(struct hw_record_reader *reader);

#endif
