/* SPDX-License-Identifier: Apache-2.0 */
/* The path of a call of hawser/objects.h, with the options of the call and the path's store. */
#ifndef HW_OBJECTS_PLACE_H
#define HW_OBJECTS_PLACE_H

#include <hawser/objects.h>

#include "core/buf.h"
#include "objects/expand.h"
#include "s3/client.h"

/* Start it zeroed. It must not move while it is open. */
struct hw_objects_place {
    struct hw_objects_options options;
    struct hw_store_set set;
    struct hw_expand expand;
};

/*
 * Takes over the options of a call, whichever version of the header its program was made with; NULL
 * stands for {0}. HW_EUSAGE means that something is set that this version does not know.
 */
HW_NODISCARD enum hw_status hw_objects_options_take(const struct hw_objects_options *given,
                                                    struct hw_objects_options *out, struct hw_error *err);
/* Takes over the options, looks at the path and opens its store. Released on failure too. */
HW_NODISCARD enum hw_status hw_objects_place_open(struct hw_objects_place *place, const char *path,
                                                  const struct hw_objects_options *options, struct hw_error *err);
void hw_objects_place_release(struct hw_objects_place *place);

/* Returns the client of the bucket; HW_EUSAGE means that the path is that of another store. */
HW_NODISCARD enum hw_status hw_objects_place_client(const struct hw_objects_place *place,
                                                    struct hw_s3_client **out_client, struct hw_error *err);
/*
 * HW_EUSAGE where the options name a version, and the path names anything but one object of S3.
 */
HW_NODISCARD enum hw_status hw_objects_place_version(const struct hw_objects_place *place, struct hw_error *err);
/* Returns whether all of a bucket or store is named. */
bool hw_objects_place_whole(const struct hw_objects_place *place);
/* Sets the buffer to the path of a key, ended with NUL, and returns it. */
HW_NODISCARD enum hw_status hw_objects_place_path(const struct hw_objects_place *place, const char *key,
                                                  struct hw_buf *out_path, struct hw_error *err);

#endif
