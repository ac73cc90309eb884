/* SPDX-License-Identifier: Apache-2.0 */
/* The store of `s3://`. */
#ifndef HW_STORE_STORE_S3_H
#define HW_STORE_STORE_S3_H

#include "s3/client.h"
#include "s3/part_upload.h"
#include "store/store.h"

/*
 * Opens a bucket as a store. Nothing is asked of the service yet. A source believes a reply that
 * differs from what a listing has told of the object only where HEAD says the same. HW_ECONFIG for
 * settings that cannot be.
 */
HW_NODISCARD enum hw_status hw_store_s3_open(const char *bucket, const struct hw_store_options *options,
                                             struct hw_store **out_store, struct hw_error *err);

/*
 * Returns the client of a bucket's store, for operations that other stores do not have. It belongs
 * to the store. Returns NULL if the store is another one.
 */
struct hw_s3_client *hw_store_s3_client(struct hw_store *store);
/*
 * Opens one version of an object of such a store; NULL means the newest. HW_ENOTFOUND means that
 * there is none.
 */
HW_NODISCARD enum hw_status hw_store_s3_source_open(struct hw_store *store, const char *key, const char *version_id,
                                                    struct hw_source **out_source, struct hw_error *err);
/*
 * Opens the newest version of such an object by its last `bytes` bytes, which come with the request
 * that opens it, and then need none. `known` is what a listing or `stat` has told of it, or NULL.
 */
HW_NODISCARD enum hw_status hw_store_s3_source_open_end(struct hw_store *store, const char *key,
                                                        const struct hw_object_info *known, size_t bytes,
                                                        struct hw_source **out_source, struct hw_error *err);
/*
 * Tells a sink of such a store of the version that is there, whose parts the service may copy where
 * they are as those of the object that is then written in parts. `older` is borrowed for as long as
 * the sink.
 */
void hw_store_s3_sink_older(struct hw_sink *sink, const struct hw_s3_older *older);
/* Tells how the parts of an object have come to the service. None may be under way. */
void hw_store_s3_sink_shares(const struct hw_sink *sink, struct hw_s3_part_shares *out_shares);
/* Returns the size of parts that the store was opened with, in bytes. */
uint64_t hw_store_s3_part_bytes(const struct hw_store *store);

#endif
