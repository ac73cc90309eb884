/* SPDX-License-Identifier: Apache-2.0 */
#include "table/owner.h"

#include <pthread.h>

#include "support/rows.h"

struct counted {
    struct hw_owner owner;
    int freed;
};

static void counted_free(struct hw_owner *owner) {
    ((struct counted *)(void *)owner)->freed++;
}

static void the_last_reference_frees(void **state) {
    (void)state;
    struct counted counted = {0};
    hw_owner_init(&counted.owner, counted_free);
    struct hw_batch batch = {.rows = 3, .owner = &counted.owner};
    struct hw_batch copy = batch;
    hw_batch_retain(&batch);
    hw_batch_release(&batch);
    assert_int_equal(counted.freed, 0);
    assert_null(batch.owner);
    assert_int_equal(batch.rows, 0);
    hw_batch_release(&copy);
    assert_int_equal(counted.freed, 1);
    hw_batch_release(&copy); /* nothing is left to give back */
    assert_int_equal(counted.freed, 1);
    hw_owner_drop(NULL);
}

enum { THREADS = 4, TURNS = 20000 };

static void *take_and_give(void *argument) {
    struct counted *counted = argument;
    for (int i = 0; i < TURNS; i++) {
        hw_owner_retain(&counted->owner);
        hw_owner_drop(&counted->owner);
    }
    hw_owner_drop(&counted->owner);
    return NULL;
}

static void threads_share_the_count(void **state) {
    (void)state;
    struct counted counted = {0};
    pthread_t threads[THREADS];
    hw_owner_init(&counted.owner, counted_free);
    for (int i = 0; i < THREADS; i++) {
        hw_owner_retain(&counted.owner);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &counted), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(counted.freed, 0);
    hw_owner_drop(&counted.owner);
    assert_int_equal(counted.freed, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_reference_frees),
        cmocka_unit_test(threads_share_the_count),
    };
    return cmocka_run_group_tests_name("table/owner", tests, NULL, NULL);
}
