/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/signals.h"

static bool standard_files_open(void);
static void open_files_raise(void);
static void freed_memory_return(void);
static void arenas_limit(void);
static void core_dumps_stop(void);

int main(int argc, char **argv) {
    if (!standard_files_open()) {
        return hw_status_exit_code(HW_EIO);
    }
    hw_signals_install();
    open_files_raise();
    freed_memory_return();
    arenas_limit();
    core_dumps_stop();
    const struct hw_cli cli = {.in_fd = STDIN_FILENO,
                               .out_fd = STDOUT_FILENO,
                               .err_fd = STDERR_FILENO,
                               .environment = (const char *const *)environ};
    size_t words = argc > 0 ? (size_t)argc - 1 : 0;
    return hw_cli_run(&cli, &hw_commands_all, (const char *const *)argv + 1, words);
}

/*
 * Where the caller has closed one of 0, 1 and 2, the next file that is opened would get its number
 * and, say, an error line would land in an object. The place is taken by a file whose reads and
 * writes fail as those of a closed one do.
 */
static bool standard_files_open(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags) != fd) {
            return false;
        }
    }
    return true;
}

/*
 * An output of many files has many of them open. The limit that shells set is low for the sake of
 * select(), which nobody here uses.
 */
static void open_files_raise(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* then there are fewer */
    }
}

/*
 * glibc raises the size from which on memory is mapped, and so given back when it is freed, to that
 * of the largest block freed so far. Then each thread would keep what its longest record took. A
 * fixed size leaves that off.
 */
static void freed_memory_return(void) {
    const int mapped_bytes_min = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, mapped_bytes_min);
}

/*
 * glibc gives nearly every thread an arena of its own, which keeps what was freed there. Most
 * threads only wait for disks and services, so as many arenas as threads can run do as well.
 */
static void arenas_limit(void) {
    const int arenas_max = 256;
    cpu_set_t set;
    const bool known = sched_getaffinity(0, sizeof(set), &set) == 0;
    mallopt(M_ARENA_MAX, (int)hw_clamp(known ? (uint64_t)CPU_COUNT(&set) + 1 : 0, 2, (uint64_t)arenas_max));
}

/*
 * A dump of the memory would hold keys of S3 and the data of users. Only the soft limit is set, so
 * that somebody who looks for a fault can raise it (prlimit --core) while the tool runs; debuggers
 * and profilers work as ever.
 */
static void core_dumps_stop(void) {
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &core); /* lowering it cannot fail */
    }
}
