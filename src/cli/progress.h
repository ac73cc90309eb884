/* SPDX-License-Identifier: Apache-2.0 */
/* The progress line on a terminal: drawn over itself, gone at the end. */
#ifndef HW_CLI_PROGRESS_H
#define HW_CLI_PROGRESS_H

#include <hawser/convert.h>

#include "cli/cmd.h"

struct hw_progress {
    const struct hw_cli *cli;
    bool enabled;
    bool drawn;
    int64_t started_us;
    int64_t drawn_us;
};

/* Progress is shown where stderr is a terminal that can redraw a line, unless `quiet`. One thread at a time. */
void hw_progress_start(struct hw_progress *progress, const struct hw_cli *cli, bool quiet);
/* Draws the line, unless it was drawn less than a fifth of a second ago. */
void hw_progress_draw(struct hw_progress *progress, const struct hw_convert_progress *state);
/* Takes the line away, so that another can be written. */
void hw_progress_clear(struct hw_progress *progress);

/* "3/10 objects  1.2 GB of 3.4 GB  35%  412 MB/s  0:05 left" after `seconds`. Returns `out`. */
enum { HW_PROGRESS_TEXT_BYTES = 160 };
char *hw_progress_text(const struct hw_convert_progress *state, double seconds, char *out);

#endif
