/* SPDX-License-Identifier: Apache-2.0 */
/* The tool from its words to its exit code. */
#ifndef HW_CLI_CLI_H
#define HW_CLI_CLI_H

#include "cli/commands.h"

/*
 * Runs the one of `commands` that `words` name (without the program's own name). Returns the exit
 * code.
 */
int hw_cli_run(const struct hw_cli *cli, const struct hw_commands *commands, const char *const *words,
               size_t words_count);

#endif
