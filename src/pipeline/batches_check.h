/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what hw_convert_batches is asked for, before anything is done. */
#ifndef HW_PIPELINE_BATCHES_CHECK_H
#define HW_PIPELINE_BATCHES_CHECK_H

#include <hawser/convert.h>

#include "core/error.h"

/*
 * HW_EUSAGE, naming it, where an option is set that only sources have that are read as bytes:
 * nothing that is asked for is left undone in silence.
 */
HW_NODISCARD enum hw_status hw_batches_check_options(const struct hw_convert_options *options, struct hw_error *err);

/*
 * HW_EUSAGE where `name` cannot be that of a file: empty, too long with what files get behind it,
 * not UTF-8, "." or "..", or with a '/', a '\\' or a control character in it.
 */
HW_NODISCARD enum hw_status hw_batches_check_name(const char *name, struct hw_error *err);

#endif
