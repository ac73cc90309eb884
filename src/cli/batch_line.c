/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_line.h"

#include <stdio.h>

#include <hawser/transfer.h>

#include "cli/batch_alias.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/unknown.h"
#include "core/count.h"

enum { WHERE_BYTES = 512 };

/* The commands of lines. `changes` says that there may be another state afterwards. */
static const struct {
    const char *name;
    bool changes;
} commands[] = {
    {"cp", true},    {"mv", true},   {"rm", true}, {"sync", true}, {"ls", false},     {"du", false},
    {"stat", false}, {"cat", false}, {"mb", true}, {"rb", true},   {"uploads", true}, {"presign", false},
};

/* A line at work, as the host of its command. */
struct work {
    struct hw_cli_host host;
    struct hw_batch_line *line;
    struct hw_batch_writer writer;
    /* Names and sums come from one thread, at the end of the command. */
    struct hw_arena arena;
    struct hw_cli cli;
    struct hw_batch_words words;
    const struct hw_cmd *cmd;
};

static enum hw_status words_make(struct work *work, struct hw_error *err);
static enum hw_status command_find(struct work *work, const char *name, struct hw_error *err);
static enum hw_status bytes_refuse(const struct work *work, struct hw_error *err);
static enum hw_status standard_refuse(const struct work *work, struct hw_error *err);
static bool only_told(const struct work *work);
static enum hw_status plan_tell(struct work *work, struct hw_error *err);

static enum hw_status data_take(const struct hw_cli_host *host, bool json, hw_view data, struct hw_error *err) {
    struct work *work = (struct work *)(uintptr_t)host;
    return hw_batch_writer_put(&work->writer, json, data, err);
}

static void lines_take(const struct hw_cli_host *host, hw_view lines) {
    const struct work *work = (const struct work *)host;
    hw_teller_lines(work->writer.output->teller, lines);
}

static void sums_take(const struct hw_cli_host *host, const struct hw_cli_sums *sums) {
    ((const struct work *)host)->line->sums = *sums;
}

static void work_start(struct work *work, struct hw_batch_line *line, const char *where) {
    const struct hw_batch_options *options = line->options;
    *work = (struct work){
        .host = {.where = where,
                 .given = options->given,
                 .given_count = options->given_count,
                 .threads_max = line->share.threads,
                 .memory_bytes = line->share.memory_bytes,
                 .data = data_take,
                 .lines = lines_take,
                 .report = options->report,
                 .sums = sums_take},
        .line = line,
        .writer = {.output = line->output, .line = line->number},
        .cli = *options->call->cli,
    };
    work->cli.host = &work->host;
}

/* A line that has failed, and no object of which tells why, is a warning of the report. */
static void failure_report(const struct work *work, int code, const struct hw_error *err) {
    struct hw_error warning = *err;
    if (code == 0 || work->line->sums.failed > 0) {
        return;
    }
    if (err->status == HW_OK) {
        hw_error_set(&warning, HW_EFAILED, "the line has failed, exit code %d", code);
    }
    hw_error_object(&warning, work->host.where);
    hw_transfer_report_warn(work->line->options->report, &warning);
}

int hw_batch_line_run(struct hw_batch_line *line) {
    struct hw_error err = HW_ERROR_INIT;
    struct work work;
    char where[WHERE_BYTES];
    snprintf(where, sizeof(where), "%s:%" PRIu64, line->options->name, line->number);
    work_start(&work, line, where);
    enum hw_status status = words_make(&work, &err);
    int code = 0;
    line->empty = status == HW_OK && !work.cmd;
    if (status == HW_OK && work.cmd && !only_told(&work)) {
        code = hw_cli_run(&work.cli, line->options->call->commands, work.words.words, work.words.count);
    } else if (status == HW_OK && work.cmd) {
        status = plan_tell(&work, &err);
    }
    if (status) {
        hw_output_error(&work.cli, hw_view_of(work.cmd ? work.cmd->name : line->options->call->cmd->name), &err);
        code = hw_status_exit_code(status);
    }
    failure_report(&work, code, &err);
    hw_batch_writer_end(&work.writer);
    hw_arena_release(&work.arena);
    return code;
}

/* Makes the words of the command line. Without a command there are none. */
static enum hw_status words_make(struct work *work, struct hw_error *err) {
    struct hw_batch_words *words = &work->words;
    HW_TRY(hw_batch_words_split(work->line->text, &work->arena, words, err));
    if (words->count == 0) {
        return HW_OK;
    }
    HW_TRY(hw_batch_alias_command(words->words[0], &words->words[0], err));
    HW_TRY(command_find(work, words->words[0], err));
    struct hw_batch_words behind = {words->words + 1, words->count - 1};
    HW_TRY(hw_batch_alias_options(work->cmd, &behind, &work->arena, err));
    words->count = behind.count + 1;
    HW_TRY(bytes_refuse(work, err));
    return standard_refuse(work, err);
}

static enum hw_status command_find(struct work *work, const char *name, struct hw_error *err) {
    const struct hw_commands *all = work->line->options->call->commands;
    const char *names[COUNT_OF(commands)];
    const struct hw_cmd *found = hw_commands_get(all, hw_view_of(name));
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        names[i] = commands[i].name;
        if (found && strcmp(names[i], name) == 0) {
            work->cmd = found;
            return HW_OK;
        }
    }
    return found ? hw_fail(err, HW_EUSAGE, "%s cannot stand in a line of a batch; run it by itself", name)
                 : hw_fail_unknown(err, "command", hw_view_of(name), names, COUNT_OF(names));
}

/* Bytes of objects would tear the lines of JSON apart. */
static enum hw_status bytes_refuse(const struct work *work, struct hw_error *err) {
    const bool bytes = strcmp(work->cmd->name, "cat") == 0;
    return bytes && work->line->options->json
               ? hw_fail(err, HW_EUSAGE, "the bytes of objects cannot stand among lines of JSON: leave --json out")
               : HW_OK;
}

/* Many lines at once cannot share standard input, nor one stream of bytes that is an object. */
static enum hw_status standard_refuse(const struct work *work, struct hw_error *err) {
    for (size_t i = 1; i < work->words.count; i++) {
        const hw_view word = hw_view_of(work->words.words[i]);
        const bool joined = hw_view_starts(word, HW_VIEW("--")) && hw_view_ends(word, HW_VIEW("=-"));
        if (joined || hw_view_equal(word, HW_VIEW("-"))) {
            return hw_fail(err, HW_EUSAGE, "lines have no standard input or output of their own: - cannot stand here");
        }
    }
    return HW_OK;
}

/* Returns whether a dry run has to leave the command out, because it knows none of its own. */
static bool only_told(const struct work *work) {
    bool changes = false;
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        changes = changes || (commands[i].changes && strcmp(commands[i].name, work->cmd->name) == 0);
    }
    return work->line->options->dry_run && changes && !hw_option_find(work->cmd->options, HW_VIEW("dry-run")).option;
}

/* Prints the words of a line that a dry run leaves out. */
static enum hw_status plan_tell(struct work *work, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i < work->words.count; i++) {
        HW_TRY(hw_buf_printf(&text, err, "%s%s", i > 0 ? " " : "", work->words.words[i]));
    }
    HW_TRY(hw_buf_append_byte(&text, '\n', err));
    return hw_output_data(&work->cli, hw_buf_view(&text), err);
}
