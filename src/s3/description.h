/* SPDX-License-Identifier: Apache-2.0 */
/* All that HEAD tells of an object. */
#ifndef HW_S3_DESCRIPTION_H
#define HW_S3_DESCRIPTION_H

#include <hawser/s3.h>

#include "core/arena.h"
#include "s3/client.h"
#include "s3/facts.h"

/* Start it zeroed. It owns its texts, which are NULL where the service tells nothing. */
struct hw_s3_description {
    struct hw_s3_object object;
    const char *content_type;
    const char *content_encoding;
    const char *cache_control;
    const char *storage_class;
    const char *version_id;
    const char *encryption;
    struct hw_metadata *metadata;
    size_t metadata_count;
    struct hw_arena texts;
};
void hw_s3_description_release(struct hw_s3_description *description);
HW_NODISCARD enum hw_status hw_s3_object_describe(struct hw_s3_client *client, const char *key, const char *version_id,
                                                  struct hw_s3_description *out_description, struct hw_error *err);

#endif
