/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffers, a compressor and spare dictionaries that the columns of one encoder use in turn, so that
 * a column has little of its own.
 */
#ifndef HW_PARQUET_SCRATCH_H
#define HW_PARQUET_SCRATCH_H

#include "parquet/options.h"
#include "parquet/dictionary.h"
#include "parquet/level.h"

struct hw_scratch {
    enum hw_codec codec;
    /* The levels of the codec; their number is 0 if there is no compression. */
    struct hw_codec_levels steps;
    /* A compressor for each level, made when it is first used; the first is always there. */
    struct hw_compressor *compressors[HW_CODEC_LEVELS_MAX];
    /* A page before compression, after it, and its header. */
    struct hw_buf page;
    struct hw_buf packed;
    struct hw_buf header;
    /* The indices of the page's values in the dictionary, a uint32_t each. */
    struct hw_buf indices;
    /* The sample of parquet/trial.h, its indices, and a way to encode it. */
    struct hw_values sample;
    struct hw_buf sample_indices;
    struct hw_buf trial;
    struct hw_shredder shredder;
    /* The levels of a page that are being encoded, a uint32_t each. */
    struct hw_buf levels;
    /* The dictionaries that no column uses, a list. */
    struct hw_dictionary *spare;
};

/* The levels that a page chooses from. */
struct hw_scratch_levels {
    /* The number of the one that is for any page. */
    size_t first;
    /* A bit for each that is out of the question. */
    unsigned left_out;
};

/*
 * Starts it, with the levels that codec, level and effort of the options ask for. It can be
 * released also after a failure.
 */
HW_NODISCARD enum hw_status hw_scratch_init(struct hw_scratch *scratch, const struct hw_parquet_options *options,
                                            struct hw_error *err);
void hw_scratch_release(struct hw_scratch *scratch);
/* Frees the buffers that one large page has made larger than 4 MiB. */
void hw_scratch_trim(struct hw_scratch *scratch);
/* Returns the bytes of memory that it holds, spare dictionaries included. */
size_t hw_scratch_held(const struct hw_scratch *scratch);
/* Tells which levels the values of an encoding have: numbers of 8 bytes in PLAIN have their own. */
struct hw_scratch_levels hw_scratch_levels_for(const struct hw_scratch *scratch, const struct hw_leaf *leaf,
                                               enum hw_encoding encoding);
/* Compresses `data` to `scratch->packed` with level number `step` of `scratch->steps`. */
HW_NODISCARD enum hw_status hw_scratch_pack(struct hw_scratch *scratch, hw_view data, size_t step,
                                            struct hw_error *err);
/* Does the same with a sample of `whole_bytes`, as parts of these are compressed. */
HW_NODISCARD enum hw_status hw_scratch_pack_sample(struct hw_scratch *scratch, hw_view sample, size_t whole_bytes,
                                                   size_t step, struct hw_error *err);
/* Returns an empty dictionary, which the caller owns, or NULL when out of memory. */
HW_NODISCARD struct hw_dictionary *hw_scratch_take_dictionary(struct hw_scratch *scratch);
/* Takes a dictionary back. Accepts NULL. */
void hw_scratch_give_dictionary(struct hw_scratch *scratch, struct hw_dictionary *dictionary);

#endif
