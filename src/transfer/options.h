/* SPDX-License-Identifier: Apache-2.0 */
/* Takes over the options of a call, whichever version of the headers its program was made with. */
#ifndef HW_TRANSFER_OPTIONS_H
#define HW_TRANSFER_OPTIONS_H

#include <hawser/transfer.h>

#include "core/error.h"
#include "objects/filter.h"

/*
 * Copies what a program has given; NULL stands for {0}. HW_EUSAGE where something is set that this
 * version does not know; `out` is untouched then.
 */
HW_NODISCARD enum hw_status hw_transfer_options_take(const struct hw_transfer_options *given,
                                                     struct hw_transfer_options *out, struct hw_error *err);
/* Does the same for the options of hw_sync. */
HW_NODISCARD enum hw_status hw_sync_options_take(const struct hw_sync_options *given, struct hw_sync_options *out,
                                                 struct hw_error *err);
/* Returns the filter that options describe. Texts are borrowed. */
struct hw_filter hw_transfer_options_filter(const struct hw_transfer_options *options);

#endif
