/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "support/rows.h"

static void the_line_says_what_is_known(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_progress_state progress;
        double seconds;
        const char *want;
    } rows[] = {
        {"one object", {0, 1, 350000000, 1000000000}, 2, "350 MB of 1.0 GB  35%  175 MB/s  3.7 s left"},
        {"several", {3, 10, 2000000000, 4000000000}, 100, "3/10 objects  2.0 GB of 4.0 GB  50%  20.0 MB/s  1:40 left"},
        {"no objects", {0, 0, 500, 1000}, 1, "500 B of 1.0 kB  50%  500 B/s  1.0 s left"},
        {"nothing yet", {0, 2, 0, 5000}, 1, "0/2 objects  0 B  0 B/s"},
        {"a stream has no size", {0, 1, 5000, 0}, 1, "5.0 kB  5.0 kB/s"},
        {"more than was announced", {0, 1, 5000, 4000}, 1, "5.0 kB  5.0 kB/s"},
        {"while the sources are listed", {3, 10, 2000, 4000, true}, 1, "3/10 objects so far  2.0 kB  2.0 kB/s"},
        {"the first one is found", {0, 1, 0, 4000, true}, 1, "0/1 object so far  0 B  0 B/s"},
        {"nothing is found yet", {0, 0, 0, 0, true}, 1, "0/0 objects so far  0 B  0 B/s"},
        {"all", {1, 1, 5000, 5000}, 1, "5.0 kB of 5.0 kB  100%  5.0 kB/s  0.0 s left"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_PROGRESS_TEXT_BYTES];
        assert_row_text(rows[i].name, hw_progress_text(&rows[i].progress, rows[i].seconds, out), rows[i].want);
    }
}

static int64_t fake_now_us;

static int64_t fake_monotonic(void *ctx) {
    (void)ctx;
    return fake_now_us;
}

/* A pseudo-terminal: [0] shows what was written to [1]. */
static void terminal_open(int *fds) {
    fds[0] = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(fds[0] >= 0);
    assert_int_equal(grantpt(fds[0]), 0);
    assert_int_equal(unlockpt(fds[0]), 0);
    fds[1] = open(ptsname(fds[0]), O_RDWR | O_NOCTTY);
    assert_true(fds[1] >= 0);
}

static size_t shown(int fd, char *out, size_t out_bytes) {
    ssize_t got = read(fd, out, out_bytes - 1);
    size_t bytes = got > 0 ? (size_t)got : 0;
    out[bytes] = '\0';
    return bytes;
}

static void the_line_is_drawn_five_times_a_second_at_most(void **state) {
    (void)state;
    static const char *const environment[] = {"TERM=xterm", NULL};
    const struct hw_clock clock = {.monotonic_us = fake_monotonic};
    const struct hw_progress_state progress_state = {.objects_total = 1, .bytes_total = 10, .bytes_done = 5};
    struct hw_progress progress;
    char text[512];
    int fds[2];
    terminal_open(fds);
    const struct hw_cli cli = {.err_fd = fds[1], .environment = environment};
    hw_clock_set(&clock);
    fake_now_us = 1000000;
    hw_progress_start(&progress, &cli, &(struct hw_run_args){0});
    assert_int_equal(progress.style, HW_PROGRESS_REDRAWN);

    fake_now_us += 199999;
    hw_progress_draw(&progress, &progress_state);
    assert_row_int("too early", shown(fds[0], text, sizeof(text)), 0);
    fake_now_us += 1;
    hw_progress_draw(&progress, &progress_state);
    assert_row_int("in time", shown(fds[0], text, sizeof(text)) > 0, true);
    assert_row_says("in time", text, "\r\x1b[K5 B of 10 B  50%");
    fake_now_us += 199999;
    hw_progress_draw(&progress, &progress_state);
    assert_row_int("again too early", shown(fds[0], text, sizeof(text)), 0);
    hw_progress_clear(&progress);
    assert_row_int("cleared", shown(fds[0], text, sizeof(text)), 4);
    assert_row_text("cleared", text, "\r\x1b[K");
    hw_progress_clear(&progress);
    assert_row_int("nothing to clear", shown(fds[0], text, sizeof(text)), 0);
    hw_clock_set(NULL);
    close(fds[0]);
    close(fds[1]);
}

static void lines_come_as_often_as_asked(void **state) {
    (void)state;
    static const char *const environment[] = {NULL};
    const struct hw_clock clock = {.monotonic_us = fake_monotonic};
    const struct hw_progress_state progress_state = {.objects_total = 1, .bytes_total = 1000, .bytes_done = 500};
    const struct hw_run_args args = {.progress_ms = 10000};
    struct hw_progress progress;
    char text[512];
    int fds[2];
    assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
    const struct hw_cli cli = {.err_fd = fds[1], .environment = environment};
    hw_clock_set(&clock);
    fake_now_us = 1000000;
    hw_progress_start(&progress, &cli, &args);
    fake_now_us += 9999999;
    hw_progress_draw(&progress, &progress_state);
    assert_row_int("too early", shown(fds[0], text, sizeof(text)), 0);
    fake_now_us += 1;
    hw_progress_draw(&progress, &progress_state);
    shown(fds[0], text, sizeof(text));
    assert_row_text("in time", text, "hawser: 500 B of 1.0 kB  50%  50 B/s  10 s left\n");
    hw_progress_clear(&progress);
    assert_row_int("a line stays", shown(fds[0], text, sizeof(text)), 0);
    fake_now_us += 9999999;
    hw_progress_draw(&progress, &progress_state);
    assert_row_int("again too early", shown(fds[0], text, sizeof(text)), 0);
    hw_clock_set(NULL);
    close(fds[0]);
    close(fds[1]);
}

static void the_style_is_that_of_the_place(void **state) {
    (void)state;
    static const char *const dumb[] = {"TERM=dumb", NULL};
    static const char *const able[] = {"TERM=xterm", NULL};
    struct hw_progress progress;
    int fds[2];
    terminal_open(fds);
    int file = open("/dev/null", O_WRONLY);
    const struct {
        const char *name;
        struct hw_cli cli;
        struct hw_run_args args;
        enum hw_progress_style want;
        int64_t every_us;
    } rows[] = {
        {"terminal", {.err_fd = fds[1], .environment = able}, {0}, HW_PROGRESS_REDRAWN, 200000},
        {"terminal, asked",
         {.err_fd = fds[1], .environment = able},
         {.progress_ms = 3000},
         HW_PROGRESS_REDRAWN,
         3000000},
        {"quiet", {.err_fd = fds[1], .environment = able}, {.quiet = true}, HW_PROGRESS_NONE, 200000},
        {"JSON", {.err_fd = fds[1], .environment = able}, {.json = true}, HW_PROGRESS_NONE, 200000},
        {"JSON, asked",
         {.err_fd = fds[1], .environment = able},
         {.json = true, .progress_ms = 1000},
         HW_PROGRESS_REDRAWN,
         1000000},
        {"cannot redraw", {.err_fd = fds[1], .environment = dumb}, {0}, HW_PROGRESS_LINES, 60000000},
        {"cannot redraw, asked",
         {.err_fd = fds[1], .environment = dumb},
         {.progress_ms = 1000},
         HW_PROGRESS_LINES,
         1000000},
        {"no terminal", {.err_fd = file, .environment = able}, {0}, HW_PROGRESS_LINES, 60000000},
        {"no terminal, asked",
         {.err_fd = file, .environment = able},
         {.progress_ms = 1000},
         HW_PROGRESS_LINES,
         1000000},
        {"quiet, asked",
         {.err_fd = file, .environment = able},
         {.quiet = true, .progress_ms = 1000},
         HW_PROGRESS_NONE,
         1000000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_progress_start(&progress, &rows[i].cli, &rows[i].args);
        assert_row_int(rows[i].name, progress.style, rows[i].want);
        assert_row_int(rows[i].name, progress.every_us, rows[i].every_us);
    }
    close(file);
    close(fds[0]);
    close(fds[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_says_what_is_known),
        cmocka_unit_test(the_line_is_drawn_five_times_a_second_at_most),
        cmocka_unit_test(lines_come_as_often_as_asked),
        cmocka_unit_test(the_style_is_that_of_the_place),
    };
    return cmocka_run_group_tests_name("cli/progress", tests, NULL, NULL);
}
