/* SPDX-License-Identifier: Apache-2.0 */
/* A table reader of files that have schemas of their own, whatever their format. */
#ifndef HW_ROWS_READER_H
#define HW_ROWS_READER_H

#include "rows/table.h"

/* Makes a reader of the objects' table. Everything is borrowed. */
HW_NODISCARD enum hw_status hw_rows_reader_new(const struct hw_table_objects *objects,
                                               const struct hw_rows_options *options,
                                               struct hw_table_reader **out_reader, struct hw_error *err);

#endif
