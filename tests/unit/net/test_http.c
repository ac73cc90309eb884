/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <stdio.h>

#include "core/clock.h"
#include "support/http_client.h"
#include "support/http_server.h"
#include "support/rows.h"

static void a_redirect_target_sees_nothing(void **state) {
    (void)state;
    const struct http_reply taken = {.status = 200, .times = -1};
    struct http_server *target = http_server_start(&taken, 1);
    char location[128];
    snprintf(location, sizeof(location), "Location: %s/stolen\r\n", http_server_url(target));
    const struct http_reply redirect = {.status = 307, .headers = location};
    struct http_server *server = http_server_start(&redirect, 1);
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_header secret = {"Authorization", "secret"};
    const struct hw_http_request request = {
        .method = "GET", .url = http_server_url(server), .headers = &secret, .headers_count = 1};
    assert_ok(hw_http_perform(http, &request, &response, &err), err);
    assert_int_equal(response.status, 307);
    assert_int_equal(http_server_count(target, ""), 0);
    hw_http_free(http);
    http_server_stop(server);
    http_server_stop(target);
}

static void no_server_is_a_network_error(void **state) {
    (void)state;
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct {
        const char *url;
        enum hw_status want;
        const char *says;
    } places[] = {
        {"http://127.0.0.1:1/secret-key", HW_ENETWORK, "127.0.0.1:1: no connection"},
        {"http://name.invalid/secret-key", HW_ENETWORK, "name.invalid: the name of the host is not known"},
        {"ftp://127.0.0.1/secret-key", HW_ECONFIG, "127.0.0.1: neither http nor https"},
        {"file:///etc/passwd", HW_ECONFIG, "neither http nor https"},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        assert_row_int(
            places[i].url,
            hw_http_perform(http, &(struct hw_http_request){.method = "GET", .url = places[i].url}, &response, &err),
            places[i].want);
        assert_row_says(places[i].url, err.message, places[i].says);
        assert_null(strstr(err.message, "secret-key"));
    }
    hw_http_free(http);
}

/*
 * A kept connection that is dead makes libcurl send again; the caller must know, for a PUT may have
 * been done twice.
 */
static void requests_that_are_sent_again_are_counted(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 200}, {.reset = true}, {.status = 200}};
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_http *http = http_client(&(struct hw_http_options){.connections_max = 1});
    struct hw_error err = HW_ERROR_INIT;
    unsigned resends = 0;
    struct hw_http_figures figures = {0};
    const struct hw_http_request request = {.method = "PUT",
                                            .url = http_server_url(server),
                                            .body = "abc",
                                            .body_bytes = 3,
                                            .resends = &resends,
                                            .figures = &figures};
    for (unsigned turn = 0; turn < 2; turn++) {
        HW_AUTO(hw_http_response) response = {0};
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        assert_int_equal(resends, turn);
        assert_int_equal(figures.sends, turn + 1);
    }
    assert_int_equal(http_server_count(server, "PUT"), 3);
    hw_http_free(http);
    http_server_stop(server);
}

static bool always(void *ctx) {
    (*(int *)ctx)++;
    return true;
}

static void a_cancelled_client_stops_soon(void **state) {
    (void)state;
    const struct http_reply silent = {.stall = true, .times = -1};
    struct http_server *server = http_server_start(&silent, 1);
    int asked = 0;
    struct hw_http *http =
        http_client(&(struct hw_http_options){.connections_max = 1, .cancelled = always, .cancelled_ctx = &asked});
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_request request = {.method = "GET", .url = http_server_url(server)};
    struct hw_http_exchange *running;
    struct hw_http_exchange *queued;
    struct hw_http_exchange *dropped;
    assert_ok(hw_http_start(http, &request, &running, &err), err);
    assert_ok(hw_http_start(http, &request, &dropped, &err), err);
    assert_ok(hw_http_start(http, &request, &queued, &err), err);
    hw_http_discard(dropped);
    int64_t begin_us = hw_clock_monotonic_us();
    HW_AUTO(hw_http_response) response = {0};
    assert_int_equal(hw_http_wait(queued, &response, &err), HW_ECANCELLED);
    assert_int_equal(hw_http_wait(running, &response, &err), HW_ECANCELLED);
    assert_row_says("cancelled", err.message, "stopped");
    assert_true(asked >= 2);
    assert_true(hw_clock_monotonic_us() - begin_us < 5 * 1000000);
    hw_http_free(http);
    http_server_stop(server);
}

static bool at_the_third(void *ctx) {
    return ++*(int *)ctx >= 3;
}

static void a_request_may_be_cancelled_by_its_own_rule(void **state) {
    (void)state;
    /* long enough to be asked about */
    const struct http_reply late = {.status = 204, .delay_ms = 300, .times = -1};
    struct http_server *server = http_server_start(&late, 1);
    int asked = 0;
    int own = -1000;
    struct hw_http *http = http_client(&(struct hw_http_options){.cancelled = always, .cancelled_ctx = &asked});
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_http_request request = {
        .method = "DELETE", .url = http_server_url(server), .cancelled = at_the_third, .cancelled_ctx = &own};
    assert_ok(hw_http_perform(http, &request, &response, &err), err);
    assert_true(own > -1000);
    own = 2;
    assert_int_equal(hw_http_perform(http, &request, &response, &err), HW_ECANCELLED);
    assert_int_equal(asked, 0);
    hw_http_free(http);
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_target_sees_nothing),
        cmocka_unit_test(no_server_is_a_network_error),
        cmocka_unit_test(requests_that_are_sent_again_are_counted),
        cmocka_unit_test(a_cancelled_client_stops_soon),
        cmocka_unit_test(a_request_may_be_cancelled_by_its_own_rule),
    };
    return cmocka_run_group_tests_name("net/http", tests, NULL, NULL);
}
