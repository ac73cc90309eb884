/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a source that its optimised file does not have, in words. */
#ifndef HW_PIPELINE_OPTIMIZE_NOTES_H
#define HW_PIPELINE_OPTIMIZE_NOTES_H

#include <hawser/optimize.h>

#include "optimize/file_plan.h"

/*
 * Tells of metadata and filters that the plan has left out, and of what row groups and column
 * chunks of the sources have beside their values, in `arena`. `told` knows by which columns the
 * output is sorted. HW_ENOMEM, and then `told` has no notes.
 */
HW_NODISCARD enum hw_status hw_optimize_notes(const struct hw_read_file *const *files, size_t files_count,
                                              const struct hw_file_plan *plan, struct hw_arena *arena,
                                              struct hw_optimized *told, struct hw_error *err);

#endif
