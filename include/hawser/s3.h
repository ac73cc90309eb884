/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options of objects on S3 when they are written, and of requests that reach them. Stores that are
 * no S3 service refuse those that they cannot keep (hw_sink_options.write in hawser/store.h).
 */
#ifndef HAWSER_S3_H
#define HAWSER_S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hawser/io.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of every request to a bucket. {0} means: nothing. */
struct hw_s3_access {
    bool request_payer;                /**< The account of the keys pays, not the bucket's owner. */
    const char *expected_bucket_owner; /**< The account that the bucket must be of; NULL: any. */
    /**
     * The key of 256 bits by which objects are encrypted (SSE-C): 32 bytes, or their base64. It is
     * sent by https only, copied, and wiped with the store. NULL: none.
     */
    const void *sse_c_key;
    size_t sse_c_key_bytes;
};

/** One entry of user metadata. */
struct hw_metadata {
    const char *name; /**< Without "x-amz-meta-"; letters, digits and the marks of header names. */
    const char *value;
};

/** Encryption by the service, with keys that it has. */
enum hw_encryption {
    HW_ENCRYPTION_DEFAULT,  /**< As the bucket is set up. */
    HW_ENCRYPTION_AES256,   /**< SSE-S3. */
    HW_ENCRYPTION_KMS,      /**< SSE-KMS. */
    HW_ENCRYPTION_KMS_DSSE, /**< SSE-KMS in two layers. */
    HW_ENCRYPTIONS          /**< Their number. */
};

/**
 * Options that say how an object is kept, and what is kept beside its bytes. {0} means: nothing but
 * a content type. Texts are borrowed for the call that takes the options. One that no request can
 * hold is HW_EUSAGE.
 */
struct hw_write_options {
    /** sizeof(struct hw_write_options). 0 stands for that of version 0.1. */
    size_t size;
    const char *content_type; /**< NULL: that of the sink. */
    const char *content_encoding;
    const char *content_language;
    const char *content_disposition;
    const char *cache_control;
    /** "Sun, 06 Nov 2050 08:49:37 GMT" or "2050-11-06T08:49:37Z". */
    const char *expires;
    /** Names and values are ASCII, and have 2 KiB together at most. */
    const struct hw_metadata *metadata;
    size_t metadata_count;
    /** "name=value&name2=value2", percent-encoded or not; at most ten. */
    const char *tagging;
    const char *storage_class; /**< NULL: STANDARD. "STANDARD_IA", "GLACIER_IR" and so on. */
    const char *acl;           /**< NULL: private. "public-read" and so on. */
    enum hw_encryption encryption;
    const char *kms_key_id; /**< NULL: the service's own. Needs HW_ENCRYPTION_KMS or _KMS_DSSE. */
    bool bucket_key;        /**< The bucket has a key of its own below that of KMS. */
    /**
     * The kind of checksum that is sent along and that the service keeps. HW_CHECKSUM_NONE:
     * CRC64NVME. HW_CHECKSUM_MD5: Content-MD5, which is compared but not kept.
     */
    enum hw_checksum_kind checksum;
};

#ifdef __cplusplus
}
#endif

#endif
