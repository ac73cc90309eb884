/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deletes many objects: with one request each HW_S3_DELETE_KEYS_MAX of them where the service can,
 * else one by one.
 */
#ifndef HW_S3_DELETE_H
#define HW_S3_DELETE_H

#include "s3/client.h"
#include "s3/request_bucket.h"

/*
 * Tells the outcome for one object, which is an element of the array of the caller. HW_OK means
 * that the service has confirmed that it is gone; otherwise `error` says why it is not. Any status
 * but HW_OK ends the deletion, which returns it.
 */
typedef enum hw_status hw_s3_deleted_fn(void *ctx, const struct hw_s3_doomed *object, enum hw_status status,
                                        const struct hw_error *error, struct hw_error *err);

/*
 * Deletes objects, and calls `each` for every one, in no order. Keys that XML cannot hold, and
 * those that the service's reply does not settle, are deleted one by one. A refusal of the whole
 * request, such as that of the bucket, is returned, and then `each` was not called for the rest of
 * the objects. S3 reports success also for keys of which there is no object.
 */
HW_NODISCARD enum hw_status hw_s3_delete_many(struct hw_s3_client *client, const struct hw_s3_doomed *objects,
                                              size_t count, hw_s3_deleted_fn *each, void *ctx, struct hw_error *err);

#endif
