/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the columns of one encoder use in turn, so that a column has little of its own: buffers, the
 * compressor, spare dictionaries.
 */
#ifndef HW_PARQUET_SCRATCH_H
#define HW_PARQUET_SCRATCH_H

#include "codec/compression.h"
#include "parquet/dictionary.h"
#include "parquet/level.h"

struct hw_scratch {
    struct hw_compressor *compressor; /* NULL: the codec is none */
    struct hw_buf page;               /* a page before compression */
    struct hw_buf packed;             /* and after */
    struct hw_buf header;
    struct hw_buf indices; /* of the page's values in the dictionary, uint32_t */
    struct hw_values sample;
    struct hw_buf sample_indices;
    struct hw_buf trial;
    struct hw_shredder shredder;
    struct hw_buf levels; /* of a page, uint32_t, on their way to be encoded */
    struct hw_dictionary *spare;
};

/* HW_CODEC_NONE makes no compressor. */
HW_NODISCARD enum hw_status hw_scratch_init(struct hw_scratch *scratch, enum hw_codec codec, int level,
                                            struct hw_error *err);
void hw_scratch_release(struct hw_scratch *scratch);
/* Gives back what one large page made it hold. */
void hw_scratch_trim(struct hw_scratch *scratch);
size_t hw_scratch_held(const struct hw_scratch *scratch);
/* Compresses into `scratch->packed`, `light` where the codec can. There must be a compressor. */
HW_NODISCARD enum hw_status hw_scratch_pack(struct hw_scratch *scratch, const struct hw_buf *data, bool light,
                                            struct hw_error *err);
/* An empty dictionary; NULL when out of memory. */
HW_NODISCARD struct hw_dictionary *hw_scratch_take_dictionary(struct hw_scratch *scratch);
/* NULL is allowed. */
void hw_scratch_give_dictionary(struct hw_scratch *scratch, struct hw_dictionary *dictionary);

#endif
