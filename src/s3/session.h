/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions of directory buckets. CreateSession gives keys that are good for some minutes, and
 * requests to such a bucket are signed with them. Pure functions.
 */
#ifndef HW_S3_SESSION_H
#define HW_S3_SESSION_H

#include "aws/credentials.h"

/* Keys with less time left are renewed before they are used. A session lasts for 5 minutes. */
#define HW_S3_SESSION_LEFT_US_MIN (INT64_C(60) * 1000000)

/*
 * Reads the keys and their end from the reply to CreateSession. HW_EPROTOCOL if it does not hold
 * all of them; no key enters an error.
 */
HW_NODISCARD enum hw_status hw_s3_session_read(hw_view xml, struct hw_credentials *out_keys, struct hw_error *err);

#endif
