/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a batch, from its text to its exit code. */
#ifndef HW_CLI_BATCH_LINE_H
#define HW_CLI_BATCH_LINE_H

#include "cli/batch.h"
#include "cli/batch_output.h"

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
