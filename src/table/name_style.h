/* SPDX-License-Identifier: Apache-2.0 */
/* Names of columns in another style, and names that other programs do not take. */
#ifndef HW_TABLE_NAME_STYLE_H
#define HW_TABLE_NAME_STYLE_H

#include <hawser/columns.h>
#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"
#include "table/notes.h"

/*
 * Returns the name in a style, in `arena` or as it is; NULL where there is no memory. A name of
 * which nothing is left, "%" in HW_NAMES_SNAKE, is "". The letters that have small ones are those
 * of Latin (to U+017E), Greek and Cyrillic; all others are taken as they are.
 */
HW_NODISCARD const char *hw_name_styled(enum hw_names_style style, const char *name, struct hw_arena *arena);

/*
 * Adds a note where Athena, Hive or Spark would not take the names of a table: two that differ in
 * the size of letters alone, one with a control character, one with a blank at an end.
 */
HW_NODISCARD enum hw_status hw_names_note(const struct hw_schema *schema, struct hw_notes *notes,
                                          struct hw_arena *arena, struct hw_error *err);

#endif
