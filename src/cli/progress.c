/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/text.h"
#include "core/clock.h"
#include "core/count.h"

enum { REDRAW_US = 200000, LINE_US = 60000000, COLUMNS_DEFAULT = 80 };

static enum hw_progress_style style_choose(const struct hw_cli *cli, const struct hw_run_args *args);
static bool terminal_redraws(const struct hw_cli *cli);
static int terminal_columns(int fd);
static void draw(struct hw_progress *progress, const char *text);

void hw_progress_start(struct hw_progress *progress, const struct hw_cli *cli, const struct hw_run_args *args) {
    int64_t now_us = hw_clock_monotonic_us();
    const enum hw_progress_style style = style_choose(cli, args);
    const int64_t default_us = style == HW_PROGRESS_LINES ? LINE_US : REDRAW_US;
    *progress = (struct hw_progress){
        .cli = cli,
        .style = style,
        .every_us = args->progress_ms > 0 ? args->progress_ms * 1000 : default_us,
        .started_us = now_us,
        .drawn_us = now_us, /* a run that is over at once shows no progress */
    };
}

static enum hw_progress_style style_choose(const struct hw_cli *cli, const struct hw_run_args *args) {
    const bool asked = args->progress_ms > 0;
    if (cli->host || args->quiet || (args->json && !asked)) {
        return HW_PROGRESS_NONE;
    }
    return isatty(cli->err_fd) && terminal_redraws(cli) ? HW_PROGRESS_REDRAWN : HW_PROGRESS_LINES;
}

void hw_progress_draw(struct hw_progress *progress, const struct hw_progress_state *state) {
    char text[HW_PROGRESS_TEXT_BYTES];
    int64_t now_us = hw_clock_monotonic_us();
    if (progress->style == HW_PROGRESS_NONE || now_us - progress->drawn_us < progress->every_us) {
        return;
    }
    progress->drawn_us = now_us;
    hw_progress_text(state, (double)(now_us - progress->started_us) / 1e6, text);
    if (progress->style == HW_PROGRESS_LINES) {
        hw_output_note(progress->cli, "%s", text);
    } else {
        draw(progress, text);
        progress->drawn = true;
    }
}

void hw_progress_clear(struct hw_progress *progress) {
    if (progress->drawn) {
        draw(progress, "");
        progress->drawn = false;
    }
}

char *hw_progress_text(const struct hw_progress_state *state, double seconds, char *out) {
    char done[HW_BYTES_TEXT_BYTES];
    char total[HW_BYTES_TEXT_BYTES];
    char rate[HW_BYTES_TEXT_BYTES];
    char left[HW_BYTES_TEXT_BYTES];
    double bytes_per_second = seconds > 0 ? (double)state->bytes_done / seconds : 0;
    hw_text_bytes((double)state->bytes_done, done);
    hw_text_bytes((double)state->bytes_total, total);
    hw_text_bytes(bytes_per_second, rate);

    int used = 0;
    if (state->objects_total > 1 || state->listing) {
        used = snprintf(out, HW_PROGRESS_TEXT_BYTES, "%" PRIu64 "/%s%s  ", state->objects_done,
                        HW_COUNT(state->objects_total, "object"), state->listing ? " so far" : "");
    }
    size_t room = HW_PROGRESS_TEXT_BYTES - (size_t)used;
    if (state->listing || state->bytes_total < state->bytes_done || state->bytes_total == 0 || state->bytes_done == 0) {
        /* A stream, whose size nobody knows, or nothing to judge by yet. */
        snprintf(out + used, room, "%s  %s/s", done, rate);
        return out;
    }
    hw_text_seconds((double)(state->bytes_total - state->bytes_done) / bytes_per_second, left);
    unsigned percent = (unsigned)((double)state->bytes_done / (double)state->bytes_total * 100);
    snprintf(out + used, room, "%s of %s  %u%%  %s/s  %s left", done, total, percent, rate, left);
    return out;
}

static bool terminal_redraws(const struct hw_cli *cli) {
    for (const char *const *entry = cli->environment; *entry; entry++) {
        if (strcmp(*entry, "TERM=dumb") == 0) {
            return false;
        }
    }
    return true;
}

/* The line is cut at the terminal's width: a wrapped one could not be drawn over. */
static void draw(struct hw_progress *progress, const char *text) {
    static const char clear[] = "\r\x1b[K";
    char line[HW_PROGRESS_TEXT_BYTES + sizeof(clear)];
    size_t room = (size_t)(terminal_columns(progress->cli->err_fd) - 1);
    int bytes = snprintf(line, sizeof(line), "%s%.*s", clear, (int)hw_min_size(room, strlen(text)), text);
    hw_output_errors(progress->cli, (hw_view){line, (size_t)bytes});
}

static int terminal_columns(int fd) {
    struct winsize size;
    bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col : COLUMNS_DEFAULT;
}
