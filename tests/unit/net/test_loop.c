/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/rows.h"

/* What happened on the loop's thread, in order. */
struct story {
    struct hw_loop *loop;
    pthread_t thread;
    int fds[2];
    char text[32];
    size_t length;
    unsigned ready;
    struct hw_timer timers[3];
    struct hw_loop_task tasks[3];
    sem_t over;
};

static void tell(struct story *story, char what) {
    story->thread = pthread_self();
    story->text[story->length++] = what;
}

static void socket_ready(void *ctx, int fd, unsigned ready) {
    struct story *story = ctx;
    char byte;
    story->ready = ready;
    if (ready & HW_LOOP_IN && read(fd, &byte, 1) == 1) {
        tell(story, byte);
    }
    hw_loop_forget(story->loop, fd);
    sem_post(&story->over);
}

static void story_begin(struct story *story) {
    struct hw_error err = HW_ERROR_INIT;
    *story = (struct story){0};
    sem_init(&story->over, 0, 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, story->fds), 0);
    assert_ok(hw_loop_new(socket_ready, story, &story->loop, &err), err);
}

static void story_end(struct story *story) {
    hw_loop_free(story->loop);
    close(story->fds[0]);
    close(story->fds[1]);
    sem_destroy(&story->over);
}

static void task_a(void *ctx) {
    tell(ctx, 'a');
}

static void task_last(void *ctx) {
    tell(ctx, 'z');
    sem_post(&((struct story *)ctx)->over);
}

/* It may be posted again as soon as it runs. */
static void task_twice(void *ctx) {
    struct story *story = ctx;
    tell(story, 't');
    story->tasks[1].run = task_last;
    hw_loop_post(story->loop, &story->tasks[1]);
}

static void tasks_are_run_in_order(void **state) {
    (void)state;
    struct story story;
    story_begin(&story);
    story.tasks[0] = (struct hw_loop_task){.run = task_a, .ctx = &story};
    story.tasks[1] = (struct hw_loop_task){.run = task_twice, .ctx = &story};
    hw_loop_post(story.loop, &story.tasks[0]);
    hw_loop_post(story.loop, &story.tasks[1]);
    sem_wait(&story.over);
    assert_string_equal(story.text, "atz");
    assert_false(pthread_equal(story.thread, pthread_self()));
    story_end(&story);
}

static void tasks_before_the_end_are_run(void **state) {
    (void)state;
    struct story story;
    story_begin(&story);
    story.tasks[0] = (struct hw_loop_task){.run = task_a, .ctx = &story};
    hw_loop_post(story.loop, &story.tasks[0]);
    hw_loop_free(story.loop);
    story.loop = NULL;
    assert_string_equal(story.text, "a");
    story_end(&story);
}

static void timer_b(void *ctx) {
    tell(ctx, 'b');
}

static void timers_set(void *ctx) {
    struct story *story = ctx;
    const int64_t now_us = hw_loop_now_us();
    story->timers[0] = (struct hw_timer){.run = task_last, .ctx = story};
    story->timers[1] = (struct hw_timer){.run = timer_b, .ctx = story};
    story->timers[2] = (struct hw_timer){.run = task_a, .ctx = story};
    hw_loop_timer_set(story->loop, &story->timers[0], now_us + 30000);
    hw_loop_timer_set(story->loop, &story->timers[1], now_us + 10000);
    hw_loop_timer_set(story->loop, &story->timers[2], now_us + 20000);
    hw_loop_timer_clear(story->loop, &story->timers[2]);
}

static void timers_are_run_when_they_are_due(void **state) {
    (void)state;
    struct story story;
    const int64_t begin_us = hw_loop_now_us();
    story_begin(&story);
    story.tasks[0] = (struct hw_loop_task){.run = timers_set, .ctx = &story};
    hw_loop_post(story.loop, &story.tasks[0]);
    sem_wait(&story.over);
    assert_string_equal(story.text, "bz");
    assert_true(hw_loop_now_us() - begin_us >= 30000);
    story_end(&story);
}

static void socket_watch(void *ctx) {
    struct story *story = ctx;
    /* Twice: the second time changes what the first has said. */
    (void)!hw_loop_watch(story->loop, story->fds[0], HW_LOOP_OUT | HW_LOOP_IN, NULL);
    (void)!hw_loop_watch(story->loop, story->fds[0], HW_LOOP_IN, NULL);
}

static void sockets_are_told_when_ready(void **state) {
    (void)state;
    struct story story;
    story_begin(&story);
    story.tasks[0] = (struct hw_loop_task){.run = socket_watch, .ctx = &story};
    hw_loop_post(story.loop, &story.tasks[0]);
    assert_int_equal(write(story.fds[1], "s", 1), 1);
    sem_wait(&story.over);
    assert_string_equal(story.text, "s");
    assert_int_equal(story.ready, HW_LOOP_IN);
    story_end(&story);
}

static void a_broken_socket_is_told(void **state) {
    (void)state;
    struct story story;
    story_begin(&story);
    story.tasks[0] = (struct hw_loop_task){.run = socket_watch, .ctx = &story};
    hw_loop_post(story.loop, &story.tasks[0]);
    shutdown(story.fds[1], SHUT_RDWR);
    sem_wait(&story.over);
    assert_true(story.ready & HW_LOOP_BROKEN);
    story_end(&story);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_are_run_in_order),           cmocka_unit_test(tasks_before_the_end_are_run),
        cmocka_unit_test(timers_are_run_when_they_are_due), cmocka_unit_test(sockets_are_told_when_ready),
        cmocka_unit_test(a_broken_socket_is_told),
    };
    return cmocka_run_group_tests_name("net/loop", tests, NULL, NULL);
}
