/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which host an S3 request goes to (the endpoint rules of the AWS SDKs, as far as general-purpose
 * buckets and custom endpoints go).
 *
 * Virtual-host style puts the bucket before the host, path style before the key. HW_ADDRESSING_AUTO
 * takes virtual-host style at AWS and path style at every custom endpoint, as boto3 and s5cmd do:
 * most servers there have neither wildcard DNS nor wildcard certificates. Whatever was asked for,
 * path style is taken where virtual-host style cannot work: the endpoint is an IP address, the
 * bucket is no DNS name, or it has dots and the certificate of the endpoint would not match (TLS).
 */
#ifndef HW_AWS_ENDPOINT_H
#define HW_AWS_ENDPOINT_H

#include <hawser/store.h>

#include "core/error.h"

struct hw_endpoint_params {
    /* [a-z0-9-]{1,63}, a valid host label, else HW_ECONFIG; "aws-global" signs for us-east-1 */
    const char *region;
    const char *bucket; /* NULL: service level. Without '/', 255 bytes at most; ARNs and directory buckets are HW_EUSAGE
                           by name */
    const char *endpoint_url; /* NULL: AWS's own. http or https, no user, query or fragment, no link-local address; a
                                 path is kept */
    enum hw_addressing addressing;
    /* dualstack, fips and accelerate are for AWS's own endpoints: HW_ECONFIG with a custom one, */
    bool dualstack;
    bool fips;       /*   and where the partition of the region does not have it */
    bool accelerate; /* buckets only */
};

struct hw_endpoint {
    bool tls;
    char host[320];  /* host, and ":port" when it is not the scheme's own; also the Host header */
    char path[1024]; /* begins with '/' when not empty, no '/' at its end: "" or "/bucket" or "/base/bucket";
                        percent-encoded */
    char signing_region[64];
};

/* Pure: looks nothing up. */
HW_NODISCARD enum hw_status hw_endpoint_resolve(const struct hw_endpoint_params *params,
                                                struct hw_endpoint *out_endpoint, struct hw_error *err);

#endif
