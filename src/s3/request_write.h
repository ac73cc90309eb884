/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the requests that write, copy, tag or delete an object. As s3/request.h says. */
#ifndef HW_S3_REQUEST_WRITE_H
#define HW_S3_REQUEST_WRITE_H

#include "s3/request.h"

struct hw_s3_put_params {
    const char *key;
    const void *body;
    size_t body_bytes;
    /* The checksum of the body, which the service compares. HW_CHECKSUM_NONE sends none. */
    struct hw_checksum checksum;
    /* Counts where `headers` have no Content-Type; NULL means application/octet-stream. */
    const char *content_type;
    /* The headers that describe the object (s3/write_headers.h). NULL means nothing more. */
    const struct hw_s3_headers *headers;
    /* True if an object that is there already is HW_EEXISTS. */
    bool create_only;
    /*
     * The ETag, with its quotes, that the object there must have; another one is HW_ECHANGED. NULL
     * means that it may have any.
     */
    const char *if_match;
};
HW_NODISCARD enum hw_status hw_s3_request_put(struct hw_s3_request *request, const struct hw_s3_put_params *params,
                                              struct hw_error *err);

/* The object that a copy is made of. */
struct hw_s3_copy_source {
    /* Its name, or the ARN in its place. */
    const char *bucket;
    const char *key;
    /* NULL means the newest version. */
    const char *version_id;
    /* The ETag that it must have, with its quotes: else HW_ECHANGED. NULL or "" means any. */
    const char *etag;
    /*
     * The key that it is encrypted with (SSE-C), borrowed for as long as the request lives. NULL
     * means none.
     */
    const struct hw_s3_sse_key *sse_key;
};
struct hw_s3_copy_params {
    struct hw_s3_copy_source source;
    /* The key of the object to be made. */
    const char *key;
    /* Both as in hw_s3_put_params. */
    const char *content_type;
    const struct hw_s3_headers *headers;
    /*
     * True if content type, metadata and their like are those of this request, and not those of
     * the source.
     */
    bool replaces_metadata;
    /* The same for tags. */
    bool replaces_tags;
    /* The kind of checksum that the copy gets. HW_CHECKSUM_NONE leaves it to the service. */
    enum hw_checksum_kind checksum;
    /* Both as in hw_s3_put_params. A 412 may mean the source as well. */
    bool create_only;
    const char *if_match;
};
HW_NODISCARD enum hw_status hw_s3_request_copy(struct hw_s3_request *request, const struct hw_s3_copy_params *params,
                                               struct hw_error *err);
/* Adds the headers that name a source, which UploadPartCopy has as well. */
HW_NODISCARD enum hw_status hw_s3_request_copy_source(struct hw_s3_request *request,
                                                      const struct hw_s3_copy_source *source, struct hw_error *err);

/* Replaces the tags of an object by those of `tagging`, "k=v&k2=v2" (s3/tagging.h). */
HW_NODISCARD enum hw_status hw_s3_request_put_tagging(struct hw_s3_request *request, const char *key,
                                                      const char *version_id, const char *tagging,
                                                      struct hw_error *err);

/* `version_id` NULL deletes the object; another one deletes that version for good. */
HW_NODISCARD enum hw_status hw_s3_request_delete(struct hw_s3_request *request, const char *key, const char *version_id,
                                                 struct hw_error *err);

/*
 * Adds `headers`, which may be NULL, and a Content-Type where they have none: `content_type`, or
 * application/octet-stream.
 */
HW_NODISCARD enum hw_status hw_s3_request_describe(struct hw_s3_request *request, const struct hw_s3_headers *headers,
                                                   const char *content_type, struct hw_error *err);

#endif
