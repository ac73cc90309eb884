/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/dialect_detect.h"

#include <stdio.h>

#include "unit/csv/field.h"

static const struct dialect_row {
    const char *name;
    hw_view sample;
    struct hw_csv_options options;
    char delimiter;
    char quote;
    char end;
    size_t prefix;
    uint64_t prefix_lines;
} dialect_rows[] = {
    {"nothing", HW_VIEW_INIT(""), {0}, ',', '"', '\n', 0, 0},
    {"comma", HW_VIEW_INIT("a,b\n1,2\n"), {0}, ',', '"', '\n', 0, 0},
    {"semicolon", HW_VIEW_INIT("a;b\n1;2\n"), {0}, ';', '"', '\n', 0, 0},
    {"tab", HW_VIEW_INIT("a\tb\n1\t2\n"), {0}, '\t', '"', '\n', 0, 0},
    {"pipe", HW_VIEW_INIT("a|b\n1|2\n"), {0}, '|', '"', '\n', 0, 0},
    {"one column", HW_VIEW_INIT("a\n1\n2\n"), {0}, ',', '"', '\n', 0, 0},
    {"decimal commas", HW_VIEW_INIT("a;b\n1,5;2,5\n3,5;4,5\n"), {0}, ';', '"', '\n', 0, 0},
    {"commas in quotes", HW_VIEW_INIT("a;b\n\"x,y\";\"1,2\"\n\"u,v\";\"3,4\"\n"), {0}, ';', '"', '\n', 0, 0},
    {"semicolons in quotes", HW_VIEW_INIT("a,b\n\"x;y;z\",1\n\"u;v;w\",2\n"), {0}, ',', '"', '\n', 0, 0},
    {"commas in all quotes, the header's too",
     HW_VIEW_INIT("a;\"b, c\"\n1;\"d, e\"\n2;\"f, g\"\n"),
     {0},
     ';',
     '"',
     '\n',
     0,
     0},
    {"commas in quotes, then bytes", HW_VIEW_INIT("\"a, b\";c\n\"d, e\";1\n"), {0}, ';', '"', '\n', 0, 0},
    {"line feeds in quotes", HW_VIEW_INIT("a;b\n\"x\n,y\n,z\";1\n\"u\n,\";2\n"), {0}, ';', '"', '\n', 0, 0},
    {"commas in some texts", HW_VIEW_INIT("a;b\n1;hello, you\n2;hi\n3;well, well, well\n"), {0}, ';', '"', '\n', 0, 0},
    {"commas in all texts but the header", HW_VIEW_INIT("a;b\n1;hello, you\n2;hi, him\n"), {0}, ';', '"', '\n', 0, 0},
    {"pipes in a tab text", HW_VIEW_INIT("a\tb\tc\n1|2\t3\t4\n5|6\t7\t8\n"), {0}, '\t', '"', '\n', 0, 0},
    {"no last record end", HW_VIEW_INIT("a;b"), {0}, ';', '"', '\n', 0, 0},
    {"blank lines", HW_VIEW_INIT("\n\r\na;b\n\n1;2\n"), {0}, ';', '"', '\n', 0, 0},
    {"comments do not count", HW_VIEW_INIT("#,,,,\n#,,,,\na;b\n"), {.comment = '#'}, ';', '"', '\n', 0, 0},
    {"delimiter given", HW_VIEW_INIT("a,b\n"), {.delimiter = ';'}, ';', '"', '\n', 0, 0},
    {"quote given", HW_VIEW_INIT("'a,b';c\n'd,e';f\n"), {.quote = '\''}, ';', '\'', '\n', 0, 0},
    {"no quotes", HW_VIEW_INIT("\"a;b\"\n"), {.no_quotes = true}, ';', '\0', '\n', 0, 0},
    {"a candidate that quotes", HW_VIEW_INIT("|a;b|,|c|\n"), {.quote = '|'}, ',', '|', '\n', 0, 0},
    {"CRLF", HW_VIEW_INIT("a;b\r\n1;2\r\n"), {0}, ';', '"', '\n', 0, 0},
    {"CR", HW_VIEW_INIT("a;b\r1;2\r"), {0}, ';', '"', '\r', 0, 0},
    {"CR asked for", HW_VIEW_INIT("a;b\r\n1;2\r\n"), {.record_end = HW_CSV_RECORD_END_CR}, ';', '"', '\r', 0, 0},
    {"LF asked for", HW_VIEW_INIT("a;b\r1;2\r"), {.record_end = HW_CSV_RECORD_END_LF}, ';', '"', '\n', 0, 0},
    {"a line that tells Excel", HW_VIEW_INIT("sep=;\r\na;b,c\r\n1;2,5\r\n"), {0}, ';', '"', '\n', 7, 1},
    {"a line that tells Excel another delimiter", HW_VIEW_INIT("sep=^\na^b\n1^2\n"), {0}, '^', '"', '\n', 6, 1},
    {"a line that tells Excel, CR", HW_VIEW_INIT("sep=;\ra;b\r"), {0}, ';', '"', '\r', 6, 1},
    {"a line that tells Excel a tab", HW_VIEW_INIT("sep=\t\na\tb;c\n"), {0}, '\t', '"', '\n', 6, 1},
    {"a line that tells Excel, behind skipped ones",
     HW_VIEW_INIT("x\nsep=;\na;b\n"),
     {.skip_lines = 1},
     ';',
     '"',
     '\n',
     8,
     2},
    {"a line that tells Excel nothing", HW_VIEW_INIT("sep=\na,b\n"), {0}, ',', '"', '\n', 0, 0},
    {"a line that is not all of what tells Excel", HW_VIEW_INIT("sep=;,b\n1,2\n"), {0}, ',', '"', '\n', 0, 0},
    {"a line that tells Excel in capitals", HW_VIEW_INIT("SEP=;\na;b\n1;2\n3;4\n"), {0}, ';', '"', '\n', 0, 0},
    {"a line that tells Excel, behind a mark", HW_VIEW_INIT("\xef\xbb\xbfsep=;\na;b\n"), {0}, ';', '"', '\n', 9, 1},
    {"a line that tells Excel, and the delimiter is given",
     HW_VIEW_INIT("sep=;\na,b\n"),
     {.delimiter = ','},
     ',',
     '"',
     '\n',
     6,
     1},
    {"a first name that begins so", HW_VIEW_INIT("sep=ab,b\n1,2\n"), {0}, ',', '"', '\n', 0, 0},
    {"no line but that", HW_VIEW_INIT("sep=;"), {0}, ';', '"', '\n', 0, 0},
    {"byte order mark",
     HW_VIEW_INIT("\xef\xbb\xbf"
                  "a;b\n"),
     {0},
     ';',
     '"',
     '\n',
     3,
     0},
    {"part of a mark",
     HW_VIEW_INIT("\xef\xbb"
                  "a;b\n"),
     {0},
     ';',
     '"',
     '\n',
     0,
     0},
    {"skipped lines", HW_VIEW_INIT("x,y,z\n\na;b\n"), {.skip_lines = 2}, ';', '"', '\n', 7, 2},
    {"mark and skipped lines", HW_VIEW_INIT("\xef\xbb\xbfx,y\r\na;b\r\n"), {.skip_lines = 1}, ';', '"', '\n', 8, 1},
    {"more skipped than there is", HW_VIEW_INIT("x\ny"), {.skip_lines = 5}, ',', '"', '\n', 3, 2},
    {"skipped lines that CR ends", HW_VIEW_INIT("x\ra;b\r"), {.skip_lines = 1}, ';', '"', '\r', 2, 1},
};

static void dialects_by_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(dialect_rows); i++) {
        const struct dialect_row *row = &dialect_rows[i];
        struct hw_csv_dialect dialect;
        char rival;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(
            hw_csv_dialect_detect(&(struct hw_csv_head){row->sample, true, "x"}, &row->options, &dialect, &rival, &err),
            err);
        assert_row_int(row->name, dialect.delimiter, row->delimiter);
        assert_row_int(row->name, dialect.quote, row->quote);
        assert_row_int(row->name, dialect.end, row->end);
        assert_row_int(row->name, dialect.prefix, row->prefix);
        assert_row_int(row->name, dialect.prefix_lines, row->prefix_lines);
        assert_row_int(row->name, dialect.comment, row->options.comment);
        assert_row_int(row->name, dialect.escape, 0);
    }
}

/* Of a sample that goes on, the last record may be cut, so it judges nothing. */
static void cut_records_do_not_count(void **state) {
    (void)state;
    struct hw_csv_dialect dialect;
    char rival;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_csv_options options = {0};
    const hw_view sample = HW_VIEW("a;b\n1,2,3,4,5,6");
    assert_ok(hw_csv_dialect_detect(&(struct hw_csv_head){sample, false, "x"}, &options, &dialect, &rival, &err), err);
    assert_int_equal(dialect.delimiter, ';');
}

/* A field: a word, or quotes around words and any delimiters. */
static size_t field_write(struct dice *dice, bool quoted, char *out) {
    static const char inside[] = ",;\t| \n";
    size_t used = 0;
    size_t words = 1 + dice_roll(dice, 3);
    for (size_t i = 0; i < words; i++) {
        if (quoted) {
            out[used++] = i == 0 ? '"' : inside[dice_roll(dice, sizeof(inside) - 1)];
        }
        out[used++] = (char)('a' + dice_roll(dice, 26));
    }
    if (quoted) {
        out[used++] = '"';
    }
    return used;
}

/*
 * Tables of several columns, some of which are quoted and hold the other delimiters, in all records
 * or in some.
 */
static void delimiters_are_found_in_random_tables(void **state) {
    (void)state;
    static const char delimiters[] = {',', ';', '\t', '|'};
    enum { TEXT_BYTES = 8192, COLUMNS_MAX = 6 };
    char text[TEXT_BYTES];
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct dice dice = {seed};
        struct hw_csv_dialect dialect;
        char rival;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_options options = {0};
        char delimiter = delimiters[dice_roll(&dice, COUNT_OF(delimiters))];
        size_t columns = 2 + dice_roll(&dice, COLUMNS_MAX - 1);
        size_t records = 2 + dice_roll(&dice, 20);
        size_t quoted = dice_roll(&dice, 1 << COLUMNS_MAX);
        bool always = dice_roll(&dice, 2);
        size_t size = 0;
        for (size_t i = 0; i < records * columns; i++) {
            size += field_write(&dice, (quoted >> (i % columns) & 1) && (always || dice_roll(&dice, 2)), text + size);
            text[size++] = (i + 1) % columns ? delimiter : '\n';
        }
        char name[32];
        snprintf(name, sizeof(name), "seed %" PRIu64, seed);
        assert_ok(
            hw_csv_dialect_detect(&(struct hw_csv_head){{text, size}, true, "x"}, &options, &dialect, &rival, &err),
            err);
        assert_row_int(name, dialect.delimiter, delimiter);
    }
}

static void escapes_by_rows(void **state) {
    static const struct {
        const char *name;
        struct hw_csv_options options;
        char escape;
    } rows[] = {
        {"backslash", {.escape = '\\'}, '\\'},
        {"the quote itself", {.escape = '"'}, '\0'},
        {"another quote itself", {.quote = '\'', .escape = '\''}, '\0'},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_dialect dialect;
        char rival;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_csv_dialect_detect(&(struct hw_csv_head){HW_VIEW("a,b\n"), true, "x"}, &rows[i].options, &dialect,
                                        &rival, &err),
                  err);
        assert_row_int(rows[i].name, dialect.escape, rows[i].escape);
    }
}

static void bytes_with_two_meanings_are_refused(void **state) {
    static const struct {
        const char *name;
        struct hw_csv_options options;
        const char *says;
    } rows[] = {
        {"delimiter quotes", {.delimiter = '"'}, "delimiter and quote cannot be the same byte"},
        {"delimiter escapes", {.delimiter = '\\', .escape = '\\'}, "delimiter and escape cannot be the same byte"},
        {"delimiter begins comments",
         {.delimiter = '#', .comment = '#'},
         "delimiter and comment cannot be the same byte"},
        {"quote begins comments", {.quote = '#', .comment = '#'}, "quote and comment cannot be the same byte"},
        {"escape begins comments", {.escape = '#', .comment = '#'}, "escape and comment cannot be the same byte"},
        {"delimiter ends records", {.delimiter = '\n'}, "delimiter and line feed cannot be the same byte"},
        {"quote is a CR", {.quote = '\r'}, "quote and carriage return cannot be the same byte"},
        {"comment is an LF", {.comment = '\n'}, "comment and line feed cannot be the same byte"},
        {"delimiter and comment begin alike",
         {.delimiter = '/', .comment = '/', .delimiter_tail = "|", .comment_tail = "/"},
         "delimiter and comment cannot begin with the same byte"},
        {"an LF in the delimiter",
         {.delimiter = ':', .delimiter_tail = "\n"},
         "a delimiter cannot hold the end of a record"},
        {"a CR in the comment",
         {.delimiter = ':', .comment = '/', .comment_tail = "/\r"},
         "a comment cannot hold the end of a record"},
        {"blanks delimit, and a blank quotes",
         {.delimiter_blanks = true, .quote = ' '},
         "delimiter and quote cannot be the same byte"},
        {"blanks delimit, and a tab escapes",
         {.delimiter_blanks = true, .escape = '\t'},
         "delimiter and escape cannot be the same byte"},
        {"a delimiter of nine bytes",
         {.delimiter = ':', .delimiter_tail = "::::::::"},
         "a delimiter has at most 8 bytes, this one has 9"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char rival;
        struct hw_csv_dialect dialect = {.delimiter = 'x'};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name,
                       hw_csv_dialect_detect(&(struct hw_csv_head){HW_VIEW("a,b\n"), true, "x"}, &rows[i].options,
                                             &dialect, &rival, &err),
                       HW_EUSAGE);
        assert_row_text(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, dialect.delimiter, 'x');
    }
}

/* What the dialect has of marks of several bytes, and of escapes. */
static void marks_and_escapes_by_rows(void **state) {
    static const struct {
        const char *name;
        hw_view sample;
        struct hw_csv_options options;
        const char *delimiter;
        const char *comment;
        bool everywhere;
    } rows[] = {
        {"eight bytes",
         HW_VIEW_INIT("a\n"),
         {.delimiter = '<', .delimiter_tail = "-+--+->", .comment = '/', .comment_tail = "/"},
         "<-+--+->",
         "//",
         false},
        {"a line that tells Excel a character of two bytes",
         HW_VIEW_INIT("sep=\xc2\xa6\r\na\xc2\xa6"
                      "b\r\n"),
         {0},
         "\xc2\xa6",
         "",
         false},
        {"a line that tells Excel two characters", HW_VIEW_INIT("sep=;;\na,b\n1,2\n"), {0}, ",", "", false},
        {"an escape within quotes", HW_VIEW_INIT("a\n"), {.escape = '\\'}, ",", "", false},
        {"an escape without quotes", HW_VIEW_INIT("a\n"), {.escape = '\\', .no_quotes = true}, ",", "", true},
        {"an escape of a style",
         HW_VIEW_INIT("a\n"),
         {.escape = '\\', .escapes = HW_CSV_ESCAPES_LITERAL},
         ",",
         "",
         true},
        {"a quote that escapes itself",
         HW_VIEW_INIT("a\n"),
         {.escape = '"', .escapes = HW_CSV_ESCAPES_LITERAL},
         ",",
         "",
         false},
        {"no escape", HW_VIEW_INIT("a\n"), {.no_quotes = true}, ",", "", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char rival;
        struct hw_csv_dialect dialect;
        struct hw_error err = HW_ERROR_INIT;
        char delimiter[16] = "";
        char comment[16] = "";
        const struct hw_csv_head head = {rows[i].sample, true, "x"};
        assert_ok(hw_csv_dialect_detect(&head, &rows[i].options, &dialect, &rival, &err), err);
        delimiter[0] = dialect.delimiter;
        memcpy(delimiter + 1, dialect.delimiter_tail.bytes, dialect.delimiter_tail.count);
        comment[0] = dialect.comment;
        memcpy(comment + 1, dialect.comment_tail.bytes, dialect.comment_tail.count);
        assert_row_text(rows[i].name, delimiter, rows[i].delimiter);
        assert_row_text(rows[i].name, comment, rows[i].comment);
        assert_row_int(rows[i].name, dialect.escape_everywhere, rows[i].everywhere);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_by_rows),
        cmocka_unit_test(cut_records_do_not_count),
        cmocka_unit_test(delimiters_are_found_in_random_tables),
        cmocka_unit_test(escapes_by_rows),
        cmocka_unit_test(marks_and_escapes_by_rows),
        cmocka_unit_test(bytes_with_two_meanings_are_refused),
    };
    return cmocka_run_group_tests_name("csv/dialect_detect", tests, NULL, NULL);
}
