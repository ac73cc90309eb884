/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint_express.h"

#define SIGNING_NAME "s3express"

/* The ends of the names, with the lengths that ids of zones have: "use1-az1" is the shortest. */
static const hw_view ends[] = {HW_VIEW_INIT("--x-s3"), HW_VIEW_INIT("--xa-s3")};
static const size_t zone_bytes[] = {8, 9, 13, 14, 20};

/* Returns the length of the end that a name has; 0 if it is not one of S3 Express. */
static size_t end_bytes(hw_view bucket) {
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        if (hw_view_ends(bucket, ends[i])) {
            return ends[i].size;
        }
    }
    return 0;
}

bool hw_endpoint_express_named(hw_view bucket) {
    return end_bytes(bucket) > 0;
}

enum hw_status hw_endpoint_express(struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const char *bucket = params->bucket;
    char quoted[HW_QUOTE_BYTES];
    const hw_view zone = hw_endpoint_express_zone(hw_view_of(bucket));

    hw_quote(bucket, strlen(bucket), quoted, sizeof(quoted));
    if (params->accelerate) {
        return hw_fail(err, HW_ECONFIG, "S3 Accelerate cannot be used with the directory bucket %s", quoted);
    }
    hw_endpoint_sign_for(target, SIGNING_NAME, hw_view_of(target->region));
    const bool session = !params->express_session_off && (target->custom || !params->control);
    target->endpoint.auth = session ? HW_ENDPOINT_EXPRESS_SESSION : HW_ENDPOINT_SIGV4;
    target->endpoint.directory = true;
    target->endpoint.region_fixed = true;
    target->bucket_in_path =
        target->custom ? target->url.host_is_address || params->addressing != HW_ADDRESSING_VIRTUAL : params->control;
    if (!hw_endpoint_bucket_hostable(bucket, false)) {
        return hw_fail(err, HW_EUSAGE,
                       "the directory bucket %s cannot be reached: its name cannot stand in a host name", quoted);
    }
    if (params->control && !target->custom) {
        return hw_endpoint_express_control(target, err);
    }
    if (!target->bucket_in_path) {
        HW_TRY(hw_endpoint_before_host_set(target, err, "%s", bucket));
    }
    if (target->custom) {
        return HW_OK;
    }
    if (zone.size == 0) {
        return hw_fail(err, HW_EUSAGE,
                       "the directory bucket %s has no id of a zone in its name, which is like name--use1-az4--x-s3",
                       quoted);
    }
    return hw_endpoint_host_set(target, err, "s3express%s-%.*s%s.%s.%s", params->fips ? "-fips" : "", (int)zone.size,
                                zone.data, params->dualstack ? ".dualstack" : "", target->region,
                                target->partition->dns_suffix);
}

/* The id stands between two dashes and the end. */
hw_view hw_endpoint_express_zone(hw_view bucket) {
    const size_t end = end_bytes(bucket);
    const size_t before_end = bucket.size - end;
    for (size_t i = 0; end > 0 && i < COUNT_OF(zone_bytes); i++) {
        const hw_view before = {bucket.data, before_end - hw_min_size(zone_bytes[i], before_end)};
        if (hw_view_ends(before, HW_VIEW("--"))) {
            return (hw_view){bucket.data + before.size, zone_bytes[i]};
        }
    }
    return HW_VIEW("");
}

enum hw_status hw_endpoint_express_control(struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    hw_endpoint_sign_for(target, SIGNING_NAME, hw_view_of(target->region));
    if (target->custom) {
        return HW_OK;
    }
    return hw_endpoint_host_set(target, err, "s3express-control%s%s.%s.%s", params->fips ? "-fips" : "",
                                params->dualstack ? ".dualstack" : "", target->region, target->partition->dns_suffix);
}
