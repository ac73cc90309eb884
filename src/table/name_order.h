/* SPDX-License-Identifier: Apache-2.0 */
/* Names in the order of their bytes, by which equal ones are found among many. */
#ifndef HW_TABLE_NAME_ORDER_H
#define HW_TABLE_NAME_ORDER_H

#include <stddef.h>

/* A name, and the number of what it belongs to. */
struct hw_numbered_name {
    const char *name; /* borrowed */
    size_t number;
};

/* Sorts names by their bytes, and equal ones by their numbers. */
void hw_names_sort(struct hw_numbered_name *names, size_t count);

/* Returns the place of the first name that is the same as the one before it; 0 where none is. */
size_t hw_names_twin(const struct hw_numbered_name *sorted, size_t count);

#endif
