/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chooses the encoding of a column chunk. A sample of its first page is encoded in every way that
 * its leaf allows and compressed with the codec of the chunk. The smallest result wins, and of
 * nearly equal ones the one that costs readers less. The size of a dictionary is projected to the
 * size that the chunk is expected to have, from the rate at which the page brought new values. Of
 * a page of few values, only those ways are compressed that their sizes before compression do not
 * rule out: the trials would take longer than the page itself. The choice depends on nothing but
 * the page.
 */
#ifndef HW_PARQUET_TRIAL_H
#define HW_PARQUET_TRIAL_H

#include "parquet/encoding.h"
#include "parquet/scratch.h"

/* A page of no more values is too small for a trial of every encoding. */
enum { HW_TRIAL_FEW_VALUES = 4096 };

struct hw_trial {
    const struct hw_leaf *leaf;
    /* The values of the first page, which has one at least. */
    const struct hw_values *values;
    /* The dictionary of these values; NULL if there can be none. */
    const struct hw_dictionary *dictionary;
    /* The indices of the values in the dictionary, if there is one. */
    const uint32_t *indices;
    /* The number of values that the dictionary had after the first half of the page. */
    size_t half_count;
    /* The most bytes that the dictionary may have. */
    size_t dictionary_bytes;
    enum hw_parquet_encodings allowed;
    /* True if further pages are likely. */
    bool more;
    /*
     * True if further pages of BYTE_STREAM_SPLIT would be so long that each stream has blocks of
     * its own.
     */
    bool long_splits;
    /* True if the chunk has compressed pages already. */
    bool must_pack;
    /*
     * True if the page has levels that say more than one run does. They are compressed with the
     * values, and may be worth it where these are not.
     */
    bool has_levels;
};

/* Tells whether the pages of a chunk are compressed. */
enum hw_packing {
    HW_PACKING_ON,
    HW_PACKING_OFF,
    /* The first page decides, by what its own compression saves, levels included. */
    HW_PACKING_OPEN,
};

struct hw_choice {
    /* RLE_DICTIONARY, or the same as `other`. */
    enum hw_encoding encoding;
    /* The encoding of the pages that come after the dictionary was closed. */
    enum hw_encoding other;
    enum hw_packing packing;
    /*
     * The stored bytes of a value in data pages of `other`; at most, if none was compressed. It is
     * set if `encoding` is a dictionary.
     */
    double other_rate;
    /* The stored bytes of a byte of the dictionary's PLAIN encoding. */
    double dictionary_rate;
};

/* Makes the choice. It works in the `sample` and `trial` buffers of `scratch`. */
HW_NODISCARD enum hw_status hw_trial_run(const struct hw_trial *trial, struct hw_scratch *scratch,
                                         struct hw_choice *out_choice, struct hw_error *err);

/* Tells whether compression from `raw_bytes` to `stored_bytes` saves enough. */
bool hw_trial_packs(double raw_bytes, double stored_bytes);

#endif
