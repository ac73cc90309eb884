/* SPDX-License-Identifier: Apache-2.0 */
/* What a command is: a name, texts, tables and a function. The list of them is commands.def. */
#ifndef HW_CLI_CMD_H
#define HW_CLI_CMD_H

#include "cli/option.h"

/* The process as a command sees it; a test makes its own. */
struct hw_cli {
    int in_fd;
    int out_fd;
    int err_fd;
    const char *const *environment; /* "NAME=value", ended by NULL */
};

struct hw_example {
    const char *line; /* as typed into a shell */
    const char *help;
};

/* What operands are, for completions. */
enum hw_operand { HW_OPERAND_NONE, HW_OPERAND_PATH, HW_OPERAND_COMMAND, HW_OPERAND_SHELL };

/* One call of a command, parsed. */
struct hw_cmd_call {
    const struct hw_cli *cli;
    struct hw_arena *arena; /* lives as long as the call */
    void *args;             /* the command's struct, filled from its option tables */
    const char *const *operands;
    size_t operands_count;
};

struct hw_cmd {
    const char *name;
    const char *summary;     /* one line, without a full stop */
    const char *operands;    /* for the usage line: "SRC... DST" */
    const char *description; /* paragraphs, with an empty line between them */
    enum hw_operand operand;
    size_t operands_min;
    size_t operands_max;
    const char *operand_names[2]; /* named when they are missing */
    const struct hw_option_set *options;
    const struct hw_example *examples;
    size_t examples_count;
    size_t args_bytes; /* of the struct that the tables describe; it starts zeroed */
    /*
     * Does the work. On failure `err` says why, unless the command has written its errors itself: it then leaves
     * `err->status` HW_OK.
     */
    enum hw_status (*run)(const struct hw_cmd_call *call, struct hw_error *err);
};

#define HW_COMMAND(name) extern const struct hw_cmd hw_cmd_##name;
#include "cli/commands.def"
#undef HW_COMMAND

size_t hw_cmd_count(void);
/* In the order of commands.def. */
const struct hw_cmd *hw_cmd_at(size_t index);
/* NULL: no such command. */
const struct hw_cmd *hw_cmd_find(const char *name);
/* Fails with HW_EUSAGE: `word` is no command. */
HW_NODISCARD enum hw_status hw_cmd_unknown(const char *word, struct hw_error *err);

/* Options of every command. Each command's arguments begin with this struct. */
struct hw_common_args {
    bool help;
};
extern const struct hw_option_group hw_common_options;

#endif
