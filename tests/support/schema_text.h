/* SPDX-License-Identifier: Apache-2.0 */
/* A schema as text, for tests to compare: "a:int64! b:struct{c:text [key=value]}"; ! says that it is never null. */
#ifndef HW_TESTS_SCHEMA_TEXT_H
#define HW_TESTS_SCHEMA_TEXT_H

#include <hawser/table.h>

#include "core/buf.h"

/* Replaces what `out` holds, and ends it with NUL. Returns its text. */
const char *schema_text(const struct hw_schema *schema, struct hw_buf *out);

#endif
