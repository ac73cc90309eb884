/* SPDX-License-Identifier: Apache-2.0 */
/* Tells whether two names mean one object, which cannot be copied or moved onto itself. */
#ifndef HW_OBJECTS_SAME_OBJECT_H
#define HW_OBJECTS_SAME_OBJECT_H

#include "core/buf.h"
#include "store/store.h"

/*
 * Returns whether a key means the same object in both stores. A service that is reached at two
 * addresses is taken for two.
 */
bool hw_same_store(struct hw_store *one, struct hw_store *other);

/*
 * Returns whether what one name means is what the other one does. Local files are the same whatever
 * links lead to them, and so are two names of one file. Objects of S3 are the same if service,
 * bucket and key are. Sends no request.
 */
bool hw_same_object(struct hw_store *one_store, const char *one_key, struct hw_store *other_store,
                    const char *other_key);

/* A folder or prefix of a store. The key is "" or ends in '/'. */
struct hw_folder {
    struct hw_store *store;
    const char *key;
};

/*
 * Tells whether a folder lies below another one, or is that, and sets the buffer to the name that
 * it has there, ended with NUL: "" or one that ends in '/'. Links are followed, and what is not
 * there yet may lie below all the same. Sends no request.
 */
HW_NODISCARD enum hw_status hw_folder_below(const struct hw_folder *outer, const struct hw_folder *inner,
                                            struct hw_buf *out_name, bool *out_below, struct hw_error *err);

#endif
