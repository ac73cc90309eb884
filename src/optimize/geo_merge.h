/* SPDX-License-Identifier: Apache-2.0 */
/* The key `geo` of several files: boxes and types of the geometries of all of their rows. */
#ifndef HW_OPTIMIZE_GEO_MERGE_H
#define HW_OPTIMIZE_GEO_MERGE_H

#include "optimize/pair_merger.h"

/*
 * Makes a merger, a `make` of hw_pair_kind. All but `bbox` and `geometry_types` of the columns has
 * to be the same. A box becomes the least one around those of all sources; it is left out where a
 * source has none, or one of other dimensions, one that crosses the antimeridian (xmin > xmax), or
 * numbers that are not finite. Numbers are written so that they read back as the same double. Types
 * are joined in the order in which they come; a list of none, which means any, stays that, as do
 * more than HW_PAIR_GEOMETRY_TYPES_MAX. What is the same in all sources stays, whatever it is.
 *
 * Where the sources do not agree, boxes of the first are left out, and its types become none,
 * because they need not hold for the rows of others. With HW_OPTIMIZE_METADATA_FAIL sources do not
 * agree where a box would be left out. The value is read once another one differs, so `make` does
 * not fail by it.
 */
HW_NODISCARD enum hw_status hw_geo_merger_make(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                                               struct hw_pair_merger **out_merger, struct hw_error *err);

#endif
