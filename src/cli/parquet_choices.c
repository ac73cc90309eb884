/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parquet_choices.h"

#include <hawser/convert.h>

static_assert(sizeof(enum hw_effort) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_encodings) == sizeof(unsigned), "choices are written as unsigned");

const struct hw_choice hw_effort_choices[] = {
    {"fast", HW_EFFORT_FAST}, {"normal", HW_EFFORT_NORMAL}, {"best", HW_EFFORT_BEST}, {NULL, 0}};
const struct hw_choice hw_encodings_choices[] = {
    {"compact", HW_ENCODINGS_COMPACT}, {"compat", HW_ENCODINGS_COMPAT}, {"max", HW_ENCODINGS_MAX}, {NULL, 0}};
