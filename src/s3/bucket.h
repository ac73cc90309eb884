/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the bucket of a client, and lists the buckets of an account. */
#ifndef HW_S3_BUCKET_H
#define HW_S3_BUCKET_H

#include "s3/page.h"

/*
 * Makes the client's bucket, in the region that the client signs for. HW_EEXISTS means that there
 * is one of this name, whoever owns it. If the reply of a try was lost and the next one finds a
 * bucket of the same owner, that is success.
 */
HW_NODISCARD enum hw_status hw_s3_bucket_create(struct hw_s3_client *client, struct hw_error *err);
/*
 * Removes the client's bucket. HW_ENOTFOUND means that there is none, HW_EFAILED with the code
 * BucketNotEmpty that it has objects.
 */
HW_NODISCARD enum hw_status hw_s3_bucket_delete(struct hw_s3_client *client, struct hw_error *err);

struct hw_s3_listed_bucket {
    const char *name;
    /* Microseconds since 1970; 0 if the service does not tell. */
    int64_t created_us;
};
/* Takes a bucket, whose name is there for the call. Any status but HW_OK ends the listing. */
typedef enum hw_status hw_s3_listed_bucket_fn(void *ctx, const struct hw_s3_listed_bucket *bucket,
                                              struct hw_error *err);
/* Calls `each` for every bucket of the account. The client must be one of no bucket. */
HW_NODISCARD enum hw_status hw_s3_buckets_list(struct hw_s3_client *client, hw_s3_listed_bucket_fn *each, void *ctx,
                                               struct hw_error *err);

#endif
