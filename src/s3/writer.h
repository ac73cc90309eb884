/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one object: one PUT where it fits in a part, a multipart upload otherwise, with parts on
 * their way while the next one fills. Holds at most parts_held parts in memory, and only as much of
 * the first as was written. One thread at a time.
 */
#ifndef HW_S3_WRITER_H
#define HW_S3_WRITER_H

#include "s3/client.h"

enum { HW_S3_WRITER_PARTS = 5 }; /* in memory at once, at most */

struct hw_s3_writer;

struct hw_s3_writer_options {
    const char *key;
    const char *content_type; /* NULL: application/octet-stream */
    uint64_t part_bytes;      /* at least; 5 MiB where it is less */
    /* in memory at once; 1: none is filled while one is sent; 0: HW_S3_WRITER_PARTS, the most */
    unsigned parts_held;
    uint64_t size_hint; /* bytes that may come at most; 0: not known */
    bool create_only;
    /* ETag with its quotes; HW_ECHANGED where the object there has another. NULL: not asked */
    const char *if_match;
    /* settle sends everything: nothing stays in memory until the object is published */
    bool one_of_many;
};

/* Nothing is sent yet. Texts are copied. */
HW_NODISCARD enum hw_status hw_s3_writer_open(struct hw_s3_client *client, const struct hw_s3_writer_options *options,
                                              struct hw_s3_writer **out_writer, struct hw_error *err);
/* After a failure only hw_s3_writer_free may be called. */
HW_NODISCARD enum hw_status hw_s3_writer_write(struct hw_s3_writer *writer, const void *data, size_t bytes,
                                               struct hw_error *err);
/*
 * Sends the rest of an upload in parts and waits for all of them. An object of one PUT stays here
 * until it is published, unless it is one of many: then it goes as an upload of one part.
 */
HW_NODISCARD enum hw_status hw_s3_writer_settle(struct hw_s3_writer *writer, struct hw_error *err);
/* Publishes the object, settled before or not; `out_etag` as the service gave it. */
HW_NODISCARD enum hw_status hw_s3_writer_finish(struct hw_s3_writer *writer, char out_etag[HW_S3_ETAG_BYTES],
                                                struct hw_error *err);
/*
 * Without hw_s3_writer_finish nothing stays: parts under way end first, then the upload is aborted.
 * Accepts NULL.
 */
void hw_s3_writer_free(struct hw_s3_writer *writer);

#endif
