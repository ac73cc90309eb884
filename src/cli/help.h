/* SPDX-License-Identifier: Apache-2.0 */
/* Help texts, rendered from the command and option tables. */
#ifndef HW_CLI_HELP_H
#define HW_CLI_HELP_H

#include "cli/commands.h"
#include "core/buf.h"

/*
 * The list of the commands whose names begin with the words of `group`; of all where it is empty.
 */
HW_NODISCARD enum hw_status hw_help_group(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                          struct hw_error *err);
/* Everything about one command. */
HW_NODISCARD enum hw_status hw_help_command(struct hw_buf *out, const struct hw_commands *commands,
                                            const struct hw_cmd *cmd, struct hw_error *err);

/*
 * What stands for an option's value: "FILE", "auto|skip", "parquet,avro"; "" for a switch. Returns
 * `out`.
 */
enum { HW_HELP_ARG_BYTES = 128 };
char *hw_help_arg(const struct hw_option *option, char *out);

#endif
