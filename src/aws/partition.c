/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/partition.h"

/* The first whose prefix the region has counts. */
static const struct hw_partition partitions[] = {
    {HW_VIEW_INIT("cn-"), "amazonaws.com.cn", "api.amazonwebservices.com.cn", "signin.amazonaws.cn"},
    {HW_VIEW_INIT("us-gov-"), "amazonaws.com", "api.aws", "signin.amazonaws-us-gov.com"},
    {HW_VIEW_INIT("us-iso-"), "c2s.ic.gov", "api.aws.ic.gov", "signin.c2shome.ic.gov"},
    {HW_VIEW_INIT("us-isob-"), "sc2s.sgov.gov", "api.aws.scloud", "signin.sc2shome.sgov.gov"},
    {HW_VIEW_INIT("eu-isoe-"), "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "signin.csphome.adc-e.uk"},
    {HW_VIEW_INIT("us-isof-"), "csp.hci.ic.gov", "api.aws.hci.ic.gov", "signin.csphome.hci.ic.gov"},
    {HW_VIEW_INIT("eusc-"), "amazonaws.eu", "api.amazonwebservices.eu", "signin.amazonaws-eusc.eu"},
    {HW_VIEW_INIT(""), "amazonaws.com", "api.aws", "signin.aws.amazon.com"},
};

const struct hw_partition *hw_partition_of(const char *region) {
    const struct hw_partition *partition = partitions;
    while (!hw_view_starts(hw_view_of(region), partition->region_prefix)) {
        partition++; /* the last row's prefix is empty */
    }
    return partition;
}
