/* SPDX-License-Identifier: Apache-2.0 */
#include "table/name_order.h"

#include <stdlib.h>
#include <string.h>

static int numbered_compare(const void *a, const void *b) {
    const struct hw_numbered_name *first = a;
    const struct hw_numbered_name *second = b;
    const int order = strcmp(first->name, second->name);
    return order != 0 ? order : (first->number > second->number) - (first->number < second->number);
}

void hw_names_sort(struct hw_numbered_name *names, size_t count) {
    if (count > 0) {
        qsort(names, count, sizeof(*names), numbered_compare);
    }
}

size_t hw_names_twin(const struct hw_numbered_name *sorted, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1].name, sorted[i].name) == 0) {
            return i;
        }
    }
    return 0;
}
