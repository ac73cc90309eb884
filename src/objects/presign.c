/* SPDX-License-Identifier: Apache-2.0 */
/* The presigned addresses of hawser/objects.h. */
#include <hawser/objects.h>

#include "objects/place.h"
#include "s3/presign.h"

enum hw_status hw_object_presign(const char *path, const struct hw_objects_options *options, uint64_t expires_seconds,
                                 char **out_url, struct hw_error *err) {
    HW_AUTO(hw_objects_place) place = {0};
    HW_AUTO(hw_buf) url = {0};
    struct hw_s3_client *client;
    HW_TRY(hw_objects_place_open(&place, path, options, err));
    HW_TRY(hw_objects_place_client(&place, &client, err));
    /* A folder marker is an object too, but nobody wants an address of all that lies below it. */
    if (place.expand.pattern || hw_objects_place_whole(&place)) {
        enum hw_status status = hw_fail(err, HW_EUSAGE, "an address is that of one object, and this names several");
        hw_error_object(err, path);
        return status;
    }
    HW_TRY(hw_objects_place_version(&place, err));
    enum hw_status status =
        hw_s3_presign(client, place.expand.key, place.options.version_id, expires_seconds, &url, err);
    if (status) {
        hw_error_object(err, path);
        return status;
    }
    *out_url = (char *)url.data;
    url = (struct hw_buf){0};
    return HW_OK;
}
