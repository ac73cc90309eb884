/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_share.h"

#include <stdlib.h>

#include "support/rows.h"

static void a_profile_is_asked_for_once(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_credentials_share *shares[4];
    struct hw_credentials_share *later;
    struct hw_credentials keys;
    uint64_t generation;
    static const struct hw_store_options options[] = {{0}, {.profile = "nobody"}, {0}, {.profile = "nobody"}};
    setenv("AWS_ACCESS_KEY_ID", "AKIDSHARE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-share", 1);
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    unsetenv("AWS_PROFILE");
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        assert_ok(hw_credentials_share_get(&options[i], &shares[i], &err), err);
    }
    assert_ptr_equal(shares[0]->cache, shares[2]->cache);
    assert_ptr_equal(shares[1]->cache, shares[3]->cache);
    assert_ptr_not_equal(shares[0]->cache, shares[1]->cache);
    assert_ok(hw_credentials_cache_get(shares[0]->cache, NULL, &keys, &generation, &err), err);
    assert_string_equal(keys.access_key_id, "AKIDSHARE");
    /* The keys are kept for those who have them; who comes later goes by the new environment. */
    setenv("AWS_ACCESS_KEY_ID", "AKIDLATER", 1);
    assert_ok(hw_credentials_cache_get(shares[2]->cache, NULL, &keys, &generation, &err), err);
    assert_string_equal(keys.access_key_id, "AKIDSHARE");
    assert_ok(hw_credentials_share_get(NULL, &later, &err), err);
    assert_ok(hw_credentials_cache_get(later->cache, NULL, &keys, &generation, &err), err);
    assert_string_equal(keys.access_key_id, "AKIDLATER");
    hw_credentials_share_put(later);
    assert_int_equal(hw_credentials_cache_get(shares[1]->cache, NULL, &keys, &generation, &err), HW_ECONFIG);
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        hw_credentials_share_put(shares[i]);
    }
    hw_credentials_share_put(NULL);
}

static void other_options_are_other_keys(void **state) {
    (void)state;
    static const struct hw_store_options options[] = {
        {0}, {.profile = "p"}, {.region = "eu-west-1"}, {.region = "eu-west-2"}, {.ca_bundle = "/a.pem"}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_credentials_share *shares[2 * COUNT_OF(options)];
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        assert_ok(hw_credentials_share_get(&options[i % COUNT_OF(options)], &shares[i], &err), err);
        for (size_t at = 0; at < i; at++) {
            assert_int_equal(shares[at] == shares[i], at + COUNT_OF(options) == i);
        }
    }
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        hw_credentials_share_put(shares[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_profile_is_asked_for_once),
                                       cmocka_unit_test(other_options_are_other_keys)};
    return cmocka_run_group_tests_name("aws/credentials_share", tests, NULL, NULL);
}
