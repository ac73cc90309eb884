/* SPDX-License-Identifier: Apache-2.0 */
/* Suffixes are those of partitions.json of botocore 1.44.8, sign-in names those of its rules. */
#include "aws/partition.h"

#include "support/rows.h"

static const struct {
    const char *region;
    const char *dns, *dualstack, *signin;
} rows[] = {
    {"us-east-1", "amazonaws.com", "api.aws", "signin.aws.amazon.com"},
    {"mx-central-1", "amazonaws.com", "api.aws", "signin.aws.amazon.com"},
    {"aws-global", "amazonaws.com", "api.aws", "signin.aws.amazon.com"},
    {"cn-northwest-1", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "signin.amazonaws.cn"},
    {"us-gov-east-1", "amazonaws.com", "api.aws", "signin.amazonaws-us-gov.com"},
    {"us-iso-west-1", "c2s.ic.gov", "api.aws.ic.gov", "signin.c2shome.ic.gov"},
    {"us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud", "signin.sc2shome.sgov.gov"},
    {"eu-isoe-west-1", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "signin.csphome.adc-e.uk"},
    {"us-isof-south-1", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "signin.csphome.hci.ic.gov"},
    {"eusc-de-east-1", "amazonaws.eu", "api.amazonwebservices.eu", "signin.amazonaws-eusc.eu"},
};

static void regions_have_partitions(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_partition *partition = hw_partition_of(rows[i].region);
        assert_row_text(rows[i].region, partition->dns_suffix, rows[i].dns);
        assert_row_text(rows[i].region, partition->dualstack_suffix, rows[i].dualstack);
        assert_row_text(rows[i].region, partition->signin_suffix, rows[i].signin);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(regions_have_partitions)};
    return cmocka_run_group_tests_name("aws/partition", tests, NULL, NULL);
}
