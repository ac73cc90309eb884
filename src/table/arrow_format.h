/* SPDX-License-Identifier: Apache-2.0 */
/* Format strings of the Arrow C Data Interface ("Data type description -- format strings"). */
#ifndef HW_TABLE_ARROW_FORMAT_H
#define HW_TABLE_ARROW_FORMAT_H

#include "core/arena.h"
#include "core/error.h"
#include "table/batch.h"

/*
 * Returns the format string of a type, which lives in `arena`; for a dictionary that of its
 * indices. Returns NULL when out of memory.
 */
HW_NODISCARD char *hw_arrow_format_write(struct hw_type type, struct hw_arena *arena);

/*
 * Reads a format string from outside that ends with a NUL. A zone in it is copied into `arena`.
 * Never gives UUID or DICTIONARY, which a format alone does not tell. Fails with HW_EUNSUPPORTED
 * where the library does not have the type, and with HW_EDATA where the string is no format.
 */
HW_NODISCARD enum hw_status hw_arrow_format_read(const char *format, struct hw_arena *arena, struct hw_type *out_type,
                                                 struct hw_error *err);

/* Returns the number of buffers that an array of the kind has. */
unsigned hw_arrow_buffers(enum hw_kind kind);

#endif
