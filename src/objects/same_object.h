/* SPDX-License-Identifier: Apache-2.0 */
/* Tells whether two names mean one object, which cannot be copied or moved onto itself. */
#ifndef HW_OBJECTS_SAME_OBJECT_H
#define HW_OBJECTS_SAME_OBJECT_H

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

#endif
