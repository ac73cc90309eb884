/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choice of a column chunk's encoding: a sample of its first page is encoded in every way that
 * its leaf allows and compressed with the chunk's codec; the smallest wins, and of nearly equal
 * ones the one that costs readers less. What a dictionary takes is projected to the chunk's
 * expected size, as far as it can be told from how its values came to be seen. The outcome depends
 * on the page only.
 */
#ifndef HW_PARQUET_TRIAL_H
#define HW_PARQUET_TRIAL_H

#include "parquet/encoding.h"
#include "parquet/scratch.h"

struct hw_trial {
    const struct hw_leaf *leaf;
    const struct hw_values *values;         /* the first page's, 1 at least */
    const struct hw_dictionary *dictionary; /* of all of them; NULL: none is possible */
    const uint32_t *indices;                /* of all values, where there is a dictionary */
    /* values in the dictionary after the first half of them */
    size_t half_count;
    size_t dictionary_bytes; /* limit of the dictionary */
    bool compat;
    bool more;      /* further pages are likely */
    bool must_pack; /* pages of this chunk are compressed already */
};

struct hw_choice {
    enum hw_encoding encoding; /* RLE_DICTIONARY, or the same as `other` */
    enum hw_encoding other;    /* what comes after the dictionary */
    bool pack;                 /* compress the chunk */
    bool light;                /* its data pages with less effort: they get no larger */
    double data_rate;          /* bytes a value that its data pages take as stored */
    double other_rate;         /* bytes a value that `other` takes as stored */
    double dictionary_rate;    /* bytes as stored that a PLAIN byte of the dictionary takes */
};

HW_NODISCARD enum hw_status hw_trial_run(const struct hw_trial *trial, struct hw_scratch *scratch,
                                         struct hw_choice *out_choice, struct hw_error *err);

#endif
