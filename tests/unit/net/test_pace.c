/* SPDX-License-Identifier: Apache-2.0 */
#include "net/pace.h"

#include "support/rows.h"

enum { TIMEOUT_MS = 10000, LOOK_MS = 250, MIB = 1 << 20 };

/* Bytes of a second, from `begin_ms` up to `end_ms`; the rate may be below one byte a look. */
struct flow {
    int64_t begin_ms;
    int64_t end_ms;
    uint64_t bytes_per_s;
};

static uint64_t flowed(const struct flow *flow, int64_t ms) {
    int64_t until_ms = ms < flow->end_ms ? ms : flow->end_ms;
    return until_ms > flow->begin_ms ? (uint64_t)(until_ms - flow->begin_ms) * flow->bytes_per_s / 1000 : 0;
}

static const struct {
    const char *name;
    struct flow sent;
    struct flow received;
    uint64_t to_send;
    unsigned windows;
    enum hw_pace_verdict want;
    int64_t from_ms; /* the verdict comes from here */
    int64_t to_ms;   /* to there; a good one lasts that long */
} rows[] = {
    {"nothing ever, as while connecting", {0}, {0}, 0, 1, HW_PACE_STALLED, 10000, 10250},
    {"a reply that comes late", {0}, {9500, 10500, MIB}, 0, 1, HW_PACE_GOOD, 0, 20000},
    {"a stall in the middle", {0}, {0, 5000, MIB}, 0, 1, HW_PACE_STALLED, 15000, 15250},
    {"a stall after a burst at the window's start", {0}, {0, 200, 100 * MIB}, 0, 1, HW_PACE_STALLED, 10200, 10500},
    {"fast", {0}, {0, 3600000, MIB}, 0, 1, HW_PACE_GOOD, 0, 3600000},
    {"just fast enough", {0}, {0, 3600000, 1030}, 0, 1, HW_PACE_GOOD, 0, 3600000},
    {"just too slow", {0}, {0, 3600000, 1010}, 0, 1, HW_PACE_SLOW, 10000, 10500},
    {"two bytes a second", {0}, {0, 3600000, 2}, 0, 1, HW_PACE_SLOW, 10000, 11000},
    {"sending two bytes a second", {0, 3600000, 2}, {0}, MIB, 1, HW_PACE_SLOW, 10000, 11000},
    {"sent, then a wait", {0, 1000, MIB}, {10500, 11000, MIB}, MIB, 1, HW_PACE_GOOD, 0, 20000},
    {"sent, then a wait that is too long", {0, 1000, MIB}, {0}, MIB, 1, HW_PACE_STALLED, 11000, 11250},
    {"a short body, then a wait", {0, 1000, 100}, {10500, 11000, MIB}, 100, 1, HW_PACE_GOOD, 0, 20000},
    {"the other side stops taking", {0, 1000, MIB}, {0}, 2 * MIB, 1, HW_PACE_STALLED, 11000, 11250},
    {"slow, but may be so for ten windows", {0}, {0, 99000, 2}, 0, 10, HW_PACE_GOOD, 0, 99000},
    {"slow for longer than that", {0}, {0, 3600000, 2}, 0, 10, HW_PACE_SLOW, 100000, 101000},
    {"silent, though it may be slow", {0}, {0, 1000, 100}, 0, 10, HW_PACE_STALLED, 11000, 11250},
};

static void an_exchange_gets_on_or_not(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_pace pace;
        enum hw_pace_verdict verdict = HW_PACE_GOOD;
        int64_t ms = 0;
        hw_pace_start(&pace, 77000000, TIMEOUT_MS, rows[i].windows, rows[i].to_send);
        for (; verdict == HW_PACE_GOOD && ms < 3600000; ms += LOOK_MS) {
            verdict =
                hw_pace_look(&pace, 77000000 + ms * 1000, flowed(&rows[i].sent, ms), flowed(&rows[i].received, ms));
            if (rows[i].want == HW_PACE_GOOD && ms >= rows[i].to_ms) {
                break;
            }
        }
        assert_row_int(rows[i].name, verdict, rows[i].want);
        if (rows[i].want != HW_PACE_GOOD) {
            ms -= LOOK_MS;
            if (ms < rows[i].from_ms || ms > rows[i].to_ms) {
                fail_msg("%s: seen after %" PRId64 " ms", rows[i].name, ms);
            }
        }
    }
}

/*
 * Ten pauses of a second each, in which nothing may move, make neither a stall nor a slow exchange.
 */
static void pauses_do_not_count(void **state) {
    (void)state;
    struct hw_pace pace;
    uint64_t received = 0;
    hw_pace_start(&pace, 0, 2000, 1, 0);
    for (int64_t ms = 0; ms < 20000; ms += 1000) {
        if (ms % 2000 == 0) {
            received += 1100;
            assert_int_equal(hw_pace_look(&pace, ms * 1000, 0, received), HW_PACE_GOOD);
        } else {
            hw_pace_shift(&pace, 1000000);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_gets_on_or_not),
        cmocka_unit_test(pauses_do_not_count),
    };
    return cmocka_run_group_tests_name("net/pace", tests, NULL, NULL);
}
