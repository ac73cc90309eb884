/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Globs: patterns of names with '/' between folders.
 *
 *     *        any characters but '/'
 *     ?        one character but '/'
 *     [a-z]    one of these characters, never '/'; [!a-z] and [^a-z] one of all others
 *     **       any characters, '/' too; a whole name "**" also stands for no folder
 *     {a,b}    one of these patterns; braces without a comma are characters like all others
 *     \x       the character x
 *
 * All other characters stand for themselves, as does a bracket or a brace that is never closed. A
 * character is one of UTF-8, and a byte that is none of it counts as one. A name that begins with
 * '.' is hidden: as in a shell, only a '.' in the pattern matches that, unless the options say
 * otherwise. A match takes time in proportion to the pattern times the text, whatever both hold.
 */
#ifndef HW_CORE_GLOB_H
#define HW_CORE_GLOB_H

#include "core/error.h"
#include "core/view.h"

/* The characters that mean something in a glob. A text without them stands for itself. */
#define HW_GLOB_BYTES "*?[{\\"

struct hw_glob_op;

/* A pattern that is ready to be compared. Start it zeroed. One thread at a time. */
struct hw_glob {
    struct hw_glob_op *ops; /* the steps of the pattern, then one that is its end */
    size_t count;
    char *prefix; /* what every name that matches begins with */
    bool literal; /* The pattern matches the name `prefix` alone. */
    bool hidden;  /* Wildcards match the '.' that a hidden name begins with. */
    /* Room for the steps that a match has come to, and for those that follow the next character. */
    uint16_t *now;
    uint16_t *next;
    uint16_t *open;  /* steps that are still to be looked at */
    uint32_t *seen;  /* for each step the number of the character at which it was added last */
    uint32_t number; /* of the character */
};

/*
 * Makes a pattern ready; `hidden` lets wildcards match hidden names. HW_EUSAGE for a pattern of
 * more than HW_GLOB_BYTES_MAX bytes, or with more than HW_GLOB_DEPTH_MAX braces in each other. To
 * be released on success only.
 */
HW_NODISCARD enum hw_status hw_glob_init(struct hw_glob *glob, const char *pattern, bool hidden, struct hw_error *err);
void hw_glob_release(struct hw_glob *glob);

/* Returns whether the whole name matches. */
bool hw_glob_matches(struct hw_glob *glob, hw_view name);

#endif
