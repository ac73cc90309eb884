/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/signals.h"

/* What people type where a command is expected. */
static const struct {
    const char *word;
    const char *command;
} aliases[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};

static enum hw_status command_find(const char *word, const struct hw_cmd **out_cmd, struct hw_error *err);
static enum hw_status command_run(const struct hw_cli *cli, const struct hw_cmd *cmd, const char *const *words,
                                  size_t words_count, struct hw_error *err);
static enum hw_status command_help(const struct hw_cli *cli, const struct hw_cmd *cmd, struct hw_error *err);
static void commands_show(const struct hw_cli *cli);
static int exit_code(enum hw_status status);

int hw_cli_run(const struct hw_cli *cli, const char *const *words, size_t words_count) {
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_cmd *cmd = NULL;
    enum hw_status status;
    if (words_count == 0) {
        status = hw_fail(&err, HW_EUSAGE, "a command is missing");
    } else {
        status = command_find(words[0], &cmd, &err);
    }
    if (!status) {
        status = command_run(cli, cmd, words + 1, words_count - 1, &err);
    }
    if (status && err.status != HW_OK) {
        hw_output_error(cli, cmd, &err);
    }
    if (words_count == 0) {
        commands_show(cli);
    }
    return exit_code(status);
}

static enum hw_status command_find(const char *word, const struct hw_cmd **out_cmd, struct hw_error *err) {
    const char *name = word;
    char quote[HW_QUOTE_BYTES];
    for (size_t i = 0; i < COUNT_OF(aliases); i++) {
        if (strcmp(aliases[i].word, word) == 0) {
            name = aliases[i].command;
        }
    }
    const struct hw_cmd *cmd = hw_cmd_find(name);
    if (cmd) {
        *out_cmd = cmd;
        return HW_OK;
    }
    if (word[0] == '-') {
        hw_quote(word, strlen(word), quote, sizeof(quote));
        return hw_fail(err, HW_EUSAGE, "%s stands where a command is expected; options follow the command", quote);
    }
    return hw_cmd_unknown(word, err);
}

static enum hw_status command_run(const struct hw_cli *cli, const struct hw_cmd *cmd, const char *const *words,
                                  size_t words_count, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_cmd_call call = {.cli = cli, .arena = &arena};
    HW_TRY(hw_arguments_parse(cmd, words, words_count, &call, err));
    if (((struct hw_common_args *)call.args)->help) {
        return command_help(cli, cmd, err);
    }
    enum hw_status status = cmd->run(&call, err);
    if (status == HW_ECANCELLED && hw_signals_caught()) {
        return hw_fail(err, HW_ECANCELLED, "stopped by %s", hw_signals_name(hw_signals_caught()));
    }
    return status;
}

static enum hw_status command_help(const struct hw_cli *cli, const struct hw_cmd *cmd, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_help_command(&text, cmd, err));
    return hw_output_data(cli, hw_buf_view(&text), err);
}

/* Somebody who typed the bare name wants to know what there is: the one usage error that says more than a line. */
static void commands_show(const struct hw_cli *cli) {
    HW_AUTO(hw_buf) text = {0};
    if (hw_help_tool(&text, NULL) == HW_OK) {
        hw_output_errors(cli, hw_buf_view(&text));
    }
}

static int exit_code(enum hw_status status) {
    int signal_number = hw_signals_caught();
    return status && signal_number ? 128 + signal_number : hw_status_exit_code(status);
}
