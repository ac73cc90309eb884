/* SPDX-License-Identifier: Apache-2.0 */
/* The completions of zsh. */
#ifndef HW_CLI_COMPLETION_ZSH_H
#define HW_CLI_COMPLETION_ZSH_H

#include "cli/commands.h"
#include "core/buf.h"

/* Appends the script. */
HW_NODISCARD enum hw_status hw_completion_zsh(struct hw_buf *out, const struct hw_commands *commands,
                                              struct hw_error *err);

#endif
