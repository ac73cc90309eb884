/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the facts that a file tells of itself as tables for people. */
#ifndef HW_CLI_INSPECT_TEXT_H
#define HW_CLI_INSPECT_TEXT_H

#include <hawser/inspect.h>

#include "cli/inspect_show.h"
#include "core/buf.h"

/*
 * Appends the tables that `show` asks for, bits of enum hw_inspect_show. They are `width`
 * characters wide at most; 0: as wide as they are.
 */
HW_NODISCARD enum hw_status hw_inspect_text(const struct hw_inspected *file, unsigned show, size_t width,
                                            struct hw_buf *out, struct hw_error *err);

#endif
