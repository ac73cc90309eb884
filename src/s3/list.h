/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings: every key under a prefix, page by page; the next page is on its way while one is handed
 * out.
 */
#ifndef HW_S3_LIST_H
#define HW_S3_LIST_H

#include "s3/client.h"

struct hw_s3_entry {
    const char *key; /* decoded; texts are borrowed for the call */
    uint64_t size;
    int64_t mtime_us; /* 0: not known */
    const char *etag; /* as the service gave it; "" when there is none */
};
/* A status other than HW_OK ends the listing and is returned. */
typedef enum hw_status hw_s3_entry_fn(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err);

/*
 * Calls `each` for every key that begins with `prefix`, in byte order. HW_EPROTOCOL where a key
 * begins with anything else, where keys repeat or go backwards, or pages end without an end: a
 * listing is whole or it fails.
 */
HW_NODISCARD enum hw_status hw_s3_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                                       struct hw_error *err);

#endif
