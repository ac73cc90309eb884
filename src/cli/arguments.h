/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arguments of one call: config file, environment and command line become the command's struct.
 */
#ifndef HW_CLI_ARGUMENTS_H
#define HW_CLI_ARGUMENTS_H

#include "cli/cmd.h"

/*
 * Fills the rest of `*call` from `words`, which follow the command's name, and from the environment
 * and the config file that they name. The caller has set `cli`, `cmd`, `commands` and `arena`.
 * Where help is asked for, only `help` is set, so that no other fault stands in its way. HW_EUSAGE
 * and HW_ECONFIG name the option and its value.
 */
HW_NODISCARD enum hw_status hw_arguments_parse(struct hw_cmd_call *call, const char *const *words, size_t words_count,
                                               struct hw_error *err);

#endif
