/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that HEAD tells of an object, and that a copy of it must keep. Listings tell less, which is a
 * struct hw_s3_object (s3/facts.h).
 */
#ifndef HW_S3_DESCRIPTION_H
#define HW_S3_DESCRIPTION_H

#include <hawser/s3.h>

#include "core/arena.h"
#include "s3/facts.h"

/* The most entries of metadata that an object may have; more are HW_ELIMIT. */
enum { HW_S3_METADATA_MAX = 1000 };

/* Start it zeroed. It owns its texts, which are NULL where the service tells nothing. */
struct hw_s3_description {
    struct hw_s3_object object;
    /* The checksum of the parts' checksums (COMPOSITE), where there is none of the bytes. */
    struct hw_checksum composite;
    const char *content_type;
    const char *content_encoding;
    const char *content_language;
    const char *content_disposition;
    const char *cache_control;
    const char *expires;
    /* NULL means STANDARD. */
    const char *storage_class;
    const char *version_id;
    /* "AES256", "aws:kms" or "aws:kms:dsse", and the key of the latter two. */
    const char *encryption;
    const char *kms_key_id;
    /* The algorithm of SSE-C. */
    const char *customer_algorithm;
    /*
     * User metadata as the service sends it, which may be encoded by RFC 2047. It is sorted by
     * name, as services send it in any order.
     */
    struct hw_metadata *metadata;
    size_t metadata_count;
    /* The entries of metadata that a header cannot hold and the service keeps to itself. */
    uint64_t metadata_missing;
    /* The number of tags. */
    uint64_t tags_count;
    /* The number of parts that the object came in; 0 if the service does not tell. */
    uint64_t parts_count;
    struct hw_arena texts;
};
void hw_s3_description_release(struct hw_s3_description *description);

/*
 * Reads the headers of a HEAD. Without a size it is HW_EPROTOCOL. `out_description` is zeroed or
 * holds an earlier one, which is released.
 */
HW_NODISCARD enum hw_status hw_s3_description_read(const struct hw_http_response *response,
                                                   struct hw_s3_description *out_description, struct hw_error *err);
/* Returns whether the ETag may be of MD5s: what is encrypted by KMS or SSE-C has others. */
bool hw_s3_description_etag_of_md5s(const struct hw_s3_description *description);
/* Tells the MD5 of the object's bytes. Returns false if the ETag is none. */
HW_NODISCARD bool hw_s3_description_md5(const struct hw_s3_description *description, struct hw_checksum *out_md5);
/*
 * Fills in the content headers and metadata of a copy. The texts are borrowed. What is not the
 * object's own, as its storage class or its encryption, is left as it is.
 */
void hw_s3_description_options(const struct hw_s3_description *description, struct hw_write_options *out_options);

#endif
