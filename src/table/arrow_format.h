/* SPDX-License-Identifier: Apache-2.0 */
/* Format strings of the Arrow C Data Interface ("Data type description -- format strings"). */
#ifndef HW_TABLE_ARROW_FORMAT_H
#define HW_TABLE_ARROW_FORMAT_H

#include "core/arena.h"
#include "core/error.h"
#include "table/batch.h"

/*
 * Writes the type's format string, of a dictionary that of its indices, into `arena`. NULL when out
 * of memory.
 */
HW_NODISCARD char *hw_arrow_format_write(struct hw_type type, struct hw_arena *arena);

/*
 * Reads one, from outside, ended with NUL; a zone goes into `arena`. HW_EUNSUPPORTED for what the
 * library has not, HW_EDATA for what is no format. UUID is never found, nor DICTIONARY: a format
 * alone does not tell them.
 */
HW_NODISCARD enum hw_status hw_arrow_format_read(const char *format, struct hw_arena *arena, struct hw_type *out_type,
                                                 struct hw_error *err);

/* Buffers that an array of the kind has. */
unsigned hw_arrow_buffers(enum hw_kind kind);

#endif
