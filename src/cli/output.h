/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output of the tool: data goes to stdout, lines for people go to stderr. The host of a
 * command gets both instead, and messages then say which command they are of.
 */
#ifndef HW_CLI_OUTPUT_H
#define HW_CLI_OUTPUT_H

#include "cli/cmd.h"
#include "core/buf.h"

/*
 * Writes data to stdout. HW_EIO where it cannot take it (full, closed, a broken pipe),
 * HW_ECANCELLED where a signal came while nobody took it.
 */
HW_NODISCARD enum hw_status hw_output_data(const struct hw_cli *cli, hw_view data, struct hw_error *err);
/* Does the same with whole lines that have a JSON object each. */
HW_NODISCARD enum hw_status hw_output_json(const struct hw_cli *cli, hw_view lines, struct hw_error *err);

/*
 * Writes text to stderr as it is, unless a signal comes while nobody takes it. A broken stderr is
 * not an error.
 */
void hw_output_errors(const struct hw_cli *cli, hw_view text);
/* Writes the text as one line to stderr, made harmless for a terminal. */
void hw_output_line(const struct hw_cli *cli, const char *text);
/*
 * Writes "hawser: <text>" as one line to stderr, made harmless for a terminal. A broken stderr is
 * not an error.
 */
void hw_output_note(const struct hw_cli *cli, const char *format, ...) HW_PRINTF(2, 3);
/*
 * Writes "hawser: error: <error>" to stderr. A usage error points to the help of the command or
 * group `name`; where that is empty, to the list of commands.
 */
void hw_output_error(const struct hw_cli *cli, hw_view name, const struct hw_error *error);

/* Writes "hawser: warning: <warning>" to stderr, also with --quiet. */
void hw_output_warning(const struct hw_cli *cli, const struct hw_error *warning);

/*
 * Returns true for the error of writing to a pipe that nobody reads any more, as in "hawser ... |
 * head". The tool ends in silence then, as by SIGPIPE.
 */
bool hw_output_unread(const struct hw_error *error);

#endif
