/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint_access_point.h"

#include "aws/arn.h"

#define OUTPOSTS_NAME "s3-outposts"
#define OBJECT_LAMBDA_NAME "s3-object-lambda"
#define ALL_REGIONS "*"

/* A kind of ARN: the first row whose service and resource it has. */
struct kind {
    hw_view service;
    hw_view resource; /* the first name of the resource; "" for any */
    enum hw_status (*apply)(struct hw_endpoint_target *target, const struct hw_arn *arn, struct hw_error *err);
};

static enum hw_status plain_apply(struct hw_endpoint_target *target, const struct hw_arn *arn, struct hw_error *err);
static enum hw_status object_lambda_apply(struct hw_endpoint_target *target, const struct hw_arn *arn,
                                          struct hw_error *err);
static enum hw_status multi_region_apply(struct hw_endpoint_target *target, const struct hw_arn *arn,
                                         struct hw_error *err);
static enum hw_status outposts_apply(struct hw_endpoint_target *target, const struct hw_arn *arn, struct hw_error *err);

static const struct kind kinds[] = {
    {HW_VIEW_INIT(OBJECT_LAMBDA_NAME), HW_VIEW_INIT(""), object_lambda_apply},
    {HW_VIEW_INIT(OUTPOSTS_NAME), HW_VIEW_INIT("outpost"), outposts_apply},
    {HW_VIEW_INIT(""), HW_VIEW_INIT("accesspoint"), plain_apply},
};

/* Fails for a part that cannot stand in a host name. */
static enum hw_status part_refuse(const char *what, hw_view part, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, HW_EUSAGE, "%s is %s, which is not 1 to 63 letters, digits and '-'", what,
                   hw_quote(part.data, part.size, quoted, sizeof(quoted)));
}

enum hw_status hw_endpoint_access_point(struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    struct hw_arn arn;
    char quoted[HW_QUOTE_BYTES];

    hw_quote(params->bucket, strlen(params->bucket), quoted, sizeof(quoted));
    if (!hw_arn_parse(hw_view_of(params->bucket), &arn)) {
        return hw_fail(err, HW_EUSAGE, "%s is not a whole ARN, which is like %s", quoted,
                       "arn:aws:s3:us-west-2:123456789012:accesspoint/name");
    }
    if (params->addressing == HW_ADDRESSING_PATH) {
        return hw_fail(err, HW_ECONFIG, "path-style addressing cannot be used with an ARN in place of a bucket");
    }
    if (target->custom && target->url.host_is_address) {
        return hw_fail(err, HW_ECONFIG, "the custom endpoint %s is an address, and an access point needs a host name",
                       target->url.host);
    }
    if (arn.names[0].size == 0) {
        return hw_fail(err, HW_EUSAGE, "the ARN %s does not say what its resource is", quoted);
    }
    target->endpoint.region_fixed = true;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if ((kinds[i].service.size == 0 || hw_view_equal(kinds[i].service, arn.service)) &&
            (kinds[i].resource.size == 0 || hw_view_equal(kinds[i].resource, arn.names[0]))) {
            return kinds[i].apply(target, &arn, err);
        }
    }
    return hw_fail(err, HW_EUSAGE, "the ARN %s does not name an access point", quoted);
}

/* Checks what all access points of one region have in common, but for the names of the resource. */
static enum hw_status region_check(const struct hw_endpoint_target *target, const struct hw_arn *arn,
                                   struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    char quoted[HW_QUOTE_BYTES];
    if (params->control) {
        return hw_fail(err, HW_EUSAGE, "an access point is not a bucket that can be made or removed");
    }
    hw_quote(arn->region.data, arn->region.size, quoted, sizeof(quoted));
    if (params->arn_region_off && !hw_view_equal(arn->region, hw_view_of(params->region))) {
        return hw_fail(err, HW_ECONFIG, "the region of the ARN is %s, not %s, and s3_use_arn_region is false", quoted,
                       params->region);
    }
    const struct hw_aws_partition *partition = hw_aws_partition_of(arn->region);
    if (partition != target->partition) {
        return hw_fail(err, HW_ECONFIG,
                       "the region %s is in the partition %s, and that of the ARN, %s, in the partition %s",
                       params->region, target->partition->name, quoted, partition->name);
    }
    if (!hw_endpoint_label_valid(arn->region)) {
        return part_refuse("the region in the ARN", arn->region, err);
    }
    return HW_OK;
}

static enum hw_status account_check(const struct hw_arn *arn, struct hw_error *err) {
    if (arn->account.size == 0) {
        return hw_fail(err, HW_EUSAGE, "the ARN has no account");
    }
    return hw_dns_label_valid(arn->account) ? HW_OK : part_refuse("the account in the ARN", arn->account, err);
}

/* Checks that a resource is "accesspoint" and one name. */
static enum hw_status name_check(const struct hw_arn *arn, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (!hw_view_equal(arn->names[0], HW_VIEW("accesspoint"))) {
        return hw_fail(err, HW_EUSAGE, "the resource of the ARN is %s, but must be accesspoint",
                       hw_quote(arn->names[0].data, arn->names[0].size, quoted, sizeof(quoted)));
    }
    if (arn->names[1].size == 0) {
        return hw_fail(err, HW_EUSAGE, "the ARN has no name behind accesspoint");
    }
    return HW_OK;
}

static enum hw_status name_alone_check(const struct hw_arn *arn, struct hw_error *err) {
    if (arn->names_count > 2) {
        return hw_fail(err, HW_EUSAGE, "the ARN has more than one name behind accesspoint");
    }
    return HW_OK;
}

/* Checks that the name is all that follows, and is one label of a host. */
static enum hw_status label_alone_check(const struct hw_arn *arn, struct hw_error *err) {
    HW_TRY(name_alone_check(arn, err));
    return hw_dns_label_valid(arn->names[1])
               ? HW_OK
               : part_refuse("the name of the access point in the ARN", arn->names[1], err);
}

/* Sets what goes before the host: "name-account". */
static enum hw_status name_and_account_set(struct hw_endpoint_target *target, hw_view name, hw_view account,
                                           struct hw_error *err) {
    return hw_endpoint_before_host_set(target, err, "%.*s-%.*s", (int)name.size, name.data, (int)account.size,
                                       account.data);
}

static enum hw_status plain_apply(struct hw_endpoint_target *target, const struct hw_arn *arn, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    char quoted[HW_QUOTE_BYTES];

    HW_TRY(name_check(arn, err));
    if (arn->region.size == 0) {
        return multi_region_apply(target, arn, err);
    }
    HW_TRY(region_check(target, arn, err));
    if (!hw_view_equal(arn->service, HW_VIEW("s3"))) {
        return hw_fail(err, HW_EUSAGE, "the service of the ARN is %s, not s3",
                       hw_quote(arn->service.data, arn->service.size, quoted, sizeof(quoted)));
    }
    HW_TRY(account_check(arn, err));
    HW_TRY(label_alone_check(arn, err));
    if (params->accelerate) {
        return hw_fail(err, HW_ECONFIG, "S3 Accelerate cannot be used with an access point");
    }
    HW_TRY(name_and_account_set(target, arn->names[1], arn->account, err));
    hw_endpoint_sign_for(target, "s3", arn->region);
    if (target->custom) {
        return HW_OK;
    }
    return hw_endpoint_host_set(target, err, "s3-accesspoint%s%s.%.*s.%s", params->fips ? "-fips" : "",
                                params->dualstack ? ".dualstack" : "", (int)arn->region.size, arn->region.data,
                                target->partition->dns_suffix);
}

static enum hw_status object_lambda_apply(struct hw_endpoint_target *target, const struct hw_arn *arn,
                                          struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const struct hw_endpoint_conflict conflicts[] = {
        {params->dualstack, "dual-stack cannot be used with S3 Object Lambda"},
        {params->accelerate, "S3 Accelerate cannot be used with S3 Object Lambda"},
    };

    HW_TRY(name_check(arn, err));
    HW_TRY(hw_endpoint_conflicts_check(conflicts, COUNT_OF(conflicts), err));
    if (arn->region.size == 0) {
        return hw_fail(err, HW_EUSAGE, "the ARN of S3 Object Lambda has no region");
    }
    HW_TRY(region_check(target, arn, err));
    HW_TRY(account_check(arn, err));
    HW_TRY(label_alone_check(arn, err));
    HW_TRY(name_and_account_set(target, arn->names[1], arn->account, err));
    hw_endpoint_sign_for(target, OBJECT_LAMBDA_NAME, arn->region);
    if (target->custom) {
        return HW_OK;
    }
    return hw_endpoint_host_set(target, err, OBJECT_LAMBDA_NAME "%s.%.*s.%s", params->fips ? "-fips" : "",
                                (int)arn->region.size, arn->region.data, target->partition->dns_suffix);
}

/* Returns whether the name of an access point of several regions, "abc.mrap", can be in a host. */
static bool alias_valid(hw_view name) {
    const char *dot = memchr(name.data, '.', name.size);
    const size_t before = dot ? (size_t)(dot - name.data) : name.size;
    const bool rest_valid = !dot || hw_dns_label_valid((hw_view){dot + 1, name.size - before - 1});
    return rest_valid && hw_dns_label_valid((hw_view){name.data, before});
}

static enum hw_status multi_region_apply(struct hw_endpoint_target *target, const struct hw_arn *arn,
                                         struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const struct hw_endpoint_conflict conflicts[] = {
        {params->dualstack, "dual-stack cannot be used with an access point of several regions"},
        {params->fips, "FIPS cannot be used with an access point of several regions"},
        {params->accelerate, "S3 Accelerate cannot be used with an access point of several regions"},
        {params->multi_region_off,
         "access points of several regions are switched off by s3_disable_multiregion_access_points"},
        {target->custom, "a custom endpoint cannot be used with an access point of several regions"},
    };
    char quoted[HW_QUOTE_BYTES];

    if (params->control) {
        return hw_fail(err, HW_EUSAGE, "an access point is not a bucket that can be made or removed");
    }
    HW_TRY(name_alone_check(arn, err));
    if (!alias_valid(arn->names[1])) {
        return part_refuse("the name of the access point in the ARN", arn->names[1], err);
    }
    HW_TRY(hw_endpoint_conflicts_check(conflicts, COUNT_OF(conflicts), err));
    if (!hw_view_equal(arn->partition, hw_view_of(target->partition->name))) {
        return hw_fail(err, HW_ECONFIG, "the region %s is in the partition %s, and the ARN names the partition %s",
                       params->region, target->partition->name,
                       hw_quote(arn->partition.data, arn->partition.size, quoted, sizeof(quoted)));
    }
    target->endpoint.auth = HW_ENDPOINT_SIGV4A;
    hw_endpoint_sign_for(target, "s3", HW_VIEW(ALL_REGIONS));
    return hw_endpoint_host_set(target, err, "%.*s.accesspoint.s3-global.%s", (int)arn->names[1].size,
                                arn->names[1].data, target->partition->dns_suffix);
}

static enum hw_status outposts_names_check(const struct hw_arn *arn, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    if (arn->names_count < 4) {
        return hw_fail(err, HW_EUSAGE, "the resource of the ARN must be like outpost/op-ID/accesspoint/name: %s",
                       arn->names_count == 3 ? "there is no name of an access point" : "it has too few names");
    }
    if (!hw_view_equal(arn->names[2], HW_VIEW("accesspoint"))) {
        return hw_fail(err, HW_EUSAGE, "the ARN has %s behind the outpost, where accesspoint must stand",
                       hw_quote(arn->names[2].data, arn->names[2].size, quoted, sizeof(quoted)));
    }
    return hw_dns_label_valid(arn->names[3])
               ? HW_OK
               : part_refuse("the name of the access point in the ARN", arn->names[3], err);
}

static enum hw_status outposts_apply(struct hw_endpoint_target *target, const struct hw_arn *arn,
                                     struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const struct hw_endpoint_conflict conflicts[] = {
        {params->dualstack, "dual-stack cannot be used with S3 on Outposts"},
        {params->fips, "FIPS cannot be used with S3 on Outposts"},
        {params->accelerate, "S3 Accelerate cannot be used with S3 on Outposts"},
    };
    const hw_view outpost = arn->names[1];
    const hw_view name = arn->names[3];

    HW_TRY(hw_endpoint_conflicts_check(conflicts, COUNT_OF(conflicts), err));
    if (arn->names_count > 4) {
        return hw_fail(err, HW_EUSAGE, "the ARN has more names than that of its access point");
    }
    if (arn->names_count < 2) {
        return hw_fail(err, HW_EUSAGE, "the ARN has no id of an outpost");
    }
    if (!hw_dns_label_valid(outpost)) {
        return part_refuse("the id of the outpost in the ARN", outpost, err);
    }
    HW_TRY(region_check(target, arn, err));
    HW_TRY(account_check(arn, err));
    HW_TRY(outposts_names_check(arn, err));
    HW_TRY(hw_endpoint_before_host_set(target, err, "%.*s-%.*s.%.*s", (int)name.size, name.data, (int)arn->account.size,
                                       arn->account.data, (int)outpost.size, outpost.data));
    target->endpoint.auth = HW_ENDPOINT_SIGV4A;
    hw_endpoint_sign_for(target, OUTPOSTS_NAME, HW_VIEW(ALL_REGIONS));
    if (target->custom) {
        return HW_OK;
    }
    return hw_endpoint_host_set(target, err, OUTPOSTS_NAME ".%.*s.%s", (int)arn->region.size, arn->region.data,
                                target->partition->dns_suffix);
}

/*
 * The places in an alias of S3 on Outposts, counted from its end: the kind of hardware, the id of
 * the outpost behind it, and what tells an outpost that is tried out.
 */
enum { ALIAS_HARDWARE = 50, ALIAS_OUTPOST_BYTES = 17, ALIAS_REGION = 12, ALIAS_REGION_BYTES = 4 };
static const hw_view alias_end = HW_VIEW_INIT("--op-s3");

bool hw_endpoint_outposts_named(hw_view bucket) {
    return bucket.size >= ALIAS_HARDWARE && hw_view_ends(bucket, alias_end);
}

enum hw_status hw_endpoint_outposts(struct hw_endpoint_target *target, struct hw_error *err) {
    const struct hw_endpoint_params *params = target->params;
    const char *bucket = params->bucket;
    const char *end = bucket + strlen(bucket);
    const char hardware = end[-ALIAS_HARDWARE];
    const hw_view outpost = {end - ALIAS_HARDWARE + 1, ALIAS_OUTPOST_BYTES};
    const bool beta = hw_view_equal((hw_view){end - ALIAS_REGION, ALIAS_REGION_BYTES}, HW_VIEW("beta"));

    if (!hw_dns_label_valid(outpost)) {
        return part_refuse("the id of the outpost in the alias", outpost, err);
    }
    if (!hw_endpoint_bucket_hostable(bucket, false)) {
        return hw_fail(err, HW_EUSAGE, "the alias of an access point of S3 on Outposts is not a valid bucket's name");
    }
    if (hardware != 'e' && hardware != 'o') {
        return hw_fail(err, HW_EUSAGE,
                       "the alias of an access point of S3 on Outposts names the hardware %c, not e or o", hardware);
    }
    if (beta != target->custom) {
        return hw_fail(err, HW_ECONFIG, "a custom endpoint %s",
                       beta ? "must be named for this outpost" : "cannot be used with S3 on Outposts");
    }
    if (hardware == 'e') {
        HW_TRY(hw_endpoint_before_host_set(target, err, "%s.ec2", bucket));
    } else {
        HW_TRY(hw_endpoint_before_host_set(target, err, "%s.op-%.*s", bucket, (int)outpost.size, outpost.data));
    }
    target->endpoint.auth = HW_ENDPOINT_SIGV4A;
    target->endpoint.region_fixed = true;
    hw_endpoint_sign_for(target, OUTPOSTS_NAME, HW_VIEW(ALL_REGIONS));
    if (target->custom) {
        return HW_OK;
    }
    return hw_endpoint_host_set(target, err, OUTPOSTS_NAME ".%s.%s", target->region, target->partition->dns_suffix);
}
