/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The partitions of AWS: groups of regions that share a DNS suffix and trust no credentials of each
 * other.
 */
#ifndef HW_AWS_PARTITION_H
#define HW_AWS_PARTITION_H

#include "core/view.h"

struct hw_aws_partition {
    const char *name; /* "aws-cn", as ARNs have it */
    const char *dns_suffix;
    /* True if S3 has no FIPS endpoints there, or no accelerated ones. */
    bool no_fips;
    bool no_accelerate;
};

/*
 * Returns the partition of a region. A region of no known form is in the partition "aws", as the
 * SDKs have it. Never NULL.
 */
const struct hw_aws_partition *hw_aws_partition_of(hw_view region);

#endif
