/* SPDX-License-Identifier: Apache-2.0 */
/* From masks to the index: where fields and records end, some 64-byte chunks at a time. */
#ifndef HW_CSV_SCAN_GROUP_H
#define HW_CSV_SCAN_GROUP_H

#include "csv/scan.h"
#include "csv/scan_masks.h"

/*
 * Field ends that may be written beyond those that there are: the index has room for so many more.
 */
enum { HW_CSV_GROUP_ROOM = 64 };

/* What goes on from one chunk to the next. Each carry is bit 0 of the next chunk. */
struct hw_csv_scan_state {
    uint64_t inside;         /* all ones where the chunk begins inside quotes */
    uint64_t after_field;    /* the byte before ended a field, or the block begins */
    uint64_t after_close;    /* the byte before closed a quote */
    uint64_t after_close_cr; /* the byte before is a CR after a closing quote */
    uint64_t lines;          /* record-end bytes so far, quoted ones too */
    uint64_t high;           /* not 0: some byte above 0x7f */
};

/* Some chunks of a block. */
struct hw_csv_group {
    const char *data; /* the block */
    size_t offset;    /* of the first chunk in it */
    const struct hw_csv_masks *masks;
    size_t chunks;
};

/*
 * Adds the ends of the group's fields and records to `index`, which has room for one a byte and
 * HW_CSV_GROUP_ROOM more. False where a quote stands where RFC 4180 has none.
 */
typedef bool hw_csv_group_fn(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                             const struct hw_csv_group *group, struct hw_csv_scan_state *state);

hw_csv_group_fn hw_csv_group_portable;
#if defined(__x86_64__)
hw_csv_group_fn hw_csv_group_bmi;
hw_csv_group_fn hw_csv_group_avx512;
/* Whether this processor has what the last of them needs. */
bool hw_csv_group_avx512_usable(void);
#endif

/* The best of them for this processor. */
hw_csv_group_fn *hw_csv_group_best(void);

#endif
