/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/service_endpoint.h"

#include <stdio.h>

#include "aws/partition.h"

enum { URL_BYTES = 1280 };

static const struct service_row {
    const char *name; /* for messages */
    const char *host; /* the first labels of its host names */
    struct hw_aws_places url;
} services[] = {
    [HW_SERVICE_STS] = {"STS",
                        "sts",
                        {{"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"}, {"services.sts.endpoint_url", "endpoint_url"}}},
    [HW_SERVICE_SSO] = {"IAM Identity Center",
                        "portal.sso",
                        {{"AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL"}, {"services.sso.endpoint_url", "endpoint_url"}}},
    [HW_SERVICE_SSO_OIDC] = {"the token service of IAM Identity Center",
                             "oidc",
                             {{"AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL"},
                              {"services.sso_oidc.endpoint_url", "endpoint_url"}}},
    [HW_SERVICE_SIGNIN] = {"AWS Sign-In",
                           "signin",
                           {{"AWS_ENDPOINT_URL_SIGNIN", "AWS_ENDPOINT_URL"},
                            {"services.signin.endpoint_url", "endpoint_url"}}},
};

/* The ends of host names that only these services have, by the name of the partition. */
static const struct suffixes {
    const char *partition;
    const char *dualstack; /* with addresses of IPv6 too */
    const char *signin;
} suffixes[] = {
    {"aws-cn", "api.amazonwebservices.com.cn", "signin.amazonaws.cn"},
    {"aws-us-gov", "api.aws", "signin.amazonaws-us-gov.com"},
    {"aws-iso", "api.aws.ic.gov", "signin.c2shome.ic.gov"},
    {"aws-iso-b", "api.aws.scloud", "signin.sc2shome.sgov.gov"},
    {"aws-iso-e", "api.cloud-aws.adc-e.uk", "signin.csphome.adc-e.uk"},
    {"aws-iso-f", "api.aws.hci.ic.gov", "signin.csphome.hci.ic.gov"},
    {"aws-eusc", "api.amazonwebservices.eu", "signin.amazonaws-eusc.eu"},
    {"aws", "api.aws", "signin.aws.amazon.com"},
};

/* Names that follow no rule. */
static const struct {
    enum hw_service service;
    bool fips;
    const char *region;
    const char *host;
} exceptions[] = {
    {HW_SERVICE_STS, false, "aws-global", "sts.amazonaws.com"},
    {HW_SERVICE_STS, true, "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"},
    {HW_SERVICE_STS, true, "us-gov-east-1", "sts.us-gov-east-1.amazonaws.com"},
    {HW_SERVICE_SSO, true, "us-gov-west-1", "portal.sso.us-gov-west-1.amazonaws.com"},
    {HW_SERVICE_SSO, true, "us-gov-east-1", "portal.sso.us-gov-east-1.amazonaws.com"},
    {HW_SERVICE_SSO_OIDC, true, "us-gov-west-1", "oidc.us-gov-west-1.amazonaws.com"},
    {HW_SERVICE_SSO_OIDC, true, "us-gov-east-1", "oidc.us-gov-east-1.amazonaws.com"},
    {HW_SERVICE_SIGNIN, true, "us-gov-west-1", "signin-fips.amazonaws-us-gov.com"},
    {HW_SERVICE_SIGNIN, true, "us-gov-east-1", "us-gov-east-1.signin-fips.amazonaws-us-gov.com"},
};

const char *hw_service_name(enum hw_service service) {
    return services[service].name;
}

static enum hw_status custom_find(const struct hw_credentials_request *request, enum hw_service service, char *out,
                                  struct hw_error *err);
static enum hw_status region_choose(const struct hw_credentials_request *request, enum hw_service service,
                                    const char **region, struct hw_error *err);
static void url_make(const struct hw_aws_settings *settings, enum hw_service service, const char *region, char *out);

enum hw_status hw_service_endpoint_resolve(const struct hw_credentials_request *request, enum hw_service service,
                                           const char *region, struct hw_endpoint *out_endpoint, struct hw_error *err) {
    char url[URL_BYTES] = "";
    /* The region is checked before it becomes part of a name. */
    struct hw_endpoint checked;
    enum hw_status status = hw_endpoint_resolve(&(struct hw_endpoint_params){.region = region}, &checked, err);

    if (status == HW_OK) {
        status = custom_find(request, service, url, err);
    }
    if (status == HW_OK && !url[0]) {
        status = region_choose(request, service, &region, err);
        url_make(request->settings, service, region, url);
    }
    if (status == HW_OK) {
        const struct hw_endpoint_params params = {.region = region, .endpoint_url = url};
        status = hw_endpoint_resolve(&params, out_endpoint, err);
    }
    if (status) {
        hw_error_prefix(err, "the endpoint of %s", services[service].name);
    }
    return status;
}

/* `out` stays "" where the endpoint is AWS's own. */
static enum hw_status custom_find(const struct hw_credentials_request *request, enum hw_service service, char *out,
                                  struct hw_error *err) {
    static const struct hw_aws_places ignore_places = {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"},
                                                       {"ignore_configured_endpoint_urls"}};
    const struct hw_aws_lookup lookup = {request->files, request->settings->profile};
    bool ignored = false;

    HW_TRY(hw_aws_bool_find(&lookup, &ignore_places, &ignored, err));
    return ignored ? HW_OK : hw_aws_text_find(&lookup, &services[service].url, out, URL_BYTES, err);
}

/* The regions that used the global endpoint of STS before each had its own. */
static const char *const legacy_regions[] = {
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global", "ca-central-1",
    "eu-central-1",   "eu-north-1", "eu-west-1",      "eu-west-2",      "eu-west-3",  "sa-east-1",
    "us-east-1",      "us-east-2",  "us-west-1",      "us-west-2",
};

static enum hw_status region_choose(const struct hw_credentials_request *request, enum hw_service service,
                                    const char **region, struct hw_error *err) {
    static const struct hw_aws_places places = {{"AWS_STS_REGIONAL_ENDPOINTS"}, {"sts_regional_endpoints"}};
    const struct hw_aws_lookup lookup = {request->files, request->settings->profile};
    char mode[16] = "regional";
    char quoted[HW_QUOTE_BYTES];

    if (service != HW_SERVICE_STS) {
        return HW_OK;
    }
    HW_TRY(hw_aws_text_find(&lookup, &places, mode, sizeof(mode), err));
    const bool legacy = strcmp(mode, "legacy") == 0;
    if (!legacy && strcmp(mode, "regional") != 0) {
        return hw_fail(err, HW_ECONFIG, "%s or %s is %s, but must be regional or legacy", places.env[0],
                       places.profile[0], hw_quote(mode, strlen(mode), quoted, sizeof(quoted)));
    }
    for (size_t i = 0; legacy && i < COUNT_OF(legacy_regions); i++) {
        if (strcmp(*region, legacy_regions[i]) == 0 && !request->settings->fips && !request->settings->dualstack) {
            *region = "aws-global";
            return HW_OK;
        }
    }
    return HW_OK;
}

static const struct suffixes *suffixes_of(const struct hw_aws_partition *partition) {
    size_t at = 0;
    while (at + 1 < COUNT_OF(suffixes) && strcmp(suffixes[at].partition, partition->name) != 0) {
        at++;
    }
    return &suffixes[at];
}

static void url_make(const struct hw_aws_settings *settings, enum hw_service service, const char *region, char *out) {
    const struct hw_aws_partition *partition = hw_aws_partition_of(hw_view_of(region));
    const struct suffixes *own = suffixes_of(partition);
    const char *host = services[service].host;

    for (size_t i = 0; i < COUNT_OF(exceptions); i++) {
        if (exceptions[i].service == service && strcmp(exceptions[i].region, region) == 0 &&
            exceptions[i].fips == settings->fips && !settings->dualstack) {
            snprintf(out, URL_BYTES, "https://%s", exceptions[i].host);
            return;
        }
    }
    if (service == HW_SERVICE_SIGNIN && !settings->fips && !settings->dualstack) {
        snprintf(out, URL_BYTES, "https://%s.%s", region, own->signin);
        return;
    }
    snprintf(out, URL_BYTES, "https://%s%s.%s.%s", host, settings->fips ? "-fips" : "", region,
             settings->dualstack ? own->dualstack : partition->dns_suffix);
}

enum hw_status hw_service_url(const struct hw_endpoint *endpoint, const char *path, struct hw_buf *out,
                              struct hw_error *err) {
    HW_TRY(hw_buf_printf(out, err, "http%s://%s%s%s", endpoint->tls ? "s" : "", endpoint->host, endpoint->path, path));
    return hw_buf_end_text(out, err);
}
