/* SPDX-License-Identifier: Apache-2.0 */
/* The arguments of one call: config file, environment and command line become the command's struct. */
#ifndef HW_CLI_ARGUMENTS_H
#define HW_CLI_ARGUMENTS_H

#include "cli/cmd.h"

/*
 * Fills `*call` (arguments, operands) from `words`, which follow the command's name, and from the environment and the
 * config file that they name. `call->cli` and `call->arena` are set by the caller. Where help is asked for, only that
 * is filled in, so that no other fault stands in its way. HW_EUSAGE and HW_ECONFIG name the option and its value.
 */
HW_NODISCARD enum hw_status hw_arguments_parse(const struct hw_cmd *cmd, const char *const *words, size_t words_count,
                                               struct hw_cmd_call *call, struct hw_error *err);

#endif
