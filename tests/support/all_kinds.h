/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up table with columns of every kind and several shapes, whose rows are told by a number. */
#ifndef HW_TESTS_ALL_KINDS_H
#define HW_TESTS_ALL_KINDS_H

#include "core/buf.h"
#include "table/batch.h"

enum { ALL_KINDS_COLUMNS = 21 };

extern const struct hw_schema all_kinds_schema;

/* Some rows as a batch, with memory of its own. Start it zeroed. */
struct all_kinds {
    struct hw_buf values[ALL_KINDS_COLUMNS];
    struct hw_buf offsets[ALL_KINDS_COLUMNS];
    struct hw_buf validity[ALL_KINDS_COLUMNS];
    struct hw_column columns[ALL_KINDS_COLUMNS];
    struct hw_batch batch;
};

/*
 * Fills it with rows `first` and on. Tables of another `seed` have other values. `unset` is what bytes
 * hold that are no value: those of nulls, and what is behind the last value.
 */
void all_kinds_fill(struct all_kinds *rows, uint64_t seed, size_t first, size_t count, uint8_t unset);
void all_kinds_release(struct all_kinds *rows);

#endif
