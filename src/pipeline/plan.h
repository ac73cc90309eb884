/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a run: which objects are sources, and where their outputs go. */
#ifndef HW_PIPELINE_PLAN_H
#define HW_PIPELINE_PLAN_H

#include <pthread.h>

#include <hawser/convert.h>

#include "core/arena.h"
#include "store/store.h"

/* One source. */
struct hw_plan_object {
    struct hw_store *store; /* NULL: standard input */
    const char *key;
    const char *name; /* store path, for messages */
    const char *base; /* where its outputs lie below the destination, without extension: "2026/01/trades" */
    uint64_t bytes;   /* 0 where it is not known, as the next two */
    int64_t mtime_us;
    const char *etag;    /* "" where the store has none */
    bool listed;         /* found in a folder; else it was named itself */
    size_t folder_bytes; /* how much of `name` is that folder: "s3://in/raw/" */
};

/* Outputs that a source has: two sources with one base would overwrite each other's. */
struct hw_plan_claim {
    const char *base;
    const char *source;
};

struct hw_identity;

struct hw_plan {
    struct hw_plan_object *objects;
    size_t count;
    size_t capacity;
    struct hw_error *missing; /* sources that are not there */
    size_t missing_count;

    struct hw_store *target;   /* where outputs go */
    const char *target_prefix; /* of a folder: ends in '/' or is empty */
    const char *target_key;    /* of a single object; NULL: a folder */
    const char *merge_base;    /* of the one output that all sources have; NULL: each has its own */
    bool target_pipe;

    struct {
        pthread_mutex_t lock;
        struct hw_plan_claim *claims; /* sorted by base */
        size_t count;
        size_t capacity;
    } claimed;

    struct hw_identity *sources; /* sorted; overlap.h's */
    size_t sources_count;
    struct hw_identity *report; /* NULL where none is written; in the arena */
    bool one_service;           /* of sources and target, where they are no files */

    struct hw_store **stores; /* owned: of all sources and the target */
    size_t stores_count;
    struct hw_arena arena;
};

/*
 * Lists the sources and opens the destination. A source that is not there goes to `missing`; listing errors and a destination that cannot be end the plan. Folders
 * give the objects below them that are CSV by their name; globs and plain keys give what they name. To be merged, all of them together have one output.
 */
HW_NODISCARD enum hw_status hw_plan_make(struct hw_plan *plan, const char *const *sources, size_t count,
                                         const char *destination, const struct hw_convert_options *options,
                                         struct hw_error *err);
void hw_plan_release(struct hw_plan *plan);

/* True where any of the sources is reached through a network. */
bool hw_plan_source_remote(const struct hw_plan *plan);

/* `base` as one name, "a-b-x" of "a/b/x": in a partitioned output folders mean something else. In `arena`; NULL when out of memory. */
char *hw_plan_flat_base(struct hw_arena *arena, const char *base);

/* True where `base` is that of an output of the run. Once all claims are made. */
bool hw_plan_claimed(const struct hw_plan *plan, const char *base);

/* Claims `base` for a source that the plan did not know, a member of a ZIP; HW_EUSAGE where another has it. Copies both. Any thread. */
HW_NODISCARD enum hw_status hw_plan_claim(struct hw_plan *plan, const char *base, const char *source,
                                          struct hw_error *err);

/* The key of an output: that of a single object, or `base` and `extension` in the folder. In `arena`; NULL when out of memory. */
char *hw_plan_target_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base, const char *extension);

/* The key of the rejects file of a source. In `arena`; NULL when out of memory. */
char *hw_plan_rejects_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base);

/* The full store path of a key of the target. In `arena`; NULL when out of memory. */
const char *hw_plan_target_name(const struct hw_plan *plan, struct hw_arena *arena, const char *key);

/* `name` without what CSV objects' names end in (".csv.gz"), in the arena. NULL when out of memory. */
const char *hw_plan_base(struct hw_arena *arena, const char *name);

#endif
