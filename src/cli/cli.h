/* SPDX-License-Identifier: Apache-2.0 */
/* The tool from its words to its exit code. */
#ifndef HW_CLI_CLI_H
#define HW_CLI_CLI_H

#include "cli/cmd.h"

/* Runs the command that `words` name (without the program's own name). Returns the exit code. */
int hw_cli_run(const struct hw_cli *cli, const char *const *words, size_t words_count);

#endif
