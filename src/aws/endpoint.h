/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host that an S3 request goes to, by the endpoint rules of the AWS SDKs, as far as
 * general-purpose buckets and custom endpoints go.
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
    /* A host label of [a-z0-9-]{1,63}, HW_ECONFIG otherwise. "aws-global" signs for us-east-1. */
    const char *region;
    /*
     * NULL: the request is to the service. Without '/', and 255 bytes at most. ARNs and directory
     * buckets are HW_EUSAGE, which names them.
     */
    const char *bucket;
    /*
     * NULL: AWS's own. A URL of http or https without user, query or fragment, and of no link-local
     * address. Its path is kept.
     */
    const char *endpoint_url;
    enum hw_addressing addressing;
    /*
     * These are for AWS's own endpoints: HW_ECONFIG with a custom one, and where the partition of
     * the region has no such endpoint.
     */
    bool dualstack;
    bool fips;
    bool accelerate; /* for requests to a bucket only */
};

struct hw_endpoint {
    bool tls;
    char host[320]; /* the Host header: with ":port" where that is not the scheme's own */
    /* Percent-encoded: "", "/bucket" or "/base/bucket". There is no '/' at its end. */
    char path[1024];
    char signing_region[64];
};

/*
 * Finds the endpoint of a request from its parameters alone. HW_ECONFIG and HW_EUSAGE name the
 * parameter that is wrong.
 */
HW_NODISCARD enum hw_status hw_endpoint_resolve(const struct hw_endpoint_params *params,
                                                struct hw_endpoint *out_endpoint, struct hw_error *err);

#endif
