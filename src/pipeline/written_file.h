/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that was written and is not published yet, as the only object of a store: so that it is
 * verified as any other file is. What its sink can read again is read from there. Where it cannot,
 * as of an upload that is not completed, a copy of all bytes is kept beside it, in a file without a
 * name.
 */
#ifndef HW_PIPELINE_WRITTEN_FILE_H
#define HW_PIPELINE_WRITTEN_FILE_H

#include <semaphore.h>

#include <hawser/csv.h>
#include <hawser/verify.h>

#include "core/error.h"
#include "store/store.h"

/* Options for verifying the files of a run. */
struct hw_written_options {
    enum hw_verify_level level; /* HW_VERIFY_DEFAULT: they are not */
    size_t memory_bytes;        /* of one file that is verified */
    sem_t *slots;               /* the files that are verified at once wait for one; borrowed */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
};

/* Facts of the file that the writer knows. */
struct hw_written_facts {
    uint64_t rows;
    uint64_t bytes;
    uint64_t crc64nvme;
    const struct hw_csv_options *csv; /* how a text was written; NULL: the file is none */
};

struct hw_written_file {
    struct hw_store base;
    struct hw_sink *sink;
    const char *key;
    int copy_fd; /* -1: there is no copy */
};

/* Begins with a sink to which nothing was written. Borrows both; `file` must not move. */
HW_NODISCARD enum hw_status hw_written_file_begin(struct hw_written_file *file, struct hw_sink *sink, const char *key,
                                                  struct hw_error *err);
/* Takes bytes that the sink has taken. */
HW_NODISCARD enum hw_status hw_written_file_add(struct hw_written_file *file, const void *data, size_t bytes,
                                                struct hw_error *err);
/*
 * Verifies the file, whose sink is settled. HW_ECHECKSUM where something is wrong with it, or where
 * rows or bytes are not those that the writer knows; HW_ELIMIT where there is too little memory to
 * look at it.
 */
HW_NODISCARD enum hw_status hw_written_file_verify(struct hw_written_file *file,
                                                   const struct hw_written_options *options,
                                                   const struct hw_written_facts *facts, struct hw_error *err);
/* Accepts one that was not begun, if it is zeroed. */
void hw_written_file_release(struct hw_written_file *file);

#endif
