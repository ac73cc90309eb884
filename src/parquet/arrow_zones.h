/* SPDX-License-Identifier: Apache-2.0 */
/* The columns that are timestamps with a zone to Arrow: `ARROW:schema` says which. */
#ifndef HW_PARQUET_ARROW_ZONES_H
#define HW_PARQUET_ARROW_ZONES_H

#include "parquet/meta_facts.h"

/*
 * Sets `out_zoned[i]` for each leaf of a file, `count` in all: whether its key-value metadata gives
 * the leaf a zone. All leaves have one where the schema in it has zones and other columns than the
 * file; none has where it cannot be read. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_arrow_zones_find(const struct hw_parquet_meta *meta, size_t count, bool *out_zoned,
                                                struct hw_error *err);

#endif
