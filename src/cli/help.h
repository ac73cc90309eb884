/* SPDX-License-Identifier: Apache-2.0 */
/* Help texts, rendered from the command and option tables. */
#ifndef HW_CLI_HELP_H
#define HW_CLI_HELP_H

#include "cli/commands.h"
#include "core/buf.h"

/*
 * Appends the list of the commands whose names begin with the words of `group`, and of all commands
 * where it is empty.
 */
HW_NODISCARD enum hw_status hw_help_group(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                          struct hw_error *err);
/* Appends everything about one command. */
HW_NODISCARD enum hw_status hw_help_command(struct hw_buf *out, const struct hw_commands *commands,
                                            const struct hw_cmd *cmd, struct hw_error *err);

enum { HW_HELP_ARG_BYTES = 128 };
/*
 * Writes the placeholder of an option's value: "FILE", "auto|skip", "parquet,avro"; "" for a
 * switch. `out` has room for HW_HELP_ARG_BYTES; more is cut off. Returns `out`.
 */
char *hw_help_arg(const struct hw_option *option, char *out);

#endif
