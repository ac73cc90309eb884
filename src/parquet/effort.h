/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chooses how much effort the pages of a column chunk get, among the levels of the scratch, and how
 * long they are. The first page is the sample. The choice depends on nothing but its bytes.
 */
#ifndef HW_PARQUET_EFFORT_H
#define HW_PARQUET_EFFORT_H

#include "parquet/scratch.h"

struct hw_effort_trial {
    /* The page before compression. */
    hw_view page;
    enum hw_codec_effort effort;
    /* The streams that the page has one after the other. 0: it is not made of streams. */
    size_t streams;
    /* By hw_scratch_levels_for. */
    struct hw_scratch_levels levels;
    /* It is also asked whether pages gain that are so many times as long. 0 or 1: it is not. */
    size_t longer_times;
};

struct hw_effort {
    /* The number of the level in `steps` of the scratch. */
    size_t step;
    /* True if longer pages get smaller. False if that was not asked. */
    bool longer;
};

/*
 * Makes the choice, and compresses the page so, to `packed` of `scratch`. A higher level is taken
 * where the sample gets smaller by it: by 4 %, with HW_CODEC_FAST by 5 % and with HW_CODEC_BEST by
 * 1 %. HW_LEVEL_ENTROPY is taken where the sample does not get larger by it.
 */
HW_NODISCARD enum hw_status hw_effort_pack(const struct hw_effort_trial *trial, struct hw_scratch *scratch,
                                           struct hw_effort *out_effort, struct hw_error *err);

#endif
