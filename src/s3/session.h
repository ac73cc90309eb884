/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions of directory buckets. CreateSession gives keys that are good for some minutes, and
 * requests to such a bucket are signed with them. Pure functions.
 */
#ifndef HW_S3_SESSION_H
#define HW_S3_SESSION_H

#include "aws/credentials.h"
#include "s3/request.h"

/* Keys with less time left are renewed before they are used. A session lasts for 5 minutes. */
#define HW_S3_SESSION_LEFT_US_MIN (INT64_C(60) * 1000000)

/* Builds the request for a session, which is for reading alone, or for writing too. */
HW_NODISCARD enum hw_status hw_s3_request_create_session(struct hw_s3_request *request, bool read_only,
                                                         struct hw_error *err);
/*
 * Reads the keys and their end from the reply to CreateSession. HW_EPROTOCOL if it does not hold
 * all of them; no key enters an error.
 */
HW_NODISCARD enum hw_status hw_s3_session_read(hw_view xml, struct hw_credentials *out_keys, struct hw_error *err);

#endif
