/* SPDX-License-Identifier: Apache-2.0 */
/* Options that say how a run's outputs are kept, and the files that stand beside them. */
#ifndef HW_PIPELINE_KEPT_OPTIONS_H
#define HW_PIPELINE_KEPT_OPTIONS_H

#include <hawser/store.h>

#include "core/error.h"

struct hw_kept_options {
    struct hw_write_options outputs;
    /*
     * Manifest, journals and rejects: they have the storage class, the ACL, the encryption and the
     * kind of checksum of the outputs, but describe themselves.
     */
    struct hw_write_options beside;
};

/*
 * Takes the options of a call over, which may be NULL; the texts are borrowed. HW_EUSAGE where the
 * store of the outputs cannot keep one of them, or where one is wrong: so it is found before
 * anything is written.
 */
HW_NODISCARD enum hw_status hw_kept_options_take(const struct hw_write_options *given, struct hw_store *target,
                                                 struct hw_kept_options *out_kept, struct hw_error *err);

#endif
