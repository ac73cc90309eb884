/* SPDX-License-Identifier: Apache-2.0 */
/* Opens objects that are read from their end, as formats are whose footer tells the rest. */
#ifndef HW_STORE_SOURCE_END_H
#define HW_STORE_SOURCE_END_H

#include "store/store.h"

/*
 * Opens a source that ought to be there, whose last `bytes` bytes are wanted first. On S3 they come
 * with the one request that opens it; where a service does not have ranges from the end, and in
 * other stores, it is opened as any other. `known` is what a listing has told of it, or NULL. The
 * errors are those of hw_store_source_needed.
 */
HW_NODISCARD enum hw_status hw_source_end_open(struct hw_store *store, const char *key,
                                               const struct hw_object_info *known, size_t bytes,
                                               struct hw_source **out_source, struct hw_error *err);

#endif
