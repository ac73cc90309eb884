/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds many keys of a bucket in its listing. Where they lie side by side, one request tells of a
 * thousand of them.
 */
#ifndef HW_S3_KEYS_FIND_H
#define HW_S3_KEYS_FIND_H

#include "s3/client.h"

/* A key that is looked for. Start it with the first two filled in and the rest zeroed. */
struct hw_s3_sought {
    const char *key;
    /* Any number of the caller's. */
    size_t number;
    /* The listing has told of the key, and of the size of its object. */
    bool found;
    uint64_t size;
};

/*
 * Looks for keys, which are sorted first. It gives up where too few of them come, and does not look
 * in a directory bucket, which lists its keys in no order: a key that was not found may be there
 * all the same. On failure, those that were found are.
 */
HW_NODISCARD enum hw_status hw_s3_keys_find(struct hw_s3_client *client, struct hw_s3_sought *sought, size_t count,
                                            struct hw_error *err);

#endif
