/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorts records in little memory: where they do not fit they are sorted in runs, which go to a file
 * without a name and are merged as they are read. One thread at a time.
 */
#ifndef HW_CORE_RECORD_SORTER_H
#define HW_CORE_RECORD_SORTER_H

#include "core/record_file.h"

enum {
    HW_RECORD_SORT_BYTES = 4 << 20, /* records that are sorted in memory, and make a run */
    HW_RECORD_RUNS_MAX = 1024,
};

/* Returns less than 0, 0 or more than 0, as a record comes before another, with it, or after. */
typedef int hw_record_compare_fn(hw_view a, hw_view b);

/* A sorted part of the file, from one offset to another. */
struct hw_record_run {
    uint64_t begin;
    uint64_t end;
};

/* Start it with `compare`, perhaps the next two, and the rest zeroed. */
struct hw_record_sorter {
    hw_record_compare_fn *compare;
    size_t memory_bytes; /* 0: HW_RECORD_SORT_BYTES */
    /*
     * True if all that comes stays in memory where the file cannot be written, however much it is.
     */
    bool keeps;

    struct hw_buf pending; /* records, each behind its length */
    size_t pending_count;
    uint64_t count; /* records that were put */
    struct hw_record_file file;
    struct hw_record_run runs[HW_RECORD_RUNS_MAX];
    size_t runs_count;
    bool unwritable; /* the file took no more */
};

/*
 * Adds a record, which is copied. HW_ELIMIT where there are too many, HW_EIO where the file cannot
 * be written. On failure the sorter is as it was.
 */
HW_NODISCARD enum hw_status hw_record_sorter_put(struct hw_record_sorter *sorter, hw_view record, struct hw_error *err);
void hw_record_sorter_release(struct hw_record_sorter *sorter);

struct hw_record_stream_run;

/* Hands out the records of a sorter, which is borrowed and gets nothing more meanwhile. */
struct hw_record_stream {
    hw_record_compare_fn *compare;
    struct hw_record_stream_run *runs; /* a heap: the one with the next record is the first */
    size_t count;
    hw_view *pending; /* sorted records of what is in memory; the last has no data */
};

/* Begins. The stream is to be released after a failure too. */
HW_NODISCARD enum hw_status hw_record_stream_open(struct hw_record_stream *stream, struct hw_record_sorter *sorter,
                                                  struct hw_error *err);
/* Returns the next record, which stays until hw_record_stream_next; at the end its data is NULL. */
hw_view hw_record_stream_peek(const struct hw_record_stream *stream);
/* Goes on to the record after the one that is next. There must be one. */
HW_NODISCARD enum hw_status hw_record_stream_next(struct hw_record_stream *stream, struct hw_error *err);
void hw_record_stream_release(struct hw_record_stream *stream);

#endif
