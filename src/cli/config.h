/* SPDX-License-Identifier: Apache-2.0 */
/* The config file: one JSON object whose keys are long option names. */
#ifndef HW_CLI_CONFIG_H
#define HW_CLI_CONFIG_H

#include "cli/option.h"

/*
 * Sets the options that the file at `path` names, as the layer HW_LAYER_CONFIG. Values are texts as on the command
 * line, whole numbers, true or false, and arrays of them for options that take several values (each item then counts
 * as it is, commas and all). HW_ECONFIG names the file, the key and, for an unknown one, the nearest that is known.
 */
HW_NODISCARD enum hw_status hw_config_fill(struct hw_option_filler *filler, const char *path, struct hw_error *err);

#endif
