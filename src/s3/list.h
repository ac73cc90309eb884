/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists every key under a prefix, page by page. The next page is under way while one is handed out.
 */
#ifndef HW_S3_LIST_H
#define HW_S3_LIST_H

#include "s3/client.h"

/* An object of a listing. Its texts are there for the call of hw_s3_entry_fn only. */
struct hw_s3_entry {
    /* The key, with its percent-encoding undone. */
    const char *key;
    uint64_t size;
    /* Microseconds since 1970; 0 if the service does not tell. */
    int64_t mtime_us;
    /* The ETag as the service gave it; "" if there is none. */
    const char *etag;
};

/* Takes an entry. A status other than HW_OK ends the listing, which returns it. */
typedef enum hw_status hw_s3_entry_fn(void *ctx, const struct hw_s3_entry *entry, struct hw_error *err);

/*
 * Calls `each` for every key that begins with `prefix`, in the order of their bytes. A listing is
 * whole or it fails: HW_EPROTOCOL means that a key begins with anything else, that keys repeat or
 * go backwards, or that the pages do not come to an end.
 */
HW_NODISCARD enum hw_status hw_s3_list(struct hw_s3_client *client, const char *prefix, hw_s3_entry_fn *each, void *ctx,
                                       struct hw_error *err);

#endif
