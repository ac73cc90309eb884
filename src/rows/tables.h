/* SPDX-License-Identifier: Apache-2.0 */
/* Files that have schemas of their own as sets of tables: each set has one. */
#ifndef HW_ROWS_TABLES_H
#define HW_ROWS_TABLES_H

#include "rows/table.h"

/* Makes the set of the one table in the objects. Everything is borrowed. */
HW_NODISCARD enum hw_status hw_rows_tables_new(const struct hw_table_objects *objects,
                                               const struct hw_rows_options *options, struct hw_table_set **out_set,
                                               struct hw_error *err);

#endif
