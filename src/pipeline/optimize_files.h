/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources whose rows come into outputs together: found first, and opened later, all of those of a
 * folder at once, as one output may have rows of all of them.
 */
#ifndef HW_PIPELINE_OPTIMIZE_FILES_H
#define HW_PIPELINE_OPTIMIZE_FILES_H

#include "parquet/element_tree.h"
#include "parquet/read_file.h"
#include "pipeline/optimize_target.h"
#include "store/source_pool.h"

/* A source that was found. Texts live as long as the list that it is in. */
struct hw_optimize_source {
    const struct hw_source_place *at; /* as it was named; borrowed */
    const char *key;
    struct hw_object_info known; /* what a listing has told; the key is NULL where none has */
    /* The place of its own output, if it is not joined. */
    struct hw_optimize_place place;
    /* The folder that its output is in, with '/' at its end; "" where there is none. */
    const char *folder;
};

/* The sources of one folder, opened. Start it zeroed; release it on failure too. */
struct hw_optimize_files {
    struct hw_source_pool pool;
    bool pool_ready;
    const struct hw_optimize_source *const *sources; /* borrowed */
    size_t count;
    struct hw_source **opened;
    struct hw_read_file *files;
    struct hw_arena arena;
};

/*
 * Opens all sources and reads their footers, which may take `memory_bytes` together: HW_ELIMIT
 * beyond. Of a failure `*out_failed` is the number of the source that it is about; `count` where it
 * is about none.
 */
HW_NODISCARD enum hw_status hw_optimize_files_open(struct hw_optimize_files *files,
                                                   const struct hw_optimize_source *const *sources, size_t count,
                                                   uint64_t memory_bytes, size_t *out_failed, struct hw_error *err);
/* Looks whether all of them are still what was read; HW_ECHANGED, and as above. */
HW_NODISCARD enum hw_status hw_optimize_files_same(const struct hw_optimize_files *files, size_t *out_failed,
                                                   struct hw_error *err);
void hw_optimize_files_release(struct hw_optimize_files *files);

#endif
