/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of a program's stream, which is checked before it is believed. */
#ifndef HW_STREAM_SCHEMA_H
#define HW_STREAM_SCHEMA_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"

/*
 * Checks that kinds, their parameters and their children are what hawser/table.h says, that names
 * are UTF-8, and that no two columns have the same one; HW_EDATA where they are not, HW_ELIMIT
 * beyond what core/limits.h allows.
 */
HW_NODISCARD enum hw_status hw_stream_schema_check(const struct hw_schema *schema, struct hw_error *err);

/*
 * Copies a schema that was checked into `arena`, and puts in the place of each dictionary the type
 * of its values: that is how hw_column_buffer keeps them, and how files have them.
 */
HW_NODISCARD enum hw_status hw_stream_schema_plain(const struct hw_schema *schema, struct hw_arena *arena,
                                                   struct hw_schema *out_schema, struct hw_error *err);

#endif
