/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/signals.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/rows.h"

enum { CLEANED_UP = 42, NOT_ASKED = 43 };

/*
 * Notes a signal twice, `gap_ms` apart; ends with CLEANED_UP where it lives on. Runs in a child of
 * its own.
 */
static void child_run(int number, int times, useconds_t gap_ms) {
    hw_signals_install();
    if (hw_signals_cancelled(NULL)) {
        _exit(NOT_ASKED);
    }
    for (int i = 0; i < times; i++) {
        raise(number);
        usleep(gap_ms * 1000);
    }
    _exit(hw_signals_caught() == number && hw_signals_cancelled(NULL) ? CLEANED_UP : NOT_ASKED);
}

static void the_first_signal_asks_and_the_second_ends(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int number;
        int times;
        useconds_t gap_ms;
        int want;
    } rows[] = {
        {"none", SIGTERM, 0, 0, NOT_ASKED},
        {"SIGTERM", SIGTERM, 1, 0, CLEANED_UP},
        {"SIGINT", SIGINT, 1, 0, CLEANED_UP},
        {"SIGHUP", SIGHUP, 1, 0, CLEANED_UP},
        {"twice in one breath is one wish", SIGTERM, 2, 0, CLEANED_UP},
        {"second SIGTERM", SIGTERM, 2, 200, 143},
        {"second SIGINT", SIGINT, 2, 200, 130},
        {"a broken pipe is for write to tell", SIGPIPE, 1, 0, NOT_ASKED},
        {"so is a file that may not grow", SIGXFSZ, 1, 0, NOT_ASKED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            signal(SIGHUP, SIG_DFL); /* the test itself may run under nohup */
            child_run(rows[i].number, rows[i].times, rows[i].gap_ms);
        }
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_row_int(rows[i].name, WIFEXITED(how), true);
        assert_row_int(rows[i].name, WEXITSTATUS(how), rows[i].want);
    }
    assert_string_equal(hw_signals_name(SIGTERM), "SIGTERM");
    assert_string_equal(hw_signals_name(SIGINT), "SIGINT");
    assert_string_equal(hw_signals_name(SIGUSR1), "a signal");
}

static void nohup_is_respected(void **state) {
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGHUP, SIG_IGN);
        hw_signals_install();
        raise(SIGHUP);
        _exit(hw_signals_caught());
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_signal_asks_and_the_second_ends),
        cmocka_unit_test(nohup_is_respected),
    };
    return cmocka_run_group_tests_name("cli/signals", tests, NULL, NULL);
}
