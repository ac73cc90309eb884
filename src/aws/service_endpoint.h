/* SPDX-License-Identifier: Apache-2.0 */
/* The endpoints of the services that hand out keys, by the endpoint rules of the AWS SDKs. */
#ifndef HW_AWS_SERVICE_ENDPOINT_H
#define HW_AWS_SERVICE_ENDPOINT_H

#include "aws/credentials_provider.h"
#include "aws/endpoint.h"

enum hw_service {
    HW_SERVICE_STS,
    HW_SERVICE_SSO,      /* the portal of IAM Identity Center */
    HW_SERVICE_SSO_OIDC, /* its tokens */
    HW_SERVICE_SIGNIN,
};

/* Returns the name of a service for messages: "STS". */
const char *hw_service_name(enum hw_service service);

/*
 * Finds the endpoint of a service in a region. AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL,
 * services.sts.endpoint_url and endpoint_url of the run's profile come first, and so for each of
 * the services, unless endpoint URLs are to be ignored. STS is at its global endpoint where
 * AWS_STS_REGIONAL_ENDPOINTS or sts_regional_endpoints is "legacy" and the region is old enough.
 * HW_ECONFIG names what is wrong; a link-local address is refused.
 */
HW_NODISCARD enum hw_status hw_service_endpoint_resolve(const struct hw_credentials_request *request,
                                                        enum hw_service service, const char *region,
                                                        struct hw_endpoint *out_endpoint, struct hw_error *err);

/* Appends the URL of an endpoint, and behind it a path that begins with '/'. Ends it with NUL. */
HW_NODISCARD enum hw_status hw_service_url(const struct hw_endpoint *endpoint, const char *path, struct hw_buf *out,
                                           struct hw_error *err);

#endif
