/* SPDX-License-Identifier: Apache-2.0 */
/* Small columns of every shape, by hand: with nulls, an offset, and what nobody should look at. */
#ifndef HW_TESTS_SHAPED_COLUMNS_H
#define HW_TESTS_SHAPED_COLUMNS_H

#include "table/batch.h"

struct shaped_column {
    const char *name;
    struct hw_field field;
    struct hw_column column;
    const char *text; /* of all slots, as slots_text has it */
    uint64_t bytes;   /* of all slots, as hw_column_bytes counts */
};

enum { SHAPED_COLUMNS = 14 };

extern const struct shaped_column shaped_columns[SHAPED_COLUMNS];

#endif
