/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"
#include "cli/man.h"
#include "cli/output.h"

struct help_args {
    struct hw_common_args common;
    bool man;
};

static const struct hw_option help_rows[] = {
    {.name = "man",
     .type = HW_OPTION_FLAG,
     HW_OPTION_FIELD(struct help_args, man),
     .help = "Prints the manual page in roff, for man -l - to show."},
};
static const struct hw_option_group help_group = {"Output", help_rows, COUNT_OF(help_rows)};

static const struct hw_option_part parts[] = {{&help_group, 0}, {&hw_common_options, 0}};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser help convert", "What convert does, with all its options."},
    {"hawser help --man convert | man -l -", "The same as a manual page."},
};

static enum hw_status help_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct help_args *args = call->args;
    HW_AUTO(hw_buf) text = {0};
    if (call->operands_count == 0) {
        HW_TRY(args->man ? hw_man_tool(&text, err) : hw_help_tool(&text, err));
        return hw_output_data(call->cli, hw_buf_view(&text), err);
    }

    const char *name = call->operands[0];
    const struct hw_cmd *cmd = hw_cmd_find(name);
    if (!cmd) {
        return hw_cmd_unknown(name, err);
    }
    HW_TRY(args->man ? hw_man_command(&text, cmd, err) : hw_help_command(&text, cmd, err));
    return hw_output_data(call->cli, hw_buf_view(&text), err);
}

const struct hw_cmd hw_cmd_help = {
    .name = "help",
    .summary = "Prints help on a command",
    .operands = "[COMMAND]",
    .description = "Prints what a command does and which options it has; without a command, the list of commands.",
    .operand = HW_OPERAND_COMMAND,
    .operands_max = 1,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct help_args),
    .run = help_run,
};
