/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that earlier runs made of a source and that it has no more: who reads the folder would find
 * rows twice.
 */
#ifndef HW_PIPELINE_STALE_H
#define HW_PIPELINE_STALE_H

#include "pipeline/output_plan.h"

/*
 * Removes what manifest and journals tell of the source and what is not among `files`. A file goes
 * only where its name is one that an output of the source can have, no link leads to it, it is no
 * source, and it still is what was written; else it stays and a warning tells of it. What cannot be
 * removed is told, counted in `files->unremoved`, and tried again by the next run. A single output
 * of another name stands for itself and stays.
 */
void hw_stale_remove(const struct hw_output_plan_source *source, const struct hw_output_plan *output_plan,
                     struct hw_output_files *files);

/*
 * For a run into a folder whose manifest is lost: warns where files are there that are named like
 * numbered outputs of the plan's sources and that are not among the paths that were `made`.
 */
HW_NODISCARD enum hw_status hw_stale_look(struct hw_plan *plan, const struct hw_name_set *made,
                                          const struct hw_warn *warn, struct hw_error *err);

#endif
