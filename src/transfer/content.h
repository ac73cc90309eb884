/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds out whether two objects of one size have the same bytes: by the checksums that their stores
 * keep, which are compared with each other, or with what is read of a local file.
 */
#ifndef HW_TRANSFER_CONTENT_H
#define HW_TRANSFER_CONTENT_H

#include "transfer/run.h"

struct hw_content_place {
    struct hw_store *store;
    const char *key;
};

/*
 * Tells whether both objects have the same bytes. `*out_same` is false if the stores do not tell
 * enough, or if there is no target any more. Objects that are not of S3 are read as a whole;
 * HW_ECANCELLED means that the run was stopped meanwhile.
 */
HW_NODISCARD enum hw_status hw_content_same(struct hw_transfer_run *run, const struct hw_content_place *source,
                                            const struct hw_content_place *target, bool *out_same,
                                            struct hw_error *err);

#endif
