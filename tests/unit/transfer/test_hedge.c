/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/hedge.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define GET "GET /bucket/k "

static struct hw_hedge hedge_after(size_t ranges, double seconds) {
    struct hw_hedge hedge;
    hw_hedge_init(&hedge);
    for (size_t i = 0; i < ranges; i++) {
        hw_hedge_came(&hedge, seconds);
    }
    return hedge;
}

static void late_is_what_takes_much_longer(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t ranges;
        double seconds;
        int64_t want_ms;
    } rows[] = {
        {"nothing is known", 0, 1, -1},
        {"too little is known", 7, 1, -1},
        {"quick ones", 8, 0.01, 1000},
        {"slow ones", 8, 2, 8000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_hedge hedge = hedge_after(rows[i].ranges, rows[i].seconds);
        assert_row_int(rows[i].name, hw_hedge_wait_ms(&hedge), rows[i].want_ms);
        hw_hedge_release(&hedge);
    }
}

static void the_mean_follows_the_last_ranges(void **state) {
    (void)state;
    struct hw_hedge hedge = hedge_after(8, 1);
    assert_int_equal(hw_hedge_wait_ms(&hedge), 4000);
    for (unsigned i = 0; i < 100; i++) {
        hw_hedge_came(&hedge, 3);
    }
    assert_in_range(hw_hedge_wait_ms(&hedge), 11900, 12000);
    hw_hedge_release(&hedge);
}

struct row {
    const char *name;
    struct http_reply replies[2];
    size_t total_bytes; /* of the buffers; the first holds 4 */
    enum hw_status want;
    bool other_memory;
    size_t requests;
};

/* The range is late after a second. */
static const struct row rows[] = {
    {"the first comes",
     {{.match = GET, .status = 206, .headers = "ETag: \"e\"\r\nContent-Range: bytes 4-7/9\r\n", .body = "5678"}},
     64,
     HW_OK,
     false,
     1},
    {"the second comes first",
     {{.match = GET, .stall = true},
      {.match = GET, .status = 206, .headers = "ETag: \"e\"\r\nContent-Range: bytes 4-7/9\r\n", .body = "5678"}},
     64,
     HW_OK,
     true,
     2},
    {"both fail", {{.match = GET, .status = 404, .times = -1}}, 64, HW_ENOTFOUND, false, 1},
};

static void a_late_range_is_asked_for_twice(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct s3_fixture fixture = s3_fixture_open(rows[i].replies, COUNT_OF(rows[i].replies), NULL);
        struct hw_hedge hedge = hedge_after(40, 0.01);
        struct hw_buffers buffers;
        struct hw_buffer buffer = {0};
        const struct hw_s3_object object = {.size = 9, .etag = "\"e\""};
        const struct hw_hedge_range range = {fixture.client, "k", &object, 4};
        hw_buffers_init(&buffers, 4, rows[i].total_bytes);
        assert_ok(hw_buffer_take(&buffers, 4, &buffer, &err), err);
        const uint8_t *before = buffer.data;
        assert_row_int(rows[i].name, hw_hedge_get(&hedge, &range, &buffers, &buffer, &err), rows[i].want);
        assert_row_int(rows[i].name, buffer.data != before, rows[i].other_memory);
        assert_row_int(rows[i].name, http_server_count(fixture.server, GET), rows[i].requests);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, buffer.data, buffer.bytes, "5678", 4);
        }
        hw_buffer_give_back(&buffers, &buffer);
        hw_buffers_release(&buffers);
        hw_hedge_release(&hedge);
        s3_fixture_close(&fixture);
    }
}

/* Without memory for a second request there is none: the first one comes late. */
static void want_of_memory_only_costs_time(void **state) {
    (void)state;
    const struct http_reply late = {.match = GET,
                                    .status = 206,
                                    .headers = "ETag: \"e\"\r\nContent-Range: bytes 4-7/9\r\n",
                                    .body = "5678",
                                    .delay_ms = 1300};
    struct hw_error err = HW_ERROR_INIT;
    struct s3_fixture fixture = s3_fixture_open(&late, 1, NULL);
    struct hw_hedge hedge = hedge_after(40, 0.01);
    struct hw_buffers buffers;
    struct hw_buffer buffer = {0};
    const struct hw_s3_object object = {.size = 9, .etag = "\"e\""};
    const struct hw_hedge_range range = {fixture.client, "k", &object, 4};
    hw_buffers_init(&buffers, 4, 4);
    assert_ok(hw_buffer_take(&buffers, 4, &buffer, &err), err);
    assert_ok(hw_hedge_get(&hedge, &range, &buffers, &buffer, &err), err);
    assert_int_equal(http_server_count(fixture.server, GET), 1);
    hw_buffer_give_back(&buffers, &buffer);
    hw_buffers_release(&buffers);
    hw_hedge_release(&hedge);
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_is_what_takes_much_longer),
        cmocka_unit_test(the_mean_follows_the_last_ranges),
        cmocka_unit_test(a_late_range_is_asked_for_twice),
        cmocka_unit_test(want_of_memory_only_costs_time),
    };
    return cmocka_run_group_tests_name("transfer/hedge", tests, environment_set, NULL);
}
