/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be preloaded: kills the process before one of the calls that change something outside of it.
 *
 * HAWSER_KILL_AT=N       SIGKILL before the N-th such call; 0 or nothing: never
 * HAWSER_KILL_SIGNAL=S   signal S in its place, after which the process goes on
 * HAWSER_KILL_COUNT=FILE how many there were is written there at the end
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { STANDARD_MAX = 2 };

static atomic_ullong calls;
static unsigned long long kill_at;
static int kill_signal;

static unsigned long long number_of(const char *name, unsigned long long otherwise) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void shim_begin(void) {
    kill_signal = (int)number_of("HAWSER_KILL_SIGNAL", SIGKILL);
    kill_at = number_of("HAWSER_KILL_AT", 0);
}

__attribute__((destructor)) static void shim_end(void) {
    const char *path = getenv("HAWSER_KILL_COUNT");
    unsigned long long count = atomic_load(&calls);
    kill_at = 0;
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%llu\n", count);
        fclose(file);
    }
}

static void step(void) {
    if (atomic_fetch_add(&calls, 1) + 1 == kill_at) {
        kill(getpid(), kill_signal);
        while (kill_signal == SIGKILL) {
            pause();
        }
    }
}

/* The function that this one stands before. */
#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

#define PASSES(type, name, parameters, arguments, counts) \
    type name parameters {                                \
        if (counts) {                                     \
            step();                                       \
        }                                                 \
        return NEXT(name) arguments;                      \
    }

PASSES(ssize_t, write, (int fd, const void *data, size_t bytes), (fd, data, bytes), fd > STANDARD_MAX)
PASSES(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), fd > STANDARD_MAX)
PASSES(ssize_t, pwrite, (int fd, const void *data, size_t bytes, off_t at), (fd, data, bytes, at), 1)
PASSES(ssize_t, send, (int fd, const void *data, size_t bytes, int flags), (fd, data, bytes, flags), 1)
PASSES(int, connect, (int fd, const struct sockaddr *to, socklen_t bytes), (fd, to, bytes), 1)
PASSES(int, rename, (const char *from, const char *to), (from, to), 1)
PASSES(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), 1)
PASSES(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags), 1)
PASSES(int, link, (const char *from, const char *to), (from, to), 1)
PASSES(int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags), 1)
PASSES(int, unlink, (const char *path), (path), 1)
PASSES(int, unlinkat, (int at, const char *path, int flags), (at, path, flags), 1)
PASSES(int, rmdir, (const char *path), (path), 1)
PASSES(int, mkdir, (const char *path, mode_t mode), (path, mode), 1)
PASSES(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), 1)
PASSES(int, fsync, (int fd), (fd), 1)
PASSES(int, fdatasync, (int fd), (fd), 1)
PASSES(int, syncfs, (int fd), (fd), 1)
PASSES(int, ftruncate, (int fd, off_t bytes), (fd, bytes), 1)

static mode_t mode_of(int flags, va_list args) {
    return flags & (O_CREAT | __O_TMPFILE) ? (mode_t)va_arg(args, unsigned) : 0;
}

int open(const char *path, int flags, ...) {
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    if (flags & (O_CREAT | O_TRUNC)) {
        step();
    }
    return NEXT(open)(path, flags, mode);
}

int openat(int at, const char *path, int flags, ...) {
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    if (flags & (O_CREAT | O_TRUNC)) {
        step();
    }
    return NEXT(openat)(at, path, flags, mode);
}
