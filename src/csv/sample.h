/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at a text before it is converted: at its first bytes, and at pieces from all over it where
 * it can be read anywhere.
 */
#ifndef HW_CSV_SAMPLE_H
#define HW_CSV_SAMPLE_H

#include "csv/choice.h"
#include "csv/text.h"

enum { HW_CSV_SAMPLE_BYTES = 256 << 10, HW_CSV_SAMPLE_BYTES_MIN = 8 << 10 };

/* Options for a look. All zero is right for a text that is the only one. */
struct hw_csv_sample_options {
    /*
     * Bytes to look at, all at the beginning; for one of many texts. 0: as many as the size of the
     * text asks for, at most HW_CSV_SAMPLE_BYTES, and pieces from all over the text.
     */
    size_t bytes;
    /* A text of at most so many bytes is read as a whole later: pieces show nothing more. */
    uint64_t whole_bytes_max;
    bool layout_only; /* the values are of no interest, so nobody looks at them */
    /* The choice of columns. Values are not looked at where all types are given. */
    struct hw_csv_choice choice;
    /* A longer first record fails with HW_ELIMIT. 0: HW_CSV_RECORD_BYTES_MAX. */
    uint64_t record_bytes_max;
};

/*
 * Finds the layout of a text and the profiles of its columns. The layout lives in `arena`; the
 * caller frees `*out_profiles`.
 */
HW_NODISCARD enum hw_status hw_csv_sample_layout(const struct hw_csv_text *text, const struct hw_csv_options *csv,
                                                 const struct hw_csv_sample_options *options, struct hw_arena *arena,
                                                 struct hw_csv_layout *out_layout, struct hw_csv_profile **out_profiles,
                                                 struct hw_error *err);

#endif
