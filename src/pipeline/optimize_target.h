/* SPDX-License-Identifier: Apache-2.0 */
/* The places of the outputs of hw_optimize. */
#ifndef HW_PIPELINE_OPTIMIZE_TARGET_H
#define HW_PIPELINE_OPTIMIZE_TARGET_H

#include <hawser/optimize.h>

#include "core/arena.h"
#include "pipeline/kept_options.h"
#include "pipeline/sources.h"

/* Start it zeroed; release it on failure too. */
struct hw_optimize_target {
    struct hw_store *store; /* NULL: nothing is written */
    const char *prefix;     /* of a folder, ends in '/' or is empty; NULL: it is one object */
    const char *key;        /* of one object; NULL: the target is a folder */
    const struct hw_store_options *options;
    struct hw_kept_options kept;
    struct hw_arena arena;
};

/*
 * Opens the target. HW_EUSAGE where `several` sources would go to one object, and where the store
 * is only read or cannot keep what the options ask for. `destination` NULL: nothing is written.
 */
HW_NODISCARD enum hw_status hw_optimize_target_open(struct hw_optimize_target *target, const char *destination,
                                                    bool several, const struct hw_optimize_options *options,
                                                    struct hw_error *err);
void hw_optimize_target_release(struct hw_optimize_target *target);

/* The place of the output of one source. Texts live in the arena that was given. */
struct hw_optimize_place {
    const char *source; /* its path */
    const char *output; /* its path; NULL: nothing is written */
    const char *key;    /* of the output in the target's store */
    bool in_place;      /* The output is the source. */
    /*
     * The file that the source, a symbolic link, leads to: it is replaced, and the link stays.
     * NULL: it is none.
     */
    const char *linked;
};

/* Finds it for an object of a source; `key` is that of the object. */
HW_NODISCARD enum hw_status hw_optimize_place_find(const struct hw_optimize_target *target,
                                                   const struct hw_source_place *source, const char *key,
                                                   const struct hw_optimize_options *options, struct hw_arena *arena,
                                                   struct hw_optimize_place *out_place, struct hw_error *err);

/*
 * Looks whether something is at the place of an output already, where that matters: elsewhere than
 * in place, `*out_skipped` is set with HW_OVERWRITE_SKIP, and HW_OVERWRITE_FAIL is HW_EEXISTS.
 */
HW_NODISCARD enum hw_status hw_optimize_place_taken(const struct hw_optimize_target *target,
                                                    const struct hw_optimize_place *place, enum hw_overwrite overwrite,
                                                    bool *out_skipped, struct hw_error *err);

/*
 * Gives the folder in which an output of the local disk will lie, with the file that a link leads
 * to; NULL for others.
 */
HW_NODISCARD enum hw_status hw_optimize_place_folder(const struct hw_optimize_target *target,
                                                     const struct hw_optimize_place *place, struct hw_arena *arena,
                                                     const char **out_folder, struct hw_error *err);

/* HW_EUSAGE where the report would take the place of a source or of an output. */
HW_NODISCARD enum hw_status hw_optimize_place_check(const struct hw_optimize_target *target,
                                                    const struct hw_optimize_place *place,
                                                    const struct hw_optimize_options *options, struct hw_error *err);

/*
 * Tells whether an object that was found in a folder is left out, as it lies in the target, which
 * is a folder inside that one: it is what this call or an earlier one has written.
 */
HW_NODISCARD enum hw_status hw_optimize_left_out(const struct hw_optimize_target *target,
                                                 const struct hw_source_place *source, const char *key,
                                                 const struct hw_optimize_options *options, bool *out_left,
                                                 struct hw_error *err);

#endif
