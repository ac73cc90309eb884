/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_bash.h"

#include "cli/completion_words.h"

/*
 * What the script begins with; the words that a command's name is made of are walked over one by
 * one.
 */
static const char helpers[] =
    "# bash completion for hawser\n"
    "_hawser_words() {\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
    "}\n"
    "_hawser_more() {\n"
    "    ((at + 1 == COMP_CWORD)) && mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
    "}\n"
    "_hawser_list() {\n"
    "    local last=${cur##*,}\n"
    "    mapfile -t COMPREPLY < <(compgen -P \"${cur%\"$last\"}\" -W \"$1\" -- \"$last\")\n"
    "}\n"
    "_hawser_files() {\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "}\n";

/* Between the helpers and the names of commands. */
static const char walk_begin[] =
    "# Sets command to the words after the one at $1 that name one, and at to where the last of them stands.\n"
    "_hawser_command() {\n"
    "    command='' at=$1\n"
    "    while ((at + 1 < COMP_CWORD)); do\n"
    "        case ${command:+$command }${COMP_WORDS[at + 1]} in\n";
static const char walk_end[] = "        *) return ;;\n"
                               "        esac\n"
                               "        command+=${command:+ }${COMP_WORDS[++at]}\n"
                               "    done\n"
                               "}\n";

static const char main_begin[] =
    "_hawser() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command at\n"
    "    COMPREPLY=()\n"
    "    # Bash makes three words of --name=value.\n"
    "    [[ $cur == = ]] && cur=\n"
    "    [[ $prev == = ]] && ((COMP_CWORD > 2)) && prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    _hawser_command 0\n"
    "    case $command in\n";
static const char main_end[] = "    *) ((at + 1 == COMP_CWORD)) && _hawser_next ;;\n"
                               "    esac\n"
                               "}\n"
                               "complete -F _hawser hawser\n";

static enum hw_status walk_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);
static enum hw_status next_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);
static enum hw_status command_script(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                                     struct hw_error *err);
static enum hw_status operands_script(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status value_script(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);

enum hw_status hw_completion_bash(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, helpers, err));
    HW_TRY(walk_script(out, commands, err));
    HW_TRY(next_script(out, commands, err));
    HW_TRY(hw_buf_append_text(out, main_begin, err));
    for (size_t i = 0; i < commands->count; i++) {
        HW_TRY(command_script(out, commands, commands->rows[i], err));
    }
    return hw_buf_append_text(out, main_end, err);
}

/* A function that finds the longest name of a command or group. */
static enum hw_status walk_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    struct hw_commands_walk walk = {0};
    hw_view name;
    HW_TRY(hw_buf_append_text(out, walk_begin, err));
    while (hw_commands_walk(commands, &walk, &name)) {
        HW_TRY(hw_buf_printf(out, err, "        '%.*s') ;;\n", (int)name.size, name.data));
    }
    return hw_buf_append_text(out, walk_end, err);
}

/* A function that offers the words that may follow those of a group. */
static enum hw_status next_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    struct hw_commands_walk walk = {0};
    hw_view name = HW_VIEW("");
    HW_TRY(hw_buf_append_text(out, "_hawser_next() {\n    case $command in\n", err));
    do {
        if (hw_commands_group(commands, name)) {
            HW_TRY(hw_buf_printf(out, err, "    '%.*s') _hawser_words '", (int)name.size, name.data));
            HW_TRY(hw_completion_following(out, commands, name, err));
            HW_TRY(hw_buf_append_text(out, "' ;;\n", err));
        }
    } while (hw_commands_walk(commands, &walk, &name));
    return hw_buf_append_text(out, "    esac\n}\n", err);
}

static enum hw_status command_script(struct hw_buf *out, const struct hw_commands *commands, const struct hw_cmd *cmd,
                                     struct hw_error *err) {
    const hw_view name = hw_view_of(cmd->name);
    size_t count = hw_option_count(cmd->options);
    HW_TRY(hw_buf_printf(out, err, "    '%s')\n        case $prev in\n", cmd->name));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(value_script(out, hw_option_at(cmd->options, i).option, err));
    }
    HW_TRY(
        hw_buf_append_text(out, "        esac\n        if [[ $cur == -* ]]; then\n            _hawser_words '", err));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_printf(out, err, "%s--%s", i > 0 ? " " : "", hw_option_at(cmd->options, i).option->name));
    }
    HW_TRY(hw_buf_append_text(out, "'\n            return\n        fi\n", err));
    HW_TRY(operands_script(out, cmd, err));
    if (hw_commands_group(commands, name)) {
        HW_TRY(hw_buf_append_text(out, "        _hawser_more '", err));
        HW_TRY(hw_completion_following(out, commands, name, err));
        HW_TRY(hw_buf_append_text(out, "'\n", err));
    }
    return hw_buf_append_text(out, "        ;;\n", err);
}

static enum hw_status operands_script(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    switch (cmd->operand) {
    case HW_OPERAND_NONE:
        return HW_OK;
    case HW_OPERAND_PATH:
        return hw_buf_append_text(out, "        _hawser_files\n", err);
    case HW_OPERAND_COMMAND:
        /* Options may stand before the words. */
        return hw_buf_append_text(out,
                                  "        while [[ ${COMP_WORDS[at + 1]} == -?* ]]; do\n            ((++at))\n"
                                  "        done\n        _hawser_command \"$at\"\n        _hawser_next\n",
                                  err);
    case HW_OPERAND_SHELL:
        break;
    }
    HW_TRY(hw_buf_append_text(out, "        _hawser_words '", err));
    HW_TRY(hw_completion_choices(out, hw_completion_shells, err));
    return hw_buf_append_text(out, "'\n", err);
}

/* What follows one option: its choices, files, or nothing. */
static enum hw_status value_script(struct hw_buf *out, const struct hw_option *option, struct hw_error *err) {
    if (!hw_option_takes_value(option)) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_text(out, "        ", err));
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, "-%c | ", option->letter));
    }
    HW_TRY(hw_buf_printf(out, err, "--%s) ", option->name));
    switch (hw_completion_candidates(option)) {
    case HW_CANDIDATES_FILES:
        HW_TRY(hw_buf_append_text(out, "_hawser_files && ", err));
        break;
    case HW_CANDIDATES_CHOICES:
        HW_TRY(hw_buf_printf(out, err, "_hawser_%s '", option->type == HW_OPTION_CHOICES ? "list" : "words"));
        HW_TRY(hw_completion_choices(out, option->choices, err));
        HW_TRY(hw_buf_append_text(out, "' && ", err));
        break;
    case HW_CANDIDATES_NONE:
        break;
    }
    return hw_buf_append_text(out, "return ;;\n", err);
}
