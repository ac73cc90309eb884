/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "net/uri.h"

#define REGION_GLOBAL "aws-global"
#define REGION_OF_GLOBAL "us-east-1"

enum { BUCKET_BYTES_MAX = 255, BUCKET_LABEL_BYTES_MIN = 3, BUCKET_LABEL_BYTES_MAX = 63 };

/* Parts of AWS that share a DNS suffix; the first whose prefix the region has. */
struct partition {
    hw_view region_prefix;
    const char *dns_suffix;
    bool no_fips;
    bool no_accelerate;
};

static const struct partition partitions[] = {
    {HW_VIEW_INIT("cn-"), "amazonaws.com.cn", true, true},
    {HW_VIEW_INIT("us-gov-"), "amazonaws.com", false, true},
    {HW_VIEW_INIT("us-iso-"), "c2s.ic.gov", false, true},
    {HW_VIEW_INIT("us-isob-"), "sc2s.sgov.gov", false, true},
    {HW_VIEW_INIT("eu-isoe-"), "cloud.adc-e.uk", false, true},
    {HW_VIEW_INIT("us-isof-"), "csp.hci.ic.gov", false, true},
    {HW_VIEW_INIT("eusc-"), "amazonaws.eu", false, true},
    {HW_VIEW_INIT(""), "amazonaws.com", false, false},
};

/* A request's target while it is put together. */
struct target {
    const struct hw_endpoint_params *params;
    const struct partition *partition;
    const char *region; /* in host names and signatures */
    bool global;        /* the region was aws-global */
    /* `url` is the endpoint_url; otherwise only its host and scheme are set, to AWS's own */
    bool custom;
    struct hw_url url;
};

static enum hw_status region_check(const char *region, struct hw_error *err);
static const struct partition *partition_find(const char *region);
static enum hw_status switches_check(const struct target *target, struct hw_error *err);
static enum hw_status bucket_check(const char *bucket, struct hw_error *err);
static enum hw_status custom_url_parse(const char *text, struct hw_url *out_url, struct hw_error *err);
static enum hw_status aws_host_make(struct target *target, struct hw_error *err);
static bool virtual_host_style(const struct target *target);
static enum hw_status endpoint_make(const struct target *target, bool virtual_host, struct hw_endpoint *out_endpoint,
                                    struct hw_error *err);

enum hw_status hw_endpoint_resolve(const struct hw_endpoint_params *params, struct hw_endpoint *out_endpoint,
                                   struct hw_error *err) {
    struct target target = {.params = params, .custom = params->endpoint_url != NULL};

    HW_TRY(region_check(params->region, err));
    target.global = strcmp(params->region, REGION_GLOBAL) == 0;
    target.region = target.global ? REGION_OF_GLOBAL : params->region;
    target.partition = partition_find(target.region);
    HW_TRY(switches_check(&target, err));
    if (params->bucket) {
        HW_TRY(bucket_check(params->bucket, err));
    }
    if (target.custom) {
        HW_TRY(custom_url_parse(params->endpoint_url, &target.url, err));
    } else {
        HW_TRY(aws_host_make(&target, err));
    }
    bool virtual_host = params->bucket && virtual_host_style(&target);
    if (params->accelerate && params->bucket && !virtual_host) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "S3 Accelerate cannot be used with path-style addressing, which bucket %s gets",
                       hw_quote(params->bucket, strlen(params->bucket), quoted, sizeof(quoted)));
    }
    return endpoint_make(&target, virtual_host, out_endpoint, err);
}

static bool lower_label(hw_view label) {
    for (size_t i = 0; i < label.size; i++) {
        if (label.data[i] >= 'A' && label.data[i] <= 'Z') {
            return false;
        }
    }
    return hw_dns_label_valid(label);
}

/*
 * The region becomes part of a host name that gets signed requests: nothing but one label may pass.
 */
static enum hw_status region_check(const char *region, struct hw_error *err) {
    if (!region || !region[0]) {
        return hw_fail(err, HW_ECONFIG, "a region must be set to send requests to S3");
    }
    if (!lower_label(hw_view_of(region))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_ECONFIG, "region %s is not a valid DNS name: a region is like us-east-1",
                       hw_quote(region, strlen(region), quoted, sizeof(quoted)));
    }
    return HW_OK;
}

static const struct partition *partition_find(const char *region) {
    const struct partition *partition = partitions;
    while (!hw_view_starts(hw_view_of(region), partition->region_prefix)) {
        partition++; /* the last row's prefix is empty */
    }
    return partition;
}

static enum hw_status switches_check(const struct target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const struct {
        bool conflict;
        const char *text;
    } rules[] = {
        {params->accelerate && params->fips, "S3 Accelerate cannot be used with FIPS"},
        {target->custom && params->dualstack, "dual-stack cannot be used with a custom endpoint"},
        {target->custom && params->fips, "FIPS cannot be used with a custom endpoint"},
        {target->custom && params->accelerate, "S3 Accelerate cannot be used with a custom endpoint"},
        {params->fips && target->partition->no_fips, "the partition of the region does not support FIPS"},
    };

    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if (rules[i].conflict) {
            return hw_fail(err, HW_ECONFIG, "%s", rules[i].text);
        }
    }
    return HW_OK;
}

static enum hw_status bucket_check(const char *bucket, struct hw_error *err) {
    static const struct {
        hw_view text;
        bool at_end;
        const char *what;
    } others[] = {
        {HW_VIEW_INIT("arn:"), false, "an ARN (access points are not supported)"},
        {HW_VIEW_INIT("--x-s3"), true, "a directory bucket (S3 Express is not supported)"},
        {HW_VIEW_INIT("--xa-s3"), true, "an access point of a directory bucket (S3 Express is not supported)"},
        {HW_VIEW_INIT("--op-s3"), true, "an access point of S3 on Outposts, which is not supported"},
    };
    hw_view name = hw_view_of(bucket);
    char quoted[HW_QUOTE_BYTES];

    hw_quote(name.data, name.size, quoted, sizeof(quoted));
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (others[i].at_end ? hw_view_ends(name, others[i].text) : hw_view_starts(name, others[i].text)) {
            return hw_fail(err, HW_EUSAGE, "bucket %s is %s", quoted, others[i].what);
        }
    }
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
        return hw_fail(err, HW_EUSAGE, "bucket %s is no bucket's name", quoted);
    }
    return HW_OK;
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

static enum hw_status aws_host_make(struct target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const char *suffix = target->partition->dns_suffix;
    const char *dualstack = params->dualstack ? ".dualstack" : "";
    struct hw_url *url = &target->url;
    int bytes;

    if (params->accelerate && params->bucket) {
        if (target->partition->no_accelerate && params->addressing != HW_ADDRESSING_PATH) {
            return hw_fail(err, HW_ECONFIG, "S3 Accelerate cannot be used in region %s", target->region);
        }
        const char *region = params->dualstack && target->global ? "." REGION_OF_GLOBAL : "";
        bytes = snprintf(url->host, sizeof(url->host), "s3-accelerate%s%s.%s", dualstack, region, suffix);
    } else if (target->global && !params->fips && !params->dualstack) {
        bytes = snprintf(url->host, sizeof(url->host), "s3.%s", suffix);
    } else {
        bytes = snprintf(url->host, sizeof(url->host), "s3%s%s.%s.%s", params->fips ? "-fips" : "", dualstack,
                         target->region, suffix);
    }
    assert(bytes > 0 && (size_t)bytes < sizeof(url->host)); /* a region is one label */
    (void)bytes;
    url->tls = true;
    url->port = 443;
    return HW_OK;
}

static bool bucket_hostable(const char *bucket, bool dots_allowed);

static bool virtual_host_style(const struct target *target) {
    enum hw_addressing addressing = target->params->addressing;

    if (addressing == HW_ADDRESSING_PATH || (addressing == HW_ADDRESSING_AUTO && target->custom) ||
        target->url.host_is_address) {
        return false;
    }
    return bucket_hostable(target->params->bucket, !target->url.tls);
}

static bool bucket_hostable(const char *bucket, bool dots_allowed) {
    hw_view rest = hw_view_of(bucket);
    struct in_addr address;

    if (rest.size < BUCKET_LABEL_BYTES_MIN || rest.size > BUCKET_LABEL_BYTES_MAX ||
        inet_pton(AF_INET, bucket, &address) == 1) {
        return false;
    }
    for (;;) {
        const char *dot = dots_allowed ? memchr(rest.data, '.', rest.size) : NULL;
        hw_view label = {rest.data, dot ? (size_t)(dot - rest.data) : rest.size};
        if (!lower_label(label)) {
            return false;
        }
        if (!dot) {
            return true;
        }
        rest = (hw_view){dot + 1, rest.size - label.size - 1};
    }
}

static enum hw_status endpoint_make(const struct target *target, bool virtual_host, struct hw_endpoint *out_endpoint,
                                    struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const struct hw_url *url = &target->url;
    struct hw_endpoint endpoint = {.tls = url->tls};
    HW_AUTO(hw_buf) bucket = {0};
    char port[8] = "";

    if (params->bucket && !virtual_host) {
        HW_TRY(hw_buf_append_byte(&bucket, '/', err));
        HW_TRY(hw_uri_encode(hw_view_of(params->bucket), false, &bucket, err));
    }
    HW_TRY(hw_buf_end_text(&bucket, err));
    if (url->port != (url->tls ? 443 : 80)) {
        snprintf(port, sizeof(port), ":%u", (unsigned)url->port);
    }
    int host_bytes = snprintf(endpoint.host, sizeof(endpoint.host), "%s%s%s%s", virtual_host ? params->bucket : "",
                              virtual_host ? "." : "", url->host, port);
    int path_bytes = snprintf(endpoint.path, sizeof(endpoint.path), "%s%s", url->path, (const char *)bucket.data);
    if ((size_t)host_bytes >= sizeof(endpoint.host) || (size_t)path_bytes >= sizeof(endpoint.path)) {
        return hw_fail(err, HW_ECONFIG, "the custom endpoint and the bucket are too long together");
    }
    snprintf(endpoint.signing_region, sizeof(endpoint.signing_region), "%s", target->region);

    *out_endpoint = endpoint;
    return HW_OK;
}
