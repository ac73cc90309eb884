/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers that every request to a bucket has, by the options of its store: who pays, whose the
 * bucket must be, and the key by which its objects are encrypted (SSE-C).
 */
#ifndef HW_S3_ACCESS_H
#define HW_S3_ACCESS_H

#include <hawser/s3.h>

#include "s3/reply.h"
#include "s3/sse_key.h"

/* Start it zeroed. */
struct hw_s3_access_headers {
    bool request_payer;
    /* The account, or "". */
    char owner[13];
    bool has_key;
    struct hw_s3_sse_key key;
};

/*
 * Takes the options, which may be NULL. `tls` tells whether the endpoint is reached by https.
 * HW_EUSAGE means that the account is no number of twelve digits, that the key has another length
 * than 256 bits, or that it would go over http, where all could read it. No key enters an error.
 */
HW_NODISCARD enum hw_status hw_s3_access_take(const struct hw_s3_access *options, bool tls,
                                              struct hw_s3_access_headers *out_access, struct hw_error *err);
/* Overwrites the key. */
void hw_s3_access_wipe(struct hw_s3_access_headers *access);
/*
 * Adds the headers for a request of this rule. The texts of `access` are borrowed, so that the key
 * is not copied.
 */
HW_NODISCARD enum hw_status hw_s3_access_add(const struct hw_s3_access_headers *access,
                                             const struct hw_s3_reply_rule *rule, struct hw_s3_headers *headers,
                                             struct hw_error *err);

#endif
