/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/encoding.h"

#include "support/rows.h"

static void names_stand_for_codings(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_csv_coding want;
    } rows[] = {
        {NULL, HW_CSV_CODING_UTF8},
        {"UTF-8", HW_CSV_CODING_UTF8},
        {"utf8", HW_CSV_CODING_UTF8},
        {"Utf_8", HW_CSV_CODING_UTF8},
        {"utf-16", HW_CSV_CODING_UTF16},
        {"UTF_16LE", HW_CSV_CODING_UTF16LE},
        {"utf-16-be", HW_CSV_CODING_UTF16BE},
        {"UTF32", HW_CSV_CODING_UTF32},
        {"utf-32le", HW_CSV_CODING_UTF32LE},
        {"utf-32BE", HW_CSV_CODING_UTF32BE},
        {"latin1", HW_CSV_CODING_WINDOWS_1252},
        {"Latin-1", HW_CSV_CODING_WINDOWS_1252},
        {"ISO-8859-1", HW_CSV_CODING_WINDOWS_1252},
        {"iso_8859_1", HW_CSV_CODING_WINDOWS_1252},
        {"windows-1252", HW_CSV_CODING_WINDOWS_1252},
        {"CP1252", HW_CSV_CODING_WINDOWS_1252},
        {"ISO-8859-15", HW_CSV_CODING_NAMED},
        {"utf-8x", HW_CSV_CODING_NAMED},
        {"utf-", HW_CSV_CODING_NAMED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_encoding got = hw_csv_encoding_of(rows[i].name);
        assert_row_int(rows[i].name ? rows[i].name : "no name", got.coding, rows[i].want);
        assert_row_text("name", got.name, rows[i].name ? rows[i].name : "utf-8");
    }
}

static void only_names_of_encodings_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool known;
    } rows[] = {
        {NULL, true},
        {"utf-8", true},
        {"windows-1250", true},
        {"windows_1251", true},
        {"WINDOWS1251", true},
        {"win1251", true},
        {"cp1257", true},
        {"shift-jis", true},
        {"Shift_JIS", true},
        {"shiftjis", true},
        {"sjis", true},
        {"cp932", true},
        {"gbk", true},
        {"GB-18030", true},
        {"gb2312", true},
        {"big5", true},
        {"euc-kr", true},
        {"euckr", true},
        {"EUC_JP", true},
        {"koi8r", true},
        {"koi8-u", true},
        {"iso-8859-15", true},
        {"iso885915", true},
        {"latin2", true},
        {"macintosh", true},
        {"", false},
        {"klingon", false},
        {"utf-9", false},
        /* iconv takes orders behind slashes, which lose what they cannot convert. */
        {"cp1251//IGNORE", false},
        {"ascii//TRANSLIT", false},
        {"a b", false},
        {"caf\xc3\xa9", false},
        {"a-name-that-is-longer-than-any-name-of-an-encoding", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const char *name = rows[i].name ? rows[i].name : "no name";
        assert_row_int(name, hw_csv_encoding_check(rows[i].name, &err), rows[i].known ? HW_OK : HW_EUSAGE);
        assert_row_says(name, err.message, rows[i].known ? "" : "is the name of no encoding that is known here");
    }
}

static void marks_are_found(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *head;
        size_t size;
        size_t bytes;
        enum hw_csv_coding coding;
    } rows[] = {
        {"UTF-8", "\xef\xbb\xbf", 3, 3, HW_CSV_CODING_UTF8},
        {"UTF-8, cut", "\xef\xbb", 2, 0, 0},
        {"UTF-16LE", "\xff\xfe\x61\0", 4, 2, HW_CSV_CODING_UTF16LE},
        {"UTF-16LE alone", "\xff\xfe", 2, 2, HW_CSV_CODING_UTF16LE},
        {"UTF-16LE of a NUL that is cut", "\xff\xfe\0", 3, 2, HW_CSV_CODING_UTF16LE},
        {"UTF-16BE", "\xfe\xff\0\x61", 4, 2, HW_CSV_CODING_UTF16BE},
        {"UTF-32LE", "\xff\xfe\0\0", 4, 4, HW_CSV_CODING_UTF32LE},
        {"UTF-32BE", "\0\0\xfe\xff", 4, 4, HW_CSV_CODING_UTF32BE},
        {"text", "a,b\n", 4, 0, 0},
        {"a byte", "\xff", 1, 0, 0},
        {"nothing", "", 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_csv_mark got = hw_csv_mark_find(rows[i].head, rows[i].size);
        assert_row_int(rows[i].name, got.bytes, rows[i].bytes);
        assert_row_int(rows[i].name, got.coding, rows[i].coding);
    }
}

static void a_mark_counts_more_unless_orders_differ(void **state) {
    (void)state;
    static const struct {
        const char *asked;
        struct hw_csv_mark mark;
        enum hw_status want;
        enum hw_csv_coding coding;
    } rows[] = {
        {NULL, {0}, HW_OK, HW_CSV_CODING_UTF8},
        {"latin1", {0}, HW_OK, HW_CSV_CODING_WINDOWS_1252},
        {"latin1", {3, HW_CSV_CODING_UTF8}, HW_OK, HW_CSV_CODING_UTF8},
        {"utf-16", {2, HW_CSV_CODING_UTF16BE}, HW_OK, HW_CSV_CODING_UTF16BE},
        {"utf-16be", {2, HW_CSV_CODING_UTF16BE}, HW_OK, HW_CSV_CODING_UTF16BE},
        {"utf-16be", {3, HW_CSV_CODING_UTF8}, HW_OK, HW_CSV_CODING_UTF8},
        {"utf-16le", {4, HW_CSV_CODING_UTF32LE}, HW_OK, HW_CSV_CODING_UTF32LE},
        {"utf-16le", {2, HW_CSV_CODING_UTF16BE}, HW_EDATA, 0},
        {"utf-16be", {2, HW_CSV_CODING_UTF16LE}, HW_EDATA, 0},
        {"utf-32be", {4, HW_CSV_CODING_UTF32LE}, HW_EDATA, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_csv_encoding got = {0};
        const char *name = rows[i].asked ? rows[i].asked : "no name";
        assert_row_int(name, hw_csv_encoding_decide(rows[i].asked, rows[i].mark, &got, &err), rows[i].want);
        assert_row_int(name, got.coding, rows[i].coding);
        assert_row_says(name, err.message, rows[i].want == HW_OK ? "" : "without the option the mark counts");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stand_for_codings),
        cmocka_unit_test(only_names_of_encodings_are_taken),
        cmocka_unit_test(marks_are_found),
        cmocka_unit_test(a_mark_counts_more_unless_orders_differ),
    };
    return cmocka_run_group_tests_name("csv/encoding", tests, NULL, NULL);
}
