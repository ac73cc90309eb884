/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of commands, cut into words as a shell does. */
#ifndef HW_CLI_BATCH_WORDS_H
#define HW_CLI_BATCH_WORDS_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

/* The words of a line; there are none in an empty line and in a comment. */
struct hw_batch_words {
    const char **words;
    size_t count;
};

/*
 * Cuts a line at blanks. '...' keeps everything as it is, "..." everything but \$, \`, \" and \\,
 * and a backslash elsewhere the next character. A line whose first character that is not blank is
 * # is a comment; elsewhere # is a character like others. Nothing else of a shell is known: no
 * variables, no patterns, no pipes. HW_EUSAGE where a quote is not closed, where a backslash ends
 * the line, or where there is a NUL. `out_words` lives in `arena`.
 */
HW_NODISCARD enum hw_status hw_batch_words_split(hw_view line, struct hw_arena *arena, struct hw_batch_words *out_words,
                                                 struct hw_error *err);

#endif
