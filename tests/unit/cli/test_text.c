/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text.h"

#include "support/rows.h"

/*
 * The sequences of RFC 3629 and of the Unicode Standard's table 3-7: the edges of each row, in and
 * out.
 */
static void utf8_is_told_from_other_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view text;
        size_t want;
    } rows[] = {
        {"nothing", HW_VIEW_INIT(""), 0},
        {"ASCII", HW_VIEW_INIT("ab"), 1},
        {"NUL", HW_VIEW_INIT("\0"), 1},
        {"U+0080", HW_VIEW_INIT("\xc2\x80"), 2},
        {"overlong of two", HW_VIEW_INIT("\xc1\xbf"), 0},
        {"U+0800", HW_VIEW_INIT("\xe0\xa0\x80"), 3},
        {"overlong of three", HW_VIEW_INIT("\xe0\x9f\xbf"), 0},
        {"U+D7FF", HW_VIEW_INIT("\xed\x9f\xbf"), 3},
        {"a surrogate", HW_VIEW_INIT("\xed\xa0\x80"), 0},
        {"U+E000", HW_VIEW_INIT("\xee\x80\x80"), 3},
        {"U+10000", HW_VIEW_INIT("\xf0\x90\x80\x80"), 4},
        {"overlong of four", HW_VIEW_INIT("\xf0\x8f\xbf\xbf"), 0},
        {"U+10FFFF", HW_VIEW_INIT("\xf4\x8f\xbf\xbf"), 4},
        {"beyond Unicode", HW_VIEW_INIT("\xf4\x90\x80\x80"), 0},
        {"no first byte", HW_VIEW_INIT("\x80"), 0},
        {"five bytes", HW_VIEW_INIT("\xf8\x88\x80\x80\x80"), 0},
        {"cut short", HW_VIEW_INIT("\xe2\x82"), 0},
        {"interrupted", HW_VIEW_INIT("\xe2(\xa1"), 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_utf8_bytes(rows[i].text.data, rows[i].text.size), rows[i].want);
    }
}

static void terminals_get_no_control_characters(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *want;
    } rows[] = {
        {"plain", "orders.csv", "orders.csv"},
        {"other scripts stay", "\xc3\xa9t\xc3\xa9 \xe6\x97\xa5", "\xc3\xa9t\xc3\xa9 \xe6\x97\xa5"},
        {"escape", "a\x1b[31mb", "a\\x1b[31mb"},
        {"newline", "a\nb", "a\\x0ab"},
        {"delete", "\x7f", "\\x7f"},
        {"C1 in UTF-8", "\xc2\x9b", "\\xc2\\x9b"},
        {"no-break space is no control", "\xc2\xa0", "\xc2\xa0"},
        {"not UTF-8",
         "\xff"
         "a",
         "\\xffa"},
        {"cut off at a whole character", "0123456789\xc3\xa9", "0123456789"},
        {"cut off at a whole escape", "0123456789\x1b", "0123456789"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[12];
        char wide[64];
        bool cut = strncmp(rows[i].name, "cut", 3) == 0;
        assert_row_text(rows[i].name,
                        cut ? hw_text_escape(rows[i].text, out, sizeof(out))
                            : hw_text_escape(rows[i].text, wide, sizeof(wide)),
                        rows[i].want);
    }
}

static void paragraphs_are_wrapped(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *want;
    } rows[] = {
        {"fits", "aa bb cc", "aa bb cc"},
        {"just fits", "aaaa bbbbb", "aaaa bbbbb"},
        {"one too many", "aaaa bbbbbb", "aaaa\n  bbbbbb"},
        {"a long word stands alone", "a bbbbbbbbbbbbbbb c", "a\n  bbbbbbbbbbbbbbb\n  c"},
        {"paragraphs", "aa\n\nbb", "aa\n\n  bb"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        assert_ok(hw_text_wrap(&out, rows[i].text, 2, 12, &err), err);
        assert_row_bytes(rows[i].name, out.data, out.size, rows[i].want, strlen(rows[i].want));
    }
}

static void numbers_are_short(void **state) {
    (void)state;
    static const struct {
        double bytes;
        const char *want;
    } sizes[] = {{0, "0 B"},        {999, "999 B"},     {1000, "1.0 kB"},   {1540, "1.5 kB"},    {99940, "99.9 kB"},
                 {99960, "100 kB"}, {999499, "999 kB"}, {999600, "1.0 MB"}, {12.3e9, "12.3 GB"}, {2e18, "2.0 EB"}};
    static const struct {
        double seconds;
        const char *want;
    } times[] = {{0.04, "0.0 s"}, {9.94, "9.9 s"},   {10.2, "10 s"},    {59.6, "1:00"},
                 {185, "3:05"},   {3600, "1:00:00"}, {3723, "1:02:03"}, {1e12, "99:59:59"}};
    char out[HW_BYTES_TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_row_text(sizes[i].want, hw_text_bytes(sizes[i].bytes, out), sizes[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        assert_row_text(times[i].want, hw_text_seconds(times[i].seconds, out), times[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(terminals_get_no_control_characters),
        cmocka_unit_test(paragraphs_are_wrapped),
        cmocka_unit_test(numbers_are_short),
    };
    return cmocka_run_group_tests_name("cli/text", tests, NULL, NULL);
}
