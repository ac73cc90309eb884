/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of a listing. */
#ifndef HW_S3_LIST_PAGE_H
#define HW_S3_LIST_PAGE_H

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

#endif
