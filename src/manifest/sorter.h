/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorts entries of a manifest in little memory: where they do not fit they are sorted in runs,
 * which go to a file without a name and are merged as they are read. One thread at a time.
 */
#ifndef HW_MANIFEST_SORTER_H
#define HW_MANIFEST_SORTER_H

#include "core/record_file.h"
#include "manifest/entry.h"

enum {
    HW_MANIFEST_SORT_BYTES = 4 << 20, /* records that are sorted in memory, and make a run */
    HW_MANIFEST_RUNS_MAX = 1024,
};

/* A sorted part of the file, from one offset to another. */
struct hw_manifest_run {
    uint64_t begin;
    uint64_t end;
};

/* Start it zeroed. */
struct hw_manifest_sorter {
    size_t memory_bytes;   /* 0: HW_MANIFEST_SORT_BYTES */
    bool ordered;          /* Entries come with an `order`; else they get one. */
    struct hw_buf pending; /* records, each behind its length */
    size_t pending_count;
    uint64_t count; /* entries that were put */
    struct hw_record_file file;
    struct hw_manifest_run runs[HW_MANIFEST_RUNS_MAX];
    size_t runs_count;
    bool unwritable; /* the file took no more, so all that comes stays in memory */
};

/* Adds an entry, and copies its texts. HW_ELIMIT where there are too many. */
HW_NODISCARD enum hw_status hw_manifest_sorter_put(struct hw_manifest_sorter *sorter,
                                                   const struct hw_manifest_entry *entry, struct hw_error *err);
void hw_manifest_sorter_release(struct hw_manifest_sorter *sorter);

struct hw_manifest_stream_run;

/* Hands out the entries of a sorter, which is borrowed and gets nothing more meanwhile. */
struct hw_manifest_stream {
    struct hw_manifest_stream_run *runs; /* a heap: the one with the next entry is the first */
    size_t count;
    const char **pending; /* sorted records of what is in memory */
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
