/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of columns, written down: {PATH(FIELD("l"), ELEMENT), RETYPED(FLOAT_TYPE)}. */
#ifndef HW_TESTS_CHANGE_MAKE_H
#define HW_TESTS_CHANGE_MAKE_H

#include "optimize/column_change.h"

#define FIELD(text) \
    { HW_COLUMN_FIELD, (text) }
#define ELEMENT \
    { HW_COLUMN_ELEMENT, NULL }
#define MAP_KEY \
    { HW_COLUMN_KEY, NULL }
#define MAP_VALUE \
    { HW_COLUMN_VALUE, NULL }
#define PATH(...)                                         \
    .path = (const struct hw_column_step[]){__VA_ARGS__}, \
    .path_count = sizeof((const struct hw_column_step[]){__VA_ARGS__}) / sizeof(struct hw_column_step)
#define RETYPED(...) .retyped = true, .new_type = __VA_ARGS__
#define FLOAT_TYPE \
    { .kind = HW_KIND_FLOAT }
#define INT32_TYPE \
    { .kind = HW_KIND_INT32 }
#define UINT32_TYPE \
    { .kind = HW_KIND_UINT32 }
#define DECIMAL_TYPE(digits, fraction) \
    { .kind = HW_KIND_DECIMAL, .precision = (digits), .scale = (fraction) }
#define TIMESTAMP_TYPE(of) \
    { .kind = HW_KIND_TIMESTAMP, .unit = (of) }

#endif
