/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host that an S3 request goes to, and how the request is signed, by the endpoint rules of the
 * AWS SDKs. The name of a bucket tells of which kind it is: a bucket for general purposes, a
 * directory bucket (aws/endpoint_express.h), or an access point (aws/endpoint_access_point.h).
 *
 * Virtual-host style puts the bucket before the host, path style before the key. HW_ADDRESSING_AUTO
 * takes virtual-host style at AWS and path style at every custom endpoint, as boto3 and s5cmd do:
 * most servers there have neither wildcard DNS nor wildcard certificates. Whatever was asked for,
 * path style is taken where virtual-host style cannot work: the endpoint is an IP address, the
 * bucket is no DNS name, or it has dots and the certificate of the endpoint would not match (TLS).
 * At AWS a directory bucket, and everywhere an access point that an ARN names, has no path style.
 */
#ifndef HW_AWS_ENDPOINT_H
#define HW_AWS_ENDPOINT_H

#include "aws/endpoint_target.h"

/*
 * Finds the endpoint of a request from its parameters alone. HW_ECONFIG and HW_EUSAGE name the
 * parameter that is wrong.
 */
HW_NODISCARD enum hw_status hw_endpoint_resolve(const struct hw_endpoint_params *params,
                                                struct hw_endpoint *out_endpoint, struct hw_error *err);

#endif
