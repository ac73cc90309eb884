/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch runs the commands of a list, one a line, several at once. One thread reads lines, and a
 * number of them run each as the command line that it is, with the options that hold for all. The
 * calls of the library share connections and credentials by themselves.
 */
#ifndef HW_CLI_BATCH_H
#define HW_CLI_BATCH_H

#include "cli/batch_share.h"
#include "cli/teller.h"

struct hw_batch_options {
    /* The call of the command that runs the batch. */
    const struct hw_cmd_call *call;
    /* The name of the list, for messages; the descriptor that it is read from. */
    const char *name;
    int fd;
    /* Options that hold for all lines. */
    const struct hw_cmd_given *given;
    size_t given_count;
    struct hw_batch_means means;
    bool dry_run;
    /* Standard output has lines of JSON. */
    bool json;
    /* No line is begun once one has failed. */
    bool fail_fast;
};

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
