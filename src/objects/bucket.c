/* SPDX-License-Identifier: Apache-2.0 */
/* Making and removing buckets, of hawser/objects.h. */
#include <hawser/objects.h>

#include "objects/place.h"
#include "s3/bucket.h"

/* Does one thing to the bucket that a path names. */
static enum hw_status bucket_do(const char *path, const struct hw_objects_options *options,
                                enum hw_status (*run)(struct hw_s3_client *client, struct hw_error *err),
                                struct hw_error *err) {
    HW_AUTO(hw_objects_place) place = {0};
    struct hw_s3_client *client;
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    enum hw_status status = hw_objects_place_client(&place, &client, err);
    if (status == HW_OK && !hw_objects_place_whole(&place)) {
        status = hw_fail(err, HW_EUSAGE, "this names objects in a bucket, not a bucket: s3://bucket");
    }
    status = status ? status : run(client, err);
    if (status) {
        hw_error_object(err, path);
    }
    return status;
}

enum hw_status hw_bucket_create(const char *path, const struct hw_objects_options *options, struct hw_error *err) {
    return bucket_do(path, options, hw_s3_bucket_create, err);
}

enum hw_status hw_bucket_remove(const char *path, const struct hw_objects_options *options, struct hw_error *err) {
    return bucket_do(path, options, hw_s3_bucket_delete, err);
}
