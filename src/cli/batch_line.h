/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a batch, from its text to its exit code. */
#ifndef HW_CLI_BATCH_LINE_H
#define HW_CLI_BATCH_LINE_H

#include "cli/batch_output.h"
#include "cli/batch_share.h"

/* The batch, as far as a line has to know it. */
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
    /* The report of all lines; NULL: there is none. */
    struct hw_transfer_report *report;
};

struct hw_batch_line {
    const struct hw_batch_options *options;
    uint64_t number;
    hw_view text;
    struct hw_batch_share share;
    struct hw_batch_output *output;
    /* This is filled in. The line has no command; or else its sums. */
    bool empty;
    struct hw_cli_sums sums;
};

/*
 * Runs the command of a line, and writes what it tells. Start the line with all but the last part
 * filled in. Returns the exit code; an error was told, with the number of the line. Any thread.
 */
int hw_batch_line_run(struct hw_batch_line *line);

#endif
