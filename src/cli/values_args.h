/* SPDX-License-Identifier: Apache-2.0 */
/* The words that options have for the forms of values as text (hawser/values.h). */
#ifndef HW_CLI_VALUES_ARGS_H
#define HW_CLI_VALUES_ARGS_H

#include <hawser/values.h>

#include "cli/option.h"

/* The words of enum hw_binary_text. */
extern const struct hw_choice hw_binary_text_choices[];
/* The words of enum hw_nested_text. */
extern const struct hw_choice hw_nested_text_choices[];

#endif
