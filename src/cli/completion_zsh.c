/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_zsh.h"

#include "cli/completion_words.h"

static const struct hw_spelling spellings[] = {{'\'', "'\\''"}, {'[', "\\["}, {']', "\\]"}, {':', "\\:"}, {0, NULL}};

/*
 * The words that a command's name is made of are walked over up to the one before the cursor. What
 * a function does to `words` and CURRENT ends with it, so that only the outermost one takes them
 * off the line.
 */
static const char walk[] =
    "# Sets command to the words after the one at $1 that name one, at to where the last stands.\n"
    "_hawser_command() {\n"
    "    command='' at=$1\n"
    "    _hawser_following\n"
    "    while ((at + 1 < CURRENT)) && [[ -n ${${following%%:*}[(re)$words[at+1]]} ]]; do\n"
    "        command+=${command:+ }$words[++at]\n"
    "        _hawser_following\n"
    "    done\n"
    "}\n"
    "_hawser_next() {\n"
    "    ((at + 1 == CURRENT && $#following)) && _describe -t commands command following\n"
    "}\n";

static const char main_begin[] = "_hawser() {\n"
                                 "    local command at\n"
                                 "    local -a following\n"
                                 "    _hawser_command 1\n"
                                 "    _hawser_next\n"
                                 "    shift $((at - 1)) words\n"
                                 "    ((CURRENT -= at - 1))\n"
                                 "    case $command in\n";

/* The file is either autoloaded as the function or sourced. */
static const char main_end[] = "    esac\n"
                               "}\n"
                               "if [[ $funcstack[1] == _hawser ]]; then\n"
                               "    _hawser \"$@\"\n"
                               "else\n"
                               "    compdef _hawser hawser\n"
                               "fi\n";

static enum hw_status following_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);
static enum hw_status words_script(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                   struct hw_error *err);
static enum hw_status command_script(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status option_script(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);

enum hw_status hw_completion_zsh(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, "#compdef hawser\n", err));
    HW_TRY(following_script(out, commands, err));
    HW_TRY(hw_buf_append_text(out, walk, err));
    HW_TRY(hw_buf_append_text(out, main_begin, err));
    for (size_t i = 0; i < commands->count; i++) {
        HW_TRY(command_script(out, commands->rows[i], err));
    }
    return hw_buf_append_text(out, main_end, err);
}

/* A function that sets `following` to the words that may follow those of `command`. */
static enum hw_status following_script(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err) {
    struct hw_commands_walk all = {0};
    hw_view name = HW_VIEW("");
    HW_TRY(hw_buf_append_text(out, "_hawser_following() {\n    following=()\n    case $command in\n", err));
    do {
        if (hw_commands_group(commands, name)) {
            HW_TRY(words_script(out, commands, name, err));
        }
    } while (hw_commands_walk(commands, &all, &name));
    return hw_buf_append_text(out, "    esac\n}\n", err);
}

static enum hw_status words_script(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                   struct hw_error *err) {
    struct hw_commands_word next;
    HW_TRY(hw_buf_printf(out, err, "    '%.*s')\n        following=(\n", (int)group.size, group.data));
    for (size_t at = 0; hw_commands_next(commands, group, &at, &next);) {
        HW_AUTO(hw_buf) summary = {0};
        HW_TRY(hw_completion_summary(&summary, commands, &next, err));
        HW_TRY(hw_buf_printf(out, err, "            '%.*s:", (int)next.word.size, next.word.data));
        HW_TRY(hw_completion_spell(out, hw_buf_view(&summary), spellings, err));
        HW_TRY(hw_buf_append_text(out, "'\n", err));
    }
    return hw_buf_append_text(out, "        )\n        ;;\n", err);
}

static enum hw_status command_script(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "    '%s')\n        _arguments -S", cmd->name));
    for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
        HW_TRY(hw_buf_append_text(out, " \\\n            ", err));
        HW_TRY(option_script(out, hw_option_at(cmd->options, i).option, err));
    }
    switch (cmd->operand) {
    case HW_OPERAND_NONE:
        break;
    case HW_OPERAND_PATH:
        HW_TRY(hw_buf_append_text(out, " \\\n            '*:file:_files'", err));
        break;
    case HW_OPERAND_COMMAND:
        HW_TRY(hw_buf_append_text(out, " \\\n            '*::command:{ _hawser_command 0; _hawser_next }'", err));
        break;
    case HW_OPERAND_SHELL:
        HW_TRY(hw_buf_append_text(out, " \\\n            '1:name:(", err));
        HW_TRY(hw_completion_choices(out, hw_completion_shells, err));
        HW_TRY(hw_buf_append_text(out, ")'", err));
        break;
    }
    return hw_buf_append_text(out, "\n        ;;\n", err);
}

/* '*--to=[help]:value:(parquet avro)'; several values between commas are left to _values. */
static enum hw_status option_script(struct hw_buf *out, const struct hw_option *option, struct hw_error *err) {
    bool repeatable = option->type == HW_OPTION_LIST || option->type == HW_OPTION_CHOICES;
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name, option->letter,
                             hw_option_takes_value(option) ? "+" : "", option->name,
                             hw_option_takes_value(option) ? "=" : ""));
    } else {
        HW_TRY(hw_buf_printf(out, err, "'%s--%s%s[", repeatable ? "*" : "", option->name,
                             hw_option_takes_value(option) ? "=" : ""));
    }
    HW_TRY(hw_completion_spell(out, hw_completion_line(option->help), spellings, err));
    HW_TRY(hw_buf_append_text(out, hw_option_takes_value(option) ? "]:value:" : "]", err));
    switch (hw_completion_candidates(option)) {
    case HW_CANDIDATES_FILES:
        HW_TRY(hw_buf_append_text(out, "_files", err));
        break;
    case HW_CANDIDATES_CHOICES:
        HW_TRY(hw_buf_append_text(out, option->type == HW_OPTION_CHOICES ? "_values -s , value " : "(", err));
        HW_TRY(hw_completion_choices(out, option->choices, err));
        HW_TRY(hw_buf_append_text(out, option->type == HW_OPTION_CHOICES ? "" : ")", err));
        break;
    case HW_CANDIDATES_NONE:
        break;
    }
    return hw_buf_append_byte(out, '\'', err);
}
