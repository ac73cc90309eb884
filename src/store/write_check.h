/* SPDX-License-Identifier: Apache-2.0 */
/* Refuses, before anything is written, options that a store cannot keep. */
#ifndef HW_STORE_WRITE_CHECK_H
#define HW_STORE_WRITE_CHECK_H

#include <hawser/store.h>

#include "core/error.h"

/*
 * Checks options for a store that keeps nothing but bytes; `what` names its object: "a local file".
 * HW_EUSAGE names the first option that would be lost. The content type and the kind of checksum
 * are allowed. `options` may be NULL.
 */
HW_NODISCARD enum hw_status hw_write_check_local(const struct hw_write_options *options, const char *what,
                                                 struct hw_error *err);

#endif
