/* SPDX-License-Identifier: Apache-2.0 */
/* Which host an S3 request goes to (the endpoint rules of the AWS SDKs, as far as general-purpose buckets and custom endpoints go). */
#ifndef HW_AWS_ENDPOINT_H
#define HW_AWS_ENDPOINT_H

#include <hawser/store.h>

#include "core/error.h"

struct hw_endpoint_params {
    const char *region;       /* [a-z0-9-]{1,63}, a valid host label, else HW_ECONFIG */
    const char *bucket;       /* NULL: service level. Bucket names by S3's rules; ARNs and directory buckets are HW_EUSAGE by name */
    const char *endpoint_url; /* NULL: AWS's own. http or https, no user, query or fragment; a path is kept */
    enum hw_addressing addressing;
    bool dualstack;
    bool fips;
    bool accelerate;
};

struct hw_endpoint {
    bool tls;
    char host[320];      /* host, and ":port" when it is not the scheme's own; also the Host header */
    char path[1024];     /* begins with '/' when not empty, no '/' at its end: "" or "/bucket" or "/base/bucket" */
    char signing_region[64];
};

HW_NODISCARD enum hw_status hw_endpoint_resolve(const struct hw_endpoint_params *params, struct hw_endpoint *out_endpoint, struct hw_error *err);

#endif
