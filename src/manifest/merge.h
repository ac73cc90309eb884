/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merges changes into a manifest, and hands out the entries of the result in the order of
 * hw_manifest_order. A change takes the place of the entry with its path. One that is marked as
 * removed takes that entry away, unless the entry is of another file by now. One thread at a time.
 */
#ifndef HW_MANIFEST_MERGE_H
#define HW_MANIFEST_MERGE_H

#include "manifest/sorter.h"

struct hw_manifest_merge {
    struct hw_manifest *before; /* borrowed, as the changes are */
    uint64_t count;             /* entries of the result */
    size_t at;                  /* the place in before->by_source */
    struct hw_manifest_stream stream;
    const struct hw_manifest_entry *change; /* the next one; NULL: none */
    bool told;                              /* that one was handed out */
};

/*
 * Begins a merge. `before` is indexed; its entries are marked as replaced where they are. The merge
 * is to be released after a failure too.
 */
HW_NODISCARD enum hw_status hw_manifest_merge_open(struct hw_manifest_merge *merge, struct hw_manifest *before,
                                                   struct hw_manifest_sorter *changes, struct hw_error *err);
/* Hands out the next entry, which stays until the next call; NULL at the end. */
HW_NODISCARD enum hw_status hw_manifest_merge_next(struct hw_manifest_merge *merge,
                                                   const struct hw_manifest_entry **out_entry, struct hw_error *err);
void hw_manifest_merge_release(struct hw_manifest_merge *merge);

/* Writes the entries that were not handed out yet as the JSON of a manifest. */
HW_NODISCARD enum hw_status hw_manifest_merge_write(struct hw_manifest_merge *merge, struct hw_sink *sink,
                                                    struct hw_error *err);

#endif
