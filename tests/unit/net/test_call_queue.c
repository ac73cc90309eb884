/* SPDX-License-Identifier: Apache-2.0 */
#include "net/call_queue.h"

#include "net/loop.h"
#include "support/rows.h"

/* Ends go in by number and some are taken out; what is left comes in the order of its coming. */
static const struct {
    const char *name;
    size_t count;
    size_t removed[2]; /* from 1; 0: none */
    const char *order;
} rows[] = {
    {"none", 0, {0}, ""},
    {"all", 3, {0}, "123"},
    {"without the first", 3, {1}, "23"},
    {"without one in the middle", 3, {2}, "13"},
    {"without the last", 3, {3}, "12"},
    {"without the last two", 3, {3, 2}, "1"},
    {"without the only one", 1, {1}, ""},
    {"without one that is out already", 2, {1, 1}, "2"},
};

static void calls_come_in_the_order_of_their_ends(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_call_end ends[4] = {0};
        struct hw_call_queue queue;
        char order[8] = "";
        size_t length = 0;
        hw_call_queue_init(&queue);
        for (size_t n = 0; n < rows[i].count; n++) {
            hw_call_queue_add(&queue, &ends[n]);
        }
        for (size_t n = 0; n < COUNT_OF(rows[i].removed) && rows[i].removed[n] > 0; n++) {
            hw_call_queue_remove(&queue, &ends[rows[i].removed[n] - 1]);
        }
        /* One that comes after removals is the last. */
        hw_call_queue_add(&queue, &ends[3]);
        for (struct hw_call_end *end; (end = hw_call_queue_next(&queue, 0)) != NULL;) {
            assert_true(end->is_taken);
            order[length++] = (char)('1' + (end - ends));
        }
        assert_row_int(rows[i].name, order[length - 1], '4');
        order[length - 1] = '\0';
        assert_row_text(rows[i].name, order, rows[i].order);
        hw_call_queue_release(&queue);
    }
}

static void an_empty_queue_is_waited_for_as_long_as_said(void **state) {
    (void)state;
    struct hw_call_queue queue;
    const int64_t begin_us = hw_loop_now_us();
    hw_call_queue_init(&queue);
    assert_null(hw_call_queue_next(&queue, 50));
    assert_in_range(hw_loop_now_us() - begin_us, 50000, 5000000);
    hw_call_queue_release(&queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_come_in_the_order_of_their_ends),
        cmocka_unit_test(an_empty_queue_is_waited_for_as_long_as_said),
    };
    return cmocka_run_group_tests_name("net/call_queue", tests, NULL, NULL);
}
