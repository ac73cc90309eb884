/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/header_detect.h"

#include "support/rows.h"

enum { FIELDS_MAX = 4 };

static const struct {
    const char *name;
    const char *first[FIELDS_MAX];
    const char *second[FIELDS_MAX];
    enum hw_csv_header_guess want;
} rows[] = {
    {"names", {"a", "b"}, {"1", "2"}, HW_CSV_HEADER_NAMES},
    {"names above words", {"a", "b"}, {"x", "y"}, HW_CSV_HEADER_NAMES},
    {"numbers", {"1", "2"}, {"3", "4"}, HW_CSV_HEADER_DATA},
    {"numbers above words", {"1", "2"}, {"x", "y"}, HW_CSV_HEADER_DATA},
    {"quoted numbers", {"\"1\"", "\"2\""}, {"3", "4"}, HW_CSV_HEADER_DATA},
    {"decimal commas", {"1,1", "1,2"}, {"2,1", "2,1"}, HW_CSV_HEADER_DATA},
    {"dates and booleans", {"2024-01-01", "true"}, {"2024-01-02", "false"}, HW_CSV_HEADER_DATA},
    {"a number and nothing", {"1", "", ""}, {"2", "x", ""}, HW_CSV_HEADER_DATA},
    {"nothing at all", {"", ""}, {"1", "2"}, HW_CSV_HEADER_NAMES},
    {"a name among values", {"1", "Ada"}, {"2", "Bob"}, HW_CSV_HEADER_NAMES_DOUBTFUL},
    {"a year above a number", {"country", "2019"}, {"Italy", "17"}, HW_CSV_HEADER_NAMES_DOUBTFUL},
    {"a year above a word", {"country", "2019"}, {"Italy", "none"}, HW_CSV_HEADER_NAMES},
    {"two values, one above a word", {"a", "1", "2"}, {"b", "1", "x"}, HW_CSV_HEADER_NAMES},
    {"a shorter record below", {"a", "1"}, {"b"}, HW_CSV_HEADER_NAMES},
    {"names alone", {"a", "b"}, {NULL}, HW_CSV_HEADER_NAMES},
    {"numbers alone", {"1", "2"}, {NULL}, HW_CSV_HEADER_DATA},
    {"a number and a name alone", {"1", "Ada"}, {NULL}, HW_CSV_HEADER_DATA},
};

static size_t fields_of(const char *const *texts, hw_view *out) {
    size_t count = 0;
    for (; count < FIELDS_MAX && texts[count]; count++) {
        out[count] = hw_view_of(texts[count]);
    }
    return count;
}

static void headers_are_told_from_data(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialect = {.delimiter = ',', .quote = '"', .end = '\n'};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        hw_view first[FIELDS_MAX];
        hw_view second[FIELDS_MAX];
        const size_t count = fields_of(rows[i].first, first);
        const size_t second_count = fields_of(rows[i].second, second);
        assert_row_int(rows[i].name,
                       hw_csv_header_detect(&dialect, first, count, second_count > 0 ? second : NULL, second_count),
                       rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(headers_are_told_from_data)};
    return cmocka_run_group_tests_name("csv/header_detect", tests, NULL, NULL);
}
