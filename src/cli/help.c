/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include <stdio.h>

#include "cli/text.h"

enum { WIDTH = 100, OPTION_COLUMN = 32, COMMAND_COLUMN_MIN = 15 };

static enum hw_status names_help(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                 struct hw_error *err);
static enum hw_status options_help(struct hw_buf *out, const struct hw_option_part *part, struct hw_error *err);
static enum hw_status option_help(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);
static enum hw_status examples_help(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);

enum hw_status hw_help_group(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                             struct hw_error *err) {
    const char *between = group.size > 0 ? " " : "";
    HW_TRY(hw_buf_printf(out, err, "Usage: hawser %.*s%sCOMMAND [options] ...\n\nCommands:\n", (int)group.size,
                         group.data, between));
    HW_TRY(names_help(out, commands, group, err));
    return hw_buf_printf(out, err,
                         "\n`hawser help %.*s%sCOMMAND` tells what a command does and which options it has.\n",
                         (int)group.size, group.data, between);
}

static enum hw_status names_help(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                 struct hw_error *err) {
    size_t column = COMMAND_COLUMN_MIN;
    for (size_t i = 0; i < commands->count; i++) {
        if (hw_commands_belongs(commands->rows[i], group)) {
            column = hw_max_size(column, 2 + strlen(commands->rows[i]->name) + 2);
        }
    }
    for (size_t i = 0; i < commands->count; i++) {
        const struct hw_cmd *cmd = commands->rows[i];
        if (hw_commands_belongs(cmd, group)) {
            HW_TRY(hw_buf_printf(out, err, "  %-*s%s\n", (int)column - 2, cmd->name, cmd->summary));
        }
    }
    return HW_OK;
}

enum hw_status hw_help_command(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                               struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "%s.\n\nUsage: hawser %s [options]%s%s\n\n", cmd->summary, cmd->name,
                         cmd->operands[0] ? " " : "", cmd->operands));
    HW_TRY(hw_text_wrap(out, cmd->description, 0, WIDTH, err));
    HW_TRY(hw_buf_append_byte(out, '\n', err));
    if (hw_commands_group(commands, hw_view_of(cmd->name))) {
        HW_TRY(hw_buf_append_text(out, "\nMore commands:\n", err));
        HW_TRY(names_help(out, commands, hw_view_of(cmd->name), err));
    }
    for (size_t i = 0; i < cmd->options->count; i++) {
        HW_TRY(options_help(out, &cmd->options->parts[i], err));
    }
    return examples_help(out, cmd, err);
}

static enum hw_status options_help(struct hw_buf *out, const struct hw_option_part *part, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "\n%s:\n", part->group->title));
    for (size_t i = 0; i < hw_option_part_count(part); i++) {
        HW_TRY(option_help(out, hw_option_part_at(part, i), err));
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
    for (const struct hw_choice *choice = option->arg ? NULL : option->choices; choice && choice->name; choice++) {
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
