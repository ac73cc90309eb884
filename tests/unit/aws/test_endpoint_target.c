/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint_target.h"

#include "support/rows.h"

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

/* isValidHostLabel and aws.isVirtualHostableS3Bucket of the SDKs' endpoint rules. */
static const struct {
    const char *text;
    bool label, hostable, hostable_with_dots;
} rows[] = {
    {"abc", true, true, true},
    {"a", true, false, false},
    {"ab", true, false, false},
    {"a-1", true, true, true},
    {"a.b", false, false, true},
    {"a..b", false, false, false},
    {".ab", false, false, false},
    {"ab.", false, false, false},
    {"-ab", false, false, false},
    {"ab-", false, false, false},
    {"aB1", false, false, false},
    {"a_b", false, false, false},
    {"192.168.1.1", false, false, false},
    {LABEL_63, true, true, true},
    {LABEL_63 "4", false, false, false},
    {"", false, false, false},
};

static void names_of_hosts_are_known(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *text = rows[i].text;
        assert_row_int(text, hw_endpoint_label_valid(hw_view_of(text)), rows[i].label);
        assert_row_int(text, hw_endpoint_bucket_hostable(text, false), rows[i].hostable);
        assert_row_int(text, hw_endpoint_bucket_hostable(text, true), rows[i].hostable_with_dots);
    }
}

static void hosts_are_set(void **state) {
    (void)state;
    struct hw_endpoint_target target = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_endpoint_host_set(&target, &err, "s3.%s.%s", "r", "amazonaws.com"), err);
    assert_ok(hw_endpoint_before_host_set(&target, &err, "%s-%d", "name", 7), err);
    hw_endpoint_sign_for(&target, "s3express", HW_VIEW("r"));
    assert_string_equal(target.url.host, "s3.r.amazonaws.com");
    assert_true(target.url.tls);
    assert_int_equal(target.url.port, 443);
    assert_string_equal(target.before_host, "name-7");
    assert_string_equal(target.endpoint.signing_name, "s3express");
    assert_string_equal(target.endpoint.signing_region, "r");
}

static void what_is_too_long_is_refused(void **state) {
    (void)state;
    struct hw_endpoint_target target = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_endpoint_before_host_set(&target, &err, "%127s", ""), err);
    assert_int_equal(hw_endpoint_before_host_set(&target, &err, "%128s", ""), HW_EUSAGE);
    assert_row_says("before", err.message, "the name of the bucket is too long for a host");
    assert_ok(hw_endpoint_host_set(&target, &err, "%255s", ""), err);
    assert_int_equal(hw_endpoint_host_set(&target, &err, "%256s", ""), HW_ECONFIG);
    assert_row_says("host", err.message, "would be longer than 255 bytes");
}

static void the_first_conflict_is_told(void **state) {
    (void)state;
    const struct hw_endpoint_conflict conflicts[] = {{false, "one"}, {true, "two"}, {true, "three"}};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_endpoint_conflicts_check(conflicts, 1, &err), err);
    assert_int_equal(hw_endpoint_conflicts_check(conflicts, COUNT_OF(conflicts), &err), HW_ECONFIG);
    assert_string_equal(err.message, "two");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_hosts_are_known),
        cmocka_unit_test(hosts_are_set),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(the_first_conflict_is_told),
    };
    return cmocka_run_group_tests_name("aws/endpoint_target", tests, NULL, NULL);
}
