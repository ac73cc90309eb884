/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is verified, whatever its format is, and the findings of it. */
#ifndef HW_PIPELINE_VERIFY_FILE_H
#define HW_PIPELINE_VERIFY_FILE_H

#include <hawser/csv.h>
#include <hawser/verify.h>

#include "core/arena.h"
#include "core/buf.h"

struct hw_verify_file_options {
    enum hw_verify_level level;
    const char *columns;
    size_t findings_max;
    uint64_t memory_bytes;
    size_t page_bytes_max;
    const struct hw_store_options *store;
    const struct hw_csv_options *csv; /* how a text is written; NULL: that is found out */
    bool sum;                         /* the sum of the whole file is asked for */
    bool errors_only;                 /* other findings are counted, and not kept */
};

/* The counts of a file. */
struct hw_verify_counts {
    const char *format; /* NULL: not known */
    uint64_t errors;
    uint64_t warnings;
    uint64_t infos;
    uint64_t size;
    int64_t rows; /* -1: not known */
    uint64_t pages;
    uint64_t pages_without_crc;
    uint64_t bytes_read;
    uint64_t reads;
    bool has_sum; /* The CRC-64/NVME of the file is known. */
    uint64_t sum;
};

struct hw_verify_file {
    struct hw_arena arena;
    struct hw_store *store;
    const char *path;
    const char *key;
    /* The facts that a listing has told; the key is NULL where none has. */
    struct hw_object_info known;
    size_t findings_max;
    bool errors_only;
    struct hw_buf findings; /* each a struct hw_finding, whose texts are in the arena */
    struct hw_verify_counts counts;
};

/*
 * Starts with a file of a store, which is borrowed. `path` is NULL: it is made of the store's root
 * and the key. `known` may be NULL. All texts are copied. Released on failure too.
 */
HW_NODISCARD enum hw_status hw_verify_file_init(struct hw_verify_file *file, struct hw_store *store, const char *path,
                                                const char *key, const struct hw_object_info *known,
                                                struct hw_error *err);
void hw_verify_file_release(struct hw_verify_file *file);
/*
 * Counts a finding of `ctx`, a struct hw_verify_file, and keeps a copy of it and of its texts,
 * unless there are many already.
 */
hw_finding_fn hw_verify_file_found;
/* Returns the number of findings that were kept, and one of them. */
size_t hw_verify_file_findings(const struct hw_verify_file *file);
const struct hw_finding *hw_verify_file_finding(const struct hw_verify_file *file, size_t index);

#endif
