/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints of access points that ARNs name: those of one region, of Object Lambda, of several
 * regions and of S3 on Outposts. The aliases of the last are here too. There is no path style for
 * them: the name always goes into the host.
 */
#ifndef HW_AWS_ENDPOINT_ACCESS_POINT_H
#define HW_AWS_ENDPOINT_ACCESS_POINT_H

#include "aws/endpoint_target.h"

/*
 * Applies the rules to a target whose bucket begins with "arn:". HW_EUSAGE says what is wrong with
 * the ARN, HW_ECONFIG which setting does not fit it.
 */
HW_NODISCARD enum hw_status hw_endpoint_access_point(struct hw_endpoint_target *target, struct hw_error *err);

/* Returns whether a bucket's name has the end of an alias of S3 on Outposts. */
bool hw_endpoint_outposts_named(hw_view bucket);
/* Applies the rules to a target whose bucket is so named. HW_EUSAGE if the alias is malformed. */
HW_NODISCARD enum hw_status hw_endpoint_outposts(struct hw_endpoint_target *target, struct hw_error *err);

#endif
