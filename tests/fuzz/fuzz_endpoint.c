/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of buckets and regions: signed requests go to a host of AWS, or to the custom one, and nowhere else. First byte:
 * the switches; then region, bucket and URL, each up to a NUL. An empty one is not given.
 */
#include "aws/arn.h"
#include "aws/endpoint.h"
#include "fuzz/fuzz.h"

static const char *text_take(const char **at) {
    const char *text = *at;
    *at += strlen(text) + 1;
    return text[0] != '\0' ? text : NULL;
}

/* Whether a host ends as one of AWS's own does. */
static bool host_is_aws(hw_view host) {
    static const hw_view suffixes[] = {
        HW_VIEW_INIT(".amazonaws.com"), HW_VIEW_INIT(".amazonaws.com.cn"), HW_VIEW_INIT(".c2s.ic.gov"),
        HW_VIEW_INIT(".sc2s.sgov.gov"), HW_VIEW_INIT(".cloud.adc-e.uk"),   HW_VIEW_INIT(".csp.hci.ic.gov"),
        HW_VIEW_INIT(".amazonaws.eu"),
    };
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        if (hw_view_ends(host, suffixes[i])) {
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const unsigned switches = fuzz_byte(&data, &size);
    char *texts = malloc(size + 3);
    FUZZ_CHECK(texts);
    memcpy(texts, size > 0 ? (const char *)data : "", size);
    memset(texts + size, 0, 3);
    const char *at = texts;
    struct hw_endpoint_params params = {
        .dualstack = switches & 1,
        .fips = switches & 2,
        .accelerate = switches & 4,
        .control = switches & 8,
        .arn_region_off = switches & 16,
        .express_session_off = switches & 32,
        .addressing = (enum hw_addressing)((switches >> 6) % 3),
    };
    params.region = text_take(&at);
    params.bucket = at <= texts + size ? text_take(&at) : NULL;
    params.endpoint_url = at <= texts + size ? text_take(&at) : NULL;
    struct hw_endpoint endpoint;
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = hw_endpoint_resolve(&params, &endpoint, &err);
    FUZZ_CHECK(status == HW_OK || status == HW_ECONFIG || status == HW_EUSAGE);
    FUZZ_CHECK(!strpbrk(err.message, "\r\n"));
    if (status == HW_OK) {
        FUZZ_CHECK(endpoint.host[0] != '\0' && !strpbrk(endpoint.host, "@/?# \t\r\n"));
        FUZZ_CHECK(!strpbrk(endpoint.path, "?# \t\r\n"));
        FUZZ_CHECK(params.endpoint_url || (endpoint.tls && host_is_aws(hw_view_of(endpoint.host))));
        FUZZ_CHECK(endpoint.signing_name && endpoint.signing_region[0] != '\0');
    }
    const size_t span = params.bucket ? hw_arn_span(hw_view_of(params.bucket)) : 0;
    FUZZ_CHECK(span == 0 || (span <= strlen(params.bucket) && hw_arn_like(hw_view_of(params.bucket))));
    free(texts);
    return 0;
}
