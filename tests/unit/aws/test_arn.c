/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/arn.h"

#include <stdio.h>

#include "support/rows.h"

/* Rows by the user guide of IAM and by parseArn of the SDKs' endpoint rules. */
static const struct {
    const char *text;
    /* The parts with '|' between them; NULL if it is no ARN. */
    const char *parts;
    /* The length of the ARN that a key may follow; 0 if there is none. */
    size_t span;
} rows[] = {
    {"arn:aws:s3:us-west-2:123456789012:accesspoint/name", "aws|s3|us-west-2|123456789012|accesspoint|name", 50},
    {"arn:aws:s3:us-west-2:123456789012:accesspoint:name", "aws|s3|us-west-2|123456789012|accesspoint|name", 50},
    {"arn:aws:s3:us-west-2:123456789012:accesspoint/name/a/key", "aws|s3|us-west-2|123456789012|accesspoint|name|a|key",
     50},
    {"arn:aws:s3:us-west-2:123456789012:accesspoint/name/", "aws|s3|us-west-2|123456789012|accesspoint|name|", 50},
    {"arn:aws:s3::123456789012:accesspoint/x.mrap/k", "aws|s3||123456789012|accesspoint|x.mrap|k", 43},
    {"arn:aws:s3-outposts:us-west-2:1:outpost/op-0/accesspoint/n/k",
     "aws|s3-outposts|us-west-2|1|outpost|op-0|accesspoint|n|k", 58},
    {"arn:aws:s3-outposts:us-west-2:1:outpost:op-0:accesspoint:n",
     "aws|s3-outposts|us-west-2|1|outpost|op-0|accesspoint|n", 58},
    {"arn:aws:s3-outposts:us-west-2:1:outpost/op-0/accesspoint/n/k/l:m",
     "aws|s3-outposts|us-west-2|1|outpost|op-0|accesspoint|n|k/l:m", 58},
    {"arn:aws:s3:::bucket", "aws|s3|||bucket", 0},
    {"arn:aws:s3:::bucket/key", "aws|s3|||bucket|key", 23},
    {"arn:aws:s3:us-west-2:1:accesspoint", "aws|s3|us-west-2|1|accesspoint", 0},
    {"arn:aws:s3:us-west-2:1:accesspoint/", "aws|s3|us-west-2|1|accesspoint|", 0},
    {"arn:aws:s3:us-west-2:1:/name", "aws|s3|us-west-2|1||name", 0},
    {"arn:aws:s3-outposts:us-west-2:1:outpost/op-0/accesspoint", "aws|s3-outposts|us-west-2|1|outpost|op-0|accesspoint",
     0},
    {"arn:aws:s3:us-west-2:1:", NULL, 0},
    {"arn:aws:s3:us-west-2:1", NULL, 0},
    {"arn::s3:us-west-2:1:accesspoint/n", NULL, 0},
    {"arn:aws::us-west-2:1:accesspoint/n", NULL, 0},
    {"arn:", NULL, 0},
    {"arn", NULL, 0},
    {"ARN:aws:s3:us-west-2:1:accesspoint/n", NULL, 0},
    {"", NULL, 0},
};

static void part_append(char *text, size_t bytes, hw_view part) {
    const size_t used = strlen(text);
    snprintf(text + used, bytes - used, "%s%.*s", used > 0 ? "|" : "", (int)part.size, part.data);
}

static void arns_are_taken_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_arn arn = {.names_count = 77};
        char parts[256] = "";
        const bool parsed = hw_arn_parse(hw_view_of(rows[i].text), &arn);
        assert_row_int(rows[i].text, parsed, rows[i].parts != NULL);
        assert_row_int(rows[i].text, hw_arn_span(hw_view_of(rows[i].text)), rows[i].span);
        if (!parsed) {
            assert_row_int(rows[i].text, arn.names_count, 77);
            continue;
        }
        part_append(parts, sizeof(parts), arn.partition);
        part_append(parts, sizeof(parts), arn.service);
        part_append(parts, sizeof(parts), arn.region);
        part_append(parts, sizeof(parts), arn.account);
        for (size_t n = 0; n < HW_ARN_NAMES_MAX; n++) {
            if (n < arn.names_count) {
                part_append(parts, sizeof(parts), arn.names[n]);
            } else {
                assert_row_int(rows[i].text, arn.names[n].size, 0);
            }
        }
        assert_row_text(rows[i].text, parts, rows[i].parts);
    }
}

static void a_nul_is_a_byte_of_a_name(void **state) {
    (void)state;
    static const char text[] = "arn:aws:s3:r:1:accesspoint/a\0b/k";
    struct hw_arn arn;
    assert_true(hw_arn_parse((hw_view){text, sizeof(text) - 1}, &arn));
    assert_int_equal(arn.names[1].size, 3);
}

static void what_is_meant_as_an_arn_begins_so(void **state) {
    (void)state;
    assert_true(hw_arn_like(HW_VIEW("arn:")));
    assert_true(hw_arn_like(HW_VIEW("arn:x")));
    assert_false(hw_arn_like(HW_VIEW("arn")));
    assert_false(hw_arn_like(HW_VIEW("barn:x")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arns_are_taken_apart),
        cmocka_unit_test(a_nul_is_a_byte_of_a_name),
        cmocka_unit_test(what_is_meant_as_an_arn_begins_so),
    };
    return cmocka_run_group_tests_name("aws/arn", tests, NULL, NULL);
}
