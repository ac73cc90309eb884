/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a text before it is converted: its first bytes, and pieces from all over it where it can be read anywhere. */
#ifndef HW_PIPELINE_SAMPLE_H
#define HW_PIPELINE_SAMPLE_H

#include "csv/layout.h"
#include "pipeline/input.h"

enum { HW_SAMPLE_BYTES = 256 << 10, HW_SAMPLE_BYTES_MIN = 8 << 10 };

/* How closely a text is looked at. {0}: as closely as there is need for one text. */
struct hw_sample_options {
    size_t
        bytes; /* of its beginning, where it is one of many. 0: by its size, HW_SAMPLE_BYTES at most, and pieces from all over it */
    bool layout_only;          /* values are of no interest */
    uint64_t record_bytes_max; /* a first record that is longer is not looked for; 0: HW_CSV_RECORD_BYTES_MAX */
};

/* Finds the layout of a text and profiles of its columns. The layout lives in `arena`, `*out_profiles` is the caller's to free. */
HW_NODISCARD enum hw_status hw_sample_layout(const struct hw_input *input, const struct hw_csv_options *csv,
                                             const struct hw_sample_options *options, struct hw_arena *arena,
                                             struct hw_csv_layout *out_layout, struct hw_csv_profile **out_profiles,
                                             struct hw_error *err);

/* Adds every record of the text to `profiles`. */
HW_NODISCARD enum hw_status hw_sample_all(const struct hw_input *input, const struct hw_csv_options *csv,
                                          const struct hw_csv_layout *layout, struct hw_csv_profile *profiles,
                                          struct hw_error *err);

#endif
