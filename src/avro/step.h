/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps: what is done with the bytes of an item, one after the other. A program (avro/resolve.h) is
 * a list of them; each puts values behind the columns of a run, or leaves bytes out.
 */
#ifndef HW_AVRO_STEP_H
#define HW_AVRO_STEP_H

#include "avro/columns.h"
#include "avro/type.h"

struct hw_avro_step;

/* The bytes that steps read, and the columns that they fill. One thread's. */
struct hw_avro_run {
    /* HW_AVRO_BLOCK_ROOM bytes behind `end` are readable. */
    const uint8_t *begin;
    const uint8_t *end;
    struct hw_avro_columns columns;
    /* Items without bytes that the block may still have. */
    uint64_t empty_left;
    /* The first fault, with the step and the place at which it was met. */
    struct hw_error fault;
    const struct hw_avro_step *fault_step;
    const uint8_t *fault_at;
};

/*
 * Reads from `at`, which is not behind the end, and returns what follows; NULL after a fault.
 */
typedef const uint8_t *hw_avro_step_fn(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at);

/* No column: the bytes are left out. */
#define HW_AVRO_NO_COLUMN UINT32_MAX

struct hw_avro_step {
    hw_avro_step_fn *run;
    /* This step and those of its body, which follow it. */
    uint32_t span;
    uint32_t column;
    /* The first bytes of an optional value that is null, and of one that is not: its branch. */
    uint8_t null_byte;
    uint8_t value_byte;
    /* A union's column for one branch. */
    uint32_t member;
    /* Bytes: of a fixed value, to leave out, the fewest of an item; or the end of a range. */
    uint64_t size;
    /* The step at which the body for each branch begins, counted from this one, and the end. */
    const uint32_t *targets;
    /* The text for each symbol of an enum; NULL data says that the reader has none. */
    const hw_view *symbols;
    /* Number of branches or symbols. */
    size_t count;
    /* The bytes of a default value, with room behind them; or the words of a fault. */
    hw_view bytes;
};

/* Notes a fault, unless there is one, and returns NULL. */
const uint8_t *hw_avro_fault(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at,
                             const char *format, ...) HW_PRINTF(4, 5);
/* Does so for bytes that the block does not have any more. */
const uint8_t *hw_avro_fault_cut(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at);

/* Runs the steps from `step` to `end`, one after the other. */
static inline const uint8_t *hw_avro_steps_run(struct hw_avro_run *run, const struct hw_avro_step *step,
                                               const struct hw_avro_step *end, const uint8_t *at) {
    for (; at && step < end; step += step->span) {
        at = step->run(run, step, at);
    }
    return at;
}

#endif
