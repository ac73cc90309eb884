/* SPDX-License-Identifier: Apache-2.0 */
#include "core/thread.h"

#include <sched.h>
#include <signal.h>

#include "core/base.h"
#include "support/rows.h"

static void *mask_look(void *arg) {
    pthread_sigmask(SIG_SETMASK, NULL, arg);
    return arg;
}

static void no_signal_reaches_a_thread(void **state) {
    (void)state;
    sigset_t before, there, after;
    pthread_t thread;
    sigemptyset(&there);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    assert_int_equal(hw_thread_start(&thread, mask_look, &there), 0);
    pthread_join(thread, NULL);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    static const int signals[] = {SIGINT, SIGTERM, SIGPIPE, SIGUSR1};
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        assert_int_equal(sigismember(&there, signals[i]), 1);
        assert_int_equal(sigismember(&after, signals[i]), sigismember(&before, signals[i]));
    }
}

static void the_processors_of_the_process_count(void **state) {
    (void)state;
    cpu_set_t before;
    cpu_set_t one;
    assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
    assert_int_equal(hw_thread_count(), CPU_COUNT(&before));
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
    assert_int_equal(hw_thread_count(), 1);
    assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_signal_reaches_a_thread),
        cmocka_unit_test(the_processors_of_the_process_count),
    };
    return cmocka_run_group_tests_name("core/thread", tests, NULL, NULL);
}
