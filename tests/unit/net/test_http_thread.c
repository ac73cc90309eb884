/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_thread.h"

#include "core/clock.h"
#include "support/http_client.h"
#include "support/http_server.h"
#include "support/rows.h"

static const struct {
    const char *name;
    struct http_reply reply;
    const char *says;
} slow_rows[] = {
    {"silent in the middle", {.status = 200, .body = "hello", .stall = true, .cut_after = 2}, "no byte for 1 s"},
    {"silent from the start", {.stall = true}, "no byte for 1 s"},
    {"a byte now and then",
     {.status = 200, .body = "0123456789012345678901234567890123456789", .drip_ms = 100},
     "below 1024 bytes a second for 1 s"},
};

static void a_slow_server_is_given_up_in_time(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(slow_rows); i++) {
        struct http_server *server = http_server_start(&slow_rows[i].reply, 1);
        struct hw_http *http = http_client(&(struct hw_http_options){.timeout_ms = 1000});
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_http_request request = {.method = "GET", .url = http_server_url(server)};
        int64_t begin_us = hw_clock_monotonic_us();
        assert_row_int(slow_rows[i].name, hw_http_perform(http, &request, &response, &err), HW_ENETWORK);
        int64_t took_us = hw_clock_monotonic_us() - begin_us;
        assert_row_says(slow_rows[i].name, err.message, slow_rows[i].says);
        assert_row_int(slow_rows[i].name, took_us >= 1000000, true);
        assert_row_int(slow_rows[i].name, took_us < 3000000, true);
        hw_http_free(http);
        http_server_stop(server);
    }
}

static void a_patient_request_may_be_slow(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .body = "012345678901234", .drip_ms = 100};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){.timeout_ms = 1000});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_request request = {.method = "GET", .url = http_server_url(server), .slow_windows = 10};
    assert_ok(hw_http_perform(http, &request, &response, &err), err);
    assert_int_equal(response.body.size, 15);
    hw_http_free(http);
    http_server_stop(server);
}

static void the_rate_is_limited_both_ways(void **state) {
    (void)state;
    enum { BYTES = 300000, RATE = 1000000 };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) body = {0};
    assert_ok(hw_buf_resize(&body, BYTES, &err), err);
    memset(body.data, 'r', body.size);
    const struct http_reply script[] = {
        {.match = "PUT", .status = 200, .times = -1},
        {.match = "GET", .status = 200, .times = -1, .body = (const char *)body.data, .body_bytes = BYTES},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_rate rate;
    hw_rate_init(&rate, RATE);
    struct hw_http *http = http_client(&(struct hw_http_options){.rate = &rate, .buffer_bytes = 16384});
    const struct hw_http_request requests[] = {
        {.method = "PUT", .url = http_server_url(server), .body = body.data, .body_bytes = BYTES},
        {.method = "GET", .url = http_server_url(server)},
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        HW_AUTO(hw_http_response) response = {0};
        const int64_t begin_us = hw_loop_now_us();
        assert_ok(hw_http_perform(http, &requests[i], &response, &err), err);
        /* The last piece is not waited for. */
        assert_row_int(requests[i].method, hw_loop_now_us() - begin_us >= 200000, true);
        assert_row_int(requests[i].method, response.body.size, i == 0 ? 0 : BYTES);
    }
    hw_http_free(http);
    hw_rate_release(&rate);
    http_server_stop(server);
}

/* How many exchanges are under way at once, as their `take` sees it. */
static void the_limit_may_change(void **state) {
    (void)state;
    enum { EXCHANGES = 6 };
    const struct http_reply late = {.status = 200, .times = -1, .delay_ms = 40, .body = "ok"};
    struct http_server *server = http_server_start(&late, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){.connections_max = EXCHANGES});
    struct hw_error err = HW_ERROR_INIT;
    for (uint32_t limit = 1; limit <= EXCHANGES; limit += EXCHANGES - 1) {
        struct hw_http_exchange *exchanges[EXCHANGES];
        int64_t last_begun_us = 0;
        hw_http_limit_set(http, limit);
        for (size_t i = 0; i < EXCHANGES; i++) {
            const struct hw_http_request request = {.method = "GET", .url = http_server_url(server)};
            assert_ok(hw_http_start(http, &request, &exchanges[i], &err), err);
        }
        for (size_t i = 0; i < EXCHANGES; i++) {
            HW_AUTO(hw_http_response) response = {0};
            assert_ok(hw_http_wait(exchanges[i], &response, &err), err);
            last_begun_us = response.figures.begun_us;
        }
        /* One after the other the last one waits for all others; together it waits for none. */
        assert_int_equal(last_begun_us >= (EXCHANGES - 1) * 40000, limit == 1);
    }
    hw_http_free(http);
    http_server_stop(server);
}

static void more_exchanges_than_connections_all_end(void **state) {
    (void)state;
    enum { EXCHANGES = 40 };
    const struct http_reply good = {.status = 200, .times = -1, .body = "ok"};
    struct http_server *server = http_server_start(&good, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){.connections_max = 3});
    struct hw_http_exchange *exchanges[EXCHANGES];
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < EXCHANGES; i++) {
        assert_ok(hw_http_start(http, &(struct hw_http_request){.method = "GET", .url = http_server_url(server)},
                                &exchanges[i], &err),
                  err);
    }
    for (size_t i = 0; i < EXCHANGES; i++) {
        HW_AUTO(hw_http_response) response = {0};
        assert_ok(hw_http_wait(exchanges[i], &response, &err), err);
        assert_row_bytes("body", response.body.data, response.body.size, "ok", 2);
    }
    assert_int_equal(http_server_count(server, "GET"), EXCHANGES);
    hw_http_free(http);
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_server_is_given_up_in_time),
        cmocka_unit_test(a_patient_request_may_be_slow),
        cmocka_unit_test(the_rate_is_limited_both_ways),
        cmocka_unit_test(more_exchanges_than_connections_all_end),
        cmocka_unit_test(the_limit_may_change),
    };
    return cmocka_run_group_tests_name("net/http_thread", tests, NULL, NULL);
}
