/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include <errno.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/thread.h"

/* The sockets that one wait can tell of; more are told by the next one. */
enum { EVENTS_MAX = 64 };

struct hw_loop {
    /* Set by hw_loop_new, then constant. */
    hw_loop_ready_fn *ready;
    void *ready_ctx;
    int epoll_fd;
    int wake_fd;
    pthread_t thread;

    struct { /* touched by the loop's thread only */
        struct hw_timers timers;
    } own;

    struct {
        pthread_mutex_t lock;
        struct hw_loop_task *first;
        struct hw_loop_task *last;
        bool stopping;
    } synced;
};

static enum hw_status loop_open(struct hw_loop *loop, struct hw_error *err);
static enum hw_status thread_start(struct hw_loop *loop, struct hw_error *err);
static void *thread_run(void *arg);
static bool tasks_run(struct hw_loop *loop);
static void timers_run(struct hw_loop *loop);
static void sockets_wait(struct hw_loop *loop);

int64_t hw_loop_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

enum hw_status hw_loop_new(hw_loop_ready_fn *ready, void *ctx, struct hw_loop **out_loop, struct hw_error *err) {
    struct hw_loop *loop = hw_alloc_zero(1, sizeof(*loop));
    if (!loop) {
        return hw_fail_nomem(err, sizeof(*loop));
    }
    loop->ready = ready;
    loop->ready_ctx = ctx;
    loop->epoll_fd = loop->wake_fd = -1;
    pthread_mutex_init(&loop->synced.lock, NULL);
    enum hw_status status = loop_open(loop, err);
    status = status ? status : thread_start(loop, err);
    if (status) {
        /* There is no thread to stop. */
        loop->synced.stopping = true;
        hw_loop_free(loop);
        return status;
    }
    *out_loop = loop;
    return HW_OK;
}

static enum hw_status loop_open(struct hw_loop *loop, struct hw_error *err) {
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll_fd < 0 || loop->wake_fd < 0) {
        return hw_fail_errno(err, errno, "cannot wait for the network");
    }
    return hw_loop_watch(loop, loop->wake_fd, HW_LOOP_IN, err);
}

static enum hw_status thread_start(struct hw_loop *loop, struct hw_error *err) {
    int errnum = hw_thread_start(&loop->thread, thread_run, loop);
    return errnum == 0 ? HW_OK : hw_fail_errno(err, errnum, "cannot start the network thread");
}

static void loop_wake(const struct hw_loop *loop) {
    const uint64_t one = 1;
    /* This fails only where very many are not read yet, and then the loop is awake already. */
    ssize_t written = write(loop->wake_fd, &one, sizeof(one));
    (void)written;
}

void hw_loop_free(struct hw_loop *loop) {
    if (!loop) {
        return;
    }
    pthread_mutex_lock(&loop->synced.lock);
    const bool running = !loop->synced.stopping;
    loop->synced.stopping = true;
    pthread_mutex_unlock(&loop->synced.lock);
    if (running) {
        loop_wake(loop);
        pthread_join(loop->thread, NULL);
    }
    if (loop->epoll_fd >= 0) {
        close(loop->epoll_fd);
    }
    if (loop->wake_fd >= 0) {
        close(loop->wake_fd);
    }
    pthread_mutex_destroy(&loop->synced.lock);
    hw_free(loop);
}

void hw_loop_post(struct hw_loop *loop, struct hw_loop_task *task) {
    task->next = NULL;
    pthread_mutex_lock(&loop->synced.lock);
    const bool first = !loop->synced.first;
    if (first) {
        loop->synced.first = task;
    } else {
        loop->synced.last->next = task;
    }
    loop->synced.last = task;
    pthread_mutex_unlock(&loop->synced.lock);
    if (first) {
        /* The others run with the first one. */
        loop_wake(loop);
    }
}

void hw_loop_timer_set(struct hw_loop *loop, struct hw_timer *timer, int64_t due_us) {
    hw_timers_set(&loop->own.timers, timer, due_us);
}

void hw_loop_timer_clear(struct hw_loop *loop, struct hw_timer *timer) {
    hw_timers_clear(&loop->own.timers, timer);
}

enum hw_status hw_loop_watch(struct hw_loop *loop, int fd, unsigned events, struct hw_error *err) {
    struct epoll_event wanted = {
        .events = (events & HW_LOOP_IN ? EPOLLIN : 0U) | (events & HW_LOOP_OUT ? EPOLLOUT : 0U),
        .data.fd = fd,
    };
    int failed = epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &wanted);
    if (failed && errno == ENOENT) {
        /* It is a new one, or an old one was closed that had the same number. */
        failed = epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &wanted);
    }
    return failed ? hw_fail_errno(err, errno, "cannot wait for a connection") : HW_OK;
}

void hw_loop_forget(struct hw_loop *loop, int fd) {
    (void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

static void *thread_run(void *arg) {
    struct hw_loop *loop = arg;
    while (tasks_run(loop)) {
        timers_run(loop);
        sockets_wait(loop);
    }
    return NULL;
}

/* Runs what was posted. Returns false once the loop is being freed. */
static bool tasks_run(struct hw_loop *loop) {
    pthread_mutex_lock(&loop->synced.lock);
    struct hw_loop_task *task = loop->synced.first;
    loop->synced.first = loop->synced.last = NULL;
    const bool go_on = !loop->synced.stopping;
    pthread_mutex_unlock(&loop->synced.lock);
    while (task) {
        /* Once it runs it may be posted again, or be gone. */
        struct hw_loop_task *next = task->next;
        task->run(task->ctx);
        task = next;
    }
    return go_on;
}

/* Runs the timers that are due at this time; one that is set anew meanwhile has to wait. */
static void timers_run(struct hw_loop *loop) {
    const int64_t now_us = hw_loop_now_us();
    for (struct hw_timer *timer; (timer = hw_timers_first(&loop->own.timers)) && timer->due_us <= now_us;) {
        hw_timers_clear(&loop->own.timers, timer);
        timer->run(timer->ctx);
    }
}

static int wait_ms(const struct hw_loop *loop) {
    const struct hw_timer *first = hw_timers_first(&loop->own.timers);
    if (!first) {
        return -1;
    }
    const int64_t left_us = first->due_us - hw_loop_now_us();
    return left_us <= 0 ? 0 : (int)hw_clamp((uint64_t)(left_us + 999) / 1000, 0, INT32_MAX);
}

static unsigned ready_of(uint32_t events) {
    return (events & EPOLLIN ? HW_LOOP_IN : 0U) | (events & EPOLLOUT ? HW_LOOP_OUT : 0U) |
           (events & (EPOLLERR | EPOLLHUP) ? HW_LOOP_BROKEN : 0U);
}

static void sockets_wait(struct hw_loop *loop) {
    struct epoll_event events[EVENTS_MAX];
    const int count = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, wait_ms(loop));
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd != loop->wake_fd) {
            loop->ready(loop->ready_ctx, events[i].data.fd, ready_of(events[i].events));
            continue;
        }
        uint64_t wakes;
        ssize_t taken = read(loop->wake_fd, &wakes, sizeof(wakes));
        (void)taken;
    }
}
