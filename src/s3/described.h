/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The description that a copy gets: that of its source, content type, metadata, tags and their
 * like, but for what the caller has said of all copies.
 */
#ifndef HW_S3_DESCRIBED_H
#define HW_S3_DESCRIBED_H

#include <hawser/s3.h>

#include "s3/object.h"

/* Start it zeroed. It owns what `options` points to, but for what the caller has given. */
struct hw_described {
    struct hw_s3_description source;
    struct hw_buf tagging;
    struct hw_write_options options;
};

/*
 * Asks for the description of an object, or of one version of it unless `version_id` is NULL, and
 * for its tags if it has any. `given` has what the copies shall have instead, or is NULL.
 */
HW_NODISCARD enum hw_status hw_described_load(struct hw_described *described, struct hw_s3_client *client,
                                              const char *key, const char *version_id,
                                              const struct hw_write_options *given, struct hw_error *err);
void hw_described_release(struct hw_described *described);

/* Returns whether the options say anything that a service would else take from the source. */
bool hw_described_replaces(const struct hw_write_options *given);

#endif
