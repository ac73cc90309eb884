/* SPDX-License-Identifier: Apache-2.0 */
/* One object that a path names, open to be read, with its store. */
#ifndef HW_PIPELINE_OPENED_OBJECT_H
#define HW_PIPELINE_OPENED_OBJECT_H

#include "store/location.h"
#include "store/store.h"

/* Start it zeroed. The key stays as long as the source: a program's own store may refer to it. */
struct hw_opened_object {
    struct hw_location location;
    struct hw_store *store;
    struct hw_source *source;
};

/*
 * Opens an object that ought to be there. Its last `end_bytes` bytes are those that are wanted
 * first (store/source_end.h); 0: nobody knows which are. The release is due on failure too.
 */
HW_NODISCARD enum hw_status hw_opened_object_open(struct hw_opened_object *object, const char *path,
                                                  const struct hw_store_options *options, size_t end_bytes,
                                                  struct hw_error *err);
/* Closes it; another one may be opened. */
void hw_opened_object_release(struct hw_opened_object *object);

#endif
