/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/field.h"

#include "core/view.h"
#include "support/rows.h"
#include "table/batch.h"

static const struct hw_csv_dialect rfc4180 = {.delimiter = ',', .quote = '"', .end = '\n'};
static const struct hw_csv_dialect with_escape = {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\n'};
static const struct hw_csv_dialect lenient = {.delimiter = ',', .quote = '"', .end = '\n', .quotes_lenient = true};
static const struct hw_csv_dialect everywhere = {
    .delimiter = ',', .escape = '\\', .end = '\n', .escape_everywhere = true};
static const struct hw_csv_dialect literal = {.delimiter = ',',
                                              .quote = '"',
                                              .escape = '\\',
                                              .end = '\n',
                                              .escape_everywhere = true,
                                              .escapes = HW_CSV_ESCAPES_LITERAL};
static const struct hw_csv_dialect mysql = {
    .delimiter = '\t', .escape = '\\', .end = '\n', .escape_everywhere = true, .escapes = HW_CSV_ESCAPES_MYSQL};
static const struct hw_csv_dialect postgres = {
    .delimiter = '\t', .escape = '\\', .end = '\n', .escape_everywhere = true, .escapes = HW_CSV_ESCAPES_POSTGRES};
static const struct hw_csv_dialect without_quotes = {.delimiter = ',', .end = '\n'};

static const struct hw_csv_dialect trimmed = {.delimiter = ',', .quote = '"', .end = '\n', .trim = true};

static void trims_by_rows(void **state) {
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        const char *text;
        const char *want;
        bool quoted;
    } rows[] = {
        {"nothing to trim", &rfc4180, "a b", "a b", false},
        {"blanks and tabs at both ends", &rfc4180, " \t a b\t ", "a b", false},
        {"nothing but blanks", &rfc4180, " \t ", "", false},
        {"nothing", &rfc4180, "", "", false},
        {"quotes keep what is inside", &rfc4180, "\" a \"", "\" a \"", true},
        {"a quote behind a blank is a byte like all", &rfc4180, " \"a\" ", "\"a\"", false},
        {"unless the dialect trims", &trimmed, "\t \" a \" ", "\" a \"", true},
        {"blanks behind quotes", &trimmed, "\"a\" \t", "\"a\"", true},
        {"no quotes where it trims", &trimmed, " a\" ", "a\"", false},
        {"no quotes in the dialect", &without_quotes, "\"a\" ", "\"a\"", false},
        {"other white space stays", &rfc4180, "\ra\v", "\ra\v", false},
        {"a blank that is escaped stays", &everywhere, " a\\  ", "a\\ ", false},
        {"one behind an escaped escape does not", &everywhere, "a\\\\ ", "a\\\\", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_field field = {rows[i].text, (int32_t)strlen(rows[i].text), false};
        const struct hw_csv_field got = hw_csv_field_trim(rows[i].dialect, field);
        assert_row_bytes(rows[i].name, got.text, (size_t)got.size, rows[i].want, strlen(rows[i].want));
        assert_row_int(rows[i].name, hw_csv_field_quoted(rows[i].dialect, got), rows[i].quoted);
    }
    const char padded[] = " \"a\" ", bare[] = " a ";
    struct hw_csv_field got = hw_csv_field_unpad(&trimmed, (struct hw_csv_field){padded, sizeof(padded) - 1, false});
    assert_row_bytes("quotes without the blanks", got.text, (size_t)got.size, "\"a\"", 3);
    got = hw_csv_field_unpad(&trimmed, (struct hw_csv_field){bare, sizeof(bare) - 1, false});
    assert_row_bytes("others with them", got.text, (size_t)got.size, bare, sizeof(bare) - 1);
    const struct hw_csv_field lacking = hw_csv_field_trim(&rfc4180, (struct hw_csv_field){"x", -1, false});
    assert_int_equal(lacking.size, -1);
}

static void quotes_by_rows(void **state) {
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        const char *text;
        const char *want;
    } rows[] = {
        {"plain", &rfc4180, "\"abc\"", "abc"},
        {"empty", &rfc4180, "\"\"", ""},
        {"one quote doubled", &rfc4180, "\"\"\"\"", "\""},
        {"quotes doubled", &rfc4180, "\"a\"\"b\"\"\"", "a\"b\""},
        {"a backslash is a byte like all", &rfc4180, "\"a\\\"", "a\\"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[64 + HW_COPY_FIND_MARGIN] = {0};
        char got[64 + HW_COPY_FIND_MARGIN];
        const size_t size = strlen(rows[i].text);
        memcpy(text, rows[i].text, size);
        const size_t used =
            hw_csv_field_unquote(rows[i].dialect, (struct hw_csv_field){text, (int32_t)size, false}, got);
        assert_row_bytes(rows[i].name, got, used, rows[i].want, strlen(rows[i].want));
    }
}

/*
 * Expected values are those of LOAD DATA of MySQL 8.4 ("Field and Line Handling") and of COPY of
 * Postgres 17 ("Text Format").
 */
static void escapes_by_rows(void **state) {
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        const char *text;
        hw_view want; /* NULL: it is not clear */
    } rows[] = {
        {"escapes", &with_escape, "\"a\\\"b\\\\c\"", HW_VIEW_INIT("a\"b\\c")},
        {"escapes and doubled quotes", &with_escape, "\"a\"\"b\\-\"", HW_VIEW_INIT("a\"b-")},
        {"a letter in quotes", &with_escape, "\"a\\nb\"", {0}},
        {"outside quotes there are none", &with_escape, "a\\nb", HW_VIEW_INIT("a\\nb")},
        {"a quote that closes nothing", &lenient, "\"a \"b\" c\"", HW_VIEW_INIT("a \"b\" c")},
        {"a doubled one is one", &lenient, "\"a\"\"b\"c\"", HW_VIEW_INIT("a\"b\"c")},
        {"bytes with a meaning", &everywhere, "a\\,b\\\nc\\\\", HW_VIEW_INIT("a,b\nc\\")},
        {"a quote is none", &everywhere, "\"a\\,\"", HW_VIEW_INIT("\"a,\"")},
        {"the last byte stands for itself", &everywhere, "a\\", HW_VIEW_INIT("a\\")},
        {"nothing to do", &everywhere, "abc", HW_VIEW_INIT("abc")},
        {"a letter", &everywhere, "a\\nb", {0}},
        {"a capital", &everywhere, "\\N", {0}},
        {"a digit", &everywhere, "\\0", {0}},
        {"a byte of several", &everywhere, "\\\xc3\xa9", HW_VIEW_INIT("\xc3\xa9")},
        {"letters as they are", &literal, "\\n\\0\\x41\\N", HW_VIEW_INIT("n0x41N")},
        {"in quotes too", &literal, "\"\\n\\\"\"", HW_VIEW_INIT("n\"")},
        {"controls of MySQL", &mysql, "\\0\\b\\n\\r\\t\\Z", HW_VIEW_INIT("\0\b\n\r\t\x1a")},
        {"others of MySQL are themselves", &mysql, "\\f\\v\\x41\\7\\z", HW_VIEW_INIT("fvx417z")},
        {"N among others", &mysql, "a\\N", HW_VIEW_INIT("aN")},
        {"controls of Postgres", &postgres, "\\b\\f\\n\\r\\t\\v", HW_VIEW_INIT("\b\f\n\r\t\v")},
        {"others of Postgres are themselves", &postgres, "\\Z\\8\\q\\-", HW_VIEW_INIT("Z8q-")},
        {"octal numbers", &postgres, "\\101\\1\\1018", HW_VIEW_INIT("A\001A8")},
        {"hexadecimal numbers", &postgres, "\\x41\\x9\\x4ag\\xg", HW_VIEW_INIT("A\tJgxg")},
        {"numbers that are UTF-8", &postgres, "\\303\\xa9", HW_VIEW_INIT("\xc3\xa9")},
        {"numbers that are none", &postgres, "\\303", {0}},
        {"a NUL", &postgres, "a\\0", {0}},
        {"the end of the data", &postgres, "\\.", {0}},
        {"a point among others", &postgres, "a\\.", HW_VIEW_INIT("a.")},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[64];
        const struct hw_csv_field field = {rows[i].text, (int32_t)strlen(rows[i].text), false};
        const size_t used = hw_csv_field_decode(rows[i].dialect, field, got);
        assert_row_int(rows[i].name, used == SIZE_MAX, rows[i].want.data == NULL);
        if (used != SIZE_MAX) {
            assert_row_bytes(rows[i].name, got, used, rows[i].want.data, rows[i].want.size);
        }
    }
}

static void escaped_nulls_by_rows(void **state) {
    static const struct {
        const char *name;
        const struct hw_csv_dialect *dialect;
        const char *text;
        bool want;
    } rows[] = {
        {"MySQL", &mysql, "\\N", true},
        {"Postgres", &postgres, "\\N", true},
        {"in no style", &everywhere, "\\N", false},
        {"literally", &literal, "\\N", false},
        {"another letter", &mysql, "\\n", false},
        {"longer", &mysql, "\\Na", false},
        {"no escape", &mysql, "NN", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_field field = {rows[i].text, (int32_t)strlen(rows[i].text), false};
        assert_row_int(rows[i].name, hw_csv_field_escaped_null(rows[i].dialect, field), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_by_rows),
        cmocka_unit_test(quotes_by_rows),
        cmocka_unit_test(escapes_by_rows),
        cmocka_unit_test(escaped_nulls_by_rows),
    };
    return cmocka_run_group_tests_name("csv/field", tests, NULL, NULL);
}
