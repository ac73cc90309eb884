/* SPDX-License-Identifier: Apache-2.0 */
#include "table/name_style.h"

#include "support/rows.h"

/* By hand, from the rule and the code charts of Unicode. */
static void names_have_styles(void **state) {
    (void)state;
    static const struct {
        const char *name, *lower, *snake;
    } rows[] = {
        {"id", "id", "id"},
        {"ID", "id", "id"},
        {"Order ID", "order id", "order_id"},
        {"orderId", "orderid", "order_id"},
        {"OrderID", "orderid", "order_id"},
        {"HTTPServer", "httpserver", "http_server"},
        {"_id", "_id", "id"},
        {"  Unit  price (EUR) ", "  unit  price (eur) ", "unit_price_eur"},
        {"a__b", "a__b", "a_b"},
        {"Q1Sales", "q1sales", "q1_sales"},
        {"address2Line", "address2line", "address2_line"},
        {"COVID19", "covid19", "covid19"},
        {"2020", "2020", "2020"},
        {"a\tb\x7f"
         "c",
         "a\tb\x7f"
         "c",
         "a_b_c"},
        {"%", "%", ""},
        {"", "", ""},
        {"GR\xc3\x96SSE", "gr\xc3\xb6sse", "gr\xc3\xb6sse"},
        {"2\xc3\x97"
         "A",
         "2\xc3\x97"
         "a",
         "2_a"},
        {"\xc4\x8c"
         "as \xc5\xbd",
         "\xc4\x8d"
         "as \xc5\xbe",
         "\xc4\x8d"
         "as_\xc5\xbe"},
        {"\xc5\xb8", "\xc3\xbf", "\xc3\xbf"},
        {"\xc4\xb0", "\xc4\xb0", "\xc4\xb0"},
        {"\xce\x86\xce\xa9", "\xce\xac\xcf\x89", "\xce\xac\xcf\x89"},
        {"\xd0\x81\xd0\x96", "\xd1\x91\xd0\xb6", "\xd1\x91\xd0\xb6"},
        {"\xe5\x90\x8d\xe5\x89\x8d\xe3\x80\x80"
         "A",
         "\xe5\x90\x8d\xe5\x89\x8d\xe3\x80\x80"
         "a",
         "\xe5\x90\x8d\xe5\x89\x8d_a"},
        {"a\xe2\x80\x93"
         "b",
         "a\xe2\x80\x93"
         "b",
         "a_b"},
        {"\xc2\xb5m", "\xc2\xb5m", "\xc2\xb5m"},
    };
    HW_AUTO(hw_arena) arena = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].name, hw_name_styled(HW_NAMES_KEEP, rows[i].name, &arena), rows[i].name);
        assert_row_text(rows[i].name, hw_name_styled(HW_NAMES_LOWER, rows[i].name, &arena), rows[i].lower);
        assert_row_text(rows[i].name, hw_name_styled(HW_NAMES_SNAKE, rows[i].name, &arena), rows[i].snake);
    }
}

static void odd_names_are_noted(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *names[4];
        const char *says; /* NULL: there is no note */
    } rows[] = {
        {"plain ones", {"id", "Name", "unit price"}, NULL},
        {"two that differ in case",
         {"id", "name", "ID"},
         "the columns \"id\" and \"ID\" differ in the size of letters"},
        {"and beyond ASCII", {"\xc3\x84", "\xc3\xa4"}, "differ in the size of letters alone, which Athena, Hive"},
        {"what mends that", {"a", "A"}, "--rename gives one of them another name"},
        {"a blank at the start", {"a", " b"}, "the name of the column \" b\" has a blank at an end"},
        {"a blank at the end", {"b "}, "the name of the column \"b \" has a blank at an end"},
        {"a line end", {"a\nb"}, "the name of the column \"a\\x0ab\" has a control character"},
        {"delete", {"a\x7f"}, "has a control character, which Athena, Hive and Spark do not take"},
        {"what mends these", {" a"}, "--names-style snake or --rename gives it another one"},
        {"an empty one", {"", "a"}, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_field fields[4] = {0};
        struct hw_schema schema = {.fields = fields};
        struct hw_notes notes = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        for (; schema.count < 4 && rows[i].names[schema.count]; schema.count++) {
            fields[schema.count].name = rows[i].names[schema.count];
        }
        assert_ok(hw_names_note(&schema, &notes, &arena, &err), err);
        assert_row_int(rows[i].name, notes.of[HW_NOTE_NAMES_ODD].texts, rows[i].says != NULL);
        if (rows[i].says) {
            assert_row_says(rows[i].name, notes.of[HW_NOTE_NAMES_ODD].text, rows[i].says);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_styles),
        cmocka_unit_test(odd_names_are_noted),
    };
    return cmocka_run_group_tests_name("table/name_style", tests, NULL, NULL);
}
