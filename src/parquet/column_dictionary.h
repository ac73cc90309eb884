/* SPDX-License-Identifier: Apache-2.0 */
/* The dictionary of a column chunk: its values, converted and checked once for all their uses. */
#ifndef HW_PARQUET_COLUMN_DICTIONARY_H
#define HW_PARQUET_COLUMN_DICTIONARY_H

#include "parquet/page_reader.h"
#include "parquet/value_reader.h"

/* Start it zeroed. Release it. */
struct hw_column_dictionary {
    struct hw_dictionary_values values;
    struct hw_buf data;
    struct hw_buf offsets;
};

void hw_column_dictionary_release(struct hw_column_dictionary *dictionary);
/* Returns the bytes of memory that it holds. */
size_t hw_column_dictionary_held(const struct hw_column_dictionary *dictionary);
/*
 * Reads a dictionary page; `reader` decodes it, and has no page afterwards. HW_EDATA for a page
 * that is none for this column, and the dictionary is as it was.
 */
HW_NODISCARD enum hw_status hw_column_dictionary_load(struct hw_column_dictionary *dictionary,
                                                      const struct hw_page *page, struct hw_value_reader *reader,
                                                      struct hw_error *err);

#endif
