/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what statistics say of values with the values. */
#ifndef HW_PARQUET_STATS_CHECK_H
#define HW_PARQUET_STATS_CHECK_H

#include "parquet/check_report.h"
#include "parquet/value_span.h"

/* The values that statistics are about: those of a column chunk, or of a page. */
struct hw_stats_facts {
    const struct hw_read_leaf *leaf;
    const struct hw_value_span *span;
    /* Entries that have no value. */
    uint64_t nulls;
    /* The place of the statistics, or -1. */
    int64_t at;
    /* The format defines no order of these bounds, so that readers should not use them. */
    bool legacy;
};

/* Tells what is not true as stats.min, stats.max, stats.nulls and stats.legacy. */
HW_NODISCARD enum hw_status hw_stats_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                           const struct hw_parquet_statistics *statistics);
/* Compares the bounds that a column index has of a page; tells index.bounds. */
HW_NODISCARD enum hw_status hw_index_bounds_check(struct hw_check_report *report, const struct hw_stats_facts *facts,
                                                  hw_view min, hw_view max);

#endif
