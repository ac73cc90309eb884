/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that the service makes itself: a whole object, and a range as a part of an upload. */
#ifndef HW_S3_COPY_H
#define HW_S3_COPY_H

#include "s3/multipart.h"

/*
 * Copies an object of up to HW_S3_COPY_BYTES_MAX bytes with one request to the client of the
 * bucket that gets it. `source` is what is known of the source: after a lost reply an object with
 * its size, and its checksum or the MD5 that its ETag is, is taken for the copy. HW_ECHANGED means
 * that the source has another ETag than `params->source.etag`, or that the object there has another
 * one than `params->if_match`; HW_EEXISTS that `create_only` met an object. `*out_made` has ETag
 * and checksum of the copy.
 */
HW_NODISCARD enum hw_status hw_s3_object_copy(struct hw_s3_client *client, const struct hw_s3_copy_params *params,
                                              const struct hw_s3_object *source, struct hw_s3_made *out_made,
                                              struct hw_error *err);

/*
 * Copies a range of an object as one part, and waits until it is there. Key and id are those of the
 * upload. HW_ECHANGED means that the source was replaced by another version. `*out_part` has the
 * ETag, and the checksum if the service tells one, which it does for uploads that were created with
 * its kind. Not every service tells that of the range: who knows the checksum of the source
 * compares it with what those of all parts make before the upload is completed.
 */
HW_NODISCARD enum hw_status hw_s3_part_copy(const struct hw_s3_upload *upload,
                                            const struct hw_s3_copy_part_params *params, struct hw_s3_part *out_part,
                                            struct hw_error *err);

#endif
