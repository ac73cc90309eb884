/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/io.h"

enum {
    /* How often a program that is silent is asked whether it has ended. */
    ASK_MS = 50,
    /* What is kept of standard error: its end. */
    ERRORS_BYTES = 1024,
    SIGNALLED = 128,
};

struct child {
    pid_t pid;
    bool ended;
    int wait_status;
    int fds[2]; /* its output and its errors; -1: at the end */
    int64_t ends_us;
    size_t output_bytes_max;
    struct hw_io_stop stop;
    struct hw_secret output;
    char errors[ERRORS_BYTES];
    size_t errors_bytes;
};

void hw_process_outcome_release(struct hw_process_outcome *outcome) {
    hw_secret_release(&outcome->output);
}

static enum hw_status child_start(const struct hw_process_options *options, struct child *child, struct hw_error *err);
static enum hw_status child_read(struct child *child, struct hw_error *err);
static enum hw_status child_wait(struct child *child, struct hw_error *err);
static void child_kill(struct child *child);

enum hw_status hw_process_run(const struct hw_process_options *options, struct hw_process_outcome *out_outcome,
                              struct hw_error *err) {
    struct child child = {.fds = {-1, -1}, .output_bytes_max = options->output_bytes_max, .stop = options->stop};
    struct hw_process_outcome outcome = {0};

    enum hw_status status = hw_buf_resize(&child.output.text, options->output_bytes_max + 1, err);
    child.output.text.size = 0;
    if (status == HW_OK) {
        child.ends_us = hw_clock_monotonic_us() + options->timeout_ms * 1000;
        status = child_start(options, &child, err);
    }
    if (status == HW_OK) {
        status = child_read(&child, err);
        status = status ? status : child_wait(&child, err);
        child_kill(&child);
    }
    for (size_t i = 0; i < COUNT_OF(child.fds); i++) {
        if (child.fds[i] >= 0) {
            hw_io()->close(child.fds[i]);
        }
    }
    if (status) {
        hw_secret_release(&child.output);
        return status;
    }
    outcome.exit_status =
        WIFEXITED(child.wait_status) ? WEXITSTATUS(child.wait_status) : SIGNALLED + WTERMSIG(child.wait_status);
    outcome.output = child.output;
    hw_process_last_line((hw_view){child.errors, child.errors_bytes}, outcome.told, sizeof(outcome.told));
    *out_outcome = outcome;
    return HW_OK;
}

static int spawn(char *const *words, const int pipes[2][2], pid_t *out_pid);

static enum hw_status child_start(const struct hw_process_options *options, struct child *child, struct hw_error *err) {
    int pipes[2][2] = {{-1, -1}, {-1, -1}};
    int errnum = 0;

    for (size_t i = 0; i < COUNT_OF(pipes) && errnum == 0; i++) {
        errnum = pipe2(pipes[i], O_CLOEXEC) == 0 ? 0 : errno;
    }
    errnum = errnum ? errnum : spawn(options->words, pipes, &child->pid);
    for (size_t i = 0; i < COUNT_OF(pipes); i++) {
        child->fds[i] = pipes[i][0];
        if (pipes[i][1] >= 0) {
            hw_io()->close(pipes[i][1]);
        }
    }
    if (errnum) {
        char quoted[HW_QUOTE_BYTES];
        hw_fail_errno(err, errnum, "cannot start %s",
                      hw_quote(options->words[0], strlen(options->words[0]), quoted, sizeof(quoted)));
        if (err) {
            err->status = HW_EAUTH;
        }
        return HW_EAUTH;
    }
    return HW_OK;
}

/* Returns the errno of what failed, or 0. */
static int spawn(char *const *words, const int pipes[2][2], pid_t *out_pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    int errnum = posix_spawn_file_actions_init(&actions);
    if (errnum) {
        return errnum;
    }
    errnum = posix_spawnattr_init(&attributes);
    if (errnum) {
        posix_spawn_file_actions_destroy(&actions);
        return errnum;
    }
    sigemptyset(&none);
    sigfillset(&all);
    /* A thread of ours has signals blocked, and a program may have them ignored. */
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    /* Standard input may hold data of the run, which is not the program's. */
    errnum = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    errnum = errnum ? errnum : posix_spawn_file_actions_adddup2(&actions, pipes[0][1], STDOUT_FILENO);
    errnum = errnum ? errnum : posix_spawn_file_actions_adddup2(&actions, pipes[1][1], STDERR_FILENO);
    errnum = errnum ? errnum : posix_spawnp(out_pid, words[0], &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return errnum;
}

static void child_ask(struct child *child, int options) {
    pid_t got = 0;
    while (!child->ended && (got = waitpid(child->pid, &child->wait_status, options)) < 0 && errno == EINTR) {
    }
    /* Without a child to wait for, as where the program ignores SIGCHLD, the end is not known. */
    child->wait_status = got < 0 ? SIGKILL : child->wait_status;
    child->ended = child->ended || got != 0;
}

static void child_kill(struct child *child) {
    if (!child->ended) {
        kill(child->pid, SIGKILL);
        child_ask(child, 0);
    }
}

static enum hw_status pipe_read(struct child *child, size_t which, struct hw_error *err);

/* Says whether there is no time left for the program. */
static enum hw_status time_check(const struct child *child, struct hw_error *err) {
    if (child->stop.cancelled && child->stop.cancelled(child->stop.ctx)) {
        return hw_fail(err, HW_ECANCELLED, "stopped while a program was looking for credentials");
    }
    return hw_clock_monotonic_us() > child->ends_us
               ? hw_fail(err, HW_EAUTH, "the program was stopped, because it took too long")
               : HW_OK;
}

/*
 * Reads until both pipes are at their end, or until the program has ended and nothing comes any
 * more: what it left behind may hold a pipe for ever.
 */
static enum hw_status child_read(struct child *child, struct hw_error *err) {
    while (child->fds[0] >= 0 || child->fds[1] >= 0) {
        struct pollfd fds[2] = {{.fd = child->fds[0], .events = POLLIN}, {.fd = child->fds[1], .events = POLLIN}};
        HW_TRY(time_check(child, err));
        const int ready = hw_io()->poll(fds, COUNT_OF(fds), ASK_MS);
        for (size_t i = 0; i < COUNT_OF(fds) && ready > 0; i++) {
            if (fds[i].revents) {
                HW_TRY(pipe_read(child, i, err));
            }
        }
        if (ready == 0 && child->ended) {
            return HW_OK;
        }
        child_ask(child, WNOHANG);
    }
    return HW_OK;
}

static enum hw_status pipe_read(struct child *child, size_t which, struct hw_error *err) {
    struct hw_buf *output = &child->output.text;
    char errors[ERRORS_BYTES];
    size_t bytes = 0;
    const size_t room = which == 0 ? child->output_bytes_max + 1 - output->size : sizeof(errors);

    HW_TRY(hw_io_read_once(child->fds[which], which == 0 ? (void *)(output->data + output->size) : errors, room, &bytes,
                           err));
    if (bytes == 0) {
        hw_io()->close(child->fds[which]);
        child->fds[which] = -1;
        return HW_OK;
    }
    if (which == 0) {
        output->size += bytes;
        return output->size <= child->output_bytes_max
                   ? HW_OK
                   : hw_fail(err, HW_EAUTH, "the program was stopped, because it printed more than %zu bytes",
                             child->output_bytes_max);
    }
    const size_t kept = hw_min_size(child->errors_bytes, sizeof(child->errors) - bytes);
    memmove(child->errors, child->errors + child->errors_bytes - kept, kept);
    memcpy(child->errors + kept, errors, bytes);
    child->errors_bytes = kept + bytes;
    return HW_OK;
}

static enum hw_status child_wait(struct child *child, struct hw_error *err) {
    child_ask(child, WNOHANG);
    while (!child->ended) {
        HW_TRY(time_check(child, err));
        poll(NULL, 0, 1);
        child_ask(child, WNOHANG);
    }
    return HW_OK;
}

static size_t secret_bytes(hw_view text);

void hw_process_last_line(hw_view text, char *out, size_t out_bytes) {
    char kept[ERRORS_BYTES];
    size_t bytes = 0;

    out[0] = '\0';
    text = hw_view_trim(text);
    for (size_t i = text.size; i-- > 0;) {
        if (text.data[i] == '\n') {
            text = (hw_view){text.data + i + 1, text.size - i - 1};
            break;
        }
    }
    for (size_t at = 0; at < text.size && bytes + 3 < sizeof(kept);) {
        const size_t secret = secret_bytes((hw_view){text.data + at, text.size - at});
        if (secret > 0) {
            memcpy(kept + bytes, "***", 3);
            bytes += 3;
            at += secret;
            continue;
        }
        kept[bytes++] = text.data[at++];
    }
    if (bytes > 0) {
        hw_quote(kept, bytes, out, out_bytes);
    }
}

/* Returns the length of the run that the text begins with, if it looks like a secret, else 0. */
static size_t secret_bytes(hw_view text) {
    enum { SECRET_BYTES_MIN = 20 };
    bool small = false;
    bool capital = false;
    bool digit = false;
    size_t bytes = 0;

    for (; bytes < text.size; bytes++) {
        const char byte = text.data[bytes];
        const bool is_small = byte >= 'a' && byte <= 'z';
        const bool is_capital = byte >= 'A' && byte <= 'Z';
        const bool is_digit = byte >= '0' && byte <= '9';
        if (!is_small && !is_capital && !is_digit && (byte == '\0' || !strchr("+/=_-", byte))) {
            break;
        }
        small = small || is_small;
        capital = capital || is_capital;
        digit = digit || is_digit;
    }
    return bytes >= SECRET_BYTES_MIN && small && capital && digit ? bytes : 0;
}
