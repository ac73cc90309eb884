/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint_target.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

enum { BUCKET_BYTES_MIN = 3, BUCKET_BYTES_MAX = 63 };

bool hw_endpoint_label_valid(hw_view text) {
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] >= 'A' && text.data[i] <= 'Z') {
            return false;
        }
    }
    return hw_dns_label_valid(text);
}

bool hw_endpoint_bucket_hostable(const char *bucket, bool dots_allowed) {
    hw_view rest = hw_view_of(bucket);
    struct in_addr address;

    if (rest.size < BUCKET_BYTES_MIN || rest.size > BUCKET_BYTES_MAX || inet_pton(AF_INET, bucket, &address) == 1) {
        return false;
    }
    for (;;) {
        const char *dot = dots_allowed ? memchr(rest.data, '.', rest.size) : NULL;
        hw_view label = {rest.data, dot ? (size_t)(dot - rest.data) : rest.size};
        if (!hw_endpoint_label_valid(label)) {
            return false;
        }
        if (!dot) {
            return true;
        }
        rest = (hw_view){dot + 1, rest.size - label.size - 1};
    }
}

enum hw_status hw_endpoint_host_set(struct hw_endpoint_target *target, struct hw_error *err, const char *format, ...) {
    struct hw_url *url = &target->url;
    va_list args;

    va_start(args, format);
    int bytes = vsnprintf(url->host, sizeof(url->host), format, args);
    va_end(args);
    if (bytes < 0 || (size_t)bytes >= sizeof(url->host)) {
        return hw_fail(err, HW_ECONFIG, "the host of the endpoint would be longer than %zu bytes",
                       sizeof(url->host) - 1);
    }
    url->tls = true;
    url->port = 443;
    return HW_OK;
}

enum hw_status hw_endpoint_before_host_set(struct hw_endpoint_target *target, struct hw_error *err, const char *format,
                                           ...) {
    va_list args;

    va_start(args, format);
    int bytes = vsnprintf(target->before_host, sizeof(target->before_host), format, args);
    va_end(args);
    if (bytes < 0 || (size_t)bytes >= sizeof(target->before_host)) {
        return hw_fail(err, HW_EUSAGE, "the name of the bucket is too long for a host");
    }
    return HW_OK;
}

void hw_endpoint_sign_for(struct hw_endpoint_target *target, const char *signing_name, hw_view signing_region) {
    struct hw_endpoint *endpoint = &target->endpoint;
    assert(signing_region.size < sizeof(endpoint->signing_region));
    endpoint->signing_name = signing_name;
    snprintf(endpoint->signing_region, sizeof(endpoint->signing_region), "%.*s", (int)signing_region.size,
             signing_region.data);
}

enum hw_status hw_endpoint_conflicts_check(const struct hw_endpoint_conflict *conflicts, size_t count,
                                           struct hw_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (conflicts[i].found) {
            return hw_fail(err, HW_ECONFIG, "%s", conflicts[i].text);
        }
    }
    return HW_OK;
}
