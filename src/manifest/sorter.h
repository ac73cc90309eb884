/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorts entries of a manifest in little memory, as core/record_sorter.h sorts records. One thread
 * at a time.
 */
#ifndef HW_MANIFEST_SORTER_H
#define HW_MANIFEST_SORTER_H

#include "core/record_sorter.h"
#include "manifest/entry.h"

/* Start it zeroed. */
struct hw_manifest_sorter {
    size_t memory_bytes; /* 0: HW_RECORD_SORT_BYTES */
    bool ordered;        /* Entries come with an `order`; else they get one. */
    struct hw_record_sorter records;
    struct hw_buf record; /* of the entry that was put last */
};

/* Adds an entry, and copies its texts. HW_ELIMIT where there are too many. */
HW_NODISCARD enum hw_status hw_manifest_sorter_put(struct hw_manifest_sorter *sorter,
                                                   const struct hw_manifest_entry *entry, struct hw_error *err);
void hw_manifest_sorter_release(struct hw_manifest_sorter *sorter);

/* Hands out the entries of a sorter, which is borrowed and gets nothing more meanwhile. */
struct hw_manifest_stream {
    struct hw_record_stream records;
    struct hw_manifest_entry entry;
    struct hw_buf record; /* of the entry that was handed out */
};

/* Begins. The stream is to be released after a failure too. */
HW_NODISCARD enum hw_status hw_manifest_stream_open(struct hw_manifest_stream *stream,
                                                    struct hw_manifest_sorter *sorter, struct hw_error *err);
/*
 * Hands out the next entry in the order of hw_manifest_order, which stays until the next call; NULL
 * at the end. Of several with one source, format and path the one that was put last counts.
 */
HW_NODISCARD enum hw_status hw_manifest_stream_next(struct hw_manifest_stream *stream,
                                                    const struct hw_manifest_entry **out_entry, struct hw_error *err);
void hw_manifest_stream_release(struct hw_manifest_stream *stream);

#endif
