/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion_words.h"

const struct hw_choice hw_completion_shells[] = {{"bash", 0}, {"zsh", 0}, {"fish", 0}, {NULL, 0}};

enum hw_candidates hw_completion_candidates(const struct hw_option *option) {
    if (option->choices) {
        return HW_CANDIDATES_CHOICES;
    }
    return option->arg && strcmp(option->arg, "FILE") == 0 ? HW_CANDIDATES_FILES : HW_CANDIDATES_NONE;
}

enum hw_status hw_completion_choices(struct hw_buf *out, const struct hw_choice *choices, struct hw_error *err) {
    for (const struct hw_choice *choice = choices; choice->name; choice++) {
        HW_TRY(hw_buf_printf(out, err, "%s%s", choice == choices ? "" : " ", choice->name));
    }
    return HW_OK;
}

enum hw_status hw_completion_following(struct hw_buf *out, const struct hw_commands *commands, hw_view group,
                                       struct hw_error *err) {
    struct hw_commands_word next;
    bool first = true;
    for (size_t at = 0; hw_commands_next(commands, group, &at, &next); first = false) {
        HW_TRY(hw_buf_append_text(out, first ? "" : " ", err));
        HW_TRY(hw_buf_append(out, next.word.data, next.word.size, err));
    }
    return HW_OK;
}

enum hw_status hw_completion_summary(struct hw_buf *out, const struct hw_commands *commands,
                                     const struct hw_commands_word *word, struct hw_error *err) {
    if (word->cmd) {
        return hw_buf_append_text(out, word->cmd->summary, err);
    }
    HW_TRY(hw_buf_append_text(out, "Commands: ", err));
    return hw_completion_following(out, commands, word->name, err);
}

hw_view hw_completion_line(const char *text) {
    for (const char *at = text; *at; at++) {
        if (strchr(".:;", *at) && (at[1] == ' ' || at[1] == '\0')) {
            return (hw_view){text, (size_t)(at - text)};
        }
    }
    return hw_view_of(text);
}

enum hw_status hw_completion_spell(struct hw_buf *out, hw_view text, const struct hw_spelling *spellings,
                                   struct hw_error *err) {
    for (size_t i = 0; i < text.size; i++) {
        const struct hw_spelling *found = spellings;
        while (found->spelled && found->byte != text.data[i]) {
            found++;
        }
        HW_TRY(found->spelled ? hw_buf_append_text(out, found->spelled, err)
                              : hw_buf_append_byte(out, (uint8_t)text.data[i], err));
    }
    return HW_OK;
}
