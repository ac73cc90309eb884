/* SPDX-License-Identifier: Apache-2.0 */
/* The columns that get bloom filters, as an option lists them: COL[:FPP],... */
#ifndef HW_CLI_BLOOM_ARGS_H
#define HW_CLI_BLOOM_ARGS_H

#include <hawser/optimize.h>

#include "cli/option.h"

/*
 * Reads the values of `option`, each a list of columns (cli/columns_args.h), to `arena`. What
 * stands behind the last colon of an item is a probability if it is a number, else a part of the
 * name.
 * HW_EUSAGE where a value is no list, and for a number that is not above 0 and below 1.
 */
HW_NODISCARD enum hw_status hw_bloom_args_read(const struct hw_option_list *list, const char *option,
                                               struct hw_arena *arena, const struct hw_optimize_bloom **out_bloom,
                                               size_t *out_count, struct hw_error *err);

#endif
