/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moves one object through this process: from any store to any store, in parts that are read,
 * summed and written by as many threads as have time. A small object takes one request on each
 * side. The object is published only if its bytes are those that the source's store tells by its
 * checksum. An object that is replaced by another version meanwhile is begun anew.
 */
#ifndef HW_TRANSFER_STREAM_H
#define HW_TRANSFER_STREAM_H

#include "transfer/publisher.h"
#include "transfer/run.h"

/* An object and where it goes. Start it with all but the results filled in. All is borrowed. */
struct hw_stream {
    struct hw_transfer_run *run;
    struct hw_store *source_store;
    const char *source_key;
    /* A version of an object of S3; NULL: the newest. */
    const char *source_version;
    /* The facts that a listing has told; NULL: none. */
    const struct hw_object_info *known;
    /* The version in `known` is moved, or none: HW_ECHANGED where there is another one. */
    bool as_planned;
    struct hw_store *target_store;
    const char *target_key;
    struct hw_sink_options sink;
    /* Small local files wait there for their names; NULL: none does. */
    struct hw_publisher *publisher;

    /*
     * A sink that is settled, and is the caller's to add to the publisher; NULL: the object is
     * published.
     */
    struct hw_sink *settled;
    /* The results. The size is that of the version that was moved. */
    uint64_t size;
    int64_t mtime_us;
    char etag[HW_ETAG_BYTES];
    enum hw_checksum_kind proved_by;
    /*
     * True if there was an older version at the target whose parts could be copied; then the bytes
     * that were sent, and those that the service has copied.
     */
    bool delta;
    uint64_t bytes_sent;
    uint64_t bytes_copied;
};

/* Moves the object. After a failure there is at the target what was there before. */
HW_NODISCARD enum hw_status hw_stream_run(struct hw_stream *stream, struct hw_error *err);

#endif
