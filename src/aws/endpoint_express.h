/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints of S3 Express: of directory buckets (NAME--ZONE--x-s3), and of their access points
 * (NAME--ZONE--xa-s3). Each zone has hosts of its own.
 */
#ifndef HW_AWS_ENDPOINT_EXPRESS_H
#define HW_AWS_ENDPOINT_EXPRESS_H

#include "aws/endpoint_target.h"

/* Returns whether a bucket's name has the end of those of S3 Express. */
bool hw_endpoint_express_named(hw_view bucket);
/* Returns the id of the zone in a bucket's name; it is empty where there is none. */
hw_view hw_endpoint_express_zone(hw_view bucket);
/*
 * Applies the rules to a target whose bucket is so named. HW_EUSAGE if the name has no zone, or
 * cannot stand in the name of a host.
 */
HW_NODISCARD enum hw_status hw_endpoint_express(struct hw_endpoint_target *target, struct hw_error *err);
/* Applies the rules for requests that list directory buckets. */
HW_NODISCARD enum hw_status hw_endpoint_express_control(struct hw_endpoint_target *target, struct hw_error *err);

#endif
