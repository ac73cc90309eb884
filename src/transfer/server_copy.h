/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies one object from bucket to bucket of one service, which does that itself: with one request,
 * or a large one in parts that are copied side by side. The copy keeps content type, metadata and
 * tags of the source. Every request names the version that is copied.
 */
#ifndef HW_TRANSFER_SERVER_COPY_H
#define HW_TRANSFER_SERVER_COPY_H

#include "s3/client.h"
#include "transfer/run.h"

/* An object and where it goes. Start it with all but the results filled in. All is borrowed. */
struct hw_server_copy {
    struct hw_transfer_run *run;
    struct hw_s3_client *source;
    const char *source_key;
    /* NULL: the newest version. */
    const char *source_version;
    /* The facts that a listing has told; NULL: none. */
    const struct hw_object_info *known;
    struct hw_s3_client *target;
    const char *target_key;
    /* The description of the copy as far as it is not that of the source; NULL: it is. */
    const struct hw_write_options *write;
    bool create_only;
    /* The version in `known` is copied, or none: HW_ECHANGED where there is another one. */
    bool as_planned;

    /* The results: the size and version of the source. */
    uint64_t size;
    char etag[HW_ETAG_BYTES];
    enum hw_checksum_kind proved_by;
};

/*
 * Copies the object. After a failure there is at the target what was there before, but after
 * HW_ECHECKSUM there may be what the service has made.
 */
HW_NODISCARD enum hw_status hw_server_copy_run(struct hw_server_copy *copy, struct hw_error *err);

/* Returns the number of requests that copy an object of so many bytes, if none is sent again. */
uint64_t hw_server_copy_requests(uint64_t bytes);

/*
 * Returns whether one set of credentials reaches both sides of a run, so that a service can copy
 * between their buckets by itself.
 */
bool hw_server_copy_possible(const struct hw_store_options *source, const struct hw_store_options *target);

#endif
