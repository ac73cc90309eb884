/* SPDX-License-Identifier: Apache-2.0 */
#include "core/shares.h"

#include "support/rows.h"

struct thing {
    struct hw_share base;
    int number;
};

static struct thing things[4];
static int made;
static int destroyed;

static bool thing_matches(const struct hw_share *share, const void *key) {
    return ((const struct thing *)share)->number == *(const int *)key;
}

static enum hw_status thing_make(const void *key, struct hw_share **out_share, struct hw_error *err) {
    const int number = *(const int *)key;
    if (number < 0) {
        return hw_fail(err, HW_ECONFIG, "no thing has the number %d", number);
    }
    struct thing *thing = &things[made++];
    *thing = (struct thing){.number = number};
    *out_share = &thing->base;
    return HW_OK;
}

static void thing_destroy(struct hw_share *share) {
    (void)share;
    destroyed++;
}

static void what_is_equal_is_made_once(void **state) {
    (void)state;
    struct hw_shares shares = {thing_matches, thing_make, thing_destroy, PTHREAD_MUTEX_INITIALIZER, NULL};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_share *got[4] = {0};
    const int keys[] = {1, 2, 1};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_ok(hw_share_get(&shares, &keys[i], &got[i], &err), err);
    }
    assert_int_equal(made, 2);
    assert_ptr_equal(got[0], got[2]);
    assert_ptr_not_equal(got[0], got[1]);
    assert_int_equal(hw_share_get(&shares, &(int){-1}, &got[3], &err), HW_ECONFIG);
    assert_null(got[3]);
    hw_share_put(&shares, got[0]);
    assert_int_equal(destroyed, 0);
    hw_share_put(&shares, got[2]);
    assert_int_equal(destroyed, 1);
    /* What was given back by all is made anew. */
    assert_ok(hw_share_get(&shares, &keys[0], &got[0], &err), err);
    assert_int_equal(made, 3);
    hw_share_put(&shares, got[0]);
    hw_share_put(&shares, got[1]);
    hw_share_put(&shares, NULL);
    assert_int_equal(destroyed, 3);
    assert_null(shares.first);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_equal_is_made_once)};
    return cmocka_run_group_tests_name("core/shares", tests, NULL, NULL);
}
