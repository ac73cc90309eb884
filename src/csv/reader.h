/* SPDX-License-Identifier: Apache-2.0 */
/* The table reader of CSV: one table of one text, or of many that are merged. */
#ifndef HW_CSV_READER_H
#define HW_CSV_READER_H

#include "csv/table.h"
#include "table/reader.h"

/*
 * Makes a reader of `count` objects, which are borrowed. `inputs` and `table` say what is read from
 * them, and how; both are copied.
 */
HW_NODISCARD enum hw_status hw_csv_reader_new(struct hw_csv_object *objects, size_t count,
                                              const struct hw_csv_inputs_options *inputs,
                                              const struct hw_csv_table_options *table,
                                              struct hw_table_reader **out_reader, struct hw_error *err);

#endif
