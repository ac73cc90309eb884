/* SPDX-License-Identifier: Apache-2.0 */
/* Tables whose columns are given by the names of their types. */
#ifndef HW_TESTS_CSV_TYPES_H
#define HW_TESTS_CSV_TYPES_H

#include <hawser/table.h>
#include <stdio.h>

#include "core/error.h"
#include "unit/csv/text.h"

enum { FIELDS_MAX = 8 };

static const char *const null_values[] = {"NA", "-", "\"x\"", "", "common"};
static const struct hw_csv_dialect with_escape = {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\n'};
static const struct hw_csv_dialect without_quotes = {.delimiter = ',', .end = '\n'};

/* A schema of columns named a, b, c. Its fields are its own, so it is not to be copied. */
struct types {
    struct hw_field fields[FIELDS_MAX];
    struct hw_schema schema;
};

/* Reads up to FIELDS_MAX types as text; a "!" behind one makes its column required. */
static inline void types_read(const char *const *texts, struct types *out) {
    static const char *const names[FIELDS_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    struct hw_error err = HW_ERROR_INIT;
    out->schema = (struct hw_schema){.fields = out->fields};
    for (size_t i = 0; i < FIELDS_MAX && texts[i]; i++) {
        char text[64];
        snprintf(text, sizeof(text), "%s", texts[i]);
        char *mark = strchr(text, '!');
        if (mark) {
            *mark = '\0';
        }
        out->fields[i] = (struct hw_field){.name = names[i], .required = mark != NULL};
        assert_ok(hw_type_parse(text, &out->fields[i].type, &err), err);
        out->schema.count = i + 1;
    }
}

#endif
