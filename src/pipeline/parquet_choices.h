/* SPDX-License-Identifier: Apache-2.0 */
/* The choices that a caller has of Parquet, as the writer takes them. */
#ifndef HW_PIPELINE_PARQUET_CHOICES_H
#define HW_PIPELINE_PARQUET_CHOICES_H

#include <hawser/convert.h>

#include "parquet/options.h"

/*
 * Each sets an option of the writer. HW_EUSAGE for a number that is no choice; then nothing is set.
 */
HW_NODISCARD enum hw_status hw_parquet_encodings_choose(enum hw_encodings encodings, struct hw_parquet_options *parquet,
                                                        struct hw_error *err);
HW_NODISCARD enum hw_status hw_parquet_effort_choose(enum hw_effort effort, struct hw_parquet_options *parquet,
                                                     struct hw_error *err);

#endif
