/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that the completions of all shells are made of. */
#ifndef HW_CLI_COMPLETION_WORDS_H
#define HW_CLI_COMPLETION_WORDS_H

#include "cli/commands.h"
#include "core/buf.h"

/* The shells, with no value that matters; ends with a NULL name. */
extern const struct hw_choice hw_completion_shells[];

/* The candidates after an option. */
enum hw_candidates { HW_CANDIDATES_NONE, HW_CANDIDATES_FILES, HW_CANDIDATES_CHOICES };
enum hw_candidates hw_completion_candidates(const struct hw_option *option);

/*
 * Append words with spaces between them: the names of choices, the words that may follow those of
 * `group`.
 */
HW_NODISCARD enum hw_status hw_completion_choices(struct hw_buf *out, const struct hw_choice *choices,
                                                  struct hw_error *err);
HW_NODISCARD enum hw_status hw_completion_following(struct hw_buf *out, const struct hw_commands *commands,
                                                    hw_view group, struct hw_error *err);

/*
 * Says of a word what stands beside it: the summary of its command, or the words that may follow
 * that of a group.
 */
HW_NODISCARD enum hw_status hw_completion_summary(struct hw_buf *out, const struct hw_commands *commands,
                                                  const struct hw_commands_word *word, struct hw_error *err);
/*
 * Completions show one line of a text: what stands before the first full stop, colon or semicolon.
 */
hw_view hw_completion_line(const char *text);

/* A character that needs other spelling inside a shell's quotes. Tables end with a NULL text. */
struct hw_spelling {
    char byte;
    const char *spelled;
};
HW_NODISCARD enum hw_status hw_completion_spell(struct hw_buf *out, hw_view text, const struct hw_spelling *spellings,
                                                struct hw_error *err);

#endif
