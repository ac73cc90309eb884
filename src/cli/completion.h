/* SPDX-License-Identifier: Apache-2.0 */
/* Shell completions, generated from the command and option tables. */
#ifndef HW_CLI_COMPLETION_H
#define HW_CLI_COMPLETION_H

#include "cli/commands.h"
#include "core/buf.h"

/* Appends the script for one of the shells. HW_EUSAGE names the nearest known shell. */
HW_NODISCARD enum hw_status hw_completion_script(struct hw_buf *out, const struct hw_commands *commands,
                                                 const char *shell, struct hw_error *err);

#endif
