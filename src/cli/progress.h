/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress shows how far a run is: by one line on a terminal, which is drawn over itself and gone
 * at the end, or by a line every so often.
 */
#ifndef HW_CLI_PROGRESS_H
#define HW_CLI_PROGRESS_H

#include "cli/cmd.h"
#include "cli/run_args.h"

/* The state of a command's work. */
struct hw_progress_state {
    uint64_t objects_done;
    uint64_t objects_total; /* 0 or 1: objects are not worth counting */
    uint64_t bytes_done;
    uint64_t bytes_total; /* 0: not known */
    bool listing;         /* There may be more than these. */
};

enum hw_progress_style { HW_PROGRESS_NONE, HW_PROGRESS_REDRAWN, HW_PROGRESS_LINES };

struct hw_progress {
    const struct hw_cli *cli;
    enum hw_progress_style style;
    int64_t every_us;
    bool drawn; /* a line stands on the terminal */
    int64_t started_us;
    int64_t drawn_us;
};

/*
 * Starts the clock of a run and chooses the style. A terminal that can redraw a line gets one, five
 * times a second or as `args` say, other files get a line once a minute or as `args` say. Beside
 * lines of JSON there is nothing unless `args` ask for it, and with --quiet, or for a command that
 * has a host, nothing at all. One thread at a time.
 */
void hw_progress_start(struct hw_progress *progress, const struct hw_cli *cli, const struct hw_run_args *args);
/* Shows how far the run is, unless that was done a short while ago. */
void hw_progress_draw(struct hw_progress *progress, const struct hw_progress_state *state);
/* Takes the line away, so that another can be written. */
void hw_progress_clear(struct hw_progress *progress);

enum { HW_PROGRESS_TEXT_BYTES = 160 };
/*
 * Writes "3/10 objects  1.2 GB of 3.4 GB  35%  412 MB/s  0:05 left" for a state after `seconds`,
 * and what is found so far while that may not be all, "3/10 objects so far  1.2 GB  412 MB/s".
 * `out` has room for HW_PROGRESS_TEXT_BYTES. Returns `out`.
 */
char *hw_progress_text(const struct hw_progress_state *state, double seconds, char *out);

#endif
