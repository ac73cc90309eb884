/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a run: which objects are sources, and where their outputs go. */
#ifndef HW_PIPELINE_PLAN_H
#define HW_PIPELINE_PLAN_H

#include <pthread.h>

#include <hawser/convert.h>

#include "pipeline/kept_options.h"
#include "pipeline/name_set.h"
#include "pipeline/sources.h"

/* One source object. It is one block of memory: the texts lie behind it. */
struct hw_plan_object {
    struct hw_plan_object *next;     /* in the list that it is in */
    struct hw_store *store;          /* NULL: standard input, or rows that the program brings */
    struct hw_batch_stream *batches; /* these; NULL: there are none */
    const char *key;
    const char *name; /* store path, for messages; without the query that a key may have */
    /* The place of its outputs below the destination, without extension: "2026/01/trades". */
    const char *base;
    const char *etag; /* "" where the store has none */
    uint64_t bytes;   /* 0 where it is not known, as the next one */
    int64_t mtime_us;
    size_t folder_bytes; /* so much of `name` is the folder that it was found in: "s3://in/raw/" */
    bool listed;         /* It was found in a folder; else it was named itself. */
    uint32_t texts_bytes;
};

/*
 * The plan of a run: its sources, and the place of its outputs. It does not change once it is open,
 * but for what is known of the objects that were found so far: each claims its outputs, and is an
 * object that no output may take the place of.
 */
struct hw_plan {
    const struct hw_convert_options *options;
    struct hw_sources sources;

    struct hw_store *target; /* where outputs go */
    struct hw_kept_options kept;
    const char *target_prefix; /* of a folder: ends in '/' or is empty */
    const char *target_key;    /* of a single object; NULL: a folder */
    const char *merge_base;    /* of the one output that all sources have; NULL: each has its own */
    bool target_pipe;
    bool one_service; /* of sources and target, where they are no files */

    /* of the schema file, for source_guard.h; NULL where there is none, as the next one */
    struct hw_identity *schema;
    struct hw_identity *report;
    const char *report_role; /* what that is, for messages, where it is not a report; else NULL */
    struct {
        pthread_mutex_t lock;
        struct hw_name_set claimed; /* bases; the label is the source */
        /* of these, bases that several sources have; the label is the second of them */
        struct hw_name_set disputed;
        /* identities of sources, as source_guard.h makes them; the label is the path */
        struct hw_name_set objects;
    } synced;
    struct hw_arena arena;
};

/*
 * Finds out what the sources and the destination are, and opens their stores; nothing is listed.
 * HW_EUSAGE where several objects would go to standard output, but to be merged. To be released on
 * failure too.
 */
HW_NODISCARD enum hw_status hw_plan_open(struct hw_plan *plan, const char *const *sources, size_t count,
                                         const char *destination, const struct hw_convert_options *options,
                                         struct hw_error *err);
/* The same for a stream of rows, the only source. Borrows it, and its name. */
HW_NODISCARD enum hw_status hw_plan_open_batches(struct hw_plan *plan, struct hw_batch_stream *batches,
                                                 const char *name, const char *destination,
                                                 const struct hw_convert_options *options, struct hw_error *err);
void hw_plan_release(struct hw_plan *plan);

/* Makes an object of what was found at a place. To be freed with hw_free. */
HW_NODISCARD enum hw_status hw_plan_object_new(const struct hw_plan *plan, const struct hw_source_place *place,
                                               const struct hw_object_info *info, struct hw_plan_object **out_object,
                                               struct hw_error *err);
/* Returns the bytes of an object's block. */
size_t hw_plan_object_bytes(const struct hw_plan_object *object);
/* Makes an object of a copy of such a block. To be freed with hw_free. */
HW_NODISCARD enum hw_status hw_plan_object_copy(hw_view block, struct hw_plan_object **out_object,
                                                struct hw_error *err);

/*
 * Names the one output of a merge after its objects: a single source gives it its name, one that is
 * a folder or in a folder that folder's. `first` is NULL where there are no objects.
 */
HW_NODISCARD enum hw_status hw_plan_merge_name(struct hw_plan *plan, const struct hw_plan_object *first,
                                               struct hw_error *err);

/*
 * `base` as one name, "a-b-x" of "a/b/x": in a partitioned output folders mean something else. In
 * `arena`; NULL when out of memory.
 */
char *hw_plan_flat_base(struct hw_arena *arena, const char *base);

/*
 * True where `base` is that of an output of the run, of the objects that were found so far. Any
 * thread.
 */
bool hw_plan_claimed(struct hw_plan *plan, const char *base);

/*
 * Claims `base` for a source, an object or a member of a ZIP; HW_EUSAGE where another has it, which
 * is named where it is one of the first. Any thread.
 */
HW_NODISCARD enum hw_status hw_plan_claim(struct hw_plan *plan, const char *base, const char *source,
                                          struct hw_error *err);

/*
 * Claims the base of an object, and where another one has it, makes it disputed: then neither of
 * them may be converted. Any thread.
 */
HW_NODISCARD enum hw_status hw_plan_claim_or_dispute(struct hw_plan *plan, const struct hw_plan_object *object,
                                                     struct hw_error *err);

/*
 * HW_EUSAGE where the base of an object is disputed; the other one is named where it is one of the
 * first. Any thread.
 */
HW_NODISCARD enum hw_status hw_plan_check_dispute(struct hw_plan *plan, const struct hw_plan_object *object,
                                                  struct hw_error *err);

/*
 * The key of an output: that of a single object, or `base` and `extension` in the folder. In
 * `arena`; NULL when out of memory.
 */
char *hw_plan_target_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base, const char *extension);

/* The key of the rejects file of a source. In `arena`; NULL when out of memory. */
char *hw_plan_rejects_key(const struct hw_plan *plan, struct hw_arena *arena, const char *base);

/* The full store path of a key of the target. In `arena`; NULL when out of memory. */
const char *hw_plan_target_name(const struct hw_plan *plan, struct hw_arena *arena, const char *key);

/*
 * `name` without what CSV objects' names end in (".csv.gz"), unless the options keep that, in the
 * arena. NULL when out of memory.
 */
const char *hw_plan_base(const struct hw_plan *plan, struct hw_arena *arena, const char *name);

#endif
