/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "aws/arn.h"
#include "aws/endpoint_access_point.h"
#include "aws/endpoint_express.h"

#define REGION_GLOBAL "aws-global"
#define REGION_OF_GLOBAL "us-east-1"

enum { BUCKET_BYTES_MAX = 255 };

/* A kind of bucket with rules of its own, which its name tells. */
struct kind {
    bool (*named)(hw_view bucket);
    enum hw_status (*apply)(struct hw_endpoint_target *target, struct hw_error *err);
};

static bool any_name(hw_view bucket);
static enum hw_status bucket_apply(struct hw_endpoint_target *target, struct hw_error *err);

/* The first row whose name fits. */
static const struct kind kinds[] = {
    {hw_arn_like, hw_endpoint_access_point},
    {hw_endpoint_express_named, hw_endpoint_express},
    {hw_endpoint_outposts_named, hw_endpoint_outposts},
    {any_name, bucket_apply},
};

static enum hw_status region_check(const char *region, struct hw_error *err);
static enum hw_status switches_check(const struct hw_endpoint_target *target, struct hw_error *err);
static enum hw_status bucket_check(const char *bucket, struct hw_error *err);
static enum hw_status custom_url_parse(const char *text, struct hw_url *out_url, struct hw_error *err);
static enum hw_status service_apply(struct hw_endpoint_target *target, struct hw_error *err);
static enum hw_status aws_host_make(struct hw_endpoint_target *target, struct hw_error *err);
static bool virtual_host_style(const struct hw_endpoint_target *target);
static enum hw_status endpoint_make(const struct hw_endpoint_target *target, struct hw_endpoint *out_endpoint,
                                    struct hw_error *err);

enum hw_status hw_endpoint_resolve(const struct hw_endpoint_params *params, struct hw_endpoint *out_endpoint,
                                   struct hw_error *err) {
    struct hw_endpoint_target target = {.params = params, .custom = params->endpoint_url != NULL};
    const struct kind *kind = kinds;

    HW_TRY(region_check(params->region, err));
    target.global = strcmp(params->region, REGION_GLOBAL) == 0;
    target.region = target.global ? REGION_OF_GLOBAL : params->region;
    target.partition = hw_aws_partition_of(hw_view_of(target.region));
    HW_TRY(switches_check(&target, err));
    if (target.custom) {
        HW_TRY(custom_url_parse(params->endpoint_url, &target.url, err));
    }
    if (params->bucket) {
        while (!kind->named(hw_view_of(params->bucket))) {
            kind++; /* the last row takes any name */
        }
        HW_TRY(kind->apply(&target, err));
    } else {
        HW_TRY(service_apply(&target, err));
    }
    return endpoint_make(&target, out_endpoint, err);
}

/*
 * The region becomes part of a host name that gets signed requests: nothing but one label may pass.
 */
static enum hw_status region_check(const char *region, struct hw_error *err) {
    if (!region || !region[0]) {
        return hw_fail(err, HW_ECONFIG, "a region must be set to send requests to S3");
    }
    if (!hw_endpoint_label_valid(hw_view_of(region))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "region %s is not a valid DNS name: a region is like us-east-1",
                       hw_quote(region, strlen(region), quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static enum hw_status switches_check(const struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const struct hw_endpoint_conflict conflicts[] = {
        {params->accelerate && params->fips, "S3 Accelerate cannot be used with FIPS"},
        {target->custom && params->dualstack, "dual-stack cannot be used with a custom endpoint"},
        {target->custom && params->fips, "FIPS cannot be used with a custom endpoint"},
        {target->custom && params->accelerate, "S3 Accelerate cannot be used with a custom endpoint"},
        {params->fips && target->partition->no_fips, "the partition of the region does not support FIPS"},
    };
    return hw_endpoint_conflicts_check(conflicts, COUNT_OF(conflicts), err);
}

static bool link_local(const struct hw_url *url);

static enum hw_status custom_url_parse(const char *text, struct hw_url *out_url, struct hw_error *err) {
    struct hw_url url;

    enum hw_status status = hw_url_parse(text, &url, err);
    if (status) {
        hw_error_prefix(err, "the custom endpoint is not valid");
        return status;
    }
    if (link_local(&url)) {
        return hw_fail(err, HW_ECONFIG,
                       "the custom endpoint %s is a link-local or metadata address, which gets no signed requests",
                       url.host);
    }
    *out_url = url;
    return HW_OK;
}

/*
 * 169.254.0.0/16, the same mapped into IPv6, fe80::/10, and the metadata service of AWS at
 * fd00:ec2::254.
 */
static bool link_local(const struct hw_url *url) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t metadata[16] = {0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54};
    char address[INET6_ADDRSTRLEN] = "";
    size_t size = strlen(url->host);
    uint8_t bytes[16];

    if (inet_pton(AF_INET, url->host, bytes) == 1) {
        return bytes[0] == 169 && bytes[1] == 254;
    }
    if (url->host[0] != '[' || size - 2 >= sizeof(address)) {
        return false;
    }
    memcpy(address, url->host + 1, size - 2);
    if (inet_pton(AF_INET6, address, bytes) != 1) {
        return false;
    }
    bool mapped_local = memcmp(bytes, mapped, sizeof(mapped)) == 0 && bytes[12] == 169 && bytes[13] == 254;
    return mapped_local || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) ||
           memcmp(bytes, metadata, sizeof(metadata)) == 0;
}

static enum hw_status service_apply(struct hw_endpoint_target *target, struct hw_error *err) {
    if (target->params->control) {
        return hw_endpoint_express_control(target, err);
    }
    hw_endpoint_sign_for(target, "s3", hw_view_of(target->region));
    return target->custom ? HW_OK : aws_host_make(target, err);
}

/* ------ buckets for general purposes, and what services like S3 take for one */

static bool any_name(hw_view bucket) {
    (void)bucket;
    return true;
}

static enum hw_status bucket_apply(struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;

    HW_TRY(bucket_check(params->bucket, err));
    hw_endpoint_sign_for(target, "s3", hw_view_of(target->region));
    if (!target->custom) {
        HW_TRY(aws_host_make(target, err));
    }
    target->bucket_in_path = !virtual_host_style(target);
    if (!target->bucket_in_path) {
        return hw_endpoint_before_host_set(target, err, "%s", params->bucket);
    }
    if (params->accelerate) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "S3 Accelerate cannot be used with path-style addressing, which bucket %s gets",
                       hw_quote(params->bucket, strlen(params->bucket), quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static enum hw_status bucket_check(const char *bucket, struct hw_error *err) {
    hw_view name = hw_view_of(bucket);
    char quoted[HW_QUOTE_BYTES];

    if (name.size == 0 || name.size > BUCKET_BYTES_MAX) {
        return hw_fail(err, HW_EUSAGE, "a bucket's name has 1 to %d bytes, this one has %zu", BUCKET_BYTES_MAX,
                       name.size);
    }
    bool refused = hw_view_equal(name, HW_VIEW(".")) || hw_view_equal(name, HW_VIEW(".."));
    for (size_t i = 0; i < name.size; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        refused = refused || byte < ' ' || byte == 0x7f || byte == '/';
    }
    if (refused) {
        return hw_fail(err, HW_EUSAGE, "bucket %s is no bucket's name",
                       hw_quote(name.data, name.size, quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static enum hw_status aws_host_make(struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const char *suffix = target->partition->dns_suffix;
    const char *dualstack = params->dualstack ? ".dualstack" : "";

    if (params->accelerate && params->bucket) {
        if (target->partition->no_accelerate && params->addressing != HW_ADDRESSING_PATH) {
            return hw_fail(err, HW_ECONFIG, "S3 Accelerate cannot be used in region %s", target->region);
        }
        const char *region = params->dualstack && target->global ? "." REGION_OF_GLOBAL : "";
        return hw_endpoint_host_set(target, err, "s3-accelerate%s%s.%s", dualstack, region, suffix);
    }
    if (target->global && !params->fips && !params->dualstack) {
        return hw_endpoint_host_set(target, err, "s3.%s", suffix);
    }
    return hw_endpoint_host_set(target, err, "s3%s%s.%s.%s", params->fips ? "-fips" : "", dualstack, target->region,
                                suffix);
}

static bool virtual_host_style(const struct hw_endpoint_target *target) {
    enum hw_addressing addressing = target->params->addressing;

    if (addressing == HW_ADDRESSING_PATH || (addressing == HW_ADDRESSING_AUTO && target->custom) ||
        target->url.host_is_address) {
        return false;
    }
    return hw_endpoint_bucket_hostable(target->params->bucket, !target->url.tls);
}

/* ------ the endpoint of a target */

static enum hw_status endpoint_make(const struct hw_endpoint_target *target, struct hw_endpoint *out_endpoint,
                                    struct hw_error *err) {
    const struct hw_url *url = &target->url;
    struct hw_endpoint endpoint = target->endpoint;
    HW_AUTO(hw_buf) bucket = {0};
    char port[8] = "";

    if (target->bucket_in_path) {
        HW_TRY(hw_buf_append_byte(&bucket, '/', err));
        HW_TRY(hw_uri_encode(hw_view_of(target->params->bucket), false, &bucket, err));
    }
    HW_TRY(hw_buf_end_text(&bucket, err));
    if (url->port != (url->tls ? 443 : 80)) {
        snprintf(port, sizeof(port), ":%u", (unsigned)url->port);
    }
    endpoint.tls = url->tls;
    int host_bytes = snprintf(endpoint.host, sizeof(endpoint.host), "%s%s%s%s", target->before_host,
                              target->before_host[0] ? "." : "", url->host, port);
    int path_bytes = snprintf(endpoint.path, sizeof(endpoint.path), "%s%s", url->path, (const char *)bucket.data);
    if ((size_t)host_bytes >= sizeof(endpoint.host) || (size_t)path_bytes >= sizeof(endpoint.path)) {
        return hw_fail(err, HW_ECONFIG, "the custom endpoint and the bucket are too long together");
    }

    *out_endpoint = endpoint;
    return HW_OK;
}
