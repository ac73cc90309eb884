/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statistics of columns for reports: nulls, bounds, and an estimate of how many different values
 * there are. Kinds that are not basic have no bounds, and those with children no estimate. Every
 * part has its own; those of parts that were accepted are merged, in any order. One thread at a
 * time.
 */
#ifndef HW_PIPELINE_COLUMN_STATS_H
#define HW_PIPELINE_COLUMN_STATS_H

#include "csv/constraints.h"
#include "table/sketch.h"

enum { HW_COLUMN_STAT_TEXT_BYTES = 64 }; /* kept of a text that is a bound */

/* The least or the greatest value. */
struct hw_column_bound {
    union {
        union hw_csv_value value; /* of all kinds but text */
        /* A text's first bytes. The lesser of two texts has the lesser ones, or the same. */
        char text[HW_COLUMN_STAT_TEXT_BYTES];
    } as;
    uint8_t text_bytes;
};

struct hw_column_stat {
    uint64_t nulls;
    uint64_t values;
    bool bounded; /* min and max are there: some value was no nan */
    struct hw_column_bound min;
    struct hw_column_bound max;
    struct hw_sketch sketch;
};

struct hw_column_stats {
    const struct hw_schema *schema; /* borrowed: its types may change while the stats are clear */
    struct hw_column_stat *columns; /* one for each field */
    uint8_t *registers;             /* of all sketches */
    size_t registers_bytes;
};

HW_NODISCARD enum hw_status hw_column_stats_new(const struct hw_schema *schema, struct hw_column_stats **out_stats,
                                                struct hw_error *err);
void hw_column_stats_free(struct hw_column_stats *stats);
/* Makes them as new. */
void hw_column_stats_clear(struct hw_column_stats *stats);
void hw_column_stats_add(struct hw_column_stats *stats, const struct hw_batch *batch);
void hw_column_stats_merge(struct hw_column_stats *stats, const struct hw_column_stats *other);

/* Returns about how many different values there were: 0 of none, and no more than values. */
uint64_t hw_column_stat_distinct(const struct hw_column_stat *stat);
/*
 * Returns a bound as text, cut between two characters, in `arena`. NULL where there is no memory.
 */
const char *hw_column_stat_text(const struct hw_column_bound *bound, struct hw_type type, struct hw_arena *arena);

#endif
