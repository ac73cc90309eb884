/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the requests that read an object or what is known of it. As s3/request.h says. */
#ifndef HW_S3_REQUEST_READ_H
#define HW_S3_REQUEST_READ_H

#include "s3/request.h"

/* `version_id` NULL means the newest version, here and below. */
HW_NODISCARD enum hw_status hw_s3_request_head(struct hw_s3_request *request, const char *key, const char *version_id,
                                               struct hw_error *err);

/* Asks for the facts of a part of an object that was uploaded in parts, from 1 on. */
HW_NODISCARD enum hw_status hw_s3_request_head_part(struct hw_s3_request *request, const char *key, unsigned part,
                                                    struct hw_error *err);

struct hw_s3_range {
    uint64_t offset;
    /* The length of the range. 0 asks for the whole object, without a range. */
    uint64_t bytes;
    /* The range is the last bytes of the object, or all of a shorter one; `offset` is 0. */
    bool from_end;
    /*
     * The ETag that the object must have, as the service gave it, with its quotes. If it has
     * another one the reply is HW_ECHANGED. NULL or "" means that any version will do.
     */
    const char *etag;
    const char *version_id;
};
HW_NODISCARD enum hw_status hw_s3_request_get(struct hw_s3_request *request, const char *key,
                                              const struct hw_s3_range *range, struct hw_error *err);

/* Asks for the tags of an object. */
HW_NODISCARD enum hw_status hw_s3_request_get_tagging(struct hw_s3_request *request, const char *key,
                                                      const char *version_id, struct hw_error *err);

struct hw_s3_attributes_params {
    const char *key;
    const char *version_id;
    /* The number of the last part that is known already; 0 asks from the first one on. */
    unsigned part_marker;
};
/* Asks for ETag, size, checksum and parts of an object. */
HW_NODISCARD enum hw_status hw_s3_request_attributes(struct hw_s3_request *request,
                                                     const struct hw_s3_attributes_params *params,
                                                     struct hw_error *err);

#endif
