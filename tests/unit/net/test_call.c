/* SPDX-License-Identifier: Apache-2.0 */
#include "net/call.h"

#include <stdatomic.h>
#include <stdio.h>

#include "core/clock.h"
#include "support/http_client.h"
#include "support/http_server.h"
#include "support/rows.h"

/*
 * A client whose judge goes by the status: 200 is good, 503 another try, 401 held, 404 a failure.
 */
struct errand {
    struct hw_call call;
    const char *url;
    int64_t pause_ms;
    atomic_int sent;
    atomic_int held;
    atomic_int counted;
    atomic_int counted_status; /* of the last reply; 0: none came */
    atomic_bool stopped;
    /* What let_go answers. */
    bool comes_no_more;
    enum hw_status send_fails;
};

static enum hw_status errand_send(void *ctx, struct hw_error *err) {
    struct errand *errand = ctx;
    if (errand->send_fails && atomic_load(&errand->sent) > 0) {
        return hw_fail(err, errand->send_fails, "cannot be signed");
    }
    atomic_fetch_add(&errand->sent, 1);
    return hw_call_send(&errand->call, &(struct hw_http_request){.method = "GET", .url = errand->url}, err);
}

static enum hw_call_verdict errand_judge(void *ctx, enum hw_status status, struct hw_http_response *response,
                                         struct hw_error *err, int64_t *pause_ms) {
    struct errand *errand = ctx;
    *pause_ms = errand->pause_ms;
    if (status) {
        return HW_CALL_FAILED;
    }
    switch (response->status) {
    case 200:
        return HW_CALL_GOOD;
    case 503:
        return HW_CALL_AGAIN;
    case 401:
        atomic_fetch_add(&errand->held, 1);
        return HW_CALL_HELD;
    default:
        hw_error_set(err, HW_ENOTFOUND, "HTTP %d", response->status);
        return HW_CALL_FAILED;
    }
}

static void errand_tell(void *ctx, struct hw_error *err) {
    (void)ctx;
    hw_error_object(err, "the errand");
}

static bool errand_stopped(void *ctx) {
    return atomic_load(&((struct errand *)ctx)->stopped);
}

static bool errand_let_go(void *ctx) {
    return ((struct errand *)ctx)->comes_no_more;
}

static void errand_count(void *ctx, const struct hw_http_response *response) {
    struct errand *errand = ctx;
    atomic_fetch_add(&errand->counted, 1);
    atomic_store(&errand->counted_status, response->status);
}

static const struct hw_call_ops ops = {errand_send,    errand_judge,  errand_tell,
                                       errand_stopped, errand_let_go, errand_count};

static void errand_begin(struct errand *errand, struct hw_http *http, const struct http_server *server) {
    struct hw_error err = HW_ERROR_INIT;
    errand->call = (struct hw_call){.ops = &ops, .ctx = errand, .http = http, .queue = errand->call.queue};
    errand->url = http_server_url(server);
    assert_ok(hw_call_start(&errand->call, &err), err);
}

static const struct {
    const char *name;
    struct http_reply replies[3];
    enum hw_status send_fails; /* from the second try on */
    enum hw_status want;
    int tries;
    int last_status; /* that was counted */
    const char *says;
} rows[] = {
    {"good at once", {{.status = 200}}, HW_OK, HW_OK, 1, 200, ""},
    {"good at the third try", {{.status = 503, .times = 2}, {.status = 200}}, HW_OK, HW_OK, 3, 200, ""},
    {"hopeless", {{.status = 404}}, HW_OK, HW_ENOTFOUND, 1, 404, "HTTP 404"},
    {"hopeless at the second try", {{.status = 503}, {.status = 404}}, HW_OK, HW_ENOTFOUND, 2, 404, "HTTP 404"},
    {"no reply", {{.reset = true, .times = -1}}, HW_OK, HW_ENETWORK, 1, 0, "127.0.0.1:"},
    {"a try that cannot be sent", {{.status = 503}}, HW_EAUTH, HW_EAUTH, 1, 503, "cannot be signed"},
};

static void a_call_goes_on_by_itself(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_server *server = http_server_start(rows[i].replies, COUNT_OF(rows[i].replies));
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        struct errand errand = {.pause_ms = 1, .send_fails = rows[i].send_fails};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_http_response) response = {0};
        errand_begin(&errand, http, server);
        assert_row_int(rows[i].name, hw_call_wait(&errand.call, &response, &err), rows[i].want);
        assert_row_int(rows[i].name, response.status, rows[i].want ? 0 : 200);
        assert_row_int(rows[i].name, atomic_load(&errand.sent), rows[i].tries);
        assert_row_int(rows[i].name, atomic_load(&errand.counted), rows[i].tries);
        assert_row_int(rows[i].name, atomic_load(&errand.counted_status), rows[i].last_status);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, rows[i].want ? "the errand" : "");
        hw_call_release(&errand.call);
        hw_http_free(http);
        http_server_stop(server);
    }
}

static void a_first_try_that_cannot_be_sent_is_no_call(void **state) {
    (void)state;
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    struct errand errand = {.send_fails = HW_EAUTH, .url = "http://127.0.0.1:1"};
    struct hw_error err = HW_ERROR_INIT;
    errand.call = (struct hw_call){.ops = &ops, .ctx = &errand, .http = http};
    atomic_store(&errand.sent, 1);
    assert_int_equal(hw_call_start(&errand.call, &err), HW_EAUTH);
    assert_string_equal(err.object, "the errand");
    hw_call_release(&errand.call);
    hw_http_free(http);
}

/* One that pauses long holds up nobody: the calls are told of in the order of their ends. */
static void a_queue_hands_out_whichever_ends_next(void **state) {
    (void)state;
    const struct http_reply busy[] = {{.status = 503}, {.status = 200}};
    const struct http_reply good = {.status = 200, .times = -1};
    struct http_server *slow = http_server_start(busy, COUNT_OF(busy));
    struct http_server *fast = http_server_start(&good, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    struct hw_call_queue queue;
    hw_call_queue_init(&queue);
    struct errand errands[5] = {[0] = {.pause_ms = 300}};
    for (size_t i = 0; i < COUNT_OF(errands); i++) {
        errands[i].call.queue = &queue;
        errand_begin(&errands[i], http, i == 0 ? slow : fast);
    }
    for (size_t i = 0; i < COUNT_OF(errands); i++) {
        const struct hw_call_end *end = hw_call_queue_next(&queue, 10000);
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_non_null(end);
        struct errand *errand = end->ctx;
        assert_int_equal(errand == &errands[0], i == COUNT_OF(errands) - 1);
        assert_ok(hw_call_wait(&errand->call, &response, &err), err);
        hw_call_release(&errand->call);
    }
    assert_null(hw_call_queue_next(&queue, 10));
    hw_call_queue_release(&queue);
    hw_http_free(http);
    http_server_stop(slow);
    http_server_stop(fast);
}

static void a_released_call_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct http_reply reply;
        bool queued;
    } ways[] = {
        {"under way", {.stall = true}, false},
        {"under way, with a queue", {.stall = true}, true},
        {"pausing", {.status = 503}, false},
        {"held", {.status = 401}, false},
        {"ended and never taken", {.status = 200}, true},
    };
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct http_server *server = http_server_start(&ways[i].reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        struct hw_call_queue queue;
        struct errand errand = {.pause_ms = 60000, .comes_no_more = true};
        hw_call_queue_init(&queue);
        errand.call.queue = ways[i].queued ? &queue : NULL;
        errand_begin(&errand, http, server);
        hw_clock_sleep_ms(50);
        hw_call_release(&errand.call);
        /* What was given up has been sent all the same. */
        assert_row_int(ways[i].name, atomic_load(&errand.counted), 1);
        assert_null(hw_call_queue_next(&queue, 0));
        hw_call_queue_release(&queue);
        hw_http_free(http);
        http_server_stop(server);
    }
}

static const struct {
    const char *name;
    enum hw_status status; /* that it is resumed with */
    enum hw_status want;
    int tries;
} held_rows[] = {
    {"goes on", HW_OK, HW_OK, 2},
    {"ends", HW_EAUTH, HW_EAUTH, 1},
};

static void a_held_call_waits_for_its_client(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 401}, {.status = 200}};
    for (size_t i = 0; i < COUNT_OF(held_rows); i++) {
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        struct errand errand = {0};
        struct hw_error refused = HW_ERROR_INIT;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_http_response) response = {0};
        hw_error_set(&refused, HW_EAUTH, "no keys");
        errand_begin(&errand, http, server);
        while (atomic_load(&errand.held) == 0) {
            hw_clock_sleep_ms(1);
        }
        hw_call_resume(&errand.call, held_rows[i].status, &refused);
        assert_row_int(held_rows[i].name, hw_call_wait(&errand.call, &response, &err), held_rows[i].want);
        assert_row_int(held_rows[i].name, atomic_load(&errand.sent), held_rows[i].tries);
        assert_row_says(held_rows[i].name, err.message, held_rows[i].want ? "no keys" : "");
        hw_call_release(&errand.call);
        hw_http_free(http);
        http_server_stop(server);
    }
}

/* A call that is held and resumed at the time when it is dropped goes away with the resume. */
static void a_resume_on_its_way_is_waited_for(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 401}, {.status = 200}};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    struct errand errand = {.comes_no_more = false};
    errand_begin(&errand, http, server);
    while (atomic_load(&errand.held) == 0) {
        hw_clock_sleep_ms(1);
    }
    hw_call_resume(&errand.call, HW_OK, NULL);
    hw_call_release(&errand.call);
    hw_http_free(http);
    http_server_stop(server);
}

static const struct {
    const char *name;
    struct http_reply reply;
} stops[] = {
    {"under way", {.stall = true}},
    {"pausing", {.status = 503}},
    {"held", {.status = 401}},
};

static void a_stopped_call_ends_soon(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stops); i++) {
        struct http_server *server = http_server_start(&stops[i].reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){0});
        struct errand errand = {.pause_ms = 60000, .comes_no_more = true};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_http_response) response = {0};
        errand_begin(&errand, http, server);
        hw_clock_sleep_ms(30);
        const int64_t begin_us = hw_loop_now_us();
        atomic_store(&errand.stopped, true);
        assert_row_int(stops[i].name, hw_call_wait(&errand.call, &response, &err), HW_ECANCELLED);
        assert_row_int(stops[i].name, hw_loop_now_us() - begin_us < 3000000, true);
        hw_call_release(&errand.call);
        hw_http_free(http);
        http_server_stop(server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_goes_on_by_itself),
        cmocka_unit_test(a_first_try_that_cannot_be_sent_is_no_call),
        cmocka_unit_test(a_queue_hands_out_whichever_ends_next),
        cmocka_unit_test(a_released_call_leaves_nothing),
        cmocka_unit_test(a_held_call_waits_for_its_client),
        cmocka_unit_test(a_resume_on_its_way_is_waited_for),
        cmocka_unit_test(a_stopped_call_ends_soon),
    };
    return cmocka_run_group_tests_name("net/call", tests, NULL, NULL);
}
