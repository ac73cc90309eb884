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

/* Returns the numbers of a run, for hw_summary_text. */
struct hw_summary hw_outcome_summary(const struct hw_convert_result *result, bool dry_run);

#endif
