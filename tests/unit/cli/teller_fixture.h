/* SPDX-License-Identifier: Apache-2.0 */
/* A teller whose standard output and standard error a test reads. */
#ifndef HW_TESTS_TELLER_FIXTURE_H
#define HW_TESTS_TELLER_FIXTURE_H

#include <fcntl.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/teller.h"
#include "support/rows.h"

/* A run whose standard output and standard error are pipes. */
struct teller_fixture {
    int outs[2];
    int errs[2];
    struct hw_cli cli;
    struct hw_cmd_call call;
    struct hw_run_args args;
    struct hw_teller teller;
};

static inline void teller_fixture_start(struct teller_fixture *fixture, const struct hw_run_args *args) {
    static const char *const environment[] = {NULL};
    assert_int_equal(pipe2(fixture->outs, O_NONBLOCK), 0);
    assert_int_equal(pipe2(fixture->errs, O_NONBLOCK), 0);
    fixture->cli = (struct hw_cli){.out_fd = fixture->outs[1], .err_fd = fixture->errs[1], .environment = environment};
    fixture->call = (struct hw_cmd_call){.cli = &fixture->cli, .cmd = &hw_cmd_convert};
    fixture->args = *args;
    hw_teller_start(&fixture->teller, &fixture->call, &fixture->args);
}

static inline const char *teller_fixture_written(int fd) {
    static char text[4096];
    ssize_t got = read(fd, text, sizeof(text) - 1);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static inline void teller_fixture_end(struct teller_fixture *fixture) {
    for (size_t i = 0; i < 2; i++) {
        close(fixture->outs[i]);
        close(fixture->errs[i]);
    }
}

#endif
