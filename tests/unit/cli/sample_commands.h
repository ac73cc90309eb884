/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of commands as there will be many: of one word, of two, of three, and one whose name
 * begins another's. It shows that a command is a row of a table and a struct, whatever its name.
 */
#ifndef HW_TESTS_SAMPLE_COMMANDS_H
#define HW_TESTS_SAMPLE_COMMANDS_H

#include "cli/commands.h"
#include "cli/run_args.h"

/* load, mongo export, mongo import, worker tasks, worker sqs, worker sqs redrive, help */
extern const struct hw_commands sample_commands;

/* What the options of "mongo export" fill. */
struct sample_export_args {
    struct hw_run_args run;
    const char *query;
    unsigned mode;
};

#endif
