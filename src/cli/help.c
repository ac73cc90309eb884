/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include <stdio.h>

#include "cli/text.h"

enum { WIDTH = 100, OPTION_COLUMN = 32, COMMAND_COLUMN = 15 };

static enum hw_status options_help(struct hw_buf *out, const struct hw_option_group *group, struct hw_error *err);
static enum hw_status option_help(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);
static enum hw_status examples_help(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);

enum hw_status hw_help_tool(struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, "Usage: hawser COMMAND [options] ...\n\nCommands:\n", err));
    for (size_t i = 0; i < hw_cmd_count(); i++) {
        const struct hw_cmd *cmd = hw_cmd_at(i);
        HW_TRY(hw_buf_printf(out, err, "  %-*s%s\n", COMMAND_COLUMN - 2, cmd->name, cmd->summary));
    }
    return hw_buf_append_text(out, "\n`hawser help COMMAND` tells what a command does and which options it has.\n",
                              err);
}

enum hw_status hw_help_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "%s.\n\nUsage: hawser %s [options]%s%s\n\n", cmd->summary, cmd->name,
                         cmd->operands[0] ? " " : "", cmd->operands));
    HW_TRY(hw_text_wrap(out, cmd->description, 0, WIDTH, err));
    HW_TRY(hw_buf_append_byte(out, '\n', err));
    for (size_t i = 0; i < cmd->options->count; i++) {
        HW_TRY(options_help(out, cmd->options->parts[i].group, err));
    }
    return examples_help(out, cmd, err);
}

static enum hw_status options_help(struct hw_buf *out, const struct hw_option_group *group, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "\n%s:\n", group->title));
    for (size_t i = 0; i < group->count; i++) {
        HW_TRY(option_help(out, &group->options[i], err));
    }
    return HW_OK;
}

/* The option, and beside or below it what it does and what holds without it. */
static enum hw_status option_help(struct hw_buf *out, const struct hw_option *option, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    char arg[HW_HELP_ARG_BYTES];
    char letter[] = {'-', option->letter, ',', '\0'};
    size_t start = out->size;
    hw_help_arg(option, arg);
    HW_TRY(
        hw_buf_printf(out, err, "  %-4s--%s%s%s", option->letter ? letter : "", option->name, arg[0] ? " " : "", arg));
    size_t column = out->size - start;
    if (column + 2 > OPTION_COLUMN) {
        HW_TRY(hw_buf_printf(out, err, "\n%*s", OPTION_COLUMN, ""));
    } else {
        HW_TRY(hw_buf_printf(out, err, "%*s", OPTION_COLUMN - (int)column, ""));
    }
    HW_TRY(hw_buf_append_text(&text, option->help, err));
    if (option->fallback) {
        HW_TRY(hw_buf_printf(&text, err, " [%s]", option->fallback));
    }
    HW_TRY(hw_buf_end_text(&text, err));
    HW_TRY(hw_text_wrap(out, (const char *)text.data, OPTION_COLUMN, WIDTH, err));
    return hw_buf_append_byte(out, '\n', err);
}

char *hw_help_arg(const struct hw_option *option, char *out) {
    size_t used = 0;
    snprintf(out, HW_HELP_ARG_BYTES, "%s", option->arg ? option->arg : "");
    for (const struct hw_choice *choice = option->choices; choice && choice->name; choice++) {
        const char *between = used == 0 ? "" : option->type == HW_OPTION_CHOICES ? "," : "|";
        int added = snprintf(out + used, HW_HELP_ARG_BYTES - used, "%s%s", between, choice->name);
        used = hw_min_size(used + (size_t)added, HW_HELP_ARG_BYTES - 1);
    }
    return out;
}

static enum hw_status examples_help(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    if (cmd->examples_count > 0) {
        HW_TRY(hw_buf_append_text(out, "\nExamples:\n", err));
    }
    for (size_t i = 0; i < cmd->examples_count; i++) {
        HW_TRY(hw_buf_printf(out, err, "  %s\n      %s\n", cmd->examples[i].line, cmd->examples[i].help));
    }
    return HW_OK;
}
