/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a command line, split as a POSIX shell does, with nothing expanded. Pure functions.
 */
#ifndef HW_AWS_COMMAND_WORDS_H
#define HW_AWS_COMMAND_WORDS_H

#include "core/buf.h"

struct hw_command_words {
    struct hw_buf texts; /* the words, each ended with NUL */
    char **list;         /* ended with NULL; points into `texts` */
    size_t count;
};
void hw_command_words_release(struct hw_command_words *words);

/*
 * Splits a text by the rules of Python's shlex.split, which botocore uses: blanks divide, a
 * backslash takes the byte behind it as it is, single quotes take all as it is, and in double
 * quotes a backslash stands for itself unless a quote or a backslash follows. HW_ECONFIG where a
 * quote is not closed, a backslash is the last byte, or there is no word. No text enters an error.
 */
HW_NODISCARD enum hw_status hw_command_words_split(hw_view text, struct hw_command_words *out_words,
                                                   struct hw_error *err);

#endif
