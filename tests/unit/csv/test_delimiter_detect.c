/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/delimiter_detect.h"

#include "support/rows.h"

static const struct {
    const char *name;
    const char *text;
    char hint;
    char want;
    char rival;
} rows[] = {
    {"nothing", "", 0, ',', 0},
    {"one column", "a\nb\n", 0, ',', 0},
    {"commas", "a,b\n1,2\n", 0, ',', 0},
    {"tabs around words with commas",
     "origin, st\tdest, st\tmiles\nNew York, NY\tBoston, MA\t215\nAustin, TX\tDallas, TX\t195\n", 0, '\t', 0},
    {"bars around words with commas",
     "origin, st|dest, st|miles\nNew York, NY|Boston, MA|215\nAustin, TX|Dallas, TX|195\n", 0, '|', 0},
    {"semicolons around words with commas", "from, st;to, st\nNew York, NY;Boston, MA\nAustin, TX;Dallas, TX\n", 0, ';',
     0},
    {"decimal commas, no header", "1,1;1,2\n2,1;2,1\n", 0, ';', 0},
    {"decimal commas between tabs", "1,1\t1,2\n2,1\t2,1\n", 0, '\t', 0},
    {"records of two lengths beside a date with a comma",
     "April 1, 2023;40281;25.00;Ray;pending;\nApril 2, 2023;40282;25.00;Ray;pending;\n"
     "April 3, 2023;40283;25.00;Ray;\nApril 4, 2023;40284;25.00;Ray;\n",
     0, ';', 0},
    {"JSON between tabs", "id\tts\tjs\n1\t2024-01-01\t{\"a\":1,\"b\":\"x\"}\n2\t2024-01-02\t{\"a\":2,\"b\":\"y\"}\n", 0,
     '\t', 0},
    {"JSON between bars", "id|ts|js\n1|2024-01-01|{\"a\":1,\"b\":\"x\"}\n2|2024-01-02|{\"a\":2,\"b\":\"y\"}\n", 0, '|',
     0},
    {"lists between semicolons", "id;list\n1;[1,2,3]\n2;[4,5,6]\n", 0, ';', 0},
    {"words with bars between commas", "id,tags\n1,a|b\n2,c|d\n", 0, ',', 0},
    {"semicolons in quotes", "a,b\n\"x;y\",1\n\"u;v\",2\n", 0, ',', 0},
    {"commas and blanks", "T, DAY, LAST\n1577998800, 2020-01-02, 3258.14\n", 0, ',', 0},
    {"times between commas", "a,b\n12:30,1\n12:31,2\n", 0, ',', 0},
    {"a first line of another kind", "Extracted 2025-01-06\nid;owner;city\n1;ACME;Rome\n2;Foo;Paris\n", 0, ';', 0},
    {"two fit", "a;b|c\nd;e|f\n", 0, '|', ';'},
    {"two fit, and the name speaks for the second", "a;b|c\nd;e|f\n", ';', ';', 0},
    {"two fit, and the name speaks for the first", "a;b|c\nd;e|f\n", '|', '|', 0},
    {"the name speaks for one that fits worse", "a,b,c\n1,2,3\n4,5,6\n", '\t', ',', 0},
    {"commas are last", "a;b,c\nd;e,f\n", 0, ';', ','},
};

static void delimiters_are_found(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialect = {.quote = '"', .end = '\n'};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_delimiter found =
            hw_csv_delimiter_detect(hw_view_of(rows[i].text), true, &dialect, rows[i].hint);
        assert_row_int(rows[i].name, found.byte, rows[i].want);
        assert_row_int(rows[i].name, found.rival, rows[i].rival);
    }
}

/* A candidate that has another meaning delimits nothing. */
static void bytes_of_other_meaning_are_left_out(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialects[] = {{.quote = '|', .end = '\n'},
                                                     {.quote = '"', .escape = '|', .end = '\n'},
                                                     {.quote = '"', .comment = '|', .end = '\n'}};
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        assert_int_equal(hw_csv_delimiter_detect(HW_VIEW("a|b,c\nd|e,f\n"), true, &dialects[i], 0).byte, ',');
    }
}

static void a_record_that_is_cut_does_not_count(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialect = {.quote = '"', .end = '\n'};
    const hw_view text = HW_VIEW("a;b\n1,2,3,4,5,6");
    assert_int_equal(hw_csv_delimiter_detect(text, false, &dialect, 0).byte, ';');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delimiters_are_found),
        cmocka_unit_test(bytes_of_other_meaning_are_left_out),
        cmocka_unit_test(a_record_that_is_cut_does_not_count),
    };
    return cmocka_run_group_tests_name("csv/delimiter_detect", tests, NULL, NULL);
}
