/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two calls of the Security Token Service by which a role is taken on. Each waits for the
 * service.
 */
#ifndef HW_AWS_STS_H
#define HW_AWS_STS_H

#include "aws/credentials_provider.h"

/* A role and what is said when it is taken on. */
struct hw_sts_role {
    hw_view arn;
    hw_view session_name; /* empty: "hawser-" and the time */
    /* The keys that AssumeRole is signed with; NULL where a web identity is shown instead. */
    const struct hw_credentials *source;
    const char *web_identity;  /* its token, a secret; not looked at where there are source keys */
    hw_view external_id;       /* empty: none */
    uint32_t duration_seconds; /* 0: what the service takes, an hour */
};

/*
 * Calls AssumeRole, or AssumeRoleWithWebIdentity, in the region of the request's settings. HW_EAUTH
 * with the service's code and words where it refuses, otherwise as hw_credentials_http_send does.
 * Neither keys nor token enter an error.
 */
HW_NODISCARD enum hw_status hw_sts_assume(const struct hw_credentials_request *request, const struct hw_sts_role *role,
                                          struct hw_credentials *out_credentials, struct hw_error *err);

#endif
