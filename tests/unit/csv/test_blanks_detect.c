/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/blanks_detect.h"

#include "support/rows.h"

static const struct {
    const char *name;
    const char *text;
    enum hw_csv_blanks want;
} rows[] = {
    {"nothing", "", HW_CSV_BLANKS_NONE},
    {"one column", "a\n1\n2\n", HW_CSV_BLANKS_NONE},
    {"one record", "a b c\n", HW_CSV_BLANKS_NONE},
    /* tables */
    {"numbers below names", "x y\n1 2\n3 4\n", HW_CSV_BLANKS_DELIMIT},
    {"numbers below names, CRLF", "x y\r\n1 2\r\n3 4\r\n", HW_CSV_BLANKS_DELIMIT},
    {"numbers below names, no end", "x y\n1 2\n3 4", HW_CSV_BLANKS_DELIMIT},
    {"aligned, with words", "name   n\nAnn    1\nBob   20\n", HW_CSV_BLANKS_DELIMIT},
    {"aligned by tabs and blanks", "name \t n\nAnn \t 1\nBob \t 2\n", HW_CSV_BLANKS_DELIMIT},
    {"blank lines and blanks at both ends", "  x  y \n\n  1  2 \n   \n  3  4 \n", HW_CSV_BLANKS_DELIMIT},
    {"quoted names", "\"first x\" y\n1 2\n3 4\n", HW_CSV_BLANKS_DELIMIT},
    {"numbers without names, as savetxt of NumPy has them", "1.0e+00 2.0e+00 3\n4.0e+00 5.0e+00 6\n7.0e+00 8.0 9\n",
     HW_CSV_BLANKS_DELIMIT},
    {"aligned numbers without names", " 1  20\n10   2\n 3   4\n", HW_CSV_BLANKS_DELIMIT},
    /* what may be a table */
    {"few values among words", "name age city\nAnn 3 Paris\nBob 4 Rome\n", HW_CSV_BLANKS_DOUBTFUL},
    {"a header of more words", "first name  n\nAnn   1\nBob   2\n", HW_CSV_BLANKS_DOUBTFUL},
    {"names of rows", "x y z\n1 5 6 7\n2 8 9 10\n", HW_CSV_BLANKS_DOUBTFUL},
    {"a listing of files",
     "total 48\n-rw-r--r--  1 ann  staff   120 Jan  3 10:02 a.txt\n-rw-r--r--  1 ann  staff  4120 Feb 13 11:22 b.txt\n"
     "drwxr-xr-x 12 ann  staff   384 Mar 23 08:00 c\n",
     HW_CSV_BLANKS_DOUBTFUL},
    {"lines before the table",
     "Counts of 1990\n\nby year\nyear n q\n1990 1 2\n1991 3 4\n1992 5 6\n1993 7 8\n1994 9 1\n", HW_CSV_BLANKS_DOUBTFUL},
    {"a row of units below the names", "name    n  kind\n  x    m\nAnn     1  a  2  m\nBob    20  b  3  m\n",
     HW_CSV_BLANKS_DOUBTFUL},
    {"integers without names", "1 2 3\n4 5 6\n7 8 9\n", HW_CSV_BLANKS_DOUBTFUL},
    /* what is none */
    {"names of people", "name\nJohn Smith\nJane Doe\nMary Major\n", HW_CSV_BLANKS_NONE},
    {"names of people below two words", "full name\nJohn Smith\nJane Doe\nMary Major\n", HW_CSV_BLANKS_NONE},
    {"codes of two words", "item code\nAB 12\nCD 34\nEF 56\n", HW_CSV_BLANKS_NONE},
    {"times", "seen at\n2024-01-01 10:00:00\n2024-01-02 11:30:00\n", HW_CSV_BLANKS_NONE},
    {"numbers in groups", "sum total\n1 234\n5 678\n", HW_CSV_BLANKS_NONE},
    {"prose", "note\nthe quick brown fox\njumps over 3 dogs\nand sleeps\n", HW_CSV_BLANKS_NONE},
    {"prose of as many words", "a short note\nit was fine\nall went well\nnothing to say\n", HW_CSV_BLANKS_NONE},
    {"telephones", "555 1234\n555 9876\n555 1111\n", HW_CSV_BLANKS_NONE},
};

static void blanks_are_judged(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialect = {.quote = '"', .end = '\n'};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_csv_blanks_detect(hw_view_of(rows[i].text), true, &dialect), rows[i].want);
    }
}

/* A record that the sample cuts off says nothing. */
static void records_cut_off_do_not_count(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialect = {.quote = '"', .end = '\n'};
    const hw_view text = HW_VIEW("x y\n1 2\n3 4\n5");
    assert_int_equal(hw_csv_blanks_detect(text, false, &dialect), HW_CSV_BLANKS_DELIMIT);
    assert_int_equal(hw_csv_blanks_detect(text, true, &dialect), HW_CSV_BLANKS_NONE);
}

/* A blank that has a meaning delimits nothing. */
static void blanks_of_other_meaning_delimit_nothing(void **state) {
    (void)state;
    static const struct hw_csv_dialect dialects[] = {
        {.quote = ' ', .end = '\n'}, {.escape = ' ', .end = '\n'}, {.comment = ' ', .end = '\n'}};
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        assert_int_equal(hw_csv_blanks_detect(HW_VIEW("x y\n1 2\n3 4\n"), true, &dialects[i]), HW_CSV_BLANKS_NONE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_are_judged),
        cmocka_unit_test(records_cut_off_do_not_count),
        cmocka_unit_test(blanks_of_other_meaning_delimit_nothing),
    };
    return cmocka_run_group_tests_name("csv/blanks_detect", tests, NULL, NULL);
}
