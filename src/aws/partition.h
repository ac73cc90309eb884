/* SPDX-License-Identifier: Apache-2.0 */
/* The partitions of AWS: regions that share the ends of their host names. Pure functions. */
#ifndef HW_AWS_PARTITION_H
#define HW_AWS_PARTITION_H

#include "core/view.h"

struct hw_partition {
    hw_view region_prefix;
    const char *dns_suffix;
    /* The end of the names that have addresses of IPv6 too. */
    const char *dualstack_suffix;
    /* The end of the names of the sign-in service, which has names of its own. */
    const char *signin_suffix;
};

/* Returns the partition of a region; that of an unknown region is the one of us-east-1. */
const struct hw_partition *hw_partition_of(const char *region);

#endif
