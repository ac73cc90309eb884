/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a text before it is converted: its first bytes, and pieces from all over it where it can be read anywhere. */
#ifndef HW_PIPELINE_SAMPLE_H
#define HW_PIPELINE_SAMPLE_H

#include "csv/layout.h"
#include "pipeline/input.h"

/*
 * Finds the layout of a text and profiles of its columns, empty ones unless it is to look at `values`. The layout lives in `arena`, `*out_profiles` is
 * the caller's to free.
 */
HW_NODISCARD enum hw_status hw_sample_layout(const struct hw_input *input, const struct hw_csv_options *csv,
                                             bool values, struct hw_arena *arena, struct hw_csv_layout *out_layout,
                                             struct hw_csv_profile **out_profiles,
                                             struct hw_error *err);

/* Adds every record of the text to `profiles`. */
HW_NODISCARD enum hw_status hw_sample_all(const struct hw_input *input, const struct hw_csv_options *csv,
                                          const struct hw_csv_layout *layout, struct hw_csv_profile *profiles,
                                          struct hw_error *err);

#endif
