/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/partition.h"

/*
 * A partition, and the regions that are in it: those that begin so, and one that is no place ("" if
 * there is none).
 */
struct row {
    struct hw_aws_partition partition;
    hw_view region_prefix;
    hw_view global_region;
};

static const struct row rows[] = {
    {{"aws-cn", "amazonaws.com.cn", true, true}, HW_VIEW_INIT("cn-"), HW_VIEW_INIT("aws-cn-global")},
    {{"aws-us-gov", "amazonaws.com", false, true}, HW_VIEW_INIT("us-gov-"), HW_VIEW_INIT("aws-us-gov-global")},
    {{"aws-iso", "c2s.ic.gov", false, true}, HW_VIEW_INIT("us-iso-"), HW_VIEW_INIT("aws-iso-global")},
    {{"aws-iso-b", "sc2s.sgov.gov", false, true}, HW_VIEW_INIT("us-isob-"), HW_VIEW_INIT("aws-iso-b-global")},
    {{"aws-iso-e", "cloud.adc-e.uk", false, true}, HW_VIEW_INIT("eu-isoe-"), HW_VIEW_INIT("aws-iso-e-global")},
    {{"aws-iso-f", "csp.hci.ic.gov", false, true}, HW_VIEW_INIT("us-isof-"), HW_VIEW_INIT("aws-iso-f-global")},
    {{"aws-eusc", "amazonaws.eu", false, true}, HW_VIEW_INIT("eusc-de-"), HW_VIEW_INIT("")},
};
static const struct hw_aws_partition others = {"aws", "amazonaws.com", false, false};

static bool direction_and_number(hw_view text);

const struct hw_aws_partition *hw_aws_partition_of(hw_view region) {
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const hw_view prefix = rows[i].region_prefix;
        if (region.size > 0 && hw_view_equal(region, rows[i].global_region)) {
            return &rows[i].partition;
        }
        if (hw_view_starts(region, prefix) &&
            direction_and_number((hw_view){region.data + prefix.size, region.size - prefix.size})) {
            return &rows[i].partition;
        }
    }
    return &others;
}

/* Returns whether a text is like "east-1", the end that the names of all regions have. */
static bool direction_and_number(hw_view text) {
    size_t letters = 0;
    while (letters < text.size && text.data[letters] != '-') {
        letters++;
    }
    size_t digits = letters + 1;
    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9') {
        digits++;
    }
    return letters > 0 && digits == text.size && digits > letters + 1;
}
