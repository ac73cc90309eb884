/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <pthread.h>

#include "core/alloc.h"
#include "net/http_thread.h"

enum {
    TIMEOUT_DEFAULT_MS = 60 * 1000,
};

struct hw_http {
    /* Set by hw_http_new, then constant. */
    /* NULL means the system's bundle. */
    char *ca_bundle;
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    struct hw_http_thread threads[HW_HTTP_THREADS_MAX];
    unsigned threads_count;
    struct hw_loop_task limit_changed[HW_HTTP_THREADS_MAX];

    struct {
        pthread_mutex_t lock;
        /* Whether the task above waits to be run. */
        bool limit_posted[HW_HTTP_THREADS_MAX];
    } synced;
};

static enum hw_status threads_start(struct hw_http *http, const struct hw_http_options *options, struct hw_error *err);
static void exchange_arrives(void *ctx);
static void exchange_ended(void *ctx, struct hw_http_exchange *exchange);
static void exchange_dropped(void *ctx);

enum hw_status hw_http_new(const struct hw_http_options *options, struct hw_http **out_http, struct hw_error *err) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return hw_fail(err, HW_EFAILED, "libcurl does not start");
    }
    struct hw_http *http = hw_alloc_zero(1, sizeof(*http));
    if (!http) {
        curl_global_cleanup();
        return hw_fail_nomem(err, sizeof(*http));
    }
    http->cancelled = options->cancelled;
    http->cancelled_ctx = options->cancelled_ctx;
    pthread_mutex_init(&http->synced.lock, NULL);
    const bool wants_bundle = options->ca_bundle && options->ca_bundle[0];
    http->ca_bundle = wants_bundle ? hw_strdup(options->ca_bundle) : NULL;
    enum hw_status status =
        wants_bundle && !http->ca_bundle ? hw_fail_nomem(err, strlen(options->ca_bundle) + 1) : HW_OK;
    status = status ? status : threads_start(http, options, err);
    if (status) {
        hw_http_free(http);
        return status;
    }
    *out_http = http;
    return HW_OK;
}

static enum hw_status threads_start(struct hw_http *http, const struct hw_http_options *options, struct hw_error *err) {
    const uint32_t connections = options->connections_max > 0 ? options->connections_max : HW_HTTP_CONNECTIONS;
    const uint32_t threads = (uint32_t)hw_clamp(connections / HW_HTTP_CONNECTIONS_A_THREAD, 1, HW_HTTP_THREADS_MAX);
    const long buffer_bytes = options->buffer_bytes > 0 ? (long)options->buffer_bytes : HW_HTTP_BUFFER_BYTES;
    /* A limit of the rate is kept by small pieces. */
    const bool as_given = options->rate || buffer_bytes > HW_HTTP_BUFFER_BYTES;
    const struct hw_http_thread_options thread_options = {
        .handle =
            {
                .ca_bundle = http->ca_bundle,
                .direct = options->direct,
                .buffer_bytes = buffer_bytes,
                .receive_bytes_max = as_given ? buffer_bytes : HW_HTTP_BUFFER_BYTES,
                .timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_DEFAULT_MS,
            },
        .connections_max = (connections + threads - 1) / threads,
        .rate = options->rate,
        .ended = exchange_ended,
        .ended_ctx = http,
    };
    while (http->threads_count < threads) {
        /* A thread whose start has failed is to be stopped as well. */
        HW_TRY(hw_http_thread_start(&http->threads[http->threads_count++], &thread_options, err));
    }
    return HW_OK;
}

void hw_http_free(struct hw_http *http) {
    if (!http) {
        return;
    }
    for (unsigned i = 0; i < http->threads_count; i++) {
        hw_http_thread_stop(&http->threads[i]);
    }
    pthread_mutex_destroy(&http->synced.lock);
    hw_free(http->ca_bundle);
    hw_free(http);
    curl_global_cleanup();
}

static void limit_changed(void *ctx) {
    struct hw_http_thread *thread = ctx;
    struct hw_http *http = thread->options.ended_ctx;
    pthread_mutex_lock(&http->synced.lock);
    http->synced.limit_posted[thread - http->threads] = false;
    pthread_mutex_unlock(&http->synced.lock);
    hw_http_thread_begin_queued(thread);
}

void hw_http_limit_set(struct hw_http *http, uint32_t exchanges) {
    for (unsigned i = 0; i < http->threads_count; i++) {
        struct hw_http_thread *thread = &http->threads[i];
        const uint32_t share = (exchanges + http->threads_count - 1) / http->threads_count;
        atomic_store(&thread->limit, (unsigned)hw_clamp(share, 1, thread->options.connections_max));
        pthread_mutex_lock(&http->synced.lock);
        const bool posted = http->synced.limit_posted[i];
        http->synced.limit_posted[i] = true;
        pthread_mutex_unlock(&http->synced.lock);
        if (!posted) {
            http->limit_changed[i] = (struct hw_loop_task){.run = limit_changed, .ctx = thread};
            hw_loop_post(thread->loop, &http->limit_changed[i]);
        }
    }
}

unsigned hw_http_thread_pick(const struct hw_http *http) {
    unsigned least = 0;
    for (unsigned i = 1; i < http->threads_count; i++) {
        if (atomic_load(&http->threads[i].load) < atomic_load(&http->threads[least].load)) {
            least = i;
        }
    }
    return least;
}

struct hw_loop *hw_http_thread_loop(const struct hw_http *http, unsigned thread) {
    return http->threads[thread].loop;
}

enum hw_status hw_http_start(struct hw_http *http, const struct hw_http_request *request,
                             struct hw_http_exchange **out_exchange, struct hw_error *err) {
    struct hw_http_exchange *exchange;
    HW_TRY(hw_http_exchange_new(request, &exchange, err));
    exchange->thread = &http->threads[request->ended ? request->thread : hw_http_thread_pick(http)];
    exchange->cancelled = request->cancelled ? request->cancelled : http->cancelled;
    exchange->cancelled_ctx = request->cancelled ? request->cancelled_ctx : http->cancelled_ctx;
    exchange->arrive = (struct hw_loop_task){.run = exchange_arrives, .ctx = exchange};
    atomic_fetch_add(&exchange->thread->load, 1);
    *out_exchange = exchange;
    hw_loop_post(exchange->thread->loop, &exchange->arrive);
    return HW_OK;
}

static void exchange_arrives(void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    hw_http_thread_add(exchange->thread, exchange);
}

/* Sets a flag of the exchange that its waiter waits for. */
static void flag_set(struct hw_http *http, struct hw_http_exchange *exchange, bool *flag) {
    pthread_mutex_lock(&http->synced.lock);
    *flag = true;
    if (exchange->waiter) {
        pthread_cond_signal(exchange->waiter);
    }
    pthread_mutex_unlock(&http->synced.lock);
}

/* Hands an exchange that has ended to whoever is told of it, or to its waiter. */
static void exchange_ended(void *ctx, struct hw_http_exchange *exchange) {
    struct hw_http *http = ctx;
    if (exchange->ended) {
        exchange->ended(exchange->ended_ctx);
    } else {
        flag_set(http, exchange, &exchange->is_ended);
    }
}

enum hw_status hw_http_take(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                            struct hw_error *err) {
    enum hw_status status = hw_http_exchange_outcome(exchange, err);
    if (status == HW_OK) {
        *out_response = exchange->response;
        exchange->response = (struct hw_http_response){0};
    }
    hw_http_exchange_free(exchange);
    return status;
}

void hw_http_cancel(struct hw_http_exchange *exchange) {
    hw_http_thread_cancel(exchange);
}

void hw_http_resume(struct hw_http_exchange *exchange) {
    hw_http_thread_resume(exchange);
}

/* Waits until a flag of the exchange is set. */
static void exchange_await(struct hw_http_exchange *exchange, const bool *flag) {
    struct hw_http *http = exchange->thread->options.ended_ctx;
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&http->synced.lock);
    exchange->waiter = &changed;
    while (!*flag) {
        pthread_cond_wait(&changed, &http->synced.lock);
    }
    exchange->waiter = NULL;
    pthread_mutex_unlock(&http->synced.lock);
    pthread_cond_destroy(&changed);
}

enum hw_status hw_http_wait(struct hw_http_exchange *exchange, struct hw_http_response *out_response,
                            struct hw_error *err) {
    exchange_await(exchange, &exchange->is_ended);
    return hw_http_take(exchange, out_response, err);
}

void hw_http_discard(struct hw_http_exchange *exchange) {
    if (!exchange) {
        return;
    }
    exchange->drop = (struct hw_loop_task){.run = exchange_dropped, .ctx = exchange};
    hw_loop_post(exchange->thread->loop, &exchange->drop);
    exchange_await(exchange, &exchange->is_dropped);
    hw_http_exchange_free(exchange);
}

static void exchange_dropped(void *ctx) {
    struct hw_http_exchange *exchange = ctx;
    hw_http_thread_cancel(exchange);
    flag_set(exchange->thread->options.ended_ctx, exchange, &exchange->is_dropped);
}

enum hw_status hw_http_perform(struct hw_http *http, const struct hw_http_request *request,
                               struct hw_http_response *out_response, struct hw_error *err) {
    struct hw_http_exchange *exchange;
    HW_TRY(hw_http_start(http, request, &exchange, err));
    return hw_http_wait(exchange, out_response, err);
}
