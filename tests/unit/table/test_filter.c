/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter.h"

#include "filter_table.h"

static void what_does_not_fit_the_columns_is_told_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"i", "at character 1: the column is not a bool"},
        {"tex = 'a'", "at character 1: there is no such column; did you mean \"text\"?"},
        {"quite_another = 1", "at character 1: there is no such column"},
        {"s.A = 1", "at character 3: there is no such column; did you mean"},
        {"i.a = 1", "at character 3: the column before the point is no struct"},
        {"twice = 1", "at character 1: several columns have this name"},
        {"i = 'a'", "at character 5: the column has numbers, so a number is needed"},
        {"i = true", "the column has numbers, so a number is needed"},
        {"d = 'x'", "or 'nan', 'inf' or '-inf'"},
        {"b = 1", "so TRUE or FALSE is needed"},
        {"text = 1", "so a text in single quotes is needed"},
        {"text = date '2024-01-01'", "so a text in single quotes is needed"},
        {"bin = 5", "or bytes as x'00ff'"},
        {"g = '6ba7b810'", "the column has UUIDs"},
        {"g = '6ba7b810-9dad-11d1-80b4-00c04fd430cg'", "the column has UUIDs"},
        {"date = '2024-02-30'", "at character 8: the column has dates"},
        {"date = '2023-02-29'", "the column has dates"},
        {"date = '2024-13-01'", "the column has dates"},
        {"date = '24-01-01'", "the column has dates"},
        {"date = '12024-01-01'", "the column has dates"},
        {"date = 5", "the column has dates"},
        {"date = '2024-01-01T00:00Z'", "the column has no zone"},
        {"local = '2024-01-01T00:00Z'", "the column has no zone"},
        {"z = '2024-01-01T24:00'", "the column has timestamps"},
        {"z = '2024-01-01T00:00+24:00'", "the column has timestamps"},
        {"z = '2024-01-01T00:00:00.'", "the column has timestamps"},
        {"z = date '2024-01-01 00:00'", "the column has timestamps"},
        {"c = '24:00'", "the column has times"},
        {"c = '12:60'", "the column has times"},
        {"c = '12'", "the column has times"},
        {"l = 1", "columns of that type can only be asked whether they are NULL"},
        {"s = 1", "columns of that type can only be asked whether they are NULL"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char got[ROWS + 1];
        assert_row_int(rows[i].text, kept(rows[i].text, got, &err), HW_EUSAGE);
        assert_row_says(rows[i].text, err.message, rows[i].says);
    }
}

/* Values in their order, each once; columns once each. */
static void columns_and_values_come_once(void **state) {
    (void)state;
    HW_AUTO(hw_predicate) predicate = {0};
    HW_AUTO(hw_filter) filter = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_predicate_parse(&predicate, "s.a IN (3, 1, 2, 1e30, 3.0, 1.5) AND s.a IS NULL AND i = 1", &err), err);
    assert_ok(hw_filter_make(&filter, &predicate, &schema, &err), err);
    assert_int_equal(filter.columns_count, 2);
    assert_int_equal(filter.columns[0].path_count, 2);
    assert_int_equal(filter.columns[0].path[0], 16);
    assert_int_equal(filter.columns[0].path[1], 0);
    assert_int_equal(filter.root->first->values_count, 3);
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(filter.root->first->values[i].key, i + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_the_columns_is_told_with_its_place),
        cmocka_unit_test(columns_and_values_come_once),
    };
    return cmocka_run_group_tests_name("table/filter", tests, NULL, NULL);
}
