/* SPDX-License-Identifier: Apache-2.0 */
#include "table/name_order.h"

#include <stdio.h>

#include "core/error.h"
#include "support/rows.h"

enum { NAMES_MAX = 5 };

static void names_by_rows(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *names[NAMES_MAX];
        const char *want; /* the numbers in their order */
        size_t twin;
    } rows[] = {
        {"none", {NULL}, "", 0},
        {"one", {"a"}, "0", 0},
        {"by their bytes", {"b", "a", "B", "ab"}, "2130", 0},
        {"bytes are not signed", {"\xc3\xa4", "z"}, "10", 0},
        {"equal ones by their numbers", {"b", "a", "b", "a"}, "1302", 1},
        {"the first of several twins", {"c", "c", "a", "b", "b"}, "23401", 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_numbered_name names[NAMES_MAX];
        char got[NAMES_MAX + 1] = "";
        size_t count = 0;
        for (; count < NAMES_MAX && rows[i].names[count]; count++) {
            names[count] = (struct hw_numbered_name){rows[i].names[count], count};
        }
        hw_names_sort(names, count);
        for (size_t k = 0; k < count; k++) {
            snprintf(got + k, sizeof(got) - k, "%zu", names[k].number);
        }
        assert_row_text(rows[i].name, got, rows[i].want);
        assert_row_int(rows[i].name, hw_names_twin(names, count), rows[i].twin);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_by_rows)};
    return cmocka_run_group_tests_name("table/name_order", tests, NULL, NULL);
}
