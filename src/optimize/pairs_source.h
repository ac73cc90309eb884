/* SPDX-License-Identifier: Apache-2.0 */
/* Files of whose rows one output is made, as far as their key-value metadata is concerned. */
#ifndef HW_OPTIMIZE_PAIRS_SOURCE_H
#define HW_OPTIMIZE_PAIRS_SOURCE_H

#include <hawser/optimize.h>

#include "table/file_pairs.h"

struct hw_pairs_source {
    /* Names the file, for messages. */
    const char *name;
    struct hw_file_pairs pairs;
    /* The rows of the file that are in the output; `first` is counted from its first row. */
    uint64_t first;
    uint64_t count;
    /* These are all rows of the file. */
    bool whole;
};

#endif
