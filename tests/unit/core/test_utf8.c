/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

#include <stdlib.h>

#include "core/view.h"
#include "support/rows.h"

/* RFC 3629, and the borders of eight bytes that are looked at together. */
static const struct {
    const char *name;
    hw_view text;
    bool want;
} rows[] = {
    {"nothing", HW_VIEW_INIT(""), true},
    {"eight ASCII", HW_VIEW_INIT("abcdefgh"), true},
    {"NUL is a character", HW_VIEW_INIT("ab\0cdefgh"), true},
    {"across the eighth byte", HW_VIEW_INIT("abcdefg\xc3\xa9hijklmnop"), true},
    {"in the ninth byte", HW_VIEW_INIT("abcdefgh\xc3\xa9"), true},
    {"four bytes", HW_VIEW_INIT("\xf0\x9f\x98\x80"), true},
    {"cut at the end", HW_VIEW_INIT("abcdefgh\xc3"), false},
    {"a lone continuation", HW_VIEW_INIT("abcdefgh\x80"), false},
    {"in the first eight",
     HW_VIEW_INIT("abc\xff"
                  "efghi"),
     false},
    {"overlong", HW_VIEW_INIT("\xc0\x80"), false},
    {"a surrogate", HW_VIEW_INIT("\xed\xa0\x80"), false},
    {"beyond the last code point", HW_VIEW_INIT("\xf4\x90\x80\x80"), false},
};

static void texts_by_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *alone = malloc(rows[i].text.size + 1); /* nothing behind it is read */
        memcpy(alone + 1, rows[i].text.data, rows[i].text.size);
        assert_row_int(rows[i].name, hw_utf8_all(alone + 1, rows[i].text.size), rows[i].want);
        free(alone);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_by_rows)};
    return cmocka_run_group_tests_name("core/utf8", tests, NULL, NULL);
}
