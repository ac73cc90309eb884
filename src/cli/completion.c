/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

#include "cli/unknown.h"

typedef enum hw_status script_fn(struct hw_buf *out, struct hw_error *err);

static script_fn bash_script, zsh_script, fish_script;

const struct hw_choice hw_completion_shells[] = {{"bash", 0}, {"zsh", 0}, {"fish", 0}, {NULL, 0}};

static const struct {
    const char *shell;
    script_fn *script;
} scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

/* What completes after an option or as an operand. */
enum candidates { CANDIDATES_NONE, CANDIDATES_FILES, CANDIDATES_CHOICES };

/* Characters that need other spelling inside a shell's quotes. */
struct spelling {
    char byte;
    const char *spelled;
};

static const struct spelling zsh_spellings[] = {{'\'', "'\\''"}, {'[', "\\["}, {']', "\\]"}, {':', "\\:"}, {0, NULL}};
static const struct spelling fish_spellings[] = {{'\'', "\\'"}, {'\\', "\\\\"}, {0, NULL}};

static enum candidates option_candidates(const struct hw_option *option);
static enum hw_status choices_append(struct hw_buf *out, const struct hw_choice *choices, struct hw_error *err);
static enum hw_status commands_append(struct hw_buf *out, struct hw_error *err);
static enum hw_status operands_append(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static hw_view first_sentence(const char *text);
static enum hw_status spell(struct hw_buf *out, hw_view text, const struct spelling *spellings, struct hw_error *err);

static enum hw_status bash_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status bash_value(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);
static enum hw_status zsh_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status zsh_option(struct hw_buf *out, const struct hw_option *option, struct hw_error *err);
static enum hw_status fish_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err);
static enum hw_status fish_option(struct hw_buf *out, const struct hw_cmd *cmd, const struct hw_option *option,
                                  struct hw_error *err);

enum hw_status hw_completion_script(struct hw_buf *out, const char *shell, struct hw_error *err) {
    const char *names[COUNT_OF(scripts)];
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        if (strcmp(scripts[i].shell, shell) == 0) {
            return scripts[i].script(out, err);
        }
        names[i] = scripts[i].shell;
    }
    return hw_fail_unknown(err, "shell", hw_view_of(shell), names, COUNT_OF(names));
}

static enum hw_status bash_script(struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out,
                              "# bash completion for hawser\n"
                              "_hawser_words() {\n"
                              "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
                              "}\n"
                              "_hawser_list() {\n"
                              "    local last=${cur##*,}\n"
                              "    mapfile -t COMPREPLY < <(compgen -P \"${cur%\"$last\"}\" -W \"$1\" -- \"$last\")\n"
                              "}\n"
                              "_hawser_files() {\n"
                              "    compopt -o filenames 2>/dev/null\n"
                              "    mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                              "}\n"
                              "_hawser() {\n"
                              "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
                              "    COMPREPLY=()\n"
                              "    # Bash makes three words of --name=value.\n"
                              "    [[ $cur == = ]] && cur=\n"
                              "    [[ $prev == = ]] && ((COMP_CWORD > 2)) && prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
                              "    if ((COMP_CWORD == 1)); then\n"
                              "        _hawser_words '",
                              err));
    HW_TRY(commands_append(out, err));
    HW_TRY(hw_buf_append_text(out, "'\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", err));
    for (size_t i = 0; i < hw_cmd_count(); i++) {
        HW_TRY(bash_command(out, hw_cmd_at(i), err));
    }
    return hw_buf_append_text(out, "    esac\n}\ncomplete -F _hawser hawser\n", err);
}

static enum hw_status bash_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    size_t count = hw_option_count(cmd->options);
    HW_TRY(hw_buf_printf(out, err, "    %s)\n        case $prev in\n", cmd->name));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(bash_value(out, hw_option_at(cmd->options, i).option, err));
    }
    HW_TRY(
        hw_buf_append_text(out, "        esac\n        if [[ $cur == -* ]]; then\n            _hawser_words '", err));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_printf(out, err, "%s--%s", i > 0 ? " " : "", hw_option_at(cmd->options, i).option->name));
    }
    HW_TRY(hw_buf_append_text(out, "'\n            return\n        fi\n", err));
    if (cmd->operand == HW_OPERAND_PATH) {
        HW_TRY(hw_buf_append_text(out, "        _hawser_files\n", err));
    } else if (cmd->operand != HW_OPERAND_NONE) {
        HW_TRY(hw_buf_append_text(out, "        _hawser_words '", err));
        HW_TRY(operands_append(out, cmd, err));
        HW_TRY(hw_buf_append_text(out, "'\n", err));
    }
    return hw_buf_append_text(out, "        ;;\n", err);
}

/* What follows one option: its choices, files, or nothing. */
static enum hw_status bash_value(struct hw_buf *out, const struct hw_option *option, struct hw_error *err) {
    if (!hw_option_takes_value(option)) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_text(out, "        ", err));
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, "-%c | ", option->letter));
    }
    HW_TRY(hw_buf_printf(out, err, "--%s) ", option->name));
    switch (option_candidates(option)) {
    case CANDIDATES_FILES:
        HW_TRY(hw_buf_append_text(out, "_hawser_files && ", err));
        break;
    case CANDIDATES_CHOICES:
        HW_TRY(hw_buf_printf(out, err, "_hawser_%s '", option->type == HW_OPTION_CHOICES ? "list" : "words"));
        HW_TRY(choices_append(out, option->choices, err));
        HW_TRY(hw_buf_append_text(out, "' && ", err));
        break;
    case CANDIDATES_NONE:
        break;
    }
    return hw_buf_append_text(out, "return ;;\n", err);
}

static enum hw_status zsh_script(struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, "#compdef hawser\n_hawser() {\n    local -a commands=(\n", err));
    for (size_t i = 0; i < hw_cmd_count(); i++) {
        const struct hw_cmd *cmd = hw_cmd_at(i);
        HW_TRY(hw_buf_printf(out, err, "        '%s:", cmd->name));
        HW_TRY(spell(out, hw_view_of(cmd->summary), zsh_spellings, err));
        HW_TRY(hw_buf_append_text(out, "'\n", err));
    }
    HW_TRY(
        hw_buf_append_text(out,
                           "    )\n    if ((CURRENT == 2)); then\n        _describe -t commands command commands\n"
                           "        return\n    fi\n    local command=$words[2]\n    shift words\n    ((CURRENT--))\n"
                           "    case $command in\n",
                           err));
    for (size_t i = 0; i < hw_cmd_count(); i++) {
        HW_TRY(zsh_command(out, hw_cmd_at(i), err));
    }
    /* The file is either autoloaded as the function or sourced. */
    return hw_buf_append_text(out,
                              "    esac\n}\nif [[ $funcstack[1] == _hawser ]]; then\n    _hawser \"$@\"\nelse\n"
                              "    compdef _hawser hawser\nfi\n",
                              err);
}

static enum hw_status zsh_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "    %s)\n        _arguments -S", cmd->name));
    for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
        HW_TRY(hw_buf_append_text(out, " \\\n            ", err));
        HW_TRY(zsh_option(out, hw_option_at(cmd->options, i).option, err));
    }
    if (cmd->operand == HW_OPERAND_PATH) {
        HW_TRY(hw_buf_append_text(out, " \\\n            '*:file:_files'", err));
    } else if (cmd->operand != HW_OPERAND_NONE) {
        HW_TRY(hw_buf_append_text(out, " \\\n            '1:name:(", err));
        HW_TRY(operands_append(out, cmd, err));
        HW_TRY(hw_buf_append_text(out, ")'", err));
    }
    return hw_buf_append_text(out, "\n        ;;\n", err);
}

/* '*--to=[help]:value:(parquet avro)'; several values between commas are left to _values. */
static enum hw_status zsh_option(struct hw_buf *out, const struct hw_option *option, struct hw_error *err) {
    bool repeatable = option->type == HW_OPTION_LIST || option->type == HW_OPTION_CHOICES;
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name, option->letter,
                             hw_option_takes_value(option) ? "+" : "", option->name,
                             hw_option_takes_value(option) ? "=" : ""));
    } else {
        HW_TRY(hw_buf_printf(out, err, "'%s--%s%s[", repeatable ? "*" : "", option->name,
                             hw_option_takes_value(option) ? "=" : ""));
    }
    HW_TRY(spell(out, first_sentence(option->help), zsh_spellings, err));
    HW_TRY(hw_buf_append_text(out, hw_option_takes_value(option) ? "]:value:" : "]", err));
    switch (option_candidates(option)) {
    case CANDIDATES_FILES:
        HW_TRY(hw_buf_append_text(out, "_files", err));
        break;
    case CANDIDATES_CHOICES:
        HW_TRY(hw_buf_append_text(out, option->type == HW_OPTION_CHOICES ? "_values -s , value " : "(", err));
        HW_TRY(choices_append(out, option->choices, err));
        HW_TRY(hw_buf_append_text(out, option->type == HW_OPTION_CHOICES ? "" : ")", err));
        break;
    case CANDIDATES_NONE:
        break;
    }
    return hw_buf_append_byte(out, '\'', err);
}

static enum hw_status fish_script(struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_append_text(out, "# fish completion for hawser\n", err));
    for (size_t i = 0; i < hw_cmd_count(); i++) {
        HW_TRY(fish_command(out, hw_cmd_at(i), err));
    }
    return HW_OK;
}

static enum hw_status fish_command(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n __fish_use_subcommand -x -a %s -d '", cmd->name));
    HW_TRY(spell(out, hw_view_of(cmd->summary), fish_spellings, err));
    HW_TRY(hw_buf_append_text(out, "'\n", err));
    if (cmd->operand != HW_OPERAND_PATH) {
        HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n '__fish_seen_subcommand_from %s' -f", cmd->name));
        if (cmd->operand != HW_OPERAND_NONE) {
            HW_TRY(hw_buf_append_text(out, " -a '", err));
            HW_TRY(operands_append(out, cmd, err));
            HW_TRY(hw_buf_append_byte(out, '\'', err));
        }
        HW_TRY(hw_buf_append_byte(out, '\n', err));
    }
    for (size_t i = 0; i < hw_option_count(cmd->options); i++) {
        HW_TRY(fish_option(out, cmd, hw_option_at(cmd->options, i).option, err));
    }
    return HW_OK;
}

static enum hw_status fish_option(struct hw_buf *out, const struct hw_cmd *cmd, const struct hw_option *option,
                                  struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "complete -c hawser -n '__fish_seen_subcommand_from %s' -l %s", cmd->name,
                         option->name));
    if (option->letter) {
        HW_TRY(hw_buf_printf(out, err, " -s %c", option->letter));
    }
    switch (option_candidates(option)) {
    case CANDIDATES_FILES:
        HW_TRY(hw_buf_append_text(out, " -r -F", err));
        break;
    case CANDIDATES_CHOICES:
        HW_TRY(hw_buf_append_text(out, " -x -a '", err));
        HW_TRY(choices_append(out, option->choices, err));
        HW_TRY(hw_buf_append_byte(out, '\'', err));
        break;
    case CANDIDATES_NONE:
        HW_TRY(hw_buf_append_text(out, hw_option_takes_value(option) ? " -x" : "", err));
        break;
    }
    HW_TRY(hw_buf_append_text(out, " -d '", err));
    HW_TRY(spell(out, first_sentence(option->help), fish_spellings, err));
    return hw_buf_append_text(out, "'\n", err);
}

static enum candidates option_candidates(const struct hw_option *option) {
    if (option->choices) {
        return CANDIDATES_CHOICES;
    }
    return option->arg && strcmp(option->arg, "FILE") == 0 ? CANDIDATES_FILES : CANDIDATES_NONE;
}

static enum hw_status choices_append(struct hw_buf *out, const struct hw_choice *choices, struct hw_error *err) {
    for (const struct hw_choice *choice = choices; choice->name; choice++) {
        HW_TRY(hw_buf_printf(out, err, "%s%s", choice == choices ? "" : " ", choice->name));
    }
    return HW_OK;
}

static enum hw_status commands_append(struct hw_buf *out, struct hw_error *err) {
    for (size_t i = 0; i < hw_cmd_count(); i++) {
        HW_TRY(hw_buf_printf(out, err, "%s%s", i > 0 ? " " : "", hw_cmd_at(i)->name));
    }
    return HW_OK;
}

static enum hw_status operands_append(struct hw_buf *out, const struct hw_cmd *cmd, struct hw_error *err) {
    return cmd->operand == HW_OPERAND_COMMAND ? commands_append(out, err)
                                              : choices_append(out, hw_completion_shells, err);
}

/* Completions show one line: what stands before the first full stop, colon or semicolon. */
static hw_view first_sentence(const char *text) {
    for (const char *at = text; *at; at++) {
        if (strchr(".:;", *at) && (at[1] == ' ' || at[1] == '\0')) {
            return (hw_view){text, (size_t)(at - text)};
        }
    }
    return hw_view_of(text);
}

static enum hw_status spell(struct hw_buf *out, hw_view text, const struct spelling *spellings, struct hw_error *err) {
    for (size_t i = 0; i < text.size; i++) {
        const struct spelling *found = spellings;
        while (found->spelled && found->byte != text.data[i]) {
            found++;
        }
        HW_TRY(found->spelled ? hw_buf_append_text(out, found->spelled, err)
                              : hw_buf_append_byte(out, (uint8_t)text.data[i], err));
    }
    return HW_OK;
}
