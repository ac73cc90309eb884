/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameters of a request, its endpoint, and the target that becomes one: the rules for every
 * kind of bucket share them (aws/endpoint.h).
 */
#ifndef HW_AWS_ENDPOINT_TARGET_H
#define HW_AWS_ENDPOINT_TARGET_H

#include <hawser/store.h>

#include "aws/partition.h"
#include "core/error.h"
#include "net/uri.h"

struct hw_endpoint_params {
    /* A host label of [a-z0-9-]{1,63}, HW_ECONFIG otherwise. "aws-global" signs for us-east-1. */
    const char *region;
    /*
     * NULL: the request is to the service. A name without '/', of 255 bytes at most, or the ARN of
     * an access point.
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
     * the region or the kind of bucket has no such endpoint.
     */
    bool dualstack;
    bool fips;
    bool accelerate; /* for requests to a bucket only */
    /*
     * The request makes or removes `bucket`; without one, it lists the directory buckets. For that
     * directory buckets have endpoints of their own, and access points are refused.
     */
    bool control;
    /* The region of an ARN must be `region`: HW_ECONFIG otherwise. */
    bool arn_region_off;
    /* Access points of several regions are HW_ECONFIG. */
    bool multi_region_off;
    /* Requests to directory buckets are signed with the credentials themselves. */
    bool express_session_off;
};

enum { HW_ENDPOINT_REGION_BYTES = 64 };

/* The way in which requests are signed. */
enum hw_endpoint_auth {
    /* With the credentials, by aws/sigv4.h. */
    HW_ENDPOINT_SIGV4,
    /* With the credentials, by aws/sigv4a.h. The signing region is the region set, "*". */
    HW_ENDPOINT_SIGV4A,
    /* By aws/sigv4.h, with the credentials of a session that CreateSession gives. */
    HW_ENDPOINT_EXPRESS_SESSION,
};

struct hw_endpoint {
    bool tls;
    char host[320]; /* the Host header: with ":port" where that is not the scheme's own */
    /* Percent-encoded: "", "/bucket" or "/base/bucket". There is no '/' at its end. */
    char path[1024];
    enum hw_endpoint_auth auth;
    const char *signing_name; /* "s3", "s3express", "s3-object-lambda", "s3-outposts" */
    char signing_region[HW_ENDPOINT_REGION_BYTES];
    /* The bucket is a directory bucket of S3 Express, or an access point of one. */
    bool directory;
    /* The bucket is in the region that is known: no service may name another one. */
    bool region_fixed;
};

/* A request's target while it is put together. */
struct hw_endpoint_target {
    const struct hw_endpoint_params *params;
    const struct hw_aws_partition *partition; /* of params->region */
    const char *region;                       /* in host names and signatures */
    bool global;                              /* params->region is aws-global */
    /* `url` is the endpoint_url. Otherwise the rules set its host to AWS's own. */
    bool custom;
    struct hw_url url;

    /* The rules for the kind of bucket set the rest. This goes before the host, with a dot. */
    char before_host[2 * HW_ENDPOINT_REGION_BYTES];
    bool bucket_in_path;
    /* All of the endpoint but tls, host and path, which are made of the above. */
    struct hw_endpoint endpoint;
};

/* Returns whether a text is one label of a host name, in lower case. */
bool hw_endpoint_label_valid(hw_view text);
/*
 * Returns whether a bucket can stand before a host: 3 to 63 bytes of lower-case labels, one of them
 * unless `dots_allowed`, and no IPv4 address.
 */
bool hw_endpoint_bucket_hostable(const char *bucket, bool dots_allowed);

/*
 * Sets the host to one of AWS's own, and https. HW_ECONFIG if it is too long.
 */
HW_NODISCARD enum hw_status hw_endpoint_host_set(struct hw_endpoint_target *target, struct hw_error *err,
                                                 const char *format, ...) HW_PRINTF(3, 4);
/* Sets what goes before the host. HW_EUSAGE if it is too long. */
HW_NODISCARD enum hw_status hw_endpoint_before_host_set(struct hw_endpoint_target *target, struct hw_error *err,
                                                        const char *format, ...) HW_PRINTF(3, 4);
/* Sets the region that is signed for, which is a checked label or "*". */
void hw_endpoint_sign_for(struct hw_endpoint_target *target, const char *signing_name, hw_view signing_region);

/* A combination of switches that does not work. */
struct hw_endpoint_conflict {
    bool found;
    const char *text;
};
/* HW_ECONFIG with the text of the first conflict that was found. */
HW_NODISCARD enum hw_status hw_endpoint_conflicts_check(const struct hw_endpoint_conflict *conflicts, size_t count,
                                                        struct hw_error *err);

#endif
