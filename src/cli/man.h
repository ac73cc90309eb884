/* SPDX-License-Identifier: Apache-2.0 */
/* Manual pages in roff (man macros), rendered from the command and option tables. */
#ifndef HW_CLI_MAN_H
#define HW_CLI_MAN_H

#include "cli/commands.h"
#include "core/buf.h"

/* Appends the page hawser(1). */
HW_NODISCARD enum hw_status hw_man_tool(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);
/* Appends the page hawser-<command>(1), with a - for each space of the command's name. */
HW_NODISCARD enum hw_status hw_man_command(struct hw_buf *out, const struct hw_commands *commands,
                                           const struct hw_cmd *cmd, struct hw_error *err);

#endif
