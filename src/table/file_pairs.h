/* SPDX-License-Identifier: Apache-2.0 */
/* The key-value metadata of a file, on its way from sources to outputs. */
#ifndef HW_TABLE_FILE_PAIRS_H
#define HW_TABLE_FILE_PAIRS_H

#include "core/base.h"
#include "core/view.h"

/* Key and value are bytes, of which nobody has to make a text. */
struct hw_file_pair {
    hw_view key;
    hw_view value;
    /* Parquet has keys without a value. */
    bool has_value;
};

struct hw_file_pairs {
    const struct hw_file_pair *items;
    size_t count;
    /*
     * The columns are still those that keys of the source describe: none was left out, was added,
     * or has another name, type or place.
     */
    bool same_schema;
};

/* Returns whether pair `i` still holds: false for one that describes columns that have changed. */
bool hw_file_pairs_hold(const struct hw_file_pairs *pairs, size_t i);

#endif
