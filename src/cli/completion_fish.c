/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_fish.h"

#include "cli/completion_words.h"

static const struct hw_spelling spellings[] = {{'\'', "\\'"}, {'\\', "\\\\"}, {0, NULL}};

/* Before and behind the names of commands and groups. */
static const char walk_begin[] = "# fish completion for hawser\n"
                                 "# Prints the first of the words that name a command or a group.\n"
                                 "function __hawser_name\n"
                                 "    set -l name\n"
                                 "    for word in $argv\n"
                                 "        set -l longer (string join -- ' ' $name $word)\n"
                                 "        contains -- \"$longer\"";
static const char walk_end[] = "; or break\n"
                               "        set name $longer\n"
                               "    end\n"
                               "    echo $name\n"
                               "end\n"
                               "# True where the line is one of the command or group $argv.\n"
                               "function __hawser_at\n"
                               "    set -l words (commandline -opc)\n"
                               "    set -l name (__hawser_name $words[2..-1])\n"
                               "    test \"$name\" = \"$argv\"\n"
                               "end\n"
                               "# The same for the words behind a command that itself is followed by one.\n"
                               "function __hawser_after\n"
                               "    set -l words (commandline -opc)\n"
                               "    set -l rest (string match -v -- '-*' $words[3..-1])\n"
                               "    set -l name (__hawser_name $rest)\n"
                               "    test \"$words[2]\" = $argv[1] -a \"$name\" = \"$argv[2..-1]\"\n"
                               "end\n";

static enum hw_status walk_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);
static enum hw_status following_script(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                       struct hw_error *err);
static enum hw_status command_script(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                                     struct hw_error *err);
static enum hw_status operands_script(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                                      struct hw_error *err);
static enum hw_status option_script(struct hw_buf *out, const struct hw_cmd *cmd, const struct hw_option *option,
                                    struct hw_error *err);

enum hw_status hw_completion_fish(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    struct hw_commands_walk walk = {0};
    hw_view name = HW_VIEW("");
    HW_TRY(walk_script(out, commands, err));
    do {
        HW_TRY(following_script(out, commands, name, err));
    } while (hw_commands_walk(commands, &walk, &name));
    for (size_t i = 0; i < commands->count; i++) {
        HW_TRY(command_script(out, commands, commands->rows[i], err));
    }
    return HW_OK;
}

/* Functions that find the longest name of a command or group on the line. */
static enum hw_status walk_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    struct hw_commands_walk walk = {0};
    hw_view name;
    HW_TRY(hw_buf_append_text(out, walk_begin, err));
    while (hw_commands_walk(commands, &walk, &name)) {
        HW_TRY(hw_buf_printf(out, err, " '%.*s'", (int)name.size, name.data));
    }
    return hw_buf_append_text(out, walk_end, err);
}

/*
 * The words that may follow those of a group; files do not stand beside them unless the group is a
 * command too.
 */
static enum hw_status following_script(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                       struct hw_error *err) {
    struct hw_commands_word next;
    const char *files = hw_commands_get(commands, group) ? "" : " -x";
    for (size_t at = 0; hw_commands_next(commands, group, &at, &next);) {
        HW_AUTO(hw_buf) summary = {0};
        HW_TRY(hw_completion_summary(&summary, commands, &next, err));
        HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n '__hawser_at %.*s'%s -a %.*s -d '", (int)group.size,
                             group.data, files, (int)next.word.size, next.word.data));
        HW_TRY(hw_completion_spell(out, hw_buf_view(&summary), spellings, err));
        HW_TRY(hw_buf_append_text(out, "'\n", err));
    }
    return HW_OK;
}

static enum hw_status command_script(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                                     struct hw_error *err) {
    if (cmd->operand != HW_OPERAND_PATH) {
        HW_TRY(operands_script(out, commands, cmd, err));
    }
    for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
        HW_TRY(option_script(out, cmd, hw_option_at(cmd->options, i).option, err));
    }
    return HW_OK;
}

static enum hw_status operands_script(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                                      struct hw_error *err) {
    struct hw_commands_walk walk = {0};
    hw_view name = HW_VIEW("");
    HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n '__hawser_at %s' -f", cmd->name));
    if (cmd->operand == HW_OPERAND_SHELL) {
        HW_TRY(hw_buf_append_text(out, " -a '", err));
        HW_TRY(hw_completion_choices(out, hw_completion_shells, err));
        HW_TRY(hw_buf_append_byte(out, '\'', err));
    }
    HW_TRY(hw_buf_append_byte(out, '\n', err));
    do {
        if (cmd->operand == HW_OPERAND_COMMAND && hw_commands_group(commands, name)) {
            HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n '__hawser_after %s %.*s' -f -a '", cmd->name,
                                 (int)name.size, name.data));
            HW_TRY(hw_completion_following(out, commands, name, err));
            HW_TRY(hw_buf_append_text(out, "'\n", err));
        }
    } while (hw_commands_walk(commands, &walk, &name));
    return HW_OK;
}

static enum hw_status option_script(struct hw_buf *out, const struct hw_cmd *cmd, const struct hw_option *option,
                                    struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n '__hawser_at %s' -l %s", cmd->name, option->name));
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, " -s %c", option->letter));
    }
    switch (hw_completion_candidates(option)) {
    case HW_CANDIDATES_FILES:
        HW_TRY(hw_buf_append_text(out, " -r -F", err));
        break;
    case HW_CANDIDATES_CHOICES:
        HW_TRY(hw_buf_append_text(out, " -x -a '", err));
        HW_TRY(hw_completion_choices(out, option->choices, err));
        HW_TRY(hw_buf_append_byte(out, '\'', err));
        break;
    case HW_CANDIDATES_NONE:
        HW_TRY(hw_buf_append_text(out, hw_option_takes_value(option) ? " -x" : "", err));
        break;
    }
    HW_TRY(hw_buf_append_text(out, " -d '", err));
    HW_TRY(hw_completion_spell(out, hw_completion_line(option->help), spellings, err));
    return hw_buf_append_text(out, "'\n", err);
}
