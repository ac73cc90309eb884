/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/cell.h"

#include "support/rows.h"

static const struct {
    const char *text;
    enum hw_csv_cell want;
} rows[] = {
    {"", HW_CSV_CELL_EMPTY},
    {"  \t", HW_CSV_CELL_EMPTY},
    {"1", HW_CSV_CELL_NUMBER},
    {" 1 ", HW_CSV_CELL_NUMBER},
    {"-1", HW_CSV_CELL_NUMBER},
    {"+1.5", HW_CSV_CELL_NUMBER},
    {".5", HW_CSV_CELL_NUMBER},
    {"5.", HW_CSV_CELL_NUMBER},
    {"1e9", HW_CSV_CELL_NUMBER},
    {"1.5E-3", HW_CSV_CELL_NUMBER},
    {"1,5", HW_CSV_CELL_NUMBER},
    {"1,234,567.89", HW_CSV_CELL_NUMBER},
    {"1.234.567,89", HW_CSV_CELL_NUMBER},
    {"1 234 567,89", HW_CSV_CELL_NUMBER},
    {"1'234'567.89", HW_CSV_CELL_NUMBER},
    {"00123", HW_CSV_CELL_NUMBER},
    {"20241231", HW_CSV_CELL_NUMBER},
    {"12 %", HW_CSV_CELL_NUMBER},
    {"12%", HW_CSV_CELL_NUMBER},
    {"$9.99", HW_CSV_CELL_NUMBER},
    {"-$9.99", HW_CSV_CELL_NUMBER},
    {"9,99 \xe2\x82\xac", HW_CSV_CELL_NUMBER},
    {"-", HW_CSV_CELL_WORDS},
    {".", HW_CSV_CELL_WORDS},
    {"$", HW_CSV_CELL_WORDS},
    {"1e", HW_CSV_CELL_WORDS},
    {"1x", HW_CSV_CELL_WORDS},
    {"1,2,3", HW_CSV_CELL_WORDS},
    {"192.168.0.1", HW_CSV_CELL_WORDS},
    {"1.2.3", HW_CSV_CELL_WORDS},
    {"2024-01-31", HW_CSV_CELL_TIME},
    {"2024/1/31", HW_CSV_CELL_TIME},
    {"31.1.2024", HW_CSV_CELL_TIME},
    {"01/31/24", HW_CSV_CELL_TIME},
    {"12:30", HW_CSV_CELL_TIME},
    {"12:30:59.123", HW_CSV_CELL_TIME},
    {"9:30 AM", HW_CSV_CELL_TIME},
    {"2024-01-31 12:30", HW_CSV_CELL_TIME},
    {"2024-01-31T12:30:59Z", HW_CSV_CELL_TIME},
    {"2024-01-31T12:30:59.5+02:00", HW_CSV_CELL_TIME},
    {"2024-01-31 12:30:59 +0200", HW_CSV_CELL_TIME},
    {"20241231T235959Z", HW_CSV_CELL_TIME},
    {"2024-01", HW_CSV_CELL_WORDS},
    {"2024-01/31", HW_CSV_CELL_WORDS},
    {"555-12-1234", HW_CSV_CELL_WORDS},
    {"2024-01-31x", HW_CSV_CELL_WORDS},
    {"2024-01-31 x", HW_CSV_CELL_WORDS},
    {"12:3", HW_CSV_CELL_WORDS},
    {"true", HW_CSV_CELL_BOOLEAN},
    {"FALSE", HW_CSV_CELL_BOOLEAN},
    {"truely", HW_CSV_CELL_WORDS},
    {"{\"a\":1,\"b\":\"}\"}", HW_CSV_CELL_JSON},
    {"[1,[2],{}]", HW_CSV_CELL_JSON},
    {"{}", HW_CSV_CELL_JSON},
    {"{\"a\":\"\\\"\"}", HW_CSV_CELL_JSON},
    {"{a}{b}", HW_CSV_CELL_WORDS},
    {"{\"a}", HW_CSV_CELL_WORDS},
    {"[1,[2]", HW_CSV_CELL_WORDS},
    {"{", HW_CSV_CELL_WORDS},
    {"name", HW_CSV_CELL_WORDS},
    {"New York, NY", HW_CSV_CELL_WORDS},
};

static void cells_have_their_look(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].text, hw_csv_cell_of(hw_view_of(rows[i].text)), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_have_their_look)};
    return cmocka_run_group_tests_name("csv/cell", tests, NULL, NULL);
}
