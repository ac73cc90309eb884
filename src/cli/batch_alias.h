/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands and options as s5cmd has them, in the words of this tool. What both call the same needs
 * nothing of this.
 */
#ifndef HW_CLI_BATCH_ALIAS_H
#define HW_CLI_BATCH_ALIAS_H

#include "cli/batch_words.h"
#include "cli/cmd.h"

/*
 * Returns the name that a command of s5cmd has here: `name` itself where there is nothing to say.
 * HW_EUSAGE for a command that s5cmd has and this tool has not.
 */
HW_NODISCARD enum hw_status hw_batch_alias_command(const char *name, const char **out_name, struct hw_error *err);

/*
 * Puts options in the place of those that s5cmd writes in another way, takes out those that change
 * nothing here, and makes MiB of a bare number of --part-size. A long name may have one dash, as
 * s5cmd allows. The words are those behind the command's name; there are never more of them
 * afterwards. HW_EUSAGE for an option that this tool has not, with what to do instead.
 */
HW_NODISCARD enum hw_status hw_batch_alias_options(const struct hw_cmd *cmd, struct hw_batch_words *words,
                                                   struct hw_arena *arena, struct hw_error *err);

#endif
