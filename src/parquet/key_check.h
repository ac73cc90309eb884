/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks for null keys of maps. The format does not allow them (LogicalTypes.md, Maps), but a schema
 * whose keys are optional can say them, and old writers have such schemas.
 */
#ifndef HW_PARQUET_KEY_CHECK_H
#define HW_PARQUET_KEY_CHECK_H

#include "parquet/page_levels.h"
#include "parquet/read_schema.h"

/* Plain data. */
struct hw_key_check {
    /* The leaf is the first one of a key that may be null; of any other nothing is looked at. */
    bool any;
    /* Says of each definition level whether an entry of it is a null key. */
    bool null_levels[UINT8_MAX + 1];
};

/*
 * Begins with a leaf of the file, whose schema it is. A key of several leaves is looked at by its
 * first one.
 */
void hw_key_check_begin(struct hw_key_check *check, const struct hw_read_schema *schema,
                        const struct hw_read_leaf *leaf);
/* Counts the null keys of a page of `entries` entries, whose levels are as they begin. */
HW_NODISCARD enum hw_status hw_key_check_page(const struct hw_key_check *check, const struct hw_page_levels *levels,
                                              uint64_t entries, uint64_t *out_nulls, struct hw_error *err);

#endif
