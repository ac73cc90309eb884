/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The levels of a data page: repetition and definition levels of its entries, in either version of
 * data pages and in either encoding.
 */
#ifndef HW_PARQUET_PAGE_LEVELS_H
#define HW_PARQUET_PAGE_LEVELS_H

#include "parquet/decode_rle.h"
#include "parquet/page_reader.h"
#include "parquet/read_schema.h"

/* Plain data, which may be copied. Readers of levels whose highest is 0 are not used. */
struct hw_page_levels {
    struct hw_rle_reader reps;
    struct hw_rle_reader defs;
};

/*
 * Begins to read the levels of a page, whose bytes are borrowed. The bytes of its values, behind
 * the levels, are in `*out_values`. HW_EDATA where the levels are longer than the page, or have an
 * encoding that levels cannot have.
 */
HW_NODISCARD enum hw_status hw_page_levels_begin(struct hw_page_levels *levels, const struct hw_read_leaf *leaf,
                                                 const struct hw_page *page, hw_view *out_values, struct hw_error *err);
/*
 * Counts the levels that are `level_max`. HW_EDATA where one is above it; `what` says which levels
 * they are, as "definition".
 */
HW_NODISCARD enum hw_status hw_levels_count(const uint8_t *levels, size_t count, unsigned level_max, const char *what,
                                            size_t *out_equal, struct hw_error *err);
/*
 * Goes over `count` definition levels, of which the highest is `level_max`, and counts those that
 * are as high: entries that have values.
 */
HW_NODISCARD enum hw_status hw_levels_skip(struct hw_rle_reader *defs, size_t count, unsigned level_max,
                                           size_t *out_equal, struct hw_error *err);

#endif
