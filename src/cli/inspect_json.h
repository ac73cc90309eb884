/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the facts that a file tells of itself as JSON; what it does not tell is left out. */
#ifndef HW_CLI_INSPECT_JSON_H
#define HW_CLI_INSPECT_JSON_H

#include <hawser/inspect.h>

#include "cli/inspect_show.h"
#include "core/json_write.h"

/* Writes members of an object that has been begun. `show` has bits of enum hw_inspect_show. */
void hw_inspect_json(struct hw_json_writer *json, const struct hw_inspected *file, unsigned show);

#endif
