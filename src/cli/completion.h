/* SPDX-License-Identifier: Apache-2.0 */
/* Shell completions, generated from the command and option tables. */
#ifndef HW_CLI_COMPLETION_H
#define HW_CLI_COMPLETION_H

#include "cli/cmd.h"
#include "core/buf.h"

/* The shells, with no value that matters; ends with a NULL name. */
extern const struct hw_choice hw_completion_shells[];

/* Appends the script for one of the shells. HW_EUSAGE names the nearest known shell. */
HW_NODISCARD enum hw_status hw_completion_script(struct hw_buf *out, const char *shell, struct hw_error *err);

#endif
