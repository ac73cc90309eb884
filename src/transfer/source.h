/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source of a transfer: one version of an object, of which parts are read by several threads
 * straight into their buffers. Opening it brings the first part, so that a small object takes one
 * request.
 */
#ifndef HW_TRANSFER_SOURCE_H
#define HW_TRANSFER_SOURCE_H

#include "s3/object.h"
#include "store/store.h"
#include "transfer/hedge.h"

struct hw_transfer_source {
    uint64_t size;
    /* Microseconds since 1970; 0 if it is not known. */
    int64_t mtime_us;
    /* The version as its store names it; "" if it does not. */
    const char *etag;
    /* True if parts can only be read one after the other. */
    bool in_order;
    /* The checksum of the whole object that it was compared with already; else none. */
    struct hw_checksum proved;

    /* The id of the version to be read, borrowed, for an object of S3; NULL: the newest. */
    const char *version_id;

    /* One of S3: its client, the key, borrowed, and its version. */
    struct hw_s3_client *client;
    const char *key;
    struct hw_s3_object object;
    /* One of another store. */
    struct hw_source *source;
};

/*
 * Opens an object, with all of `source` zeroed but the id of the version, and reads its first part:
 * as many bytes as `first` has room for, or all. `out_bytes` is their number. `known` is what a
 * listing has told; NULL: nothing. HW_ENOTFOUND where there is none. `key` is borrowed until the
 * source is released.
 */
HW_NODISCARD enum hw_status hw_transfer_source_open(struct hw_transfer_source *source, struct hw_store *store,
                                                    const char *key, const struct hw_object_info *known,
                                                    const struct hw_buffer *first, size_t *out_bytes,
                                                    struct hw_error *err);
/* The memory and the measure that reads of all sources of a run share. */
struct hw_transfer_reads {
    struct hw_buffers *buffers;
    struct hw_hedge *hedge;
};
/*
 * Fills a buffer, which may be another one afterwards (transfer/hedge.h). HW_ECHANGED where the
 * object was replaced by another version.
 */
HW_NODISCARD enum hw_status hw_transfer_source_read(struct hw_transfer_source *source,
                                                    const struct hw_transfer_reads *reads, uint64_t offset,
                                                    struct hw_buffer *buffer, struct hw_error *err);
/*
 * Compares an object that came whole with the first part, unless that was done when it came. All
 * that is known may be an ETag that is an MD5. HW_ECHECKSUM where it differs.
 */
HW_NODISCARD enum hw_status hw_transfer_source_prove(struct hw_transfer_source *source, const void *data, size_t bytes,
                                                     struct hw_error *err);
/*
 * Tells the checksum of the whole object that its store keeps, or the MD5 that its ETag is, or that
 * there is none. It may take a request.
 */
HW_NODISCARD enum hw_status hw_transfer_source_checksum(struct hw_transfer_source *source,
                                                        struct hw_checksum *out_checksum, struct hw_error *err);
void hw_transfer_source_release(struct hw_transfer_source *source);

#endif
