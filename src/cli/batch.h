/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch runs the commands of a list, one a line, several at once. One thread reads lines, and a
 * number of them run each as the command line that it is, with the options that hold for all. The
 * calls of the library share connections and credentials by themselves.
 */
#ifndef HW_CLI_BATCH_H
#define HW_CLI_BATCH_H

#include "cli/batch_line.h"

struct hw_batch_result {
    uint64_t lines; /* those that have a command */
    uint64_t failed;
    uint64_t not_run;
    /* The exit code of the first that has failed. */
    int exit_code;
    struct hw_cli_sums sums;
};

/*
 * Runs all lines, and tells what they write. Their failures are told with the numbers of their
 * lines. Fails where the list cannot be read further or standard output takes no more; lines that
 * were begun have ended then. `out_result` is filled in on failure too.
 */
HW_NODISCARD enum hw_status hw_batch_run(const struct hw_batch_options *options, struct hw_teller *teller,
                                         struct hw_batch_result *out_result, struct hw_error *err);

#endif
