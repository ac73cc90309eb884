/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that belong to the log of a table: Delta, Iceberg and Hudi record their sizes, offsets and
 * statistics, and so does a `_metadata` summary. Whoever replaces such a file in its place makes
 * the log false.
 */
#ifndef HW_PIPELINE_OPTIMIZE_GUARD_H
#define HW_PIPELINE_OPTIMIZE_GUARD_H

#include <hawser/store.h>

#include "core/buf.h"
#include "core/error.h"

/* The folders that were looked at. Start it zeroed; release it. */
struct hw_optimize_guard {
    /* The last folder that was found to be free, with all above it: keys come folder by folder. */
    struct hw_buf folder;
    /* The store of all local files, whose folders are looked at up to the root. */
    struct hw_store *local;
};

/*
 * HW_EUSAGE where the object at `key` lies in a table of one of these kinds, or below one; the
 * message says what was found there. A few listings for each folder, of an object or two each.
 */
HW_NODISCARD enum hw_status hw_optimize_guard_check(struct hw_optimize_guard *guard, struct hw_store *store,
                                                    const char *key, struct hw_error *err);
void hw_optimize_guard_release(struct hw_optimize_guard *guard);

#endif
