/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name of a destination says the format of a single output, and how it is packed. A name that
 * says something else than what would be written is no destination, unless it is insisted on.
 */
#ifndef HW_PIPELINE_DESTINATION_H
#define HW_PIPELINE_DESTINATION_H

#include "pipeline/plan.h"
#include "pipeline/warn.h"

struct hw_destination {
    const char *name; /* as it was given; borrowed */
    unsigned asked;   /* formats that were asked for, of enum hw_format; 0: the name says them */
};

/*
 * Fills in what `options` leave open by what the name says: the formats, and the codec of CSV where
 * nothing else is written. A name that says nothing stands for Parquet.
 */
void hw_destination_fill(const struct hw_destination *destination, struct hw_convert_options *options);

/*
 * Checks a destination that is open, `plan->target`. HW_EEXISTS where what is there is named like a
 * source, and nobody has asked for CSV or to replace it: the name came from a glob, then. HW_EUSAGE
 * where several sources would go to one object, and where nothing is asked for and the name is that
 * of no format that is written.
 */
HW_NODISCARD enum hw_status hw_destination_check(const struct hw_destination *destination, const struct hw_plan *plan,
                                                 struct hw_error *err);

/* Warns where the name says another format or codec than those that were asked for. */
void hw_destination_warn(const struct hw_destination *destination, const struct hw_plan *plan,
                         const struct hw_warn *warn);

/* Returns what separates the fields of a single output of CSV: a comma, a tab or '|'. */
char hw_destination_delimiter(const struct hw_destination *destination, const struct hw_plan *plan);

#endif
