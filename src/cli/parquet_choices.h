/* SPDX-License-Identifier: Apache-2.0 */
/* The words by which options choose how Parquet is written. */
#ifndef HW_CLI_PARQUET_CHOICES_H
#define HW_CLI_PARQUET_CHOICES_H

#include "cli/option.h"

extern const struct hw_choice hw_effort_choices[];    /* enum hw_effort */
extern const struct hw_choice hw_encodings_choices[]; /* enum hw_encodings */

#endif
