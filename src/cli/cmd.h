/* SPDX-License-Identifier: Apache-2.0 */
/* A command has a name, texts, tables and a function. The list of all commands is commands.def. */
#ifndef HW_CLI_CMD_H
#define HW_CLI_CMD_H

#include "cli/option.h"

struct hw_commands;

/* An option as it was written: the name without dashes, and NULL for a switch without a value. */
struct hw_cmd_given {
    const char *name;
    const char *value;
};

/* The objects that a command has worked on. */
struct hw_cli_sums {
    uint64_t done;
    uint64_t skipped;
    uint64_t failed;
    uint64_t bytes;
};

/*
 * A host runs commands as parts of a larger run, and has what they write. Its functions are called
 * from any thread, also from several at once.
 */
struct hw_transfer_report;

struct hw_cli_host {
    /* A text that stands before every message: "commands.txt:12". */
    const char *where;
    /* Options for each command that has them. Those on the command's own line replace them. */
    const struct hw_cmd_given *given;
    size_t given_count;
    /* The most threads, and the bytes of memory, for the objects of one command. */
    unsigned threads_max;
    uint64_t memory_bytes;
    /* Takes bytes of standard output. `json` says that they are whole lines with a JSON object. */
    enum hw_status (*data)(const struct hw_cli_host *host, bool json, hw_view data, struct hw_error *err);
    /* Takes whole lines for standard error. */
    void (*lines)(const struct hw_cli_host *host, hw_view lines);
    /* The report that the command adds to; NULL: there is none. */
    struct hw_transfer_report *report;
    /* Takes the sums of the command, in place of a summary. */
    void (*sums)(const struct hw_cli_host *host, const struct hw_cli_sums *sums);
};

/* The process as a command sees it; a test makes its own. */
struct hw_cli {
    int in_fd;
    int out_fd;
    int err_fd;
    /* Entries are "NAME=value"; the last is NULL. */
    const char *const *environment;
    /* NULL: the command has the process to itself. */
    const struct hw_cli_host *host;
};

struct hw_example {
    const char *line; /* as typed into a shell */
    const char *help;
};

/* The kinds of operands, for completions. */
enum hw_operand { HW_OPERAND_NONE, HW_OPERAND_PATH, HW_OPERAND_COMMAND, HW_OPERAND_SHELL };

/* One call of a command, parsed. */
struct hw_cmd_call {
    const struct hw_cli *cli;
    /* The command that is called, and all that there are. */
    const struct hw_cmd *cmd;
    const struct hw_commands *commands;
    /* The arena lives as long as the call. */
    struct hw_arena *arena;
    /* Help was asked for; then nothing else is filled in. */
    bool help;
    /* The command's struct, filled from its option tables. */
    void *args;
    const char *const *operands;
    size_t operands_count;
    /* The last operand of commands whose config file names it; NULL: it does not. */
    const char *destination;
    /* The options of the command line as they were written. */
    const struct hw_cmd_given *given;
    size_t given_count;
};

struct hw_cmd {
    /* The name has one word or several: "convert", "mongo export". */
    const char *name;
    /* One line, without a full stop. */
    const char *summary;
    /* The operands in the usage line: "SRC... DST". */
    const char *operands;
    /* Paragraphs, with an empty line between them. */
    const char *description;
    enum hw_operand operand;
    size_t operands_min;
    size_t operands_max;
    /* As many names as `operands_min`: an error names the operands that are missing. */
    const char *const *operand_names;
    /* The name of an option that may take the place of the first operand; NULL: none may. */
    const char *operand_option;
    /* The last operand may be left out where the config file names a destination. */
    bool destination_optional;
    const struct hw_option_set *options;
    const struct hw_example *examples;
    size_t examples_count;
    /* Size of the struct that the option tables describe; it starts zeroed. */
    size_t args_bytes;
    /*
     * Does the work. On failure `err` says why, unless the command has written its errors itself:
     * it then leaves `err->status` HW_OK.
     */
    enum hw_status (*run)(const struct hw_cmd_call *call, struct hw_error *err);
};

/* The options that every command has: --help. It has no field; the call says if it was given. */
extern const struct hw_option_group hw_common_options;

#endif
