/* SPDX-License-Identifier: Apache-2.0 */
/* One file that is optimised: from its footer to the output's name, or to being left alone. */
#ifndef HW_PIPELINE_OPTIMIZE_OBJECT_H
#define HW_PIPELINE_OPTIMIZE_OBJECT_H

#include "core/crew.h"
#include "optimize/file_rewrite.h"
#include "pipeline/optimize_survey.h"
#include "pipeline/optimize_target.h"

/* The things that all files of a call share. */
struct hw_optimize_work {
    const struct hw_optimize_options *options; /* with no value left at 0 */
    const struct hw_optimize_target *target;
    struct hw_parquet_options write; /* with no value left at 0 */
    const char *digest;              /* of the options that shape files */
    /* Which columns become narrower; NULL: none do. */
    const struct hw_optimize_survey *survey;
    /* An option asks for a shape that the source may not have, so that size does not decide. */
    bool shaped;
};

/* Start it zeroed but for what a caller knows; release it on failure too. */
struct hw_optimize_object {
    struct hw_store *store; /* borrowed */
    const char *key;
    struct hw_object_info known; /* what a listing has told; the key is NULL where none has */
    struct hw_optimize_place place;
    struct hw_arena arena;
    struct hw_optimized told;
};

/* Does the file. `crew` NULL: with the calling thread alone. `memory_bytes` is for this file. */
HW_NODISCARD enum hw_status hw_optimize_object_run(struct hw_optimize_object *object,
                                                   const struct hw_optimize_work *work, struct hw_crew *crew,
                                                   uint64_t memory_bytes, struct hw_error *err);
void hw_optimize_object_release(struct hw_optimize_object *object);

#endif
