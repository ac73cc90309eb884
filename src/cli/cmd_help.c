/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/man.h"
#include "cli/output.h"

struct help_args {
    bool man;
};

static const struct hw_option help_rows[] = {
    {.name = "man",
     .type = HW_OPTION_FLAG,
     HW_OPTION_FIELD(struct help_args, man),
     .help = "Prints the manual page in roff, for man -l - to show."},
};
static const struct hw_option_group help_group = {"Output", help_rows, COUNT_OF(help_rows)};

static const struct hw_option_part parts[] = {{&help_group, 0, 0}, {&hw_common_options, 0, 0}};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser help convert", "What convert does, with all its options."},
    {"hawser help --man convert | man -l -", "The same as a manual page."},
};

static enum hw_status group_show(const struct hw_cmd_call *call, hw_view group, struct hw_error *err);
static enum hw_status command_show(const struct hw_cmd_call *call, const struct hw_cmd *cmd, struct hw_error *err);

static enum hw_status help_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const char *const *words = call->operands;
    const size_t count = call->operands_count;
    const struct hw_commands_match match = hw_commands_match(call->commands, words, count);
    if (match.words_count < count && !match.cmd) {
        return hw_commands_unknown(call->commands, &match, words, count, call->arena, err);
    }
    if (match.words_count < count) {
        char quote[HW_QUOTE_BYTES];
        const char *extra = words[match.words_count];
        return hw_fail(err, HW_EUSAGE, "unexpected operand %s", hw_quote(extra, strlen(extra), quote, sizeof(quote)));
    }
    return match.cmd ? command_show(call, match.cmd, err) : group_show(call, match.group, err);
}

static enum hw_status group_show(const struct hw_cmd_call *call, hw_view group, struct hw_error *err) {
    const struct help_args *args = call->args;
    HW_AUTO(hw_buf) text = {0};
    if (args->man && group.size > 0) {
        return hw_fail(err, HW_EUSAGE, "%.*s is a group of commands, which has no manual page of its own",
                       (int)group.size, group.data);
    }
    HW_TRY(args->man ? hw_man_tool(&text, call->commands, err) : hw_help_group(&text, call->commands, group, err));
    return hw_output_data(call->cli, hw_buf_view(&text), err);
}

static enum hw_status command_show(const struct hw_cmd_call *call, const struct hw_cmd *cmd, struct hw_error *err) {
    const struct help_args *args = call->args;
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(args->man ? hw_man_command(&text, call->commands, cmd, err)
                     : hw_help_command(&text, call->commands, cmd, err));
    return hw_output_data(call->cli, hw_buf_view(&text), err);
}

const struct hw_cmd hw_cmd_help = {
    .name = "help",
    .summary = "Prints help on a command",
    .operands = "[COMMAND]",
    .description =
        "Prints what a command does and which options it has. Without a command it prints the list of all commands, "
        "and for a word that several commands begin with, the list of these.",
    .operand = HW_OPERAND_COMMAND,
    .operands_max = SIZE_MAX,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct help_args),
    .run = help_run,
};
