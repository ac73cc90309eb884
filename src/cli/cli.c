/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <signal.h>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/signals.h"

/* What people type where a command is expected. */
static const struct {
    const char *word;
    const char *command;
} aliases[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};

/* One line, as it was typed. */
struct line {
    const struct hw_cli *cli;
    const struct hw_commands *commands;
    const char *const *words;
    size_t count;
    struct hw_commands_match match;
    struct hw_arena *arena;
};

static struct hw_commands_match line_match(const struct line *line);
static enum hw_status group_run(const struct line *line, struct hw_error *err);
static enum hw_status command_run(const struct line *line, struct hw_error *err);
static enum hw_status command_help(const struct hw_cmd_call *call, struct hw_error *err);
static hw_view help_name(const struct line *line);
static void commands_show(const struct line *line);
static int exit_code(enum hw_status status);

int hw_cli_run(const struct hw_cli *cli, const struct hw_commands *commands, const char *const *words,
               size_t words_count) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_arena) arena = {0};
    struct line line = {.cli = cli, .commands = commands, .words = words, .count = words_count, .arena = &arena};
    line.match = line_match(&line);
    enum hw_status status = line.match.cmd ? command_run(&line, &err) : group_run(&line, &err);
    const bool unread = hw_output_unread(&err);
    if (status && err.status != HW_OK && !unread) {
        hw_output_error(cli, help_name(&line), &err);
    }
    if (status && !line.match.cmd && line.match.words_count == words_count) {
        commands_show(&line);
    }
    return status && unread ? 128 + SIGPIPE : exit_code(status);
}

static struct hw_commands_match line_match(const struct line *line) {
    for (size_t i = 0; line->count > 0 && i < COUNT_OF(aliases); i++) {
        if (strcmp(aliases[i].word, line->words[0]) == 0) {
            return hw_commands_match(line->commands, &aliases[i].command, 1);
        }
    }
    return hw_commands_match(line->commands, line->words, line->count);
}

/* The words name no command: the group's help was asked for, or something is missing or wrong. */
static enum hw_status group_run(const struct line *line, struct hw_error *err) {
    const size_t used = line->match.words_count;
    const char *word = used < line->count ? line->words[used] : "";
    char quote[HW_QUOTE_BYTES];
    if (line->count == 0) {
        return hw_fail(err, HW_EUSAGE, "a command is missing");
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        HW_AUTO(hw_buf) text = {0};
        HW_TRY(hw_help_group(&text, line->commands, line->match.group, err));
        return hw_output_data(line->cli, hw_buf_view(&text), err);
    }
    if (word[0] == '-') {
        hw_quote(word, strlen(word), quote, sizeof(quote));
        return hw_fail(err, HW_EUSAGE, "%s stands where a command is expected; options follow the command", quote);
    }
    return hw_commands_unknown(line->commands, &line->match, line->words, line->count, line->arena, err);
}

static enum hw_status command_run(const struct line *line, struct hw_error *err) {
    const size_t used = line->match.words_count;
    struct hw_cmd_call call = {
        .cli = line->cli, .cmd = line->match.cmd, .commands = line->commands, .arena = line->arena};
    HW_TRY(hw_arguments_parse(&call, line->words + used, line->count - used, err));
    if (call.help) {
        return command_help(&call, err);
    }
    enum hw_status status = call.cmd->run(&call, err);
    if (status == HW_ECANCELLED && hw_signals_caught()) {
        return hw_fail(err, HW_ECANCELLED, "stopped by %s", hw_signals_name(hw_signals_caught()));
    }
    return status;
}

static enum hw_status command_help(const struct hw_cmd_call *call, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_help_command(&text, call->commands, call->cmd, err));
    return hw_output_data(call->cli, hw_buf_view(&text), err);
}

/* What the help of a wrong line is about. */
static hw_view help_name(const struct line *line) {
    return line->match.cmd ? hw_view_of(line->match.cmd->name) : line->match.group;
}

/*
 * Somebody who typed the bare name, or that of a group, wants to know what there is: the one usage
 * error that says more than a line.
 */
static void commands_show(const struct line *line) {
    HW_AUTO(hw_buf) text = {0};
    if (hw_help_group(&text, line->commands, line->match.group, NULL) == HW_OK) {
        hw_output_errors(line->cli, hw_buf_view(&text));
    }
}

static int exit_code(enum hw_status status) {
    int signal_number = hw_signals_caught();
    return status && signal_number ? 128 + signal_number : hw_status_exit_code(status);
}
