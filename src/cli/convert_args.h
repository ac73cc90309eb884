/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `hawser convert`, from which struct hw_convert_options is made. */
#ifndef HW_CLI_CONVERT_ARGS_H
#define HW_CLI_CONVERT_ARGS_H

#include <hawser/convert.h>

#include "cli/cmd.h"
#include "cli/columns_args.h"
#include "cli/csv_args.h"
#include "cli/run_args.h"
#include "cli/source_args.h"
#include "cli/store_args.h"
#include "cli/write_args.h"

struct hw_convert_args {
    struct hw_run_args run;
    struct hw_store_args store;
    struct hw_write_args write;
    struct hw_csv_args csv;
    struct hw_source_args sources;
    struct hw_columns_args columns;
    struct hw_convert_options convert; /* fields that one option fills by itself */
    struct hw_option_list partition_by;
    const char *add_source;
};

extern const struct hw_option_set hw_convert_option_set;

/*
 * Makes the library's options for a call that writes to `destination`. HW_EUSAGE where options
 * contradict each other or the destination. The caller fills in descriptors and callbacks; texts
 * and lists are borrowed from `args`, or live in `arena`.
 */
HW_NODISCARD enum hw_status hw_convert_args_options(const struct hw_convert_args *args, const char *destination,
                                                    struct hw_arena *arena, struct hw_convert_options *out_options,
                                                    struct hw_error *err);

#endif
