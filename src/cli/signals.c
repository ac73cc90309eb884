/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/*
 * A broken pipe, and a file that reaches the file size limit, are for the errors of write to tell.
 */
static const int ignored[] = {SIGPIPE, SIGXFSZ};

static const struct {
    int number;
    const char *name;
} noted[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}};

/*
 * timeout(1), sudo and a terminal's Ctrl-C often deliver one wish twice, to the process and to its
 * group. What arrives within this time of the first signal is the same wish, not the impatience of
 * a second one.
 */
enum { ONE_WISH_MS = 100 };

/* A handler has no argument for it: the only state of the tool that is not on a stack. */
static atomic_int caught;
static _Atomic int64_t caught_at_ms;
static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LLONG_LOCK_FREE == 2, "handlers may only touch lock-free atomics");

static int64_t monotonic_ms(void);

static void signal_note(int number) {
    if (atomic_load(&caught) != 0) {
        if (monotonic_ms() - atomic_load(&caught_at_ms) > ONE_WISH_MS) {
            _exit(128 + number);
        }
        return;
    }
    atomic_store(&caught_at_ms, monotonic_ms());
    atomic_store(&caught, number);
}

/* Not core/clock: a handler may call what is async-signal-safe only. */
static int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void hw_signals_install(void) {
    /* no SA_RESTART: a blocked read returns and asks */
    struct sigaction note = {.sa_handler = signal_note};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    sigemptyset(&note.sa_mask);
    sigemptyset(&ignore.sa_mask);
    for (size_t i = 0; i < COUNT_OF(noted); i++) {
        sigaddset(&note.sa_mask, noted[i].number);
    }
    for (size_t i = 0; i < COUNT_OF(noted); i++) {
        bool nohup = noted[i].number == SIGHUP && sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler == SIG_IGN;
        if (!nohup) {
            sigaction(noted[i].number, &note, NULL);
        }
    }
    for (size_t i = 0; i < COUNT_OF(ignored); i++) {
        sigaction(ignored[i], &ignore, NULL);
    }
}

int hw_signals_caught(void) {
    return atomic_load(&caught);
}

bool hw_signals_cancelled(void *ctx) {
    (void)ctx;
    return hw_signals_caught() != 0;
}

const char *hw_signals_name(int number) {
    for (size_t i = 0; i < COUNT_OF(noted); i++) {
        if (noted[i].number == number) {
            return noted[i].name;
        }
    }
    return "a signal";
}
