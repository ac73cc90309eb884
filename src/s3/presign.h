/* SPDX-License-Identifier: Apache-2.0 */
/* Presigned addresses of objects. */
#ifndef HW_S3_PRESIGN_H
#define HW_S3_PRESIGN_H

#include "s3/client.h"

/*
 * Makes the address by which anybody can GET the object, or the version of it that `version_id`
 * names unless that is NULL, for `expires_seconds`, which is from 1 to
 * HW_S3_PRESIGN_SECONDS_MAX (HW_EUSAGE otherwise), and in a directory bucket no longer than the
 * session. Nothing is asked of the service but that session. `out_url` is ended with NUL, and a
 * secret as long as it holds. HW_EAUTH means that there are no credentials.
 */
HW_NODISCARD enum hw_status hw_s3_presign(struct hw_s3_client *client, const char *key, const char *version_id,
                                          uint64_t expires_seconds, struct hw_buf *out_url, struct hw_error *err);

#endif
