/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The indices of a data page with RLE_DICTIONARY: a byte that says how wide they are, then the
 * hybrid of parquet/rle.h. They are as narrow as the dictionary allows, or whole bytes: a codec
 * finds in these which values are frequent, where bits of narrow ones look like chance.
 */
#ifndef HW_PARQUET_INDICES_H
#define HW_PARQUET_INDICES_H

#include "parquet/scratch.h"

/* The widths of the pages of a chunk, so far. Starts zeroed. */
struct hw_index_widths {
    /* Bit n: it was tried whether n whole bytes are smaller; and whether they were. */
    uint8_t tried;
    uint8_t whole;
};

/* The indices of a page. */
struct hw_indices {
    const uint32_t *values;
    /* Not 0. */
    size_t count;
    /* The number of values in the dictionary. */
    size_t keys;
};

/* Tells whether whole bytes of `whole_bytes` are enough smaller than narrow indices. */
bool hw_indices_whole_pays(double whole_bytes, double narrow_bytes);
/* Appends the indices, narrow or as whole bytes. */
HW_NODISCARD enum hw_status hw_indices_encode(const struct hw_indices *indices, bool whole, struct hw_buf *out,
                                              struct hw_error *err);
/*
 * Appends the indices to `page` of `scratch`. The first page whose indices need so many bytes finds
 * out which width is smaller when it is compressed, and later ones follow it. Without `packs` pages
 * are not compressed, and indices are narrow. `*out_whole` says what was appended.
 */
HW_NODISCARD enum hw_status hw_indices_put(struct hw_index_widths *widths, const struct hw_indices *indices,
                                           struct hw_scratch *scratch, bool packs, bool *out_whole,
                                           struct hw_error *err);

#endif
