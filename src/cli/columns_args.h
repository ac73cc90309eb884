/* SPDX-License-Identifier: Apache-2.0 */
/* The options that choose, name and type columns, for every command that reads tables. */
#ifndef HW_CLI_COLUMNS_ARGS_H
#define HW_CLI_COLUMNS_ARGS_H

#include <hawser/columns.h>

#include "cli/option.h"

/* The values as they were given: each may name several columns. */
struct hw_columns_args {
    struct hw_option_list select;
    struct hw_option_list drop;
    struct hw_option_list rename;
    struct hw_option_list type;
    enum hw_names_style names_style;
};

extern const struct hw_option_group hw_columns_option_group;

/*
 * Makes the library's options, which live in `arena`. HW_EUSAGE where a value is no list. Columns
 * stand between commas; one in double quotes may have commas and =, and a quote in it is
 * doubled. What stands in brackets is not cut.
 */
HW_NODISCARD enum hw_status hw_columns_args_options(const struct hw_columns_args *args, struct hw_arena *arena,
                                                    struct hw_columns_options *out_options, struct hw_error *err);

/* Reads the names of a list of columns that `option` gives, likewise. */
HW_NODISCARD enum hw_status hw_columns_args_names(const struct hw_option_list *list, const char *option,
                                                  struct hw_arena *arena, const char *const **out_names,
                                                  size_t *out_count, struct hw_error *err);

#endif
