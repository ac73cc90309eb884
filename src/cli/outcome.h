/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outcome of a conversion for people: the lines of --verbose and the summary. The JSON of both
 * comes from report/object.h.
 */
#ifndef HW_CLI_OUTCOME_H
#define HW_CLI_OUTCOME_H

#include <hawser/convert.h>

#include "cli/summary.h"
#include "cli/teller.h"

/*
 * Tells what was chosen for an object and what it became, with --verbose:
 *
 *     a.csv: converted, 3 rows, 2 columns, 0.1 s -> a.parquet (1.2 kB), a.avro (900 B)
 *       id int64
 *       name text
 *
 * Only the first are named where there are very many outputs.
 */
void hw_outcome_detail(struct hw_teller *teller, const struct hw_convert_object *object);

/*
 * Tells of an object of a dry run what would be done with it, and why: "would convert in/a.csv ->
 * out/a.parquet (1.2 kB, new)".
 */
void hw_outcome_plan(struct hw_teller *teller, const struct hw_convert_object *object);

/* The rejects files of a run. Start it zeroed. One thread at a time. */
struct hw_outcome_rejects {
    uint64_t files;
    struct hw_buf first; /* the path of the first one, as a text; empty: no memory */
};
/* Takes note of an object's rejects file, if it has one. */
void hw_outcome_rejects_note(struct hw_outcome_rejects *rejects, const struct hw_convert_object *object);
void hw_outcome_rejects_release(struct hw_outcome_rejects *rejects);

/*
 * Tells what the summary has no place for, a line for each kind: sources that were read twice,
 * where rejected rows are, and what was left out by its name.
 */
void hw_outcome_lines(struct hw_teller *teller, const struct hw_convert_result *result,
                      const struct hw_outcome_rejects *rejects);

/* Returns the numbers of a run, for hw_summary_text. */
struct hw_summary hw_outcome_summary(const struct hw_convert_result *result, bool dry_run);

#endif
