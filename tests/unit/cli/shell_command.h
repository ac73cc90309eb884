/* SPDX-License-Identifier: Apache-2.0 */
/* Commands with every form of option and operand, and what a script for a shell says of them. */
#ifndef HW_TESTS_SHELL_COMMAND_H
#define HW_TESTS_SHELL_COMMAND_H

#include "cli/commands.h"
#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static const struct hw_choice shell_choices[] = {{"in", 1}, {"out", 2}, {NULL, 0}};
static const struct hw_option shell_rows[] = {
    {.name = "flag", .type = HW_OPTION_FLAG, .help = "Is a flag."},
    {.name = "quiet", .letter = 'q', .type = HW_OPTION_FLAG, .help = "It's [quiet]: very"},
    {.name = "text", .letter = 't', .type = HW_OPTION_TEXT, .arg = "TEXT", .help = "Takes x:y\\z"},
    {.name = "file", .type = HW_OPTION_TEXT, .arg = "FILE", .help = "Reads a file; whole"},
    {.name = "one", .type = HW_OPTION_CHOICE, .choices = shell_choices, .help = "Takes one"},
    {.name = "some", .type = HW_OPTION_CHOICES, .choices = shell_choices, .help = "Takes some"},
    {.name = "list", .type = HW_OPTION_LIST, .arg = "A,B", .help = "Takes a list"},
};
static const struct hw_option_group shell_group = {"Shell", shell_rows, COUNT_OF(shell_rows)};
static const struct hw_option_part shell_part = {&shell_group, 0, 0};
static const struct hw_option_set shell_set = {&shell_part, 1};
static const struct hw_option_set shell_no_set = {NULL, 0};

static const struct hw_cmd shell_make = {.name = "make", .summary = "It's [made]: so", .options = &shell_set};
static const struct hw_cmd shell_read = {
    .name = "do read", .summary = "Reads", .options = &shell_no_set, .operand = HW_OPERAND_PATH};
static const struct hw_cmd shell_read_all = {.name = "do read all", .summary = "Reads all", .options = &shell_no_set};
static const struct hw_cmd shell_help = {
    .name = "help", .summary = "Helps", .options = &shell_no_set, .operand = HW_OPERAND_COMMAND};
static const struct hw_cmd shell_script = {
    .name = "script", .summary = "Writes", .options = &shell_no_set, .operand = HW_OPERAND_SHELL};
static const struct hw_cmd *const shell_cmds[] = {&shell_make, &shell_read, &shell_read_all, &shell_help,
                                                  &shell_script};
static const struct hw_commands shell_commands = {shell_cmds, COUNT_OF(shell_cmds)};

typedef enum hw_status shell_script_fn(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);

struct shell_row {
    const char *name;
    const char *says;
    bool not_said;
};

static inline void shell_says(shell_script_fn *script, const struct shell_row *rows, size_t count) {
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(script(&out, &shell_commands, &err), err);
    assert_ok(hw_buf_end_text(&out, &err), err);
    for (size_t i = 0; i < count; i++) {
        const bool said = strstr((const char *)out.data, rows[i].says) != NULL;
        assert_row_int(rows[i].name, said, !rows[i].not_said);
    }
}

/* Each allocation in turn fails. */
static inline void shell_needs_memory(shell_script_fn *script) {
    bool fired = true;
    size_t faults = 0;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_buf out = {0};
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = script(&out, &shell_commands, &err);
        hw_buf_release(&out);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("memory", err.message, fired ? "out of memory" : "");
        faults += fired;
    }
    assert_true(faults >= 1);
}

#endif
