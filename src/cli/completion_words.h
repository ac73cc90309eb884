/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that the completions of all shells are made of. */
#ifndef HW_CLI_COMPLETION_WORDS_H
#define HW_CLI_COMPLETION_WORDS_H

#include "cli/commands.h"
#include "core/buf.h"

/* The names of the shells; their values do not matter. Ends with a NULL name. */
extern const struct hw_choice hw_completion_shells[];

/* A shell offers one of these as the value of an option. */
enum hw_candidates { HW_CANDIDATES_NONE, HW_CANDIDATES_FILES, HW_CANDIDATES_CHOICES };
enum hw_candidates hw_completion_candidates(const struct hw_option *option);

/* Appends the names of choices with spaces between them. */
HW_NODISCARD enum hw_status hw_completion_choices(struct hw_buf *out, const struct hw_choice *choices,
                                                  struct hw_error *err);
/* Appends the words that may follow those of `group`, with spaces between them. */
HW_NODISCARD enum hw_status hw_completion_following(struct hw_buf *out, const struct hw_commands *commands,
                                                    hw_view group, struct hw_error *err);

/*
 * Appends the text that a shell shows beside a word: the summary of its command, or the words that
 * may follow where it names a group.
 */
HW_NODISCARD enum hw_status hw_completion_summary(struct hw_buf *out, const struct hw_commands *commands,
                                                  const struct hw_commands_word *word, struct hw_error *err);
/* Returns the text up to the first full stop, colon or semicolon: a shell shows one line. */
hw_view hw_completion_line(const char *text);

/* A character that needs other spelling inside a shell's quotes. Tables end with a NULL text. */
struct hw_spelling {
    char byte;
    const char *spelled;
};
/* Appends a text with such characters spelled as the table says. */
HW_NODISCARD enum hw_status hw_completion_spell(struct hw_buf *out, hw_view text, const struct hw_spelling *spellings,
                                                struct hw_error *err);

#endif
