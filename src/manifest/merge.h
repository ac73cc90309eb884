/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merges changes into a manifest, and hands out the entries of the result in the order of
 * hw_manifest_order. A change takes the place of the entry with its path. One that is marked as
 * removed takes that entry away, unless the entry is of another file by now; and one that amends
 * that entry is left out where the entry is of another file. One thread at a time.
 */
#ifndef HW_MANIFEST_MERGE_H
#define HW_MANIFEST_MERGE_H

#include <hawser/io.h>

#include "manifest/manifest.h"
#include "manifest/sorter.h"

struct hw_manifest_merge {
    const struct hw_manifest *before; /* borrowed, as the changes are */
    uint8_t *replaced;                /* a bit for each `order`: a change takes its place */
    uint8_t *left_out;                /* a bit for each change by its `order` */
    uint64_t count;                   /* number of entries after the changes */
    struct hw_manifest_cursor cursor;
    const struct hw_manifest_entry *old; /* the next one of those that stay; NULL: none */
    struct hw_manifest_stream stream;
    const struct hw_manifest_entry *change; /* the next one; NULL: none */
    const struct hw_manifest_entry *told;   /* the one that was handed out; NULL: none yet */
};

/* Begins a merge into `before`, which is sealed. It is to be released on failure too. */
HW_NODISCARD enum hw_status hw_manifest_merge_open(struct hw_manifest_merge *merge, const struct hw_manifest *before,
                                                   struct hw_manifest_sorter *changes, struct hw_error *err);
/* Hands out the next entry, which stays until the next call; NULL at the end. */
HW_NODISCARD enum hw_status hw_manifest_merge_next(struct hw_manifest_merge *merge,
                                                   const struct hw_manifest_entry **out_entry, struct hw_error *err);
void hw_manifest_merge_release(struct hw_manifest_merge *merge);

/* Writes the manifest's JSON with the entries that were not handed out yet. */
HW_NODISCARD enum hw_status hw_manifest_merge_write(struct hw_manifest_merge *merge, struct hw_sink *sink,
                                                    struct hw_error *err);

#endif
