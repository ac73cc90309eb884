/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of commands, and how words find a command in it. The name of a command is one word or
 * several: "convert", "mongo export". Words that only begin names, "mongo", name a group. A name
 * may be both: "worker sqs" beside "worker sqs redrive".
 */
#ifndef HW_CLI_COMMANDS_H
#define HW_CLI_COMMANDS_H

#include "cli/cmd.h"

struct hw_commands {
    const struct hw_cmd *const *rows; /* in the order of help */
    size_t count;
};

#define HW_COMMAND(words) extern const struct hw_cmd hw_cmd_##words;
#include "cli/commands.def"
#undef HW_COMMAND

/* The table of the tool holds the commands of commands.def. */
extern const struct hw_commands hw_commands_all;

/* Returns the command of exactly this name; NULL where there is none. */
const struct hw_cmd *hw_commands_get(const struct hw_commands *commands, hw_view name);
/* Returns true where the command's name is the words of `group` and at least one more. */
bool hw_commands_belongs(const struct hw_cmd *cmd, hw_view group);
/*
 * Returns true where `name` and a further word begin the name of a command. Every table but an
 * empty one has the group "".
 */
bool hw_commands_group(const struct hw_commands *commands, hw_view name);

/* The command or group that the first words of a line name. */
struct hw_commands_match {
    /* The command with the longest name that was found. NULL: the words name no whole command. */
    const struct hw_cmd *cmd;
    /* The longest group that was named, borrowed from a command's name. Empty: none. */
    hw_view group;
    /* The number of words in the name of the command or, where there is none, of the group. */
    size_t words_count;
};
/* Finds it. Further words, such as operands and options, may follow the name. */
struct hw_commands_match hw_commands_match(const struct hw_commands *commands, const char *const *words, size_t count);

/* Fails with HW_EUSAGE for words in which `match` found no command, and tells the nearest name. */
HW_NODISCARD enum hw_status hw_commands_unknown(const struct hw_commands *commands,
                                                const struct hw_commands_match *match, const char *const *words,
                                                size_t count, struct hw_arena *arena, struct hw_error *err);

/* One of the words that may follow the words of a group. */
struct hw_commands_word {
    hw_view word;
    hw_view name;             /* the words of the group and this one */
    const struct hw_cmd *cmd; /* the command of that name; NULL: only a group has it */
};
/*
 * Walks over the words that may follow `group`, each once, in the order of the table. `*at` starts
 * at 0. Returns false when there are no more; `*out_word` is then untouched.
 */
bool hw_commands_next(const struct hw_commands *commands, hw_view group, size_t *at, struct hw_commands_word *out_word);

/* A walk over all names of commands and groups. Start it zeroed. */
struct hw_commands_walk {
    size_t row;
    size_t bytes;
};
/*
 * Gives the next name; each comes once. Returns false when there are no more; `*out_name` is then
 * untouched.
 */
bool hw_commands_walk(const struct hw_commands *commands, struct hw_commands_walk *walk, hw_view *out_name);

/* Returns the option of this name that the first command has; NULL where no command has one. */
const struct hw_option *hw_commands_option(const struct hw_commands *commands, hw_view name);
/*
 * Gives the names of the options of all commands, each once, in an array that lives in the arena.
 * HW_ENOMEM is the only failure.
 */
HW_NODISCARD enum hw_status hw_commands_option_names(const struct hw_commands *commands, struct hw_arena *arena,
                                                     const char *const **out_names, size_t *out_count,
                                                     struct hw_error *err);

#endif
