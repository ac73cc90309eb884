/* SPDX-License-Identifier: Apache-2.0 */
#include "net/rate.h"

#include "support/rows.h"

#define SECOND_US INT64_C(1000000)

/* Pieces that are counted one after the other, and the pause that each asks for. */
static const struct {
    const char *name;
    uint64_t bytes_per_s;
    size_t pieces_count;
    struct {
        int64_t at_us;
        uint64_t bytes;
        int64_t pause_us;
    } pieces[4];
} rows[] = {
    {"no limit", 0, 2, {{0, UINT64_MAX, 0}, {1, UINT64_MAX, 0}}},
    {"a second's bytes take a second", 1000, 1, {{5 * SECOND_US, 1000, SECOND_US}}},
    {"what others moved counts", 1000, 3, {{0, 500, 500000}, {0, 500, SECOND_US}, {250000, 500, 1250000}}},
    {"waiting is enough", 1000, 3, {{0, 500, 500000}, {500000, 500, 500000}, {SECOND_US, 1000, SECOND_US}}},
    {"quiet time is not saved up", 1000, 2, {{0, 1000, SECOND_US}, {100 * SECOND_US, 1000, SECOND_US}}},
    {"nothing moved, still in debt", 1000, 2, {{0, 2000, 2 * SECOND_US}, {SECOND_US, 0, SECOND_US}}},
};

static void bytes_take_their_time(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_rate rate;
        hw_rate_init(&rate, rows[i].bytes_per_s);
        for (size_t n = 0; n < rows[i].pieces_count; n++) {
            assert_row_int(rows[i].name, hw_rate_count(&rate, rows[i].pieces[n].at_us, rows[i].pieces[n].bytes),
                           rows[i].pieces[n].pause_us);
        }
        hw_rate_release(&rate);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_take_their_time)};
    return cmocka_run_group_tests_name("net/rate", tests, NULL, NULL);
}
