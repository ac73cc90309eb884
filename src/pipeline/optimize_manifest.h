/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifests of the folders in which hw_optimize writes, and of those above them: what they tell
 * of a file would be false once that has become smaller. Each folder is looked at once, before
 * anything is written; each manifest is written once, after all files are done. It takes memory for
 * each manifest, of which the entries spill, and for none of the folders.
 */
#ifndef HW_PIPELINE_OPTIMIZE_MANIFEST_H
#define HW_PIPELINE_OPTIMIZE_MANIFEST_H

#include <pthread.h>

#include "core/arena.h"
#include "pipeline/file_sums.h"
#include "pipeline/manifest_file.h"
#include "pipeline/optimize_target.h"
#include "pipeline/patience.h"

/* A path has two ways to its folders, where links are on it. */
enum { HW_OPTIMIZE_WAYS = 2 };

/* A manifest, or one that could not be read. */
struct hw_optimize_manifest {
    struct hw_manifest_file file;
    enum hw_status status;
    struct hw_error error;
};

/* Start it with HW_OPTIMIZE_MANIFESTS_INIT; release it. */
struct hw_optimize_manifests {
    struct hw_optimize_manifest **items; /* by their prefixes */
    size_t count;
    size_t capacity;
    struct hw_arena arena;  /* of prefixes */
    struct hw_store *local; /* of all local files; NULL: none was looked at */
    /* The folders that were looked at last, in place and else: keys come folder by folder. */
    struct hw_buf looked[2][HW_OPTIMIZE_WAYS];
    pthread_mutex_t lock;  /* of all changes, and of what follows */
    enum hw_status status; /* the first change that could not be kept */
    struct hw_error error;
};

#define HW_OPTIMIZE_MANIFESTS_INIT \
    { .lock = PTHREAD_MUTEX_INITIALIZER, .error = HW_ERROR_INIT }

/*
 * Looks for the manifests of the folder of an output, and of those above it. One thread at a time,
 * before any of the calls below. Where the output takes the place of its source, one that is there
 * and cannot be read is the error, as HW_EDATA: it would be false, and nobody could tell. The error
 * names it.
 */
HW_NODISCARD enum hw_status hw_optimize_manifests_find(struct hw_optimize_manifests *manifests,
                                                       const struct hw_optimize_target *target,
                                                       const struct hw_optimize_place *place, struct hw_error *err);

/* An entry of a manifest that has the path of an output. It lives in an arena. */
struct hw_optimize_listed {
    struct hw_optimize_manifest *manifest;
    struct hw_manifest_entry entry;
    struct hw_optimize_listed *next; /* NULL: it is the last one */
};

/* Finds all of them for a place; NULL: there are none. Any thread. */
HW_NODISCARD enum hw_status hw_optimize_manifests_listed(const struct hw_optimize_manifests *manifests,
                                                         const struct hw_optimize_target *target,
                                                         const struct hw_optimize_place *place, struct hw_arena *arena,
                                                         struct hw_optimize_listed **out_listed, struct hw_error *err);

/* Facts of the file that is there now. */
struct hw_optimize_made {
    const struct hw_file_sums *sums; /* which have ended */
    uint64_t rows;
    const char *etag;
    int64_t mtime_us;
};

/*
 * Keeps what an entry has to tell from now on; all that it tells of the source of the file stays. A
 * fault is told by hw_optimize_manifests_save. Any thread.
 */
void hw_optimize_manifests_amend(struct hw_optimize_manifests *manifests, const struct hw_optimize_listed *listed,
                                 const struct hw_optimize_made *made);

/*
 * Writes the manifests of which entries were amended, also where the call was told to stop. What
 * other runs have written of these files meanwhile stays. All of them are tried; the first failure
 * is returned, and names its manifest.
 */
HW_NODISCARD enum hw_status hw_optimize_manifests_save(struct hw_optimize_manifests *manifests,
                                                       const struct hw_optimize_target *target, struct hw_error *err);
void hw_optimize_manifests_release(struct hw_optimize_manifests *manifests);

#endif
