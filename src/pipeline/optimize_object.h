/* SPDX-License-Identifier: Apache-2.0 */
/* One file that is optimised: from its footer to the output's name, or to being left alone. */
#ifndef HW_PIPELINE_OPTIMIZE_OBJECT_H
#define HW_PIPELINE_OPTIMIZE_OBJECT_H

#include "pipeline/optimize_output.h"

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
