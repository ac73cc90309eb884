/* SPDX-License-Identifier: Apache-2.0 */
/* The completions of bash. */
#ifndef HW_CLI_COMPLETION_BASH_H
#define HW_CLI_COMPLETION_BASH_H

#include "cli/commands.h"
#include "core/buf.h"

/* Appends the script. */
HW_NODISCARD enum hw_status hw_completion_bash(struct hw_buf *out, const struct hw_commands *commands,
                                               struct hw_error *err);

#endif
