/* SPDX-License-Identifier: Apache-2.0 */
/* What a file says of itself, as one line of JSON. Facts that it does not tell are left out. */
#ifndef HW_CLI_INSPECT_JSON_H
#define HW_CLI_INSPECT_JSON_H

#include <hawser/inspect.h>

#include "cli/inspect_show.h"
#include "core/json_write.h"

/* Writes the members of the object, which has been begun. `show` has bits of enum hw_inspect_show. */
void hw_inspect_json(struct hw_json_writer *json, const struct hw_inspected *file, unsigned show);

#endif
