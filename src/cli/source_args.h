/* SPDX-License-Identifier: Apache-2.0 */
/* The options that choose sources, for every command that takes folders and globs. */
#ifndef HW_CLI_SOURCE_ARGS_H
#define HW_CLI_SOURCE_ARGS_H

#include "cli/option.h"

struct hw_source_args {
    struct hw_option_list include;
    struct hw_option_list exclude;
    const char *files_from;
    bool files_from_nul;
    bool all_files;
    bool keep_extension;
};

/* The group is for a struct hw_source_args. */
extern const struct hw_option_group hw_source_option_rows;

/* Bits for its rows, for `rows` of struct hw_option_part: those that name no outputs. */
enum { HW_SOURCE_ROWS_FIND = (1 << 5) - 1 };

/* HW_EUSAGE where an option lacks another one that it needs. */
HW_NODISCARD enum hw_status hw_source_args_check(const struct hw_source_args *args, struct hw_error *err);

#endif
