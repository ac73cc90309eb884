/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that an object keeps when a new one takes its place: the permissions of a file; in a
 * bucket content type, metadata, tags, storage class and encryption.
 */
#ifndef HW_PIPELINE_OPTIMIZE_KEPT_H
#define HW_PIPELINE_OPTIMIZE_KEPT_H

#include "s3/described.h"

/* Start it zeroed. The options of a sink borrow from it. */
struct hw_optimize_kept {
    struct hw_described described;
    struct hw_file_facts facts;
};

/*
 * Finds it out for an object that is there, and puts it into the options of the sink, whose `write`
 * says what is to be instead. In a bucket that takes a request, and one more where there are tags.
 */
HW_NODISCARD enum hw_status hw_optimize_kept_load(struct hw_optimize_kept *kept, struct hw_store *store,
                                                  const char *key, struct hw_sink_options *sink, struct hw_error *err);
void hw_optimize_kept_release(struct hw_optimize_kept *kept);

#endif
