/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources that are joined or divided: all of a call are found first, and then done folder by
 * folder, or all of them as one output.
 */
#ifndef HW_PIPELINE_OPTIMIZE_FOLDERS_H
#define HW_PIPELINE_OPTIMIZE_FOLDERS_H

#include "pipeline/name_set.h"
#include "pipeline/optimize_join.h"

/* Start it zeroed but for the first two; release it on failure too. */
struct hw_optimize_folders {
    const struct hw_optimize_work *work;
    struct hw_crew *crew;
    struct hw_arena arena;
    /* Sources, each a struct hw_optimize_source *, in the order in which they were found. */
    struct hw_buf sources;
    /* Their paths. */
    struct hw_name_set seen;
    /* Keys of Parquet files that the target has, each a const char *, in byte order. */
    struct hw_buf others;
};

struct hw_optimize_folders_listener {
    struct hw_optimize_join_listener join;
    /* A source stays a file of its own, and is optimised by whoever listens. */
    enum hw_status (*alone)(void *ctx, const struct hw_optimize_source *source, struct hw_error *err);
};

/*
 * Adds an object that was found at a place, which is borrowed; `info` is what a listing has told of
 * it, or NULL. HW_EUSAGE where an output would take its place, as nobody could read the folder
 * while some of its files are there twice, and where it was added before.
 */
HW_NODISCARD enum hw_status hw_optimize_folders_add(struct hw_optimize_folders *folders,
                                                    const struct hw_source_place *place, const char *key,
                                                    const struct hw_object_info *info, struct hw_error *err);
/* Does all sources: as one output where the options say so, else folder by folder. */
HW_NODISCARD enum hw_status hw_optimize_folders_run(struct hw_optimize_folders *folders,
                                                    const struct hw_optimize_folders_listener *listener,
                                                    struct hw_error *err);
void hw_optimize_folders_release(struct hw_optimize_folders *folders);

#endif
