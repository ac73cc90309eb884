/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reports tell of columns: nulls, bounds, and an estimate of how many different values there are. Every span has its own; those of
 * proved spans are merged, in any order. One thread at a time.
 */
#ifndef HW_PIPELINE_FACTS_H
#define HW_PIPELINE_FACTS_H

#include "csv/constraints.h"
#include "table/sketch.h"

enum { HW_FACT_TEXT_BYTES = 64 }; /* of a text's bounds so much is kept */

struct hw_fact_bound {
    union {
        union hw_csv_value value; /* of all kinds but text */
        char text
            [HW_FACT_TEXT_BYTES]; /* its first bytes: of two texts the lower begins with the lower ones, or the same */
    } as;
    uint8_t text_bytes;
};

/* One column's. */
struct hw_fact {
    uint64_t nulls;
    uint64_t values;
    bool bounded; /* min and max are there: some value was no nan */
    struct hw_fact_bound min;
    struct hw_fact_bound max;
    struct hw_sketch sketch;
};

struct hw_facts {
    const struct hw_schema *schema; /* borrowed: its types may change while the facts are clear */
    struct hw_fact *columns;
    uint8_t *registers; /* of all sketches */
    size_t registers_bytes;
};

HW_NODISCARD enum hw_status hw_facts_new(const struct hw_schema *schema, struct hw_facts **out_facts,
                                         struct hw_error *err);
void hw_facts_free(struct hw_facts *facts);
/* As new. */
void hw_facts_clear(struct hw_facts *facts);
void hw_facts_add(struct hw_facts *facts, const struct hw_batch *batch);
void hw_facts_merge(struct hw_facts *facts, const struct hw_facts *other);

/* How many different values there are, about; exact bounds are kept: none of none, and no more than there are values. */
uint64_t hw_fact_distinct(const struct hw_fact *fact);
/* A bound as text, cut between two characters, in `arena`. NULL when out of memory. */
const char *hw_fact_text(const struct hw_fact_bound *bound, struct hw_type type, struct hw_arena *arena);

#endif
