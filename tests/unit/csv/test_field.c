/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/field.h"

#include "core/view.h"
#include "support/rows.h"
#include "table/batch.h"

static const struct hw_csv_dialect rfc4180 = {.delimiter = ',', .quote = '"', .end = '\n'};
static const struct hw_csv_dialect with_escape = {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\n'};
static const struct hw_csv_dialect without_quotes = {.delimiter = ',', .end = '\n'};

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
        {"no quotes in the dialect", &without_quotes, "\"a\" ", "\"a\"", false},
        {"other white space stays", &rfc4180, "\ra\v", "\ra\v", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_field field = {rows[i].text, (int32_t)strlen(rows[i].text), false};
        const struct hw_csv_field got = hw_csv_field_trim(rows[i].dialect, field);
        assert_row_bytes(rows[i].name, got.text, (size_t)got.size, rows[i].want, strlen(rows[i].want));
        assert_row_int(rows[i].name, hw_csv_field_quoted(rows[i].dialect, got), rows[i].quoted);
    }
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
        {"escapes", &with_escape, "\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"escapes and doubled quotes", &with_escape, "\"a\"\"b\\n\"", "a\"bn"},
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_by_rows),
        cmocka_unit_test(quotes_by_rows),
    };
    return cmocka_run_group_tests_name("csv/field", tests, NULL, NULL);
}
