/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes index entries of masks: where fields and records end, some chunks of 64 bytes at a time,
 * and whether their quotes follow RFC 4180.
 */
#ifndef HW_CSV_SCAN_GROUP_H
#define HW_CSV_SCAN_GROUP_H

#include "csv/dialect.h"
#include "csv/index.h"
#include "csv/scan_masks.h"

/*
 * A group may write this many entries of `ends` beyond the last true one, so the index must have
 * room for them.
 */
enum { HW_CSV_GROUP_ROOM = 64 };

/*
 * The state that goes on from one chunk to the next. The members after_... are 1 or 0, to be bit 0
 * of the next chunk's masks.
 */
struct hw_csv_scan_state {
    uint64_t inside;         /* all ones where the chunk begins inside quotes, else 0 */
    uint64_t after_field;    /* the byte before ended a field, or the block begins */
    uint64_t after_close;    /* the byte before closed a quote */
    uint64_t after_close_cr; /* the byte before is a CR after a closing quote */
    uint64_t lines;          /* record-end bytes so far, quoted ones too */
    uint64_t high;           /* not 0 where some byte is above 0x7f */
};

/* Some chunks of a block, one after the other. Borrows all. */
struct hw_csv_group {
    const char *data;                 /* the block */
    size_t offset;                    /* offset of the first chunk in the block */
    const struct hw_csv_masks *masks; /* one for each chunk */
    size_t chunks;
};

/*
 * Adds the ends of the group's fields and records to `index`, which must have room for one end and
 * one record a byte, and for HW_CSV_GROUP_ROOM more ends. Returns false where a quote stands where
 * RFC 4180 allows none; then index and state are unspecified.
 */
typedef bool hw_csv_group_fn(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                             const struct hw_csv_group *group, struct hw_csv_scan_state *state);

/* These differ in the instructions that they need: none of their own, BMI, and AVX-512. */
hw_csv_group_fn hw_csv_group_portable;
#if defined(__x86_64__)
hw_csv_group_fn hw_csv_group_bmi;
hw_csv_group_fn hw_csv_group_avx512;
/* Returns whether this processor has what hw_csv_group_avx512 needs. */
bool hw_csv_group_avx512_usable(void);
#endif

/* Returns the fastest of them that this processor can run. */
hw_csv_group_fn *hw_csv_group_best(void);

#endif
