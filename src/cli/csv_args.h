/* SPDX-License-Identifier: Apache-2.0 */
/* The options for reading CSV, for every command that does. */
#ifndef HW_CLI_CSV_ARGS_H
#define HW_CLI_CSV_ARGS_H

#include <hawser/csv.h>

#include "cli/option.h"

struct hw_csv_args {
    struct hw_csv_options csv; /* fields that one option fills by itself */
    const char *delimiter;     /* NULL: it is found */
    const char *comment;       /* NULL: there are no comments */
    struct hw_option_list null_values;
    struct hw_option_list names;
    struct hw_option_list true_values;
    struct hw_option_list false_values;
    unsigned bad_rows;                  /* bits of enum hw_bad_rows */
    struct hw_option_limit max_rejects; /* filled by a row of `convert`, which counts rejects */
};

enum hw_bad_rows { HW_BAD_ROWS_FAIL = 1, HW_BAD_ROWS_REJECT = 2, HW_BAD_ROWS_PAD = 4 };

extern const struct hw_option_group hw_csv_option_group;

/*
 * Makes the library's options. HW_EUSAGE where two of them contradict each other. Texts and lists
 * are borrowed from `args`.
 */
HW_NODISCARD enum hw_status hw_csv_args_options(const struct hw_csv_args *args, struct hw_csv_options *out_options,
                                                struct hw_error *err);

#endif
