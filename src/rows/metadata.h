/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key-value metadata that files have together: each pair on which all files agree that have its
 * key. A key that a file has several times counts as so many keys. Any number of files takes no
 * more memory than its keys do, with one value each.
 */
#ifndef HW_ROWS_METADATA_H
#define HW_ROWS_METADATA_H

#include <pthread.h>

#include "core/arena.h"
#include "core/intern.h"
#include "table/file_pairs.h"

struct hw_rows_metadata {
    struct {
        pthread_mutex_t lock;
        /* A key for each entry: the times that its file has had the key before, and the key. */
        struct hw_intern keys;
        struct hw_buf name;
        struct hw_buf entries;
        /* Holds what entries refer to. */
        struct hw_arena arena;
        size_t bytes;
        bool too_much;
    } synced;
};

/* The pairs that are kept, and what is to be told of others. */
struct hw_rows_metadata_kept {
    struct hw_file_pairs pairs;
    /* The keys whose values differ, the first of them, and the first file that has it. */
    size_t differing;
    hw_view key;
    size_t object;
    /* They were more than HW_FILE_PAIRS_MAX or HW_FILE_PAIRS_BYTES_MAX, so that none is kept. */
    bool too_much;
};

void hw_rows_metadata_init(struct hw_rows_metadata *metadata);
void hw_rows_metadata_release(struct hw_rows_metadata *metadata);

/* Adds the pairs of file number `object`. Safe from any thread, once for each file. */
HW_NODISCARD enum hw_status hw_rows_metadata_add(struct hw_rows_metadata *metadata, size_t object,
                                                 const struct hw_file_pairs *pairs, struct hw_error *err);

/*
 * Decides which pairs are kept, in the order of the files and of each file, once all files were
 * added. Pairs that do not hold without `same_schema` are neither kept nor told of. What is handed
 * out lives as long as `arena` and the metadata.
 */
HW_NODISCARD enum hw_status hw_rows_metadata_decide(const struct hw_rows_metadata *metadata, bool same_schema,
                                                    struct hw_arena *arena, struct hw_rows_metadata_kept *out_kept,
                                                    struct hw_error *err);

#endif
