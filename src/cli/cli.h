/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tool, from the words of a command line to the exit code. */
#ifndef HW_CLI_CLI_H
#define HW_CLI_CLI_H

#include "cli/commands.h"

/*
 * Runs the one of `commands` that `words` name, which are without the program's own name. Returns
 * the exit code. Every error has been written to stderr.
 */
int hw_cli_run(const struct hw_cli *cli, const struct hw_commands *commands, const char *const *words,
               size_t words_count);

#endif
