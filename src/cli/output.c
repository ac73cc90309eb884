/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/signals.h"
#include "cli/text.h"
#include "core/io.h"

/* Lines for people are cut off here: room for an error with every field full. */
enum { LINE_BYTES = 4096 };

/* One signal ends the tool even where a reader of its pipes has stopped to read. */
static const struct hw_io_stop signal_stop = {hw_signals_cancelled, NULL};

static enum hw_status data_write(const struct hw_cli *cli, bool json, hw_view data, struct hw_error *err);
static void line_write(const struct hw_cli *cli, const char *start, const char *text);

enum hw_status hw_output_data(const struct hw_cli *cli, hw_view data, struct hw_error *err) {
    return data_write(cli, false, data, err);
}

enum hw_status hw_output_json(const struct hw_cli *cli, hw_view lines, struct hw_error *err) {
    return data_write(cli, true, lines, err);
}

static enum hw_status data_write(const struct hw_cli *cli, bool json, hw_view data, struct hw_error *err) {
    if (cli->host) {
        return cli->host->data(cli->host, json, data, err);
    }
    enum hw_status status = hw_io_write_until(cli->out_fd, data.data, data.size, &signal_stop, err);
    if (status) {
        hw_error_prefix(err, "standard output");
    }
    return status;
}

bool hw_output_unread(const struct hw_error *error) {
    return error->sys_errno == EPIPE;
}

void hw_output_line(const struct hw_cli *cli, const char *text) {
    line_write(cli, "", text);
}

void hw_output_note(const struct hw_cli *cli, const char *format, ...) {
    char text[LINE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    line_write(cli, "hawser: ", text);
}

void hw_output_error(const struct hw_cli *cli, hw_view name, const struct hw_error *error) {
    char text[LINE_BYTES];
    hw_error_format(error, text, sizeof(text));
    if (error->status == HW_EUSAGE || error->status == HW_ECONFIG) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, name.size > 0 ? " (see hawser %.*s --help)" : " (see hawser help)",
                 (int)name.size, name.data);
    }
    line_write(cli, "hawser: error: ", text);
}

void hw_output_errors(const struct hw_cli *cli, hw_view text) {
    if (cli->host) {
        cli->host->lines(cli->host, text);
        return;
    }
    /*
     * stderr is the last resort: where it fails there is nowhere to say so, the exit code remains.
     */
    enum hw_status ignored = hw_io_write_until(cli->err_fd, text.data, text.size, &signal_stop, NULL);
    (void)ignored;
}

void hw_output_warning(const struct hw_cli *cli, const struct hw_error *warning) {
    char text[LINE_BYTES];
    hw_error_format(warning, text, sizeof(text));
    line_write(cli, "hawser: warning: ", text);
}

/* One write a line, so that lines of several processes do not mix. */
static void line_write(const struct hw_cli *cli, const char *start, const char *text) {
    char line[LINE_BYTES + 64];
    const bool hosted = cli->host && start[0];
    size_t used = (size_t)snprintf(line, sizeof(line), "%s", start);
    if (hosted) {
        hw_text_escape(cli->host->where, line + used, LINE_BYTES / 2);
        used += strlen(line + used);
        used += (size_t)snprintf(line + used, sizeof(line) - used, ": ");
    }
    hw_text_escape(text, line + used, sizeof(line) - used - 1);
    used += strlen(line + used);
    line[used++] = '\n';
    hw_output_errors(cli, (hw_view){line, used});
}
