/* SPDX-License-Identifier: Apache-2.0 */
/* A name that has several addresses. The look-up of this program alone knows it. */
#include "net/http_exchange.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/http_client.h"
#include "support/http_server.h"
#include "support/rows.h"

#define NAME "several.example"

/* The addresses of NAME, and how often it was looked up. */
static const char *const addresses[] = {"127.0.0.1", "127.0.0.2"};
static atomic_uint lookups;

typedef int lookup_fn(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **out);

/* libcurl calls this instead of the one of the C library, which it stands before. */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **out) {
    lookup_fn *system_lookup;
    struct addrinfo *all = NULL;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&system_lookup, &symbol, sizeof(system_lookup));
    if (!node || strcmp(node, NAME) != 0) {
        return system_lookup(node, service, hints, out);
    }
    atomic_fetch_add(&lookups, 1);
    for (size_t i = COUNT_OF(addresses); i-- > 0;) {
        struct addrinfo *one = NULL;
        int code = system_lookup(addresses[i], service, hints, &one);
        if (code != 0) {
            return code;
        }
        struct addrinfo *last = one;
        while (last->ai_next) {
            last = last->ai_next;
        }
        last->ai_next = all;
        all = one;
    }
    *out = all;
    return 0;
}

/* Sends requests by the name, each over a connection of its own. All must be answered. */
static void requests_send(size_t count, const char *server_url) {
    struct hw_http *http = http_client(&(struct hw_http_options){0});
    char url[128];
    snprintf(url, sizeof(url), "http://" NAME "%s/", strrchr(server_url, ':'));
    atomic_store(&lookups, 0);
    for (size_t i = 0; i < count; i++) {
        HW_AUTO(hw_http_response) response = {0};
        struct hw_error err = HW_ERROR_INIT;
        unsigned resends = 0;
        const struct hw_http_request request = {.method = "GET", .url = url, .resends = &resends};
        assert_ok(hw_http_perform(http, &request, &response, &err), err);
        assert_int_equal(response.status, 200);
        assert_int_equal(resends, 0);
    }
    hw_http_free(http);
}

static const struct http_reply closing = {.status = 200, .times = -1, .headers = "Connection: close\r\n"};

enum { REQUESTS = 40 };

/* That all of them go to one address has a chance of 2^-39. */
static void connections_spread_over_the_addresses(void **state) {
    (void)state;
    struct http_server *first = http_server_start(&closing, 1);
    const unsigned port = (unsigned)strtoul(strrchr(http_server_url(first), ':') + 1, NULL, 10);
    struct http_server *second = http_server_start_at("127.0.0.2", port, &closing, 1);
    requests_send(REQUESTS, http_server_url(first));
    const size_t counts[] = {http_server_count(first, "GET"), http_server_count(second, "GET")};
    assert_int_equal(counts[0] + counts[1], REQUESTS);
    assert_in_range(counts[0], 1, REQUESTS - 1);
    assert_int_equal(atomic_load(&lookups), REQUESTS);
    http_server_stop(first);
    http_server_stop(second);
}

/* About every other connection begins with the address at which nobody listens. */
static void a_dead_address_fails_no_request(void **state) {
    (void)state;
    struct http_server *server = http_server_start(&closing, 1);
    requests_send(REQUESTS, http_server_url(server));
    assert_int_equal(http_server_count(server, "GET"), REQUESTS);
    http_server_stop(server);
}

static void a_connection_that_is_kept_looks_up_nothing(void **state) {
    (void)state;
    const struct http_reply keeping = {.status = 200, .times = -1};
    struct http_server *server = http_server_start(&keeping, 1);
    requests_send(REQUESTS, http_server_url(server));
    assert_int_equal(atomic_load(&lookups), 1);
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_spread_over_the_addresses),
        cmocka_unit_test(a_dead_address_fails_no_request),
        cmocka_unit_test(a_connection_that_is_kept_looks_up_nothing),
    };
    return cmocka_run_group_tests_name("net/http_exchange, addresses", tests, NULL, NULL);
}
