/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checksums at services that do not know them: it is found out by their replies, and remembered by
 * the client.
 */
#ifndef HW_S3_KEPT_CHECKSUMS_H
#define HW_S3_KEPT_CHECKSUMS_H

#include "s3/client.h"

/* Returns whether a checksum is one of those that services may not know, as Content-MD5 is not. */
bool hw_s3_checksum_new(enum hw_checksum_kind kind);

/*
 * Takes the checksum that a body is sent with: the given one, or its MD5 where the client's service
 * has refused others.
 */
struct hw_checksum hw_s3_checksum_settle(const struct hw_s3_client *client, const struct hw_checksum *checksum,
                                         const void *body, size_t body_bytes);

/* Returns the checksum that every service knows. */
struct hw_checksum hw_s3_checksum_instead(const void *body, size_t body_bytes);

/* Learns from a good reply whether the service keeps the checksum that the request had, if any. */
void hw_s3_checksum_answered(struct hw_s3_client *client, const struct hw_s3_request *request,
                             const struct hw_http_response *response);

/*
 * Returns whether the fault of a request with a checksum of this kind may mean that the service
 * refuses the headers of checksums. The fault of a request with a condition, which services refuse
 * too, must name them. If so, the request is worth another try without; if that is a
 * good one, HW_S3_CHECKSUMS_REFUSED is to be learnt.
 */
bool hw_s3_checksum_refused(const struct hw_s3_client *client, enum hw_checksum_kind sent, bool is_conditional,
                            const struct hw_error *fault);

#endif
