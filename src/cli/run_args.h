/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a run: its resources and its output, for every command that does work. */
#ifndef HW_CLI_RUN_ARGS_H
#define HW_CLI_RUN_ARGS_H

#include <hawser/log.h>

#include "cli/option.h"

struct hw_run_args {
    /* Resources. 0 stands for the default of the command. */
    uint64_t memory_bytes;
    uint32_t threads;
    uint32_t jobs;
    bool dry_run;
    bool fail_fast;
    uint64_t max_errors;     /* 0: objects are begun however many have failed */
    const char *report_path; /* NULL: there is no report */
    const char *prices_path; /* NULL: the prices that are built in */
    bool json;               /* tells lines of JSON on standard output */
    bool quiet;              /* tells nothing but errors and warnings */
    bool verbose;            /* tells what was chosen for each object */
    /*
     * The time between two lines of progress. 0: the default, which is five times a second on a
     * terminal, and once a minute elsewhere.
     */
    int64_t progress_ms;
    /* Lines of the log up to this level go to standard error. */
    enum hw_log_level log;
};

/* The group is for a struct hw_run_args. Its --config has no field: the parser reads the file. */
extern const struct hw_option_group hw_run_option_group;

/*
 * Bits for the rows of the group, for `rows` of struct hw_option_part. A command takes the rows
 * that it heeds, and no others.
 */
enum hw_run_row {
    HW_RUN_MEMORY = 1 << 0,
    HW_RUN_THREADS = 1 << 1,
    HW_RUN_JOBS = 1 << 2,
    HW_RUN_DRY_RUN = 1 << 3,
    HW_RUN_FAIL_FAST = 1 << 4,
    HW_RUN_MAX_ERRORS = 1 << 5,
    HW_RUN_REPORT = 1 << 6,
    HW_RUN_PRICES = 1 << 7,
    HW_RUN_JSON = 1 << 8,
    HW_RUN_QUIET = 1 << 9,
    HW_RUN_VERBOSE = 1 << 10,
    HW_RUN_PROGRESS_EVERY = 1 << 11,
    HW_RUN_LOG = 1 << 12,
    HW_RUN_CONFIG = 1 << 13,
    HW_RUN_ALL = (HW_RUN_CONFIG << 1) - 1,
};

#endif
