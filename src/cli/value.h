/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of options: from text to the field that a row of the table describes. Only the filler of
 * options includes this.
 */
#ifndef HW_CLI_VALUE_H
#define HW_CLI_VALUE_H

#include "cli/option.h"
#include "core/view.h"

/*
 * Reads `value` of an option that has a field (NULL for a switch without one) and writes it to
 * `field`, which has the type and width that the row says. Lists and combined choices add to what
 * `field` holds. HW_EUSAGE repeats the value and names the nearest known one where there is a
 * choice; `field` is then unspecified.
 */
HW_NODISCARD enum hw_status hw_value_parse(const struct hw_option *option, const char *value, void *field,
                                           struct hw_arena *arena, struct hw_error *err);

/* Adds a copy of `item` to the list. */
HW_NODISCARD enum hw_status hw_value_list_add(struct hw_option_list *list, hw_view item, struct hw_arena *arena,
                                              struct hw_error *err);

#endif
