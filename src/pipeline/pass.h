/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pass over a table in one thread: one cursor reads one part after the other. Each part is opened
 * at the true end of the one before it, so that nothing is guessed and nothing is read twice.
 */
#ifndef HW_PIPELINE_PASS_H
#define HW_PIPELINE_PASS_H

#include "core/io.h"
#include "table/reader.h"

/* Zeroed but for the first three, which the caller sets. */
struct hw_pass {
    struct hw_table_reader *reader; /* borrowed; its schema is decided */
    struct hw_io_stop stop;         /* is asked at every step */
    bool types_only;                /* No rows are wanted: see table/reader.h. */
    struct hw_cursor *cursor;
    size_t rows;    /* in the cursor's batch, for the caller */
    size_t part;    /* the number of the part in work, or of the next one */
    uint64_t start; /* of that part, where it is not the first */
    bool open;      /* The part is in work. */
    bool ended;     /* No part is left. */
    bool misfit;    /* A value so far did not fit its column. */
};

/* Begins the reader's pass. On failure release all the same. */
HW_NODISCARD enum hw_status hw_pass_begin(struct hw_pass *pass, struct hw_error *err);
/*
 * Goes on until there are `rows` in the cursor's batch, or rejects in its list, which the caller
 * takes, leaving an empty one; or until a value does not fit, which ends a pass that wants rows.
 * `*out_more` is false once all parts were read and accepted. An error has its place in the whole
 * input; after one only release.
 */
HW_NODISCARD enum hw_status hw_pass_next(struct hw_pass *pass, bool *out_more, struct hw_error *err);
/* Ends the pass where it is: the reader accepts what was read of the part in work. */
HW_NODISCARD enum hw_status hw_pass_leave(struct hw_pass *pass, struct hw_error *err);
/* Accepts a zeroed one. */
void hw_pass_release(struct hw_pass *pass);

/* Returns the records of the pass so far that were read, and those that were rejected. */
uint64_t hw_pass_records(const struct hw_pass *pass);
uint64_t hw_pass_rejected(const struct hw_pass *pass);

#endif
