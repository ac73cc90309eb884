/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/partition.h"

#include "support/rows.h"

/* The regions and suffixes of partitions.json, which the SDKs share. */
static const struct {
    const char *region;
    const char *name;
    const char *dns_suffix;
} rows[] = {
    {"us-east-1", "aws", "amazonaws.com"},
    {"ap-southeast-7", "aws", "amazonaws.com"},
    {"mx-central-1", "aws", "amazonaws.com"},
    {"cn-north-1", "aws-cn", "amazonaws.com.cn"},
    {"cn-northwest-1", "aws-cn", "amazonaws.com.cn"},
    {"aws-cn-global", "aws-cn", "amazonaws.com.cn"},
    {"us-gov-west-1", "aws-us-gov", "amazonaws.com"},
    {"aws-us-gov-global", "aws-us-gov", "amazonaws.com"},
    {"us-iso-west-1", "aws-iso", "c2s.ic.gov"},
    {"us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"},
    {"eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"},
    {"us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"},
    {"eusc-de-east-1", "aws-eusc", "amazonaws.eu"},
    /* No region of today has these names, and so the default holds. */
    {"s3-external-1", "aws", "amazonaws.com"},
    {"cn-north", "aws", "amazonaws.com"},
    {"cn-north-", "aws", "amazonaws.com"},
    {"cn-north-1a", "aws", "amazonaws.com"},
    {"cn--1", "aws", "amazonaws.com"},
    {"cn-", "aws", "amazonaws.com"},
    {"us-gov-west-east-1", "aws", "amazonaws.com"},
    {"", "aws", "amazonaws.com"},
};

static void regions_have_their_partition(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_aws_partition *partition = hw_aws_partition_of(hw_view_of(rows[i].region));
        assert_row_text(rows[i].region, partition->name, rows[i].name);
        assert_row_text(rows[i].region, partition->dns_suffix, rows[i].dns_suffix);
        assert_row_int(rows[i].region, partition->no_fips, strcmp(rows[i].name, "aws-cn") == 0);
        assert_row_int(rows[i].region, partition->no_accelerate, strcmp(rows[i].name, "aws") != 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_have_their_partition),
    };
    return cmocka_run_group_tests_name("aws/partition", tests, NULL, NULL);
}
